"""Made-up documents: filled templates, some of them joined, some of them spoiled."""

import hashlib
import random
from functools import cache

import grammar
import noise
from example import Builder, Example
from settings import HELD_OUT, LABELS, PHRASES, SECTION_WEIGHTS
from values import Values

JOINED = {"news": 0.5, "social": 0.3, "negative": 0.5, "chat": 0.3, "bio": 0.4, "court": 0.3, "clinical": 0.3}


def held_out(key: str, share: float = HELD_OUT) -> bool:
    """True for a fixed share of all keys."""
    digest = hashlib.sha256(key.encode()).digest()
    return int.from_bytes(digest[:4]) < share * 2**32


@cache
def templates(language: str) -> dict[str, list[tuple[tuple, bool]]]:
    """By section: the parts, and whether the template is kept out of training."""
    found: dict[str, list[tuple[tuple, bool]]] = {}
    for path in sorted(PHRASES.glob(f"{language}*.txt")):
        if not path.name.endswith(".lists.txt"):
            for section, lines in grammar.sections(path).items():
                found.setdefault(section, []).extend((grammar.parse(line), held_out(line)) for line in lines)
    return found


def make(language: str, rng: random.Random, from_held_out: bool) -> Example:
    """One document."""
    by_section = templates(language)
    weights = [SECTION_WEIGHTS.get(section, 1) for section in by_section]
    [section] = rng.choices(list(by_section), weights)
    chosen = [parts for parts, is_out in by_section[section] if is_out == from_held_out]
    if not chosen:
        return make(language, rng, from_held_out)
    builder = Builder()
    values = Values(language, rng)
    values.fill(rng.choice(chosen), builder)
    while rng.random() < JOINED.get(section, 0.1):
        builder.add(rng.choice([" ", " ", "\n", "\n\n"]))
        if rng.random() < 0.3:
            values = Values(language, rng)
        values.fill(rng.choice(chosen), builder)
    example = builder.example(language=language, source=f"made/{section}", scope=frozenset(LABELS))
    return noise.spoil(example, rng)
