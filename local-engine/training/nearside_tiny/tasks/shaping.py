"""How a request is put: quotes around the text, courtesies, slips of the keyboard."""

import re

from grammar import Writer

QUOTE_SHARE = 0.3
POLITE_SHARE = 0.1
TYPO_SHARE = 0.07
LOWER_SHARE = 0.07
LOOSE_SHARE = 0.2

_SLOT_OR_CHOICE = re.compile(r"(\{[^}]*\}|<[^>]*>)")


def typo(writer: Writer, text: str) -> str:
    """Drops, doubles or swaps a letter."""
    places = [i for i in range(1, len(text) - 1) if text[i].isalpha() and text[i + 1].isalpha()]
    if not places:
        return text
    i = writer.pick(places)
    first, second = text[i], text[i + 1]
    return text[:i] + writer.pick((second, first * 2 + second, second + first)) + text[i + 2 :]


def loosen(writer: Writer, text: str) -> str:
    """Drops a word or puts one in, between the first and the last."""
    words = text.split(" ")
    if len(words) < 3:
        return text
    place = writer.random.randrange(1, len(words) - 1)
    if len(words) > 3 and writer.chance(0.5):
        del words[place]
    else:
        words.insert(place, writer.line("glue"))
    return " ".join(words)


def careless(writer: Writer, template: str) -> str:
    """The template as somebody in a hurry types it, sometimes; slots stay whole."""
    for share, change in ((TYPO_SHARE, typo), (LOOSE_SHARE, loosen)):
        if writer.chance(share):
            parts = _SLOT_OR_CHOICE.split(template)
            chosen = max(range(0, len(parts), 2), key=lambda i: len(parts[i]))
            parts[chosen] = change(writer, parts[chosen])
            template = "".join(parts)
    return template.lower() if writer.chance(LOWER_SHARE) else template


def ask(writer: Writer, section: str, text: str, **values: str) -> str:
    """A request about a text, with an instruction from the section."""
    return ask_as(writer, writer.template(section), text, **values)


def ask_as(writer: Writer, template: str, text: str, **values: str) -> str:
    """A request about a text: the given instruction, the text, manners."""
    if writer.chance(QUOTE_SHARE):
        text = writer.line("wrap", text=text)
    request = writer.expand(careless(writer, template), text=text, **values)
    if writer.chance(POLITE_SHARE):
        request = writer.line("polite") + writer.pick((" ", "\n")) + request
    if writer.chance(POLITE_SHARE / 2):
        request += "\n" + writer.line("polite.after")
    return request


def short_ask(writer: Writer, section: str, **values: str) -> str:
    """A request that is not about a text."""
    request = writer.expand(careless(writer, writer.template(section)), **values)
    if writer.chance(POLITE_SHARE / 2):
        request = writer.line("polite") + " " + request
    return request


def lowered(writer: Writer, text: str) -> str:
    """A text typed without capitals or without its last stop, sometimes."""
    if writer.chance(0.08):
        text = text.lower()
    return text.rstrip(".") if writer.chance(0.12) else text
