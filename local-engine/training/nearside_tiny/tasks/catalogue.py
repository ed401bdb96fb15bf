"""All kinds of requests with their share of the training data, and whole conversations."""

from collections.abc import Callable
from functools import partial

from chat import Turn
from grammar import Writer
from tasks import extraction, labels, talk, writing
from values import common_values

Task = Callable[[Writer], list[Turn]]

SHARES: dict[str, tuple[float, Task]] = {
    "e-mail address": (9, partial(extraction.extract_one, kind="email")),
    "date": (6, partial(extraction.extract_one, kind="date")),
    "phone number": (5, partial(extraction.extract_one, kind="phone")),
    "order number": (5, partial(extraction.extract_one, kind="order")),
    "amount": (4.5, partial(extraction.extract_one, kind="amount")),
    "person": (5, partial(extraction.extract_one, kind="person")),
    "city": (4.5, partial(extraction.extract_one, kind="city")),
    "URL": (4, partial(extraction.extract_one, kind="url")),
    "value not in the text": (2, extraction.extract_missing),
    "all values of a kind": (3, extraction.extract_all),
    "two values": (3, extraction.extract_two),
    "values as JSON": (5, extraction.extract_json),
    "sentiment": (13, labels.sentiment),
    "ticket category": (8, labels.ticket),
    "urgency": (3.5, labels.urgency),
    "is it a question": (3, labels.is_question),
    "language": (4, labels.language),
    "mentions a word": (4, labels.mention),
    "upper case": (2, writing.upper_case),
    "lower case": (2, writing.lower_case),
    "subject line": (4, writing.title),
    "one-sentence reply": (4, writing.reply),
    "fact": (3, writing.fact),
    "addition": (4, writing.addition),
    "small talk": (4, talk.small_talk),
    "honest refusal": (15, talk.refusal),
    "text without request": (0.5, talk.bare_text),
}
SYSTEM_SHARE = 0.3
LONG_SYSTEM_SHARE = 0.012
HISTORY_SHARE = 0.12
LONG_HISTORY_SHARE = 0.008


def system_turn(writer: Writer, long: bool) -> Turn:
    """A system prompt of one line, or of many rules."""
    values = common_values(writer)
    text = writer.line("system", **values)
    if long:
        rules = [writer.line("system.long", **values) for _ in range(writer.random.randint(4, 30))]
        text = text + writer.pick((" ", "\n", "\n- ")).join(["", *rules])
    return Turn("system", text)


def random_task(writer: Writer) -> list[Turn]:
    """A request of a random kind with its answer."""
    shares = [share for share, _ in SHARES.values()]
    (_, task), = writer.random.choices(list(SHARES.values()), shares)
    return task(writer)


def surrounded(writer: Writer, turns: list[Turn]) -> list[Turn]:
    """The conversation with a system prompt and earlier requests, sometimes."""
    if writer.chance(LONG_HISTORY_SHARE):
        earlier = writer.random.randint(4, 10)
    else:
        earlier = writer.random.randint(1, 2) if writer.chance(HISTORY_SHARE) else 0
    for _ in range(earlier):
        turns = random_task(writer) + turns
    long = writer.chance(LONG_SYSTEM_SHARE)
    if long or writer.chance(SYSTEM_SHARE):
        turns = [system_turn(writer, long)] + turns
    return turns


def conversation(writer: Writer) -> list[Turn]:
    """One training example."""
    return surrounded(writer, random_task(writer))
