"""What fills the slots of a template, with its labels."""

import random
import re
import string
import uuid

import pools
from dates import Dates
from example import Builder
from grammar import Choice, Slot
from people import Person


class Values:
    """Values of one document: the people with a number stay the same."""

    def __init__(self, language: str, rng: random.Random):
        self.language = language
        self.rng = rng
        self.lists = pools.of(language)
        self.dates = Dates(language, rng)
        self.people: dict[str, Person] = {}

    def fill(self, parts: tuple, builder: Builder):
        for part in parts:
            if isinstance(part, Slot):
                self.slot(part, builder)
            elif isinstance(part, Choice):
                self.fill(self.rng.choice(part.options), builder)
            else:
                builder.add(part)

    def slot(self, slot: Slot, builder: Builder):
        name = slot.name
        if name in PERSON_FORMS:
            builder.add(self.person(slot).form(name), "PERSON")
        elif name in ("title_f", "title_m"):
            builder.add(self.pick(name))
        elif name in ("age", "age_phrase"):
            self.age(slot, builder)
        elif name in DATE_LABELS:
            builder.add(self.dates.form(name), DATE_LABELS[name])
        elif name in ("address", "address_lines", "postcode_city"):
            self.address(name, builder)
        elif name == "street":
            builder.add(self.street(), "ADDRESS")
        elif name == "postcode":
            builder.add(self.postcode(), "ADDRESS")
        elif name == "city":
            builder.add(self.city(), "LOCATION")
        elif name in ("email", "username", "handle"):
            text = getattr(self.person(slot), name)()
            builder.add(text, "?" if name == "email" else "USERNAME")
        elif name in LISTED:
            value = self.listed(name)
            article = ARTICLE.match(value)
            if article:  # `the Thames`: not a part of the name
                builder.add(article[0])
                value = value[article.end() :]
            builder.add(value, LISTED[name])
        else:
            text, label = self.other(name)
            builder.add(text, label)

    def pick(self, name: str) -> str:
        return self.rng.choice(self.lists[name])

    def person(self, slot: Slot) -> Person:
        if not slot.number:
            return Person(self.language, self.rng, slot.name[-1])
        if slot.number not in self.people:
            self.people[slot.number] = Person(self.language, self.rng, slot.name[-1])
        return self.people[slot.number]

    def age(self, slot: Slot, builder: Builder):
        known = self.person(slot) if slot.number else None
        age = str(known.age if known else self.rng.choice([self.rng.randint(18, 99), self.rng.randint(0, 110)]))
        if slot.name == "age":
            builder.add(age, "AGE")
        else:
            builder.add(self.pick("age_phrase").replace("N", age), "AGE")

    def listed(self, name: str) -> str:
        rng = self.rng
        if name == "company" and rng.random() < 0.2:
            return self.invented_company()
        if name == "region" and rng.random() < 0.1:
            return self.pick("city") + rng.choice([" County", " Valley"]) if self.language == "en" else self.pick(name)
        if name == "place" and rng.random() < 0.1:
            return pools.invent(self.language, "city")(rng)
        if name in ("condition", "demographic", "job") and rng.random() < 0.15:
            return self.pick(name).capitalize()
        return self.pick(name)

    def invented_company(self) -> str:
        rng = self.rng
        stem = rng.choice(
            [
                pools.invent(self.language, "last")(rng),
                pools.invent(self.language, "city")(rng),
                self.pick("last"),
                self.pick("noun").capitalize(),
            ]
        )
        ends = {
            "en": [
                "Ltd",
                "Inc.",
                "LLC",
                "plc",
                "& Sons",
                "Group",
                "Holdings",
                "Systems",
                "Partners",
                "Labs",
                "Corp",
                "Bakery",
                "Motors",
            ],
            "de": [
                "GmbH",
                "AG",
                "KG",
                "GmbH & Co. KG",
                "e.K.",
                "& Söhne",
                "Gruppe",
                "SE",
                "Bau",
                "Logistik",
                "Apotheke",
            ],
            "fr": ["SA", "SARL", "SAS", "et Fils", "Groupe", "& Cie", "Conseil", "Transports"],
            "es": ["S.A.", "S.L.", "S.A. de C.V.", "e Hijos", "Grupo", "Consultores", "Seguros"],
            "it": ["S.p.A.", "S.r.l.", "& Figli", "Gruppo", "S.n.c.", "Costruzioni"],
            "nl": ["B.V.", "N.V.", "& Zonen", "Groep", "Bouw", "V.O.F."],
            "pt": ["Lda.", "S.A.", "Ltda.", "& Filhos", "Grupo", "Engenharia"],
            "pl": ["Sp. z o.o.", "S.A.", "sp.j.", "i Synowie", "Grupa", "Bud"],
        }[self.language]
        kind = rng.random()
        if kind < 0.35:
            return stem
        if kind < 0.45:
            return "".join(rng.choices(string.ascii_uppercase, k=rng.randint(2, 5)))
        return f"{stem} {rng.choice(ends)}"

    def city(self) -> str:
        if self.rng.random() < 0.08:
            return pools.invent(self.language, "city")(self.rng)
        return self.pick("city")

    def street(self) -> str:
        rng = self.rng
        if "street_address" in self.lists and rng.random() < 0.4:
            return self.pick("street_address")
        number = str(rng.randint(1, rng.choice([30, 200, 9999 if self.language == "en" else 300])))
        number += rng.choice(["", "", "", "", rng.choice("abcABC"), f"-{rng.randint(2, 40)}"])
        name = self.pick("street")
        extra = rng.random() < 0.15
        if self.language == "en":
            return f"{number} {name}" + (
                rng.choice([", Apt {}", " Apt. {}", ", Suite {}", ", Flat {}", " #{}", ", Unit {}"]).format(
                    rng.randint(1, 400)
                )
                if extra
                else ""
            )
        if self.language == "fr":
            return f"{number}{rng.choice(['', ',', ' bis'] if extra else ['', ','])} {name}"
        join = {
            "es": rng.choice([", ", " ", ", nº ", " nº", " N° "]),
            "it": rng.choice([", ", " ", ", n. "]),
            "pt": rng.choice([", ", " ", ", n.º "]),
        }.get(self.language, " ")
        tail = {
            "es": [", 3º B", ", 2º dcha.", ", piso 4", " Dpto. 5", ", bajo"],
            "it": [", int. 4", "/B", ", scala A"],
            "pt": [", 3.º Esq.", ", ap. 42", ", 2.º Dto."],
            "pl": [f"/{rng.randint(1, 60)}", f" m. {rng.randint(1, 60)}"],
            "nl": ["-II", " bis", " bus 3"],
            "de": [", 2. OG", f"/{rng.randint(1, 20)}"],
        }[self.language]
        return f"{name}{join}{number}" + (rng.choice(tail) if extra else "")

    def postcode(self) -> str:
        rng = self.rng
        digits = lambda count: "".join(rng.choices(string.digits, k=count))
        forms = {
            "en": [digits(5), f"{digits(5)}-{digits(4)}", self.british(), self.british(), digits(4), digits(6)],
            "de": [digits(5), digits(5), digits(4), f"D-{digits(5)}", f"A-{digits(4)}", f"CH-{digits(4)}"],
            "fr": [
                digits(5),
                digits(5),
                digits(5),
                f"F-{digits(5)}",
                digits(4),
                f"H{digits(1)}X {digits(1)}K{digits(1)}",
            ],
            "es": [digits(5), digits(5), digits(4), f"C{digits(4)}ABC"],
            "it": [digits(5), digits(5), f"I-{digits(5)}"],
            "nl": [f"{digits(4)} {self.letters(2)}", f"{digits(4)}{self.letters(2)}", f"B-{digits(4)}", digits(4)],
            "pt": [f"{digits(4)}-{digits(3)}", f"{digits(5)}-{digits(3)}", digits(8)],
            "pl": [f"{digits(2)}-{digits(3)}"],
        }
        return rng.choice(forms[self.language])

    def british(self) -> str:
        rng = self.rng
        return f"{self.letters(rng.randint(1, 2))}{rng.randint(1, 29)} {rng.randint(0, 9)}{self.letters(2)}"

    def letters(self, count: int) -> str:
        return "".join(self.rng.choices(string.ascii_uppercase, k=count))

    def address(self, name: str, builder: Builder):
        rng = self.rng
        lines = name == "address_lines"
        between = "\n" if lines else rng.choice([", ", ", ", ", ", " ", " - ", "; "])
        if name != "postcode_city":
            builder.add(self.street(), "ADDRESS")
            builder.add(between)
        first = self.language not in ("en",) and rng.random() < 0.9
        if first:
            builder.add(self.postcode(), "ADDRESS")
            builder.add(" ")
            builder.add(self.city(), "LOCATION")
        else:
            builder.add(self.city(), "LOCATION")
            if rng.random() < 0.5:
                builder.add(rng.choice([", ", " "]))
                region = (
                    rng.choice(["TX", "CA", "NY", "OH", "NSW", "ON", "Kent", "VIC", "MA", "WA"])
                    if rng.random() < 0.6
                    else self.pick("region")
                )
                builder.add(region, "LOCATION")
            builder.add(rng.choice([" ", ", ", " "]))
            builder.add(self.postcode(), "ADDRESS")
        if name != "postcode_city" and rng.random() < 0.25:
            builder.add("\n" if lines else rng.choice([", ", " (", " "]))
            builder.add(self.pick("country"), "LOCATION")
            if builder.parts[-2].endswith("("):
                builder.add(")")

    def other(self, name: str) -> tuple[str, str | None]:
        """Values that patterns find, or that are nobody's."""
        rng = self.rng
        number = rng.randint
        match name:
            case "phone":
                return rng.choice(
                    [
                        f"({number(200, 989)}) 555-01{number(10, 99)}",
                        f"+{number(30, 49)} {number(20, 999)} 555 01{number(10, 99)}",
                        f"0{number(20, 99)} 55501{number(10, 99)}",
                    ]
                ), "?"
            case "url":
                return rng.choice(["https://www.example.com/{}", "example.org/{}", "http://{}.example.net"]).format(
                    self.slug()
                ), "?"
            case "id":
                return rng.choice(
                    [
                        f"{self.letters(2)}-{number(1000, 9999999)}",
                        f"{number(10**5, 10**9)}",
                        f"{number(1, 999)}/{number(10, 26)}",
                        f"{number(1000, 99999)}/{number(80, 99)}",
                        f"{self.letters(1)}{number(10**6, 10**8)}",
                        f"#{number(1, 99999)}",
                        " ".join(str(number(10, 9999)) for _ in range(number(2, 4))),
                        f"{rng.getrandbits(64):016x}",
                        f"{rng.getrandbits(48):012X}",
                        str(uuid.UUID(int=rng.getrandbits(128))),
                        f"{self.letters(3)}{number(10, 99)}{self.letters(1)}{number(10, 999)}",
                    ]
                ), None
            case "label":
                label = rng.choice(pools.labels())
                return rng.choice([label, label, label.capitalize(), label.title(), label.upper()]), None
            case "iban":
                return f"{self.letters(2)}{number(10, 99)} " + " ".join(str(number(1000, 9999)) for _ in range(4)), None
            case "card":
                return "4111 1111 1111 1111", None
            case "amount":
                sum_ = rng.choice(
                    [
                        f"{number(1, 999)}",
                        f"{number(1, 99)}.{number(10, 99)}",
                        f"{number(1, 99)},{number(100, 999)}",
                        f"{number(1, 999)},{number(10, 99)}",
                        f"{number(1, 9)}.{number(100, 999)},{number(10, 99)}",
                    ]
                )
                return rng.choice(["${}", "{} €", "€{}", "£{}", "{} EUR", "{} USD", "{} zł", "{} CHF"]).format(
                    sum_
                ), None
            case "number":
                return str(rng.choice([number(2, 12), number(2, 100), number(100, 5000)])), None
            case "percent":
                return rng.choice(
                    [
                        f"{number(1, 99)}%",
                        f"{number(1, 99)} %",
                        f"{number(1, 9)},{number(1, 9)} %",
                        f"{number(1, 9)}.{number(1, 9)}%",
                    ]
                ), None
            case "ip":
                return f"192.0.2.{number(1, 254)}", "?"
            case "version":
                return rng.choice(
                    [f"{number(0, 20)}.{number(0, 30)}.{number(0, 9)}", f"v{number(1, 9)}.{number(0, 20)}"]
                ), None
            case "plate":
                return rng.choice(
                    [
                        f"{self.letters(2)}-{self.letters(2)} {number(10, 9999)}",
                        f"{self.letters(2)}{number(10, 99)} {self.letters(3)}",
                        f"{number(1000, 9999)} {self.letters(3)}",
                    ]
                ), "?"
            case "code":
                return rng.choice(
                    [
                        f"{self.letters(3)}-{number(10, 9999)}",
                        f"{self.letters(1)}{number(10, 99)}.{number(0, 9)}",
                        f"{self.letters(4)}{number(1, 99)}",
                        f"0x{number(16, 65535):X}",
                    ]
                ), None
            case "measure":
                return rng.choice(
                    ["{} mg", "{}mg", "{} ml", "{} cm", "{} kg", "{} °C", "{} mmHg", "{} g/dl", "{} mm", "{} km"]
                ).format(
                    rng.choice([number(1, 500), f"{number(1, 40)}.{number(1, 9)}", f"{number(1, 40)},{number(1, 9)}"])
                ), None
        raise ValueError(f"no such slot: {name}")

    def slug(self) -> str:
        return self.pick("noun").lower().replace(" ", "-")


ARTICLE = re.compile(
    r"(?:the|der|die|das|la|le|les|el|los|las|il|lo|i|gli|de|het|o|a|os|as) (?=[A-ZÀ-Ý0-9])|l['’](?=[A-ZÀ-Ý])"
)
PERSON_FORMS = {"full", "full_f", "full_m", "first", "first_f", "first_m", "last", "initials", "last_first", "nick"}
DATE_LABELS = {
    "date": "DATE",
    "date_long": "DATE",
    "date_num": "DATE",
    "day_month": "DATE",
    "month_year": "DATE",
    "month": "?",
    "year": "?",
    "weekday": "?",
    "time": None,
}
LISTED = {
    "country": "LOCATION",
    "region": "LOCATION",
    "place": "LOCATION",
    "company": "ORG",
    "hospital": "ORG",
    "university": "ORG",
    "school": "ORG",
    "bank": "ORG",
    "agency": "ORG",
    "court": "ORG",
    "club": "ORG",
    "party": "ORG",
    "newspaper": "ORG",
    "ngo": "ORG",
    "job": "DEMOGRAPHIC",
    "demographic": "DEMOGRAPHIC",
    "condition": "HEALTH",
    "drug": None,
    "product": None,
    "noun": None,
}
