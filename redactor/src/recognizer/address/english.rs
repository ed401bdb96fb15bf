//! Streets as English-speaking countries write them: `926 Michelle Mill`, `40th Street`,
//! `109 Xanthou St, Apt. 4`. The kinds of street are those of USPS Publication 28, appendix C1,
//! and of Royal Mail's and Australia Post's lists.

use super::{ADDRESS, Anchor, Candidate, Recognizer, Verdict};
use super::{begins_with_year, fragments, has_word, settled, stands_free};

/// Words that hardly end anything but the name of a street.
macro_rules! plain {
    () => {
        concat!(
            r"(?:Street|St|Avenue|Ave|Av|Road|Rd|Lane|Ln|Boulevard|Blvd|Drive|Dr|Court|Ct|Terrace|Ter|",
            r"Crescent|Cres|Parkway|Pkwy|Highway|Hwy|Close|Alley|Place|Pl|Square|Sq|Expressway|",
            r"Freeway|Turnpike|Mews|Grove|Gardens|Circle|Cir|Broadway|Walk|Row|Esplanade|Parade|",
            r"Quay|Str)",
        )
    };
}

/// Words that end the name of a street or of something else.
macro_rules! landscape {
    () => {
        concat!(
            r"(?:Annex|Arcade|Bayou|Beach|Bend|Bluffs?|Bottom|Branch|Bridge|Brooks?|Burgs?|Bypass|Camp|",
            r"Canyon|Cape|Causeway|Center|Centers|Centre|Circles|Cliffs?|Club|Common|Commons|",
            r"Corners?|Course|Courts|Coves?|Creek|Crest|Crossing|Crossroads?|Curve|Dale|Dam|Divide|",
            r"Drives|Estates?|Extensions?|Falls?|Ferry|Fields?|Flats?|Fords?|Forest|Forges?|Forks?|",
            r"Fort|Garden|Gateway|Glens?|Greens?|Groves|Harbors?|Haven|Heights|Hills?|Hollow|Inlet|",
            r"Islands?|Isle|Junctions?|Keys?|Knolls?|Lakes?|Land|Landing|Lights?|Loaf|Locks?|Lodge|",
            r"Loop|Mall|Manors?|Meadows?|Mills?|Mission|Motorway|Mount|Mountains?|Neck|Orchard|Oval|",
            r"Overpass|Park|Parks|Pass|Passage|Path|Pike|Pines?|Plains?|Plaza|Points?|Ports?|",
            r"Prairie|Radial|Ramp|Ranch|Rapids?|Rest|Ridges?|River|Roads|Route|Run|Shoals?|Shores?|",
            r"Skyway|Springs?|Spurs?|Squares|Station|Stravenue|Stream|Streets|Summit|Throughway|",
            r"Trace|Track|Trafficway|Trail|Tunnel|Underpass|Unions?|Valleys?|Via|Viaduct|Views?|",
            r"Villages?|Ville|Vista|Walks|Wall|Ways?|Wells?)",
        )
    };
}

