"""People with all the forms that their names take."""

import random
import unicodedata

import pools

FORMS_IN_CAPITALS = 0.06


class Person:
    """A made-up person. `gender`: `f`, `m`, or anything else for either."""

    def __init__(self, language: str, rng: random.Random, gender: str):
        self.language = language
        self.rng = rng
        self.gender = gender if gender in "fm" else rng.choice("fm")
        self.age = rng.choice([rng.randint(1, 105), rng.randint(18, 90)])
        draw = rng.random()
        if draw < 0.72:
            lists = pools.of(language)
        elif draw < 0.84:
            lists = pools.of(rng.choice(list(pools.LOCALES)))
        else:
            lists = pools.elsewhere()
        self.given = self._first(lists)
        self.family = self._last(lists)

    def _first(self, lists) -> str:
        rng = self.rng
        name = rng.choice(lists[f"first_{self.gender}"])
        if rng.random() < 0.05:
            name = pools.invent(self.language, f"first_{self.gender}")(rng)
        if rng.random() < 0.04:
            name += rng.choice(["-", " "]) + rng.choice(lists[f"first_{self.gender}"])
        return name

    def _last(self, lists) -> str:
        rng = self.rng
        name = rng.choice(lists["last"])
        if rng.random() < 0.12:
            name = pools.invent(self.language, "last")(rng)
        double = {"es": 0.55, "pt": 0.45}.get(self.language, 0.04)
        if rng.random() < double:
            name += (" " if self.language in ("es", "pt") else "-") + rng.choice(lists["last"])
        return name

    def form(self, slot: str) -> str:
        return self._inflected(self._form(slot.rsplit("_", 1)[0] if slot[-2:] in ("_f", "_m") else slot))

    def _form(self, slot: str) -> str:
        rng = self.rng
        given, family = self.given, self.family
        if rng.random() < FORMS_IN_CAPITALS * (3 if self.language == "fr" else 1):
            family = family.upper()
        initial = f"{given[0]}."
        match slot:
            case "first":
                return given
            case "last":
                return family
            case "nick":
                lists = pools.of(self.language)
                return rng.choice(lists["nick"]) if rng.random() < 0.7 else given
            case "initials":
                return rng.choice(
                    [
                        f"{initial} {family}",
                        f"{initial}{family}",
                        f"{initial} {rng.choice('ABCDEFGHJKLMNPRSTW')}. {family}",
                        f"{given[0]} {family}",
                        f"{family} {initial}",
                    ]
                )
            case "last_first":
                return rng.choice(
                    [
                        f"{family}, {given}",
                        f"{family}, {given}",
                        f"{family} {given}",
                        f"{family}, {initial}",
                        f"{family.upper()}, {given.upper()}",
                        f"{family.upper()} {given}",
                    ]
                )
        middle = rng.random()
        if middle < 0.07:
            return f"{given} {rng.choice('ABCDEFGHJKLMNPRSTW')}. {family}"
        if middle < 0.12:
            return f"{given} {rng.choice(pools.of(self.language)[f'first_{self.gender}'])} {family}"
        if middle < 0.16:
            return f"{given.upper()} {family.upper()}"
        return f"{given} {family}"

    def _inflected(self, name: str) -> str:
        """Polish names as other cases leave them, roughly; now and then."""
        if self.language != "pl" or self.rng.random() > 0.3 or not name[-1].isalpha():
            return name
        ending = lambda word: (
            word[:-1] + self.rng.choice(["y", "ie", "ę", "ą"])
            if word[-1] == "a"
            else word + self.rng.choice(["a", "owi", "em"])
        )
        return " ".join(ending(word) if word.isalpha() and word[-1].islower() else word for word in name.split(" "))

    def _plain(self, name: str) -> str:
        folded = unicodedata.normalize("NFKD", name.replace("ł", "l").replace("ß", "ss"))
        return "".join(char for char in folded.lower() if char.isascii() and char.isalnum())

    def email(self) -> str:
        given, family = self._plain(self.given), self._plain(self.family)
        local = self.rng.choice(
            [f"{given}.{family}", f"{given[:1]}{family}", f"{given}{self.rng.randint(1, 99)}", f"{given}_{family}"]
        )
        return f"{local}@example.{self.rng.choice(['com', 'org', 'net'])}"

    def username(self) -> str:
        rng = self.rng
        given, family = self._plain(self.given), self._plain(self.family)
        noun = self._plain(rng.choice(pools.of(self.language)["noun"]))
        return rng.choice(
            [
                f"{given}{rng.randint(1, 2010)}",
                f"{given[:1]}{family}",
                f"{given}_{family}",
                f"{given}.{family}",
                f"{noun}{rng.randint(1, 999)}",
                f"{noun}_{given}",
                f"{family}{given[:2]}",
                f"x{noun}x",
                f"{given.capitalize()}{noun.capitalize()}",
            ]
        )

    def handle(self) -> str:
        return "@" + self.username().replace(".", "_")
