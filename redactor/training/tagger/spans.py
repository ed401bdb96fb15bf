"""Probabilities of tokens as spans. The gateway does the same (`redactor/src/tagger`)."""

import re

import numpy as np

from settings import LABELS

# From here on a word counts; its neighbours count from half of it on.
THRESHOLDS = {
    "PERSON": 0.1,
    "LOCATION": 0.2,
    "ADDRESS": 0.25,
    "ORG": 0.25,
    "DATE": 0.25,
    "AGE": 0.25,
    "USERNAME": 0.5,
    "DEMOGRAPHIC": 0.5,
    "HEALTH": 0.5,
}
NEIGHBOUR = 0.5
_WORD = re.compile(r"\w")


def spans(text: str, offsets, probabilities: np.ndarray, thresholds=THRESHOLDS) -> list[tuple[int, int, str, float]]:
    """Begin, end, label and the highest probability in it, for each label by itself."""
    words = _words(text, offsets, probabilities)
    found = []
    for column, label in enumerate(LABELS):
        found += _of_label(text, words, column, label, thresholds[label])
    return found


def _words(text: str, offsets, probabilities):
    """Tokens that touch as letters are one word, as likely as its likeliest token."""
    words = []
    for (begin, end), row in zip(offsets, probabilities):
        if begin == end:
            continue
        touches = words and words[-1][1] == begin and _WORD.match(text[begin]) and _WORD.match(text[begin - 1])
        if touches:
            words[-1] = (words[-1][0], end, np.maximum(words[-1][2], row))
        else:
            words.append((begin, end, row))
    return words


def _of_label(text: str, words, column: int, label: str, threshold: float):
    """Runs of words that may have the label, with one among them that reaches the threshold."""
    runs: list[tuple[int, int, float]] = []  # begin, end, best
    is_open = False
    for begin, end, row in words:
        probability = float(row[column])
        if probability < threshold * NEIGHBOUR:
            is_open = False
            continue
        if is_open and (label == "ADDRESS" or "\n" not in text[runs[-1][1] : begin]):
            first, _, best = runs.pop()
            runs.append((first, end, max(best, probability)))
        else:
            runs.append((begin, end, probability))
            is_open = True
    return [(*_trimmed(text, begin, end), label, best) for begin, end, best in runs if best >= threshold]


def _trimmed(text: str, begin: int, end: int) -> tuple[int, int]:
    """Without marks at the ends."""
    while begin < end - 1 and not _WORD.match(text[begin]) and text[begin] not in "@(#":
        begin += 1
    while end > begin + 1 and not _WORD.match(text[end - 1]) and text[end - 1] not in ".)":
        end -= 1
    return begin, end