pub(in crate::recognizer) const RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        name: "address_english",
        after: 88,
        pattern: concat!(
            r"\b[0-9]{1,6}[A-Za-z]?(?:[-/][0-9]{1,5}[A-Za-z]?)?,? ",
            r"(?:[0-9]{1,5} )?(?:(?:",
            fragments::capitalized!(),
            r"|[0-9]{1,3}(?:st|nd|rd|th)|of|the|de|la|del|du) )+",
            r"(?:",
            r"(?i:",
            plain!(),
            r"|",
            landscape!(),
            r"))\b\.?(?: (?:[NSEW]|[NS][EW]|North|South|East|West)\b\.?)?",
            r"(?: (?:Street|St|Ave|Rd)\b\.?)?",
            fragments::unit!(),
            fragments::place!(),
            // In lower case.
            r"|\b[0-9]{1,6}[a-z]?(?: [0-9]{1,5})?(?: ",
            fragments::word!(),
            r"){1,4}? (?i:street|st|avenue|ave|road|rd|lane|boulevard|blvd|drive|terrace|crescent|parkway|highway|close)\b\.?",
            r"(?:[ ,]{1,2}(?i:apt|suite|unit|flat)\b\.? ?#?[0-9]{1,5})?",
        ),
        validate: with_number,
        check: "a number and a street name",
        score: 0.75,
        examples: &[
            "lives at 926 Michelle Mill now",
            "109 Xanthou Street",
            "043 Snow Course, Adamsville, 08295.",
            "0332 Phillips Parkway Apt. 937",
            "221B Baker Street, London",
            "1600 Pennsylvania Ave NW, Washington, DC 20500",
            "4589 40th Street Suite 603",
            "12-14 St. John's Road",
            "i live at 19 folkestone road",
            "deliver it to 14 privet lane, apt 3",
            "lives at 5 Barker mews",
            "3 Smith ways\nPort Mary\nNR2 4AB",
            "Address: 12 ELM ROW",
            "Flat 3, 12 High Street, Oxford OX1 4AA",
            "350 Fifth Avenue, 34th floor, New York, NY 10118",
            "10 Anson Road, #12-01, Singapore 079903",
            "25 Long Street, Cape Town 8001",
            "the letter arrived at 77 99 park avenue",
        ],
        counter_examples: &[
            "In 2019 Silver Lake burned",
            "12 Angry Men",
            "page 3 of 12",
            "5 minutes down the road",
            "2 Microsoft Way",
            "version 3.12 Long Run",
            "10 The Point",
            "15 Windows run",
            "50 State parks",
            "on 02-DEC-2025 at Oak Street",
            "On 22 January 1993, the Regional Court held",
            "3 blocks along the street",
            "10 of them drive",
            "2 people who drive",
            "1 test drive",
        ],
        ..ADDRESS
    },
    Recognizer {
        name: "address_street_name",
        anchor: Anchor::Literals(&[" street", " avenue", " boulevard"]),
        before: 64,
        after: 4,
        pattern: concat!(
            r"\b(?:on|at|in|of|and|to|from|near|off|along|via|is|refers to) ",
            r"((?:the corner of [^\n,.?!]{3,40} and )?(?:",
            fragments::capitalized!(),
            r" |[0-9]{1,3}(?:st|nd|rd|th) ){1,3}(?:Street|Avenue|Boulevard))\b",
        ),
        validate: named,
        check: "the words of a street",
        score: 0.55,
        examples: &[
            "they played on Barbosa Street",
            "the corner of Elm Street and Oak Avenue",
        ],
        counter_examples: &[
            "Wall Street fell",
            "on Wall Street",
            "a Street View car",
            "on the Street",
        ],
        ..ADDRESS
    },
];

fn with_number(candidate: &Candidate<'_>) -> Verdict {
    let value = candidate.value();
    let number = value.split(' ').next().unwrap_or_default();
    let mut words = value.split([' ', ',', '\n', '.']);
    let is_clear = words.any(|word| PLAIN.contains(&word));
    let name = value.trim_start_matches(|c: char| c.is_ascii_digit() || c == ',');
    let line = name.split([',', '\n']).next().unwrap_or_default();
    let street = line.split(" in ").next().unwrap_or_default();
    let is_capital = value.contains(|c: char| c.is_uppercase());
    // `2 Microsoft Way` may be anything, `043 Snow Course` hardly.
    let capitals = street
        .split(' ')
        .filter(|word| word.starts_with(char::is_uppercase))
        .count();
    let is_telling = !begins_with_year(value)
        && ((number.len() > 1 && capitals > 1)
            || name.trim_start().starts_with(|c: char| c.is_ascii_digit())
            || value.contains('\n')
            || candidate.has_context(ANNOUNCED));
    let is_name = (is_clear && is_capital || is_telling)
        && !has_word(street, PROSE)
        && !has_word(street, NOT_NAMES);
    settled(candidate, is_name && stands_free(candidate))
}

/// Streets whose name stands for an industry or a government are no addresses.
fn named(candidate: &Candidate<'_>) -> Verdict {
    Verdict::plausible_if(!has_word(
        candidate.value(),
        &["wall", "downing", "fleet", "the", "madison"],
    ))
}

/// The words of [`plain`] that a validator asks for.
const PLAIN: &[&str] = &[
    "Boulevard",
    "Street",
    "St",
    "Avenue",
    "Ave",
    "Road",
    "Rd",
    "Lane",
    "Ln",
    "Blvd",
    "Drive",
    "Court",
    "Terrace",
    "Crescent",
    "Parkway",
    "Pkwy",
    "Highway",
    "Hwy",
    "Close",
    "Alley",
    "Place",
    "Square",
    "Mews",
    "Grove",
    "Gardens",
    "Parade",
];

/// Beginnings of words that announce an address.
const ANNOUNCED: &[&str] = &[
    "address", "addr", "live", "living", "resid", "street", "home", "deliver", "ship", "regist",
];

/// `2 of the Rules of Court` is no address, and a number before a month is a day.
const NOT_NAMES: &[&str] = &[
    "the",
    "of",
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Words of sentences, not of names.
const PROSE: &[&str] = &[
    "the", "a", "an", "of", "on", "in", "at", "to", "from", "and", "or", "down", "along", "up",
    "across", "off", "by", "with", "for", "who", "that", "which", "we", "they", "you", "people",
    "minute", "minutes", "min", "hour", "hours", "hr", "mile", "miles", "km", "m", "mm", "years",
    "year", "days", "day", "times", "blocks", "block", "test", "hard", "disk", "is", "are", "was",
    "per", "my", "your", "their", "his", "her", "our", "lanes", "way", "very", "came",
];
