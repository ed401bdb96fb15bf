"""What people and programs do to text, with the labels kept in place."""

import random
import unicodedata

from example import Example


def spoil(example: Example, rng: random.Random) -> Example:
    """At times: all small, all capitals, no accents, typing errors, other white space."""
    kind = rng.random()
    if kind < 0.07:
        return _letters(example, str.lower)
    if kind < 0.11:
        return _letters(example, str.upper)
    if kind < 0.16:
        return _letters(example, _plain)
    if kind < 0.20:
        return _typing_errors(example, rng)
    if kind < 0.23:
        return _spaces(example, rng)
    return example


def _letters(example: Example, change) -> Example:
    """`change` gives one letter for one letter, or the letter stays."""
    changed = (change(char) for char in example.text)
    text = "".join(new if len(new) == 1 else old for old, new in zip(example.text, changed))
    return _with_text(example, text)


def _plain(char: str) -> str:
    return unicodedata.normalize("NFD", char)[0]


def _typing_errors(example: Example, rng: random.Random) -> Example:
    """Neighbours change places, letters are doubled in place of the next."""
    chars = list(example.text)
    for at in range(len(chars) - 1):
        if chars[at].isalpha() and chars[at + 1].isalpha() and rng.random() < 0.02:
            if rng.random() < 0.5:
                chars[at], chars[at + 1] = chars[at + 1], chars[at]
            else:
                chars[at + 1] = chars[at]
    return _with_text(example, "".join(chars))


def _spaces(example: Example, rng: random.Random) -> Example:
    """A space as a line break, a tab, a no-break space."""
    other = rng.choice(["\n", "\t", "\u00a0"])
    text = "".join(other if char == " " and rng.random() < 0.1 else char for char in example.text)
    return _with_text(example, text)


def _with_text(example: Example, text: str) -> Example:
    assert len(text) == len(example.text)
    return Example(text, example.spans, example.unknown, example.scope, example.language, example.source)
