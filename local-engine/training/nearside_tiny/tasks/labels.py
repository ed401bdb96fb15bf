"""Short labels: sentiment, ticket category, urgency, language, yes or no."""

from chat import Turn
from grammar import Writer
from tasks.shaping import ask, ask_as, lowered
from values import common_values, made_up, person

SENTIMENTS = ("positive", "negative", "neutral")
CATEGORIES = ("billing", "shipping", "technical", "account", "other")
LANGUAGES = ("english", "german", "french", "spanish", "italian")
NEXT_SHARE = 0.1


def sentence(writer: Writer, section: str) -> str:
    """One expanded text."""
    return writer.line(section, **common_values(writer))


def sentiment_text(writer: Writer, label: str) -> str:
    """A review or remark with the given sentiment, with neutral company at times."""
    text = sentence(writer, f"text.{label}")
    if writer.chance(0.2):
        other = sentence(writer, "text.neutral")
        text = writer.pick((f"{other} {text}", f"{text} {other}"))
    return lowered(writer, text)


def sentiment(writer: Writer) -> list[Turn]:
    """Positive, negative, or neutral where the question allows it."""
    template = writer.template("ask.sentiment")
    two_labels = "negative" in template and "neutral" not in template
    labels = SENTIMENTS[: 2 if two_labels else 3]
    label = writer.pick(labels)
    turns = [
        Turn("user", ask_as(writer, template, sentiment_text(writer, label))),
        Turn("assistant", label),
    ]
    while writer.chance(NEXT_SHARE):
        label = writer.pick(labels)
        turns.append(Turn("user", ask(writer, "ask.sentiment.next", sentiment_text(writer, label))))
        turns.append(Turn("assistant", label))
    return turns


def ticket(writer: Writer) -> list[Turn]:
    """The team a support request belongs to."""
    category = writer.pick(CATEGORIES)
    text = lowered(writer, sentence(writer, f"text.ticket.{category}"))
    if writer.chance(0.25):
        text = f"{writer.line('ticket.lead')} {text}"
    if writer.chance(0.2):
        text = f"{text} {sentence(writer, 'filler')}"
    if category != "other" and writer.chance(0.2):
        text = f"{text} {sentence(writer, f'text.ticket.{category}')}"
    return [Turn("user", ask(writer, "ask.ticket", text)), Turn("assistant", category)]


def urgency(writer: Writer) -> list[Turn]:
    """High or low."""
    level = writer.pick(("high", "low"))
    text = lowered(writer, sentence(writer, f"text.urgent.{level}"))
    if writer.chance(0.2):
        text = f"{writer.line('ticket.lead')} {text}"
    return [Turn("user", ask(writer, "ask.urgent", text)), Turn("assistant", level)]


def is_question(writer: Writer) -> list[Turn]:
    """Yes or no."""
    answer = writer.pick(("yes", "no"))
    section = "text.question" if answer == "yes" else "text.statement"
    text = lowered(writer, sentence(writer, section))
    return [Turn("user", ask(writer, "ask.question", text)), Turn("assistant", answer)]


def language(writer: Writer) -> list[Turn]:
    """The name of the language."""
    name = writer.pick(LANGUAGES)
    text = " ".join(sentence(writer, f"text.lang.{name}") for _ in range(writer.pick((1, 1, 1, 2))))
    return [Turn("user", ask(writer, "ask.language", lowered(writer, text))), Turn("assistant", name.capitalize())]


def mention(writer: Writer) -> list[Turn]:
    """Whether a text mentions a thing or a person."""
    word = writer.pick((made_up(writer), writer.line("noun"), writer.line("noun"), person(writer)))
    inside = writer.chance(0.5)
    text = writer.line("text.mention", **common_values(writer) | {"word": word})
    asked = word if inside else unmentioned(writer, text)
    if asked.islower() and writer.chance(0.5):
        asked = f"the {asked}" if writer.chance(0.7) else f"a {asked}"
    answer = "yes" if inside else "no"
    return [Turn("user", ask(writer, "ask.mention", text, ask=asked)), Turn("assistant", answer)]


def unmentioned(writer: Writer, text: str) -> str:
    """A word that the text does not have."""
    while True:
        word = writer.pick((made_up(writer), writer.line("noun"), writer.line("noun"), person(writer)))
        if word.lower() not in text.lower():
            return word
