"""A small generative grammar, read from the files in `phrases/`.

A file holds sections: a `[name]` line, then one template per line. In a template

- `{name}` is replaced by a given value, else by a random template of the section `name`;
- `{^name}` is the same with a capital first letter;
- `<a|b|c>` is one of the alternatives (an alternative may be empty);
- `\\n` is a line break.

Sections whose names start with one of `HELD_OUT_PREFIXES` are split in two by a hash of each
template: training never sees the held-out part, and the evaluation uses nothing else.
"""

import random
import re
import zlib
from functools import cache
from pathlib import Path

PHRASES = Path(__file__).resolve().parent / "phrases"
HELD_OUT_PREFIXES = ("ask", "text", "name", "place")
HELD_OUT_ONE_IN = 8

_HEADER = re.compile(r"\[([a-z][a-z_.]*)\]")
_CHOICE = re.compile(r"<([^<>]*\|[^<>]*)>")
_SLOT = re.compile(r"\{(\^?)([a-z][a-z_.]*)\}")


@cache
def sections() -> dict[str, list[str]]:
    """All sections of all phrase files."""
    found: dict[str, list[str]] = {}
    for file in sorted(PHRASES.glob("*.txt")):
        current = None
        for line in file.read_text("utf-8").splitlines():
            header = _HEADER.fullmatch(line)
            if header:
                current = found.setdefault(header[1], [])
            elif line.strip():
                current.append(line.replace("\\n", "\n"))
    return found


@cache
def halves(name: str) -> tuple[list[str], list[str]]:
    """The part of a section for training and the part for evaluation."""
    templates = sections()[name]
    if not name.startswith(HELD_OUT_PREFIXES) or len(templates) < 5:
        return templates, templates
    held = [t for t in templates if zlib.crc32(t.encode()) % HELD_OUT_ONE_IN == 0] or templates[-1:]
    return [t for t in templates if t not in held], held


class Writer:
    """Draws random text; `held_out` selects the half that training never sees."""

    def __init__(self, seed: int, held_out: bool = False):
        self.random = random.Random(seed)
        self.held_out = held_out

    def chance(self, probability: float) -> bool:
        """True with the given probability."""
        return self.random.random() < probability

    def pick(self, options):
        """One of the options."""
        return self.random.choice(options)

    def template(self, section: str) -> str:
        """One raw template of a section."""
        return self.pick(halves(section)[self.held_out])

    def line(self, section: str, **values: str) -> str:
        """One expanded template of a section."""
        return self.expand(self.template(section), **values)

    def expand(self, template: str, **values: str) -> str:
        """A template with its alternatives chosen and its slots filled."""
        template = _CHOICE.sub(lambda match: self.pick(match[1].split("|")), template)

        def fill(match: re.Match) -> str:
            value = values[match[2]] if match[2] in values else self.line(match[2], **values)
            return value[:1].upper() + value[1:] if match[1] else value

        return _SLOT.sub(fill, template)
