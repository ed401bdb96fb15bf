"""Invented values: addresses, dates, numbers, names. All of them from reserved ranges.

Diversity is the point. A model that has seen a thousand addresses learns addresses; a model
that has seen a hundred thousand different ones learns to copy.
"""

import string

from grammar import Writer

RESERVED_DOMAINS = ("example.com", "example.org", "example.net")
RESERVED_ENDINGS = ("test", "example", "invalid", "internal", "home.arpa")
MONTHS = (
    "January February March April May June July August September October November December"
).split()
WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
ONSETS = "b br c ch cl d dr f fl g gr h j k kl l m n p pr qu r s sh sk st t th tr v w y z".split()
VOWELS = "a e i o u ai ea ee ia io oo ou y".split()
CODAS = ["", "", "", "l", "m", "n", "nd", "r", "rk", "s", "st", "t", "x", "ck"]
PLACEHOLDERS = {
    "email": "EMAIL",
    "person": "PERSON",
    "phone": "PHONE",
    "date": "DATE",
    "city": "LOCATION",
    "url": "URL",
    "order": "ORDER",
    "amount": "AMOUNT",
}
PLACEHOLDER_SHARE = 0.06


def made_up(writer: Writer, syllables: int | None = None) -> str:
    """A word that exists in no language in particular."""
    count = syllables or writer.pick((1, 1, 2, 2, 2, 3))
    return "".join(writer.pick(ONSETS) + writer.pick(VOWELS) + writer.pick(CODAS) for _ in range(count))


def letters(writer: Writer, low: int, high: int, alphabet: str = string.ascii_lowercase) -> str:
    """Random characters."""
    return "".join(writer.random.choices(alphabet, k=writer.random.randint(low, high)))


def digits(writer: Writer, low: int, high: int) -> str:
    """Random digits."""
    return letters(writer, low, high, string.digits)


def label(writer: Writer) -> str:
    """A word for a domain or a mailbox."""
    roll = writer.random.random()
    if roll < 0.4:
        return made_up(writer)
    if roll < 0.6:
        return writer.line("noun")
    if roll < 0.8:
        return letters(writer, 2, 9)
    if roll < 0.9:
        return made_up(writer) + digits(writer, 1, 3)
    return writer.line("noun") + "-" + made_up(writer)


def domain(writer: Writer) -> str:
    """A host name that cannot exist."""
    roll = writer.random.random()
    if roll < 0.35:
        return writer.pick(RESERVED_DOMAINS)
    if roll < 0.6:
        return f"{label(writer)}.{writer.pick(RESERVED_DOMAINS)}"
    return f"{label(writer)}.{writer.pick(RESERVED_ENDINGS)}"


def mailbox(writer: Writer) -> str:
    """The part of an address before the at sign."""
    first = writer.line("name.first").lower()
    last = "".join(c for c in writer.line("name.last").lower() if c.isalpha())
    forms = (
        lambda: f"{first}.{last}",
        lambda: f"{first[0]}{writer.pick(('', '.'))}{last}",
        lambda: first + digits(writer, 1, 4),
        lambda: f"{first}_{last}",
        lambda: f"{made_up(writer)}.{made_up(writer)}",
        lambda: label(writer),
        lambda: letters(writer, 1, 10, string.ascii_lowercase + string.digits),
        lambda: f"{label(writer)}{writer.pick('._-+')}{label(writer)}",
        lambda: writer.pick(("info", "support", "sales", "office", "billing", "hello", "service", "jobs")),
        lambda: f"{first.capitalize()}.{last.capitalize()}",
    )
    return writer.pick(forms)()


def email(writer: Writer) -> str:
    """An e-mail address."""
    return f"{mailbox(writer)}@{domain(writer)}"


def ordinal(day: int) -> str:
    """1st, 2nd, 3rd, ..."""
    ending = "th" if 11 <= day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"


def date(writer: Writer) -> str:
    """A date in one of the usual ways to write it."""
    year, month, day = writer.random.randint(1950, 2039), writer.random.randint(1, 12), writer.random.randint(1, 28)
    name = MONTHS[month - 1]
    forms = (
        lambda: f"{year}-{month:02}-{day:02}",
        lambda: f"{day:02}/{month:02}/{year}",
        lambda: f"{month}/{day}/{year}",
        lambda: f"{day:02}.{month:02}.{year}",
        lambda: f"{day}.{month}.{year}",
        lambda: f"{day} {name} {year}",
        lambda: f"{name} {day}, {year}",
        lambda: f"{name} {ordinal(day)}, {year}",
        lambda: f"{name} {day}",
        lambda: f"{name} {ordinal(day)}",
        lambda: f"{day} {name}",
        lambda: f"{ordinal(day)} of {name}",
        lambda: f"{day} {name[:3]} {year}",
        lambda: f"{name[:3]} {day}, {year}",
        lambda: f"{writer.pick(WEEKDAYS)}, {name} {day}",
        lambda: f"{writer.pick(WEEKDAYS)}, {day} {name} {year}",
    )
    return writer.pick(forms)()


