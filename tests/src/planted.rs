//! Personal data to plant: made up, of ranges that belong to nobody.
//!
//! Sources: example domains of RFC 2606; telephone numbers 555-0100 to 555-0199 of the North
//! American Numbering Plan; card numbers that the schemes publish for tests; example numbers of the
//! IBAN registry; social security numbers that were printed in advertisements and are void;
//! documentation addresses of RFC 5737 and RFC 3849; keys of one letter or two.

use std::collections::HashSet;

use crate::dice::Dice;

/// A piece of personal data in the text that carries it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plant {
    /// What it is.
    pub kind: Kind,
    /// What is planted. It may say more than is personal, as a URL does around its password.
    pub text: String,
    /// What must not be seen.
    pub original: String,
}

/// The kinds of personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// A payment card.
    Card,
    /// A bank account.
    Iban,
    /// A US social security number.
    Ssn,
    /// An IPv4 address.
    Ipv4,
    /// An IPv6 address.
    Ipv6,
    /// A vendor's API key.
    ApiKey,
    /// A private key in text armour.
    Pem,
    /// A password in a URL.
    UrlPassword,
}

impl Kind {
    /// All kinds.
    pub const ALL: &[Self] = &[
        Self::Email,
        Self::Phone,
        Self::Card,
        Self::Iban,
        Self::Ssn,
        Self::Ipv4,
        Self::Ipv6,
        Self::ApiKey,
        Self::Pem,
        Self::UrlPassword,
    ];

    /// The credentials among them.
    pub const SECRETS: &[Self] = &[Self::ApiKey, Self::Pem, Self::UrlPassword];

    /// The others.
    pub const PERSONAL: &[Self] = &[
        Self::Email,
        Self::Phone,
        Self::Card,
        Self::Iban,
        Self::Ssn,
        Self::Ipv4,
        Self::Ipv6,
    ];
}

/// Draws plants of which no two share an original.
#[derive(Debug)]
pub struct Planter {
    dice: Dice,
    kinds: &'static [Kind],
    /// Originals so far.
    drawn: HashSet<String>,
    cards: Vec<&'static str>,
    ibans: Vec<&'static str>,
    social: Vec<&'static str>,
}

impl Planter {
    /// Draws of these kinds.
    pub fn new(seed: u64, kinds: &'static [Kind]) -> Self {
        Self {
            dice: Dice::new(seed),
            kinds,
            drawn: HashSet::new(),
            cards: CARDS.to_vec(),
            ibans: IBANS.to_vec(),
            social: SOCIAL.to_vec(),
        }
    }

    /// The next one. A kind with few numbers of its own may run out; then it is another kind.
    ///
    /// # Panics
    /// When no kind is left.
    pub fn draw(&mut self) -> Plant {
        for _ in 0..1000 {
            let kind = *self.dice.pick(self.kinds);
            let plant = self.of_kind(kind);
            if let Some(plant) = plant.filter(|plant| self.drawn.insert(plant.original.clone())) {
                return plant;
            }
        }
        panic!("no number is left to plant");
    }

    /// A payment card as digits only, for a place that holds a number.
    pub fn card_number(&mut self) -> Option<Plant> {
        let digits = self
            .cards
            .iter()
            .position(|card| card.bytes().all(|b| b.is_ascii_digit()))?;
        Some(Plant::plain(Kind::Card, self.cards.swap_remove(digits)))
    }

