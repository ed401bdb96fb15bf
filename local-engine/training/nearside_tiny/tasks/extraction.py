"""Copying values out of a text: one, several, all of a kind, as JSON, or none at all."""

import json

from chat import Turn
from grammar import Writer, sections
from tasks.shaping import ask
from values import MAKERS, value

KINDS = tuple(MAKERS)
PAIRS = tuple(name.split(".")[2:] for name in sections() if name.startswith("text.pair."))
JSON_KEYS = {"order": "order_number", "person": "name"}

# Kinds that a value shows by its form, whatever stands around it.
FORM_TELLS = {"email", "date", "phone", "amount", "url"}
LOOSE_CONTEXT_SHARE = 0.3


def loose_context(writer: Writer, kinds: list[str]) -> str:
    """A sentence of random words around the slots, so that the form of a value has to be enough."""
    sections_of_words = ("noun", "noun", "item", "plain_adj", "daypart", "glue", "glue", "glue")
    words = [writer.line(writer.pick(sections_of_words)) for _ in range(writer.random.randint(1, 8))]
    for kind in kinds:
        words.insert(writer.random.randint(0, len(words)), "{" + kind + "}")
    words[0] = words[0] if words[0].startswith("{") else words[0].capitalize()
    return " ".join(words) + writer.pick((".", ".", ".", "", "!", "?"))


class Message:
    """A text together with the values it contains."""

    def __init__(self):
        self.sentences: list[str] = []
        self.values: dict[str, list[str]] = {}

    def add(self, writer: Writer, section: str, kinds: list[str]) -> None:
        """Appends a sentence that carries one value of each kind."""
        drawn = {kind: value(writer, kind) for kind in kinds}
        template = writer.template(section)
        if set(kinds) <= FORM_TELLS and writer.chance(LOOSE_CONTEXT_SHARE):
            template = loose_context(writer, kinds)
        if "{person}" in template:
            drawn.setdefault("person", value(writer, "person"))
        self.sentences.append(writer.expand(template, **drawn))
        for kind, text in drawn.items():
            self.values.setdefault(kind, []).append(text)

    def text(self, writer: Writer) -> str:
        """The sentences in random order, with filler, perhaps dressed as a letter."""
        sentences = list(self.sentences)
        for _ in range(writer.pick((0, 0, 0, 1, 1, 2, 4))):
            sentences.append(writer.line("filler"))
        writer.random.shuffle(sentences)
        separator = writer.pick((" ", " ", " ", " ", "\n"))
        body = separator.join(sentences)
        if writer.chance(0.12):
            body = f"{writer.line('greeting')},\n\n{body}\n\n{writer.line('signoff')}"
        return body

    def single(self) -> list[str]:
        """Kinds with exactly one value."""
        return [kind for kind, found in self.values.items() if len(found) == 1]


def message_with(writer: Writer, wanted: str) -> Message:
    """A message with exactly one value of the wanted kind among others."""
    message = Message()
    pairs = [pair for pair in PAIRS if wanted in pair]
    if pairs and writer.chance(0.35):
        pair = writer.pick(pairs)
        message.add(writer, "text.pair." + ".".join(pair), pair)
    else:
        message.add(writer, f"text.{wanted}", [wanted])
    while len(message.values.get(wanted, [])) > 1:
        message = Message()
        message.add(writer, f"text.{wanted}", [wanted])
    others = [kind for kind in KINDS if kind not in message.values]
    for kind in writer.random.sample(others, writer.pick((0, 0, 1, 1, 2, 3))):
        if kind in message.values:
            continue
        extra = Message()
        extra.add(writer, f"text.{kind}", [kind])
        if not set(extra.values) & set(message.values):
            message.sentences += extra.sentences
            message.values |= extra.values
    return message


def instruction(writer: Writer, kind: str, text: str) -> str:
    """A request for one value, by a task or by a question."""
    if writer.chance(0.2):
        question = writer.line(f"ask.wh.{kind}")
        return ask(writer, "ask.extract.wh", text, question=question)
    return ask(writer, "ask.extract", text, thing=writer.line(f"thing.{kind}"))


def extract_one(writer: Writer, kind: str) -> list[Turn]:
    """One value; sometimes followed by requests for others from the same text."""
    message = message_with(writer, kind)
    turns = [
        Turn("user", instruction(writer, kind, message.text(writer))),
        Turn("assistant", message.values[kind][0]),
    ]
    more = [other for other in message.single() if other != kind]
    if more and writer.chance(0.15):
        other = writer.pick(more)
        turns.append(Turn("user", writer.line("ask.extract.next", thing=writer.line(f"thing.{other}"))))
        turns.append(Turn("assistant", message.values[other][0]))
    return turns


def extract_missing(writer: Writer) -> list[Turn]:
    """A value that the text does not have."""
    message = message_with(writer, writer.pick(KINDS))
    absent = writer.pick([kind for kind in KINDS if kind not in message.values])
    return [Turn("user", ask(writer, "ask.extract", message.text(writer), thing=writer.line(f"thing.{absent}"))),
            Turn("assistant", "none")]


def extract_all(writer: Writer) -> list[Turn]:
    """Every value of one kind, in the order of the text."""
    kind = writer.pick(KINDS)
    message = Message()
    for _ in range(writer.random.randint(1, 3)):
        message.add(writer, f"text.{kind}", [kind])
    text = message.text(writer)
    found = sorted(dict.fromkeys(message.values[kind]), key=text.index)
    return [Turn("user", ask(writer, "ask.extract.all", text, things=writer.line(f"things.{kind}"))),
            Turn("assistant", ", ".join(found))]


def several(writer: Writer, low: int, high: int) -> tuple[Message, list[str]]:
    """A message and a few kinds that it has once each."""
    while True:
        message = message_with(writer, writer.pick(KINDS))
        kinds = message.single()
        if len(kinds) >= low:
            return message, writer.random.sample(kinds, min(len(kinds), writer.random.randint(low, high)))


def extract_two(writer: Writer) -> list[Turn]:
    """Two values, separated by a comma."""
    message, (one, two) = several(writer, 2, 2)
    names = {"one": writer.line(f"thing.{one}"), "two": writer.line(f"thing.{two}")}
    return [Turn("user", ask(writer, "ask.extract.two", message.text(writer), **names)),
            Turn("assistant", f"{message.values[one][0]}, {message.values[two][0]}")]


def extract_json(writer: Writer) -> list[Turn]:
    """One to three values as a JSON object."""
    message, kinds = several(writer, 1, 3)
    things = [writer.line(f"thing.{kind}") for kind in kinds]
    keys = things[0] if len(things) == 1 else ", ".join(things[:-1]) + " and " + things[-1]
    found = {JSON_KEYS.get(kind, kind): message.values[kind][0] for kind in kinds}
    return [Turn("user", ask(writer, "ask.extract.json", message.text(writer), keys=keys)),
            Turn("assistant", json.dumps(found, ensure_ascii=False))]
