//! Made-up values of the same type and form as the originals.
//!
//! Guarantees, for one vault: the same value gets the same surrogate; two values never share one,
//! whatever their letter case; no surrogate is a value of the request, nor anything else that
//! stands in its texts, as far as those were reserved. The same key gives the same surrogates for
//! the same requests. The same name within two values becomes the same name: `Jane Doe`, `Ms Doe`
//! and `jane.doe@example.com` stay one person.
//!
//! Where the form allows it, surrogates lie in ranges that nobody was given: domains of RFC 2606,
//! documentation addresses, fictional telephone numbers, test cards. Dates all move by one secret
//! number of weeks, so that intervals and weekdays stay true.
//!
//! No surrogate: values over [`MAX_LENGTH`] bytes, encoded ones, and those whose surrogates would
//! be so short that an answer could hold them by chance. Names in other scripts become Latin names.

mod account;
mod calendar;
mod contact;
pub(crate) mod date;
mod draw;
mod month;
mod name;
mod name_list;
mod network;
mod phone;
mod place;
mod reserved;
mod shape;

use std::{
    collections::{HashMap, HashSet},
    fmt,
};

use self::{draw::Draw, name::Names, reserved::Reserved};
use crate::{EntityKind, Key, Sensitive};

/// Values above this length get none, in bytes.
const MAX_LENGTH: usize = 128;
/// How many candidates are tried for a value.
const ATTEMPTS: u32 = 16;

/// The surrogates of one vault.
#[derive(Clone)]
pub(crate) struct Surrogates {
    key: Key,
    reserved: Reserved,
    names: Names,
    /// Surrogates in lower case, each with the hash of its value in lower case.
    taken: HashMap<String, u64>,
    /// Surrogates as they are written.
    handed_out: HashSet<String>,
}

impl Surrogates {
    pub(crate) fn new(key: Key) -> Self {
        Self {
            key,
            reserved: Reserved::default(),
            names: Names::default(),
            taken: HashMap::new(),
            handed_out: HashSet::new(),
        }
    }

    /// No surrogate will stand in this text.
    pub(crate) fn reserve(&mut self, text: &str) {
        self.reserved.add(text);
    }

    /// A new surrogate for a value, if there is one.
    pub(crate) fn of(&mut self, kind: EntityKind, value: &str) -> Option<String> {
        if value.len() > MAX_LENGTH || is_encoded(value) {
            return None;
        }
        self.reserved.add(value);
        let folded = value.to_lowercase();
        let id = Draw::new(&self.key, "id", &folded, 0).number();
        for attempt in 0..ATTEMPTS {
            let mut maker = Maker {
                key: &self.key,
                draw: Draw::new(&self.key, kind.name(), &folded, attempt),
                reserved: &self.reserved,
                names: &mut self.names,
            };
            let candidate = maker.make(kind, value)?;
            let lower = candidate.to_lowercase();
            let is_free = self.taken.get(&lower).is_none_or(|&of| of == id)
                && !self.handed_out.contains(&candidate)
                && !self.reserved.holds(&candidate);
            if is_free && is_distinct(&candidate) {
                self.taken.insert(lower, id);
                self.handed_out.insert(candidate.clone());
                return Some(candidate);
            }
        }
        None
    }

    /// The keyed hash of a value, as it stands for it in a text. Twelve digits, so that none is
    /// read as the number of a placeholder.
    pub(crate) fn hash(&self, kind: EntityKind, value: &str) -> String {
        let hash = Draw::new(&self.key, "hash", value, 0).number() >> 16;
        format!("[{}_{hash:012x}]", kind.name())
    }

    /// Names that stand for a name alone, each with the original: the parts of whole names.
    pub(crate) fn name_words(&self) -> impl Iterator<Item = (&str, &Sensitive<String>)> {
        self.names.words()
    }
}

impl fmt::Debug for Surrogates {
    /// Prints counts only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Surrogates<{}>", self.handed_out.len())
    }
}

/// What it takes to make one candidate.
struct Maker<'s> {
    key: &'s Key,
    draw: Draw<'s>,
    reserved: &'s Reserved,
    names: &'s mut Names,
}

impl Maker<'_> {
    fn make(&mut self, kind: EntityKind, value: &str) -> Option<String> {
        match kind {
            EntityKind::Person => self.person(value),
            EntityKind::Location => self.location(value),
            EntityKind::Address => self.address(value),
            EntityKind::Org => self.organisation(value),
            EntityKind::Date => {
                date::shifted(value, date::weeks(self.key), self.reserved.is_day_first())
            }
            EntityKind::Age => shape::age(value, &mut self.draw),
            EntityKind::Phone => Some(phone::number(value, &mut self.draw)),
            EntityKind::Email => self.email(value),
            EntityKind::Url => self.url(value),
            EntityKind::Ip => network::ip(value, &mut self.draw),
            EntityKind::Mac => Some(network::mac(value, &mut self.draw)),
            EntityKind::Username => self.handle(value),
            EntityKind::CreditCard => account::card(value, &mut self.draw),
            EntityKind::Iban => Some(account::iban(value, &mut self.draw)),
            EntityKind::NationalId => Some(account::national_id(value, &mut self.draw)),
            EntityKind::BankAccount
            | EntityKind::TaxId
            | EntityKind::HealthId
            | EntityKind::Passport
            | EntityKind::DriverLicense
            | EntityKind::LicenseCert
            | EntityKind::VehicleId
            | EntityKind::DeviceId
            | EntityKind::AccountId
            | EntityKind::OtherId
            | EntityKind::Crypto
            | EntityKind::Secret => Some(shape::same(value, &mut self.draw)),
        }
    }
}

/// Whether a value is written in an encoding: made up as it stands, it would decode to nonsense.
fn is_encoded(value: &str) -> bool {
    let is_percent = |at: usize| {
        let digits = value.as_bytes().get(at + 1..at + 3);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    value.contains(['\\', '&']) || value.match_indices('%').any(|(at, _)| is_percent(at))
}

/// Whether an answer that holds this can only mean the surrogate.
fn is_distinct(surrogate: &str) -> bool {
    let least = if surrogate.chars().all(char::is_alphabetic) {
        4
    } else {
        5
    };
    surrogate.chars().nth(least - 1).is_some()
}

#[cfg(test)]
mod tests;
