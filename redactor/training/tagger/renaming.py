"""Other people, places and organisations in a text of others.

A source of a few hundred documents names the same people over and over; with other names in the same
sentences, what is learned is the sentence (mention replacement: Dai and Adel, 2020).
"""

import bisect
import random
import re

import pools
from example import Example
from people import Person

SHARE = {"PERSON": 0.7, "LOCATION": 0.35, "ORG": 0.35}
_NAME = re.compile(r"[^\W\d_][\w'’.-]*(?: [\w'’.-]+)?")
_PLACES = ("city", "city", "city", "country", "region", "place")
_ORGANISATIONS = ("company", "company", "club", "party", "agency", "newspaper", "university", "ngo")


def rename(example: Example, rng: random.Random) -> Example:
    """One name for one name, all through the text; names of more than two words stay."""
    others: dict[str, str] = {}
    parts, spans, moved, at, length = [], [], [], 0, 0

    def take(end: int, text: str):
        nonlocal at, length
        parts.append(text)
        moved.append((at, length))
        length += len(text)
        at = end

    lone = [span for span in sorted(example.spans) if not _overlaps(span, example)]
    for begin, end, label in lone:
        old = example.text[begin:end]
        if old not in others:
            others[old] = _other(old, label, example.language, rng)
        take(begin, example.text[at:begin])
        take(end, others[old])
        spans.append((length - len(others[old]), length, label))
    take(len(example.text), example.text[at:])

    def shift(place: int) -> int:
        old, new = moved[bisect.bisect_right(moved, place, key=lambda pair: pair[0]) - 1]
        return new + place - old

    kept = [span for span in example.spans if span not in lone]
    spans += [(shift(begin), shift(end), label) for begin, end, label in kept]
    unknown = [(shift(begin), shift(end)) for begin, end in example.unknown]
    return Example("".join(parts), spans, unknown, example.scope, example.language, example.source)


def _overlaps(span: tuple[int, int, str], example: Example) -> bool:
    """True beside or inside of another span: offsets there would not be certain."""
    others = [(b, e) for b, e, label in example.spans if (b, e, label) != span] + example.unknown
    return span[2] not in SHARE or any(b <= span[1] and span[0] <= e for b, e in others)


def _other(old: str, label: str, language: str, rng: random.Random) -> str:
    """A name of the same kind and case, or the old one."""
    if rng.random() > SHARE[label] or not _NAME.fullmatch(old) or not old[0].isupper():
        return old
    if label == "PERSON":
        person = Person(language, rng, "any")
        new = f"{person.given} {person.family}" if " " in old else rng.choice([person.given, person.family])
    else:
        lists = pools.of(language)
        new = rng.choice(lists[rng.choice(_PLACES if label == "LOCATION" else _ORGANISATIONS)])
    return new.upper() if old.isupper() and len(old) > 3 else new
