"""A text with what is known of it."""

from dataclasses import dataclass, field

from settings import LABELS


@dataclass
class Example:
    text: str
    spans: list[tuple[int, int, str]]
    """Begin, end, label; in code points."""
    unknown: list[tuple[int, int]] = field(default_factory=list)
    """Where nothing is taught."""
    scope: frozenset[str] = frozenset(LABELS)
    """Labels that are complete; of the others nothing is taught where they are absent."""
    language: str = "en"
    source: str = "made"


class Builder:
    """Puts a text together from values with labels."""

    def __init__(self):
        self.parts: list[str] = []
        self.length = 0
        self.spans: list[tuple[int, int, str]] = []
        self.unknown: list[tuple[int, int]] = []

    def add(self, text: str, label: str | None = None):
        """`label` is one of `LABELS`, `?` for what nothing is taught of, or None."""
        if label == "?":
            self.unknown.append((self.length, self.length + len(text)))
        elif label and text:
            self.spans.append((self.length, self.length + len(text), label))
        self.parts.append(text)
        self.length += len(text)

    def add_example(self, example: Example):
        shift = self.length
        self.spans += [(b + shift, e + shift, label) for b, e, label in example.spans]
        self.unknown += [(b + shift, e + shift) for b, e in example.unknown]
        self.add(example.text)

    def example(self, **known) -> Example:
        text = "".join(self.parts)
        spans = [(b, _word_end(text, e, label), label) for b, e, label in self.spans]
        return Example(text, spans, self.unknown, **known)


def _word_end(text: str, end: int, label: str) -> int:
    """An ending that a language adds belongs to the value: `Annas`."""
    if label in ("PERSON", "LOCATION", "ORG"):
        while 0 < end < len(text) and text[end].isalpha() and text[end - 1].isalpha():
            end += 1
    return end
