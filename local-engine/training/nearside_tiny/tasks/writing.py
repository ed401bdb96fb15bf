"""Short texts: change of case, subject lines, one-sentence replies, facts, sums."""

from chat import Turn
from grammar import Writer, sections
from tasks.shaping import ask, short_ask
from values import common_values, date, made_up, person

REPLIES = tuple(name.rsplit(".", 1)[1] for name in sections() if name.startswith("ask.reply."))
TITLES = tuple(name.split(".")[1] for name in sections() if name.startswith("title."))


def phrase(writer: Writer) -> str:
    """A few words."""
    words = [writer.pick((writer.line("noun"), writer.line("noun"), made_up(writer))) for _ in range(writer.pick((1, 1, 2, 2, 3)))]
    if writer.chance(0.3):
        words.insert(0, writer.pick(("the", "my", "a", "our", writer.line("plain_adj"))))
    return " ".join(words)


def upper_case(writer: Writer) -> list[Turn]:
    """A phrase in capitals."""
    text = phrase(writer)
    text = writer.pick((text, text, text.capitalize(), text.title()))
    return [Turn("user", ask(writer, "ask.upper", text)), Turn("assistant", text.upper())]


def lower_case(writer: Writer) -> list[Turn]:
    """A phrase in small letters."""
    text = phrase(writer)
    text = writer.pick((text.upper(), text.upper(), text.title()))
    return [Turn("user", ask(writer, "ask.lower", text)), Turn("assistant", text.lower())]


def title(writer: Writer) -> list[Turn]:
    """A subject line, made of the topic and its one important value."""
    topic = writer.pick(TITLES)
    values = common_values(writer) | {
        name: writer.line(name) for name in ("item", "event", "weekday", "person_role")
    }
    text = writer.line(f"text.title.{topic}", **values)
    if writer.chance(0.2):
        text = f"{writer.line('greeting')},\n\n{text}\n\n{writer.line('signoff')}"
    return [Turn("user", ask(writer, "ask.title", text)), Turn("assistant", writer.line(f"title.{topic}", **values))]


def reply(writer: Writer) -> list[Turn]:
    """A polite sentence to somebody."""
    purpose = writer.pick(REPLIES)
    values = {"person": person(writer), "date": date(writer)}
    request = short_ask(writer, f"ask.reply.{purpose}", **values)
    return [Turn("user", request), Turn("assistant", writer.line(f"answer.reply.{purpose}", **values))]


def fact(writer: Writer) -> list[Turn]:
    """A fact everybody knows."""
    answer, *questions = [part.strip() for part in writer.pick(sections()["fact"]).split("|")]
    question = writer.pick(questions)
    if writer.chance(0.1):
        question = question.lower()
    if writer.chance(0.1):
        question = f"{writer.line('polite')} {question}"
    return [Turn("user", question), Turn("assistant", answer)]


def addition(writer: Writer) -> list[Turn]:
    """The sum of two numbers below one hundred."""
    limit = writer.pick((9, 20, 99, 99))
    a, b = writer.random.randint(0, limit), writer.random.randint(0, limit)
    return [Turn("user", short_ask(writer, "ask.sum", a=str(a), b=str(b))), Turn("assistant", str(a + b))]
