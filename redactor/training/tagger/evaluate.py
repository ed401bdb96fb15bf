"""Figures: of each label, how many of its spans are touched, and how much is taken too much."""

import collections

import spans
from example import Example
from settings import LABELS


def evaluate(runtime, examples: list[Example], thresholds=spans.THRESHOLDS) -> dict:
    """By source (`made` by language), by label: spans, found ones, found spans, right ones; and
    characters of entities left, characters of other text taken."""
    figures: dict = collections.defaultdict(lambda: collections.defaultdict(collections.Counter))
    for example in examples:
        group = f"made {example.language}" if example.source.startswith("made") else example.source
        offsets, probabilities = runtime.tag(example.text)
        found = spans.spans(example.text, offsets, probabilities, thresholds)
        count(figures[group], example, found)
    return {group: {label: dict(counter) for label, counter in of.items()} for group, of in figures.items()}


def count(figures, example: Example, found):
    for label in LABELS:
        if label not in example.scope:
            continue
        counter = figures[label]
        gold = [(b, e) for b, e, name in example.spans if name == label]
        mine = [(b, e) for b, e, name, _ in found if name == label and not touches((b, e), example.unknown)]
        counter["gold"] += len(gold)
        counter["touched"] += sum(touches(span, mine) for span in gold)
        counter["found"] += len(mine)
        counter["right"] += sum(touches(span, gold) for span in mine)
    scope = [label for label in LABELS if label in example.scope]
    entity = covered(example.text, [(b, e) for b, e, label in example.spans if label in scope])
    taken = covered(example.text, [(b, e) for b, e, label, _ in found if label in scope])
    unknown = covered(example.text, example.unknown)
    counter = figures["all"]
    counter["entity"] += len(entity)
    counter["left"] += len(entity - taken)
    counter["other"] += sum(not char.isspace() for char in example.text) - len(entity | unknown)
    counter["taken"] += len(taken - entity - unknown)


def touches(span: tuple[int, int], others) -> bool:
    return any(begin < span[1] and span[0] < end for begin, end, *_ in others)


def covered(text: str, ranges) -> set[int]:
    return {at for begin, end in ranges for at in range(begin, end) if not text[at].isspace()}


def recall(counter) -> float:
    return counter.get("touched", 0) / max(1, counter.get("gold", 0))


def precision(counter) -> float:
    return counter.get("right", 0) / max(1, counter.get("found", 0))
