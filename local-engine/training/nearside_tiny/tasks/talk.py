"""Small talk, and the honest answer to everything the model cannot do."""

from chat import Turn
from grammar import Writer
from tasks.labels import sentence
from tasks.shaping import short_ask
from values import common_values, made_up

SMALL_TALK = ("hello", "thanks", "bye", "who", "can", "ok")
YEARS = (1000, 2039)


def small_talk(writer: Writer) -> list[Turn]:
    """Greetings, thanks, goodbyes, questions about the model."""
    subject = writer.pick(SMALL_TALK)
    return [Turn("user", short_ask(writer, f"ask.{subject}")), Turn("assistant", writer.line(f"answer.{subject}"))]


def hard_question(writer: Writer) -> str:
    """Something that needs knowledge, reasoning or invention."""
    values = common_values(writer) | {
        "big": str(writer.random.randint(10, 9999)),
        "small": str(writer.random.randint(2, 99)),
        "year": str(writer.random.randint(*YEARS)),
        "made_up": made_up(writer),
    }
    if writer.chance(0.3):
        values["topic"] = writer.pick((made_up(writer), f"{made_up(writer)} {made_up(writer)}", writer.line("noun")))
    return short_ask(writer, "ask.refusal", **values)


def refusal(writer: Writer) -> list[Turn]:
    """The honest answer."""
    question = hard_question(writer)
    if writer.chance(0.1):
        question += " " + hard_question(writer)
    elif writer.chance(0.08):
        question = f"{sentence(writer, 'filler')} {question}"
    return [Turn("user", question), Turn("assistant", writer.line("answer.refusal"))]


def bare_text(writer: Writer) -> list[Turn]:
    """A text without a request."""
    text = " ".join(sentence(writer, "filler") for _ in range(writer.pick((2, 3))))
    return [Turn("user", text), Turn("assistant", writer.line("bare"))]
