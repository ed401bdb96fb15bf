"""Templates: text with slots `{name}` and choices `{one|another}`.

Literal braces are doubled. `\\n` is a line break. A choice may hold slots and choices.
"""

import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Slot:
    """A place for a value; slots of one number are about one person."""

    name: str
    number: str


@dataclass(frozen=True)
class Choice:
    options: tuple


def parse(line: str) -> tuple:
    """The parts of a template: strings, slots, choices."""
    parts, end = _sequence(line.replace("\\n", "\n"), 0, inside=False)
    if end < len(line.replace("\\n", "\n")):
        raise ValueError(f"a brace is closed that was not opened: {line}")
    return parts


def _sequence(text: str, at: int, inside: bool) -> tuple[tuple, int]:
    parts, literal = [], []

    def flush():
        if literal:
            parts.append("".join(literal))
            literal.clear()

    while at < len(text):
        char = text[at]
        if text.startswith("{{", at) and not _opens_slot(text, at + 1):
            literal.append("{")
            at += 2
        elif text.startswith("}}", at) and not inside:
            literal.append("}")
            at += 2
        elif char == "{":
            flush()
            part, at = _braces(text, at + 1)
            parts.append(part)
        elif inside and char in "|}":
            break
        else:
            literal.append(char)
            at += 1
    flush()
    return tuple(parts), at


def _opens_slot(text: str, at: int) -> bool:
    """In `{{name}|...}` the second brace opens a slot."""
    return re.match(r"\{[a-z_]+\d?\}\|", text[at:]) is not None


def _braces(text: str, at: int):
    slot = re.match(r"([a-z_]+)(\d?)\}", text[at:])
    if slot:
        return Slot(slot[1], slot[2]), at + slot.end()
    options = []
    while True:
        parts, at = _sequence(text, at, inside=True)
        options.append(parts)
        if at >= len(text):
            raise ValueError(f"a brace is not closed: {text[:60]!r}")
        at += 1
        if text[at - 1] == "}":
            return Choice(tuple(options)), at


def sections(path: Path) -> dict[str, list[str]]:
    """The lines under each `== heading` of a file, comments left out."""
    found: dict[str, list[str]] = {}
    current = None
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("=="):
            current = found.setdefault(line[2:].strip(), [])
        elif line.strip() and not line.startswith("# ") and current is not None:
            current.append(line)
    return found