def phone(writer: Writer) -> str:
    """A number from the fictional 555-01xx range, as people write it."""
    area, line = digits(writer, 3, 3), "01" + digits(writer, 2, 2)
    forms = (
        f"555-{line}",
        f"({area}) 555-{line}",
        f"{area}-555-{line}",
        f"+1 {area} 555 {line}",
        f"+1-{area}-555-{line}",
        f"{area}.555.{line}",
        f"+1 ({area}) 555-{line}",
        f"{area} 555 {line}",
        f"1{area}555{line}",
    )
    return writer.pick(forms)


def order(writer: Writer) -> str:
    """An order number."""
    capitals = letters(writer, 1, 4, string.ascii_uppercase)
    forms = (
        lambda: digits(writer, 4, 10),
        lambda: f"{capitals}-{digits(writer, 3, 8)}",
        lambda: capitals + digits(writer, 3, 8),
        lambda: f"{digits(writer, 3, 4)}-{digits(writer, 3, 6)}",
        lambda: f"{capitals}-{digits(writer, 4, 4)}-{digits(writer, 2, 5)}",
        lambda: letters(writer, 5, 9, string.ascii_uppercase + string.digits),
    )
    return writer.pick(forms)()


def amount(writer: Writer) -> str:
    """An amount of money."""
    whole = writer.random.randint(1, 10 ** writer.random.randint(1, 5))
    cents = f"{writer.random.randint(0, 99):02}"
    forms = (
        f"${whole}.{cents}",
        f"${whole}",
        f"${whole:,}.{cents}",
        f"€{whole}.{cents}",
        f"{whole}.{cents} EUR",
        f"{whole} EUR",
        f"{whole} euros",
        f"{whole} dollars",
        f"£{whole}.{cents}",
        f"{whole}.{cents} USD",
        f"{whole},{cents} €",
        f"{whole} €",
    )
    return writer.pick(forms)


def person(writer: Writer) -> str:
    """A first and a last name; sometimes a title, sometimes names nobody has."""
    first, last = writer.line("name.first"), writer.line("name.last")
    forms = (
        lambda: f"{first} {last}",
        lambda: f"{first} {last}",
        lambda: f"{first} {last}",
        lambda: f"{first} {made_up(writer).capitalize()}",
        lambda: f"{made_up(writer).capitalize()} {made_up(writer).capitalize()}",
        lambda: first,
        lambda: f"{writer.pick(('Mr.', 'Ms.', 'Mrs.', 'Dr.', 'Prof.'))} {last}",
        lambda: f"{first} {writer.pick(string.ascii_uppercase)}. {last}",
    )
    return writer.pick(forms)()


def city(writer: Writer) -> str:
    """A city, often an invented one."""
    roll = writer.random.random()
    if roll < 0.65:
        return writer.line("place.city")
    if roll < 0.85:
        return made_up(writer, 2).capitalize() + writer.pick(("", "ville", "burg", "ton", "field", " City"))
    return f"{writer.pick(('Port', 'New', 'Saint', 'Bad', 'San', 'Lake'))} {made_up(writer).capitalize()}"


def url(writer: Writer) -> str:
    """A web address below a reserved domain."""
    host = writer.pick(("https://", "https://", "http://", "www.", "https://www.")) + domain(writer)
    forms = (
        lambda: "",
        lambda: "/" + label(writer),
        lambda: f"/{label(writer)}/{label(writer)}",
        lambda: f"/{label(writer)}?id={digits(writer, 1, 6)}",
        lambda: f"/{label(writer)}/{letters(writer, 4, 8, string.ascii_lowercase + string.digits)}",
        lambda: f"/{label(writer)}.html",
    )
    return host + writer.pick(forms)()


MAKERS = {
    "email": email,
    "date": date,
    "phone": phone,
    "order": order,
    "amount": amount,
    "person": person,
    "city": city,
    "url": url,
}


def value(writer: Writer, kind: str) -> str:
    """A value of the kind, sometimes a redaction placeholder such as [EMAIL_1]."""
    if writer.chance(PLACEHOLDER_SHARE):
        return f"[{PLACEHOLDERS[kind]}_{writer.random.randint(1, 20)}]"
    return MAKERS[kind](writer)


def common_values(writer: Writer) -> dict[str, str]:
    """One value of every kind, for templates that name some of them."""
    return {kind: value(writer, kind) for kind in MAKERS}