    fn of_kind(&mut self, kind: Kind) -> Option<Plant> {
        let n = self.drawn.len();
        match kind {
            Kind::Email => {
                let name = self.dice.pick(NAMES);
                let domain = self.dice.pick(DOMAINS);
                Some(Plant::plain(kind, format!("{name}.{n}@{domain}")))
            }
            Kind::Phone => {
                let area = self.dice.pick(AREAS);
                let shape = self.dice.below(3);
                let line = n % 100;
                Some(Plant::plain(
                    kind,
                    match shape {
                        0 => format!("+1 {area}-555-01{line:02}"),
                        1 => format!("({area}) 555-01{line:02}"),
                        _ => format!("{area}-555-01{line:02}"),
                    },
                ))
            }
            Kind::Card => take(&mut self.dice, &mut self.cards, kind),
            Kind::Iban => take(&mut self.dice, &mut self.ibans, kind),
            Kind::Ssn => take(&mut self.dice, &mut self.social, kind),
            Kind::Ipv4 => {
                let network = self.dice.pick(NETWORKS);
                Some(Plant::plain(kind, format!("{network}.{}", 1 + n % 254)))
            }
            Kind::Ipv6 => Some(Plant::plain(kind, format!("2001:db8:{n:x}::{:x}", 16 + n))),
            Kind::ApiKey => Some(Plant::plain(kind, self.api_key())),
            Kind::Pem => Some(self.pem()),
            Kind::UrlPassword => Some(self.url_password()),
        }
    }

    fn api_key(&mut self) -> String {
        let (start, length) = *self.dice.pick(KEY_SHAPES);
        format!("{}{}", start.concat(), self.letters(length))
    }

    fn pem(&mut self) -> Plant {
        let body = self.letters(64);
        let text = format!(
            "-----BEGIN {name}-----\n{body}\n-----END {name}-----",
            name = ["PRIVATE", "KEY"].join(" ")
        );
        Plant {
            kind: Kind::Pem,
            text,
            original: body,
        }
    }

    fn url_password(&mut self) -> Plant {
        let password = format!("{}-{}", self.letters(4), self.letters(6));
        let text = format!("postgres://app:{password}@db.example.com/main");
        Plant {
            kind: Kind::UrlPassword,
            text,
            original: password,
        }
    }

    /// Two letters, the second taking over somewhere on the way: nothing that a scanner of
    /// repositories could take for a key, and yet no two alike.
    fn letters(&mut self, length: usize) -> String {
        let first = *self.dice.pick(LETTERS);
        let second = *self.dice.pick(LETTERS);
        let turn = 1 + self.dice.below(length - 1);
        (0..length)
            .map(|at| if at < turn { first } else { second })
            .collect()
    }
}

impl Plant {
    fn plain(kind: Kind, text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            kind,
            original: text.clone(),
            text,
        }
    }
}

fn take(dice: &mut Dice, numbers: &mut Vec<&'static str>, kind: Kind) -> Option<Plant> {
    if numbers.is_empty() {
        return None;
    }
    Some(Plant::plain(
        kind,
        numbers.swap_remove(dice.below(numbers.len())),
    ))
}

const NAMES: &[&str] = &["ada.quill", "jürgen", "o.neil", "mei-lin", "sam_t", "x"];
const DOMAINS: &[&str] = &[
    "example.com",
    "example.org",
    "mail.example.net",
    "bücher.example",
];
const AREAS: &[&str] = &[
    "202", "212", "303", "404", "415", "503", "617", "713", "808", "907",
];
const NETWORKS: &[&str] = &["192.0.2", "198.51.100", "203.0.113"];
const LETTERS: &[char] = &[
    'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J', 'K', 'M', 'N', 'P', 'Q',
];

/// The start of a key, in two parts, and the number of letters after it.
const KEY_SHAPES: &[([&str; 2], usize)] = &[
    (["sk", "-"], 48),
    (["AK", "IA"], 16),
    (["gh", "p_"], 36),
    (["h", "f_"], 34),
];

const CARDS: &[&str] = &[
    "4111111111111111",
    "4242 4242 4242 4242",
    "4012888888881881",
    "4000-0566-5566-5556",
    "5555555555554444",
    "5105 1051 0510 5100",
    "2223003122003222",
    "378282246310005",
    "3714 496353 98431",
    "6011111111111117",
    "3530111333300000",
];

const IBANS: &[&str] = &[
    "GB82 WEST 1234 5698 7654 32",
    "DE89370400440532013000",
    "FR14 2004 1010 0505 0001 3M02 606",
    "NL91ABNA0417164300",
    "ES9121000418450200051332",
    "IT60 X054 2811 1010 0000 0123 456",
    "BE68 5390 0754 7034",
    "AT611904300234573201",
];

const SOCIAL: &[&str] = &["078-05-1120", "219-09-9999"];
