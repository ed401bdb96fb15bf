"""Dates as they are written in each language."""

import datetime
import random

from babel.dates import format_date

NUMERIC = {
    "en": [
        "%m/%d/%Y",
        "%d/%m/%Y",
        "%m/%d/%y",
        "%Y-%m-%d",
        "%d-%m-%Y",
        "%d.%m.%Y",
        "%m-%d-%Y",
        "%d/%m/%y",
        "%Y/%m/%d",
        "%d-%b-%Y",
        "%d%b%Y",
    ],
    "de": ["%d.%m.%Y", "%d.%m.%Y", "%d.%m.%y", "%Y-%m-%d", "%d.%m.", "%d/%m/%Y"],
    "fr": ["%d/%m/%Y", "%d/%m/%Y", "%d/%m/%y", "%d.%m.%Y", "%Y-%m-%d", "%d-%m-%Y", "%d %m %Y"],
    "es": ["%d/%m/%Y", "%d/%m/%Y", "%d-%m-%Y", "%d/%m/%y", "%Y-%m-%d", "%d.%m.%Y"],
    "it": ["%d/%m/%Y", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%y", "%Y-%m-%d"],
    "nl": ["%d-%m-%Y", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%y", "%Y-%m-%d"],
    "pt": ["%d/%m/%Y", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y", "%Y-%m-%d"],
    "pl": ["%d.%m.%Y", "%d.%m.%Y r.", "%d-%m-%Y", "%Y-%m-%d", "%d.%m.%y", "%d/%m/%Y"],
}
LONG = {
    "en": [
        "MMMM d, y",
        "d MMMM y",
        "MMM d, y",
        "d MMM y",
        "EEEE, MMMM d, y",
        "MMMM d y",
        "d MMMM, y",
        "EEE d MMM y",
        "'the' d'th of' MMMM y",
    ],
    "de": ["d. MMMM y", "d. MMM y", "EEEE, d. MMMM y", "dd. MMMM y", "EEEE, 'den' d. MMMM y"],
    "fr": ["d MMMM y", "EEEE d MMMM y", "d MMM y", "dd MMMM y"],
    "es": ["d 'de' MMMM 'de' y", "d 'de' MMMM 'del' y", "EEEE, d 'de' MMMM 'de' y", "d MMM y", "d MMMM y"],
    "it": ["d MMMM y", "EEEE d MMMM y", "d MMM y"],
    "nl": ["d MMMM y", "EEEE d MMMM y", "d MMM y"],
    "pt": ["d 'de' MMMM 'de' y", "EEEE, d 'de' MMMM 'de' y", "d MMM y"],
    "pl": ["d MMMM y", "d MMMM y 'r.'", "d MMMM y 'roku'", "EEEE, d MMMM y"],
}
DAY_MONTH = {
    "en": ["MMMM d", "d MMMM", "MMM d", "d MMM", "EEEE, MMMM d", "MMMM d'th'"],
    "de": ["d. MMMM", "d. MMM"],
    "es": ["d 'de' MMMM"],
    "pt": ["d 'de' MMMM"],
}
MONTH_YEAR = {
    "es": ["MMMM 'de' y"],
    "pt": ["MMMM 'de' y"],
    "pl": ["LLLL y"],
    "en": ["MMMM y", "MMMM, y", "MMM y", "MM/y"],
}


class Dates:
    def __init__(self, language: str, rng: random.Random):
        self.language = language
        self.rng = rng

    def form(self, slot: str) -> str:
        rng = self.rng
        first = rng.choice([1915, 1960, 1990, 2010])
        date = datetime.date(first, 1, 1) + datetime.timedelta(
            days=rng.randint(0, (datetime.date(2027, 1, 1) - datetime.date(first, 1, 1)).days)
        )
        language = self.language
        match slot:
            case "date":
                return self.form(
                    rng.choice(
                        ["date_long", "date_num", "date_num", "day_month" if rng.random() < 0.2 else "date_long"]
                    )
                )
            case "date_num":
                text = date.strftime(rng.choice(NUMERIC[language]))
                return text.lstrip("0") if rng.random() < 0.15 else text
            case "date_long":
                return self._local(date, LONG[language])
            case "day_month":
                return self._local(date, DAY_MONTH.get(language, ["d MMMM"]))
            case "month_year":
                return self._local(date, MONTH_YEAR.get(language, ["MMMM y"]))
            case "month":
                return self._local(date, ["LLLL"])
            case "weekday":
                return self._local(date, ["EEEE", "EEEE", "EEEE", "EEE"])
            case "year":
                return str(date.year)
        return rng.choice(["{:02}:{:02}", "{:02}:{:02}", "{}.{:02}", "{}h{:02}"]).format(
            rng.randint(0, 23), rng.randint(0, 59)
        )

    def _local(self, date: datetime.date, formats: list[str]) -> str:
        return format_date(date, self.rng.choice(formats), locale=self.language)
