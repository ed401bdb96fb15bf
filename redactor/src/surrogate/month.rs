//! The names of the months.

use super::shape::cased;

/// The months of one language in lower case, with spaces between them.
struct Language {
    code: &'static str,
    full: &'static str,
    short: &'static str,
}

/// A month as it was written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Month<'t> {
    language: usize,
    is_short: bool,
    written: &'t str,
    /// From 1.
    pub(super) number: u32,
}

impl<'t> Month<'t> {
    /// The month that `word` names. Where several languages have the same name, `date`, all that is
    /// written around it, decides: English and German months have capitals, a German day has a full
    /// stop, and Spanish and Portuguese write `de` behind the day.
    pub(super) fn read(word: &'t str, date: &str) -> Option<Self> {
        let lower = word.to_lowercase();
        let has_capital = word.chars().next().is_some_and(char::is_uppercase);
        let doubt = |code: &str| match code {
            "de" if date.contains(". ") => 0,
            "es" | "pt" if date.contains(" de ") => 0,
            "en" | "de" => u8::from(!has_capital) + 1,
            _ => u8::from(has_capital) + 1,
        };
        let candidates = LANGUAGES
            .iter()
            .enumerate()
            .filter_map(|(language, names)| {
                let at = |names: &str| names.split(' ').position(|name| name == lower);
                let full = at(names.full).map(|month| (month, false));
                let (month, is_short) =
                    full.or_else(|| at(names.short).map(|month| (month, true)))?;
                Some(Self {
                    language,
                    is_short,
                    written: word,
                    number: u32::try_from(month + 1).ok()?,
                })
            });
        candidates.min_by_key(|month| {
            LANGUAGES
                .get(month.language)
                .map_or(u8::MAX, |names| doubt(names.code))
        })
    }

    /// Another month in the same language, form and letter case.
    pub(super) fn renamed(&self, number: u32) -> Option<String> {
        let names = LANGUAGES.get(self.language)?;
        let names = if self.is_short {
            names.short
        } else {
            names.full
        };
        let name = names.split(' ').nth(number.checked_sub(1)? as usize)?;
        let mut letters = name.chars();
        let title: String = letters.next()?.to_uppercase().chain(letters).collect();
        Some(cased(&title, self.written))
    }
}

/// English first: it has a capital where others mostly have none.
const LANGUAGES: [Language; 8] = [
    Language {
        code: "en",
        full: "january february march april may june july august september october november \
            december",
        short: "jan feb mar apr may jun jul aug sep oct nov dec",
    },
    Language {
        code: "de",
        full: "januar februar märz april mai juni juli august september oktober november \
            dezember",
        short: "jan feb mär apr mai jun jul aug sep okt nov dez",
    },
    Language {
        code: "fr",
        full: "janvier février mars avril mai juin juillet août septembre octobre novembre \
            décembre",
        short: "janv févr mars avr mai juin juil août sept oct nov déc",
    },
    Language {
        code: "nl",
        full: "januari februari maart april mei juni juli augustus september oktober november \
            december",
        short: "jan feb mrt apr mei jun jul aug sep okt nov dec",
    },
    Language {
        code: "es",
        full: "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre \
            diciembre",
        short: "ene feb mar abr may jun jul ago sep oct nov dic",
    },
    Language {
        code: "it",
        full: "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre \
            novembre dicembre",
        short: "gen feb mar apr mag giu lug ago set ott nov dic",
    },
    Language {
        code: "pt",
        full: "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro \
            dezembro",
        short: "jan fev mar abr mai jun jul ago set out nov dez",
    },
    Language {
        code: "pl",
        full: "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października \
            listopada grudnia",
        short: "sty lut mar kwi maj cze lip sie wrz paź lis gru",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    fn check(date: &str, word: &str, number: u32, may: &str) {
        let month = Month::read(word, date).unwrap();
        assert_eq!(month.number, number);
        assert_eq!(month.renamed(5).unwrap(), may, "{date}");
    }

    #[test]
    fn months_stay_in_their_language_and_form() {
        check("March 4, 2021", "March", 3, "May");
        check("4. März 2021", "März", 3, "Mai");
        check("12. April 2021", "April", 4, "Mai");
        check("12 avril 2021", "avril", 4, "mai");
        check("12 april 2021", "april", 4, "mei");
        check("12 de abril de 2021", "abril", 4, "mayo");
        check("12 de março de 2021", "março", 3, "maio");
        check("12 MAR 2021", "MAR", 3, "MAY");
        check("12 grudnia 2021", "grudnia", 12, "maja");
        assert!(Month::read("Monday", "Monday").is_none());
    }
}
