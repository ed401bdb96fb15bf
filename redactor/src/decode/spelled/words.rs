//! The words that numbers are spelled with.

/// What a word means in a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Number {
    /// Zero to nineteen.
    Below20(u8),
    /// Twenty is two.
    Tens(u8),
    /// "double", "triple".
    Times(usize),
    /// Between tens and units: "vingt et un".
    And,
    /// What separates groups of digits.
    Sign(char),
}

/// What a word means, whatever its ASCII case.
pub(super) fn number(word: &str) -> Option<Number> {
    let beginning = beginning(word.as_bytes());
    let Beginning {
        lengths,
        first,
        last,
    } = *BEGINNINGS.get(beginning)?;
    if word.len() > MAX_LENGTH || lengths >> word.len() & 1 == 0 {
        return None;
    }
    let mut candidates = WORDS.get(first.into()..=last.into())?.iter();
    let found = candidates.find(|(known, _)| known.eq_ignore_ascii_case(word))?;
    Some(found.1)
}

/// True when a text may begin with a word for a number: its first two letters do.
pub(super) fn may_begin(text: &[u8]) -> bool {
    let known = BEGINNINGS.get(beginning(text));
    known.is_some_and(|known| known.lengths != 0)
}

/// Five bits of each of the first two letters; they are the same in both cases.
const fn beginning(text: &[u8]) -> usize {
    let (first, second) = match *text {
        [first, second, ..] => (first, second),
        [first] => (first, 0),
        [] => (0, 0),
    };
    let is_letter = (second | 0x20).wrapping_sub(b'a') < 26 || second >= 0x80;
    let second = if is_letter { second & 31 } else { 0 };
    (first as usize & 31) << 5 | second as usize
}

/// What the table knows of the words with one beginning: most words of a text end here.
#[derive(Clone, Copy)]
struct Beginning {
    /// A bit for each length that one of them has, in bytes.
    lengths: u16,
    /// Where they begin in the table, and end.
    first: u8,
    last: u8,
}

/// No word of the table is longer, in bytes.
const MAX_LENGTH: usize = 15;

#[expect(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "checked while building: the table is shorter than a byte can count"
)]
const BEGINNINGS: [Beginning; 1024] = {
    assert!(WORDS.len() < u8::MAX as usize);
    let none = Beginning {
        lengths: 0,
        first: 0,
        last: 0,
    };
    let mut beginnings = [none; 1024];
    let mut at = WORDS.len();
    while at > 0 {
        at -= 1;
        let word = WORDS[at].0.as_bytes();
        assert!(word.len() <= MAX_LENGTH);
        let of_word = &mut beginnings[beginning(word)];
        if of_word.lengths == 0 {
            of_word.last = at as u8;
        }
        of_word.lengths |= 1 << word.len();
        of_word.first = at as u8;
    }
    beginnings
};

/// Sorted by their bytes.
const WORDS: &[(&str, Number)] = &[
    ("acht", Number::Below20(8)),
    ("achttien", Number::Below20(18)),
    ("achtzehn", Number::Below20(18)),
    ("achtzig", Number::Tens(8)),
    ("and", Number::And),
    ("bindestrich", Number::Sign('-')),
    ("catorce", Number::Below20(14)),
    ("catorze", Number::Below20(14)),
    ("cero", Number::Below20(0)),
    ("cinco", Number::Below20(5)),
    ("cincuenta", Number::Tens(5)),
    ("cinq", Number::Below20(5)),
    ("cinquanta", Number::Tens(5)),
    ("cinquante", Number::Tens(5)),
    ("cinque", Number::Below20(5)),
    ("cinquenta", Number::Tens(5)),
    ("cuarenta", Number::Tens(4)),
    ("cuatro", Number::Below20(4)),
    ("dash", Number::Sign('-')),
    ("dertien", Number::Below20(13)),
    ("dertig", Number::Tens(3)),
    ("deux", Number::Below20(2)),
    ("dez", Number::Below20(10)),
    ("dezesseis", Number::Below20(16)),
    ("dezoito", Number::Below20(18)),
    ("diciannove", Number::Below20(19)),
    ("diciassette", Number::Below20(17)),
    ("diciotto", Number::Below20(18)),
    ("dieci", Number::Below20(10)),
    ("diecinueve", Number::Below20(19)),
    ("dieciocho", Number::Below20(18)),
    ("diecisiete", Number::Below20(17)),
    ("dieciséis", Number::Below20(16)),
    ("diez", Number::Below20(10)),
    ("dix", Number::Below20(10)),
    ("doble", Number::Times(2)),
    ("doce", Number::Below20(12)),
    ("dodici", Number::Below20(12)),
    ("dois", Number::Below20(2)),
    ("doppelt", Number::Times(2)),
    ("dos", Number::Below20(2)),
    ("dot", Number::Sign('.')),
    ("double", Number::Times(2)),
    ("douze", Number::Below20(12)),
    ("doze", Number::Below20(12)),
    ("drei", Number::Below20(3)),
    ("dreifach", Number::Times(3)),
    ("dreizehn", Number::Below20(13)),
    ("dreißig", Number::Tens(3)),
    ("drie", Number::Below20(3)),
    ("duas", Number::Below20(2)),
    ("due", Number::Below20(2)),
    ("e", Number::And),
    ("een", Number::Below20(1)),
    ("eight", Number::Below20(8)),
    ("eighteen", Number::Below20(18)),
    ("eighty", Number::Tens(8)),
    ("ein", Number::Below20(1)),
    ("eine", Number::Below20(1)),
    ("eins", Number::Below20(1)),
    ("eleven", Number::Below20(11)),
    ("elf", Number::Below20(11)),
    ("et", Number::And),
    ("fifteen", Number::Below20(15)),
    ("fifty", Number::Tens(5)),
    ("five", Number::Below20(5)),
    ("forty", Number::Tens(4)),
    ("four", Number::Below20(4)),
    ("fourteen", Number::Below20(14)),
    ("fünf", Number::Below20(5)),
    ("fünfzehn", Number::Below20(15)),
    ("fünfzig", Number::Tens(5)),
    ("guion", Number::Sign('-')),
    ("guión", Number::Sign('-')),
    ("huit", Number::Below20(8)),
    ("huitante", Number::Tens(8)),
    ("hyphen", Number::Sign('-')),
    ("mais", Number::Sign('+')),
    ("minus", Number::Sign('-')),
    ("más", Number::Sign('+')),
    ("negen", Number::Below20(9)),
    ("negentien", Number::Below20(19)),
    ("negentig", Number::Tens(9)),
    ("neuf", Number::Below20(9)),
    ("neun", Number::Below20(9)),
    ("neunzehn", Number::Below20(19)),
    ("neunzig", Number::Tens(9)),
    ("nine", Number::Below20(9)),
    ("niner", Number::Below20(9)),
    ("nineteen", Number::Below20(19)),
    ("ninety", Number::Tens(9)),
    ("nonante", Number::Tens(9)),
    ("novanta", Number::Tens(9)),
    ("nove", Number::Below20(9)),
    ("noventa", Number::Tens(9)),
    ("nueve", Number::Below20(9)),
    ("nul", Number::Below20(0)),
    ("null", Number::Below20(0)),
    ("o", Number::Below20(0)),
    ("ochenta", Number::Tens(8)),
    ("ocho", Number::Below20(8)),
    ("oh", Number::Below20(0)),
    ("oitenta", Number::Tens(8)),
    ("oito", Number::Below20(8)),
    ("once", Number::Below20(11)),
    ("one", Number::Below20(1)),
    ("onze", Number::Below20(11)),
    ("ottanta", Number::Tens(8)),
    ("otto", Number::Below20(8)),
    ("più", Number::Sign('+')),
    ("plus", Number::Sign('+')),
    ("point", Number::Sign('.')),
    ("ponto", Number::Sign('.')),
    ("punkt", Number::Sign('.')),
    ("punt", Number::Sign('.')),
    ("punto", Number::Sign('.')),
    ("quaranta", Number::Tens(4)),
    ("quarante", Number::Tens(4)),
    ("quarenta", Number::Tens(4)),
    ("quatorze", Number::Below20(14)),
    ("quatre", Number::Below20(4)),
    ("quatro", Number::Below20(4)),
    ("quattordici", Number::Below20(14)),
    ("quattro", Number::Below20(4)),
    ("quince", Number::Below20(15)),
    ("quindici", Number::Below20(15)),
    ("quinze", Number::Below20(15)),
    ("sechs", Number::Below20(6)),
    ("sechzehn", Number::Below20(16)),
    ("sechzig", Number::Tens(6)),
    ("sedici", Number::Below20(16)),
    ("sei", Number::Below20(6)),
    ("seis", Number::Below20(6)),
    ("seize", Number::Below20(16)),
    ("sept", Number::Below20(7)),
    ("septante", Number::Tens(7)),
    ("sesenta", Number::Tens(6)),
    ("sessanta", Number::Tens(6)),
    ("sessenta", Number::Tens(6)),
    ("sete", Number::Below20(7)),
    ("setenta", Number::Tens(7)),
    ("settanta", Number::Tens(7)),
    ("sette", Number::Below20(7)),
    ("seven", Number::Below20(7)),
    ("seventeen", Number::Below20(17)),
    ("seventy", Number::Tens(7)),
    ("sieben", Number::Below20(7)),
    ("siebzehn", Number::Below20(17)),
    ("siebzig", Number::Tens(7)),
    ("siete", Number::Below20(7)),
    ("six", Number::Below20(6)),
    ("sixteen", Number::Below20(16)),
    ("sixty", Number::Tens(6)),
    ("soixante", Number::Tens(6)),
    ("streepje", Number::Sign('-')),
    ("strich", Number::Sign('-')),
    ("tachtig", Number::Tens(8)),
    ("ten", Number::Below20(10)),
    ("thirteen", Number::Below20(13)),
    ("thirty", Number::Tens(3)),
    ("three", Number::Below20(3)),
    ("tien", Number::Below20(10)),
    ("tiret", Number::Sign('-')),
    ("trattino", Number::Sign('-')),
    ("traço", Number::Sign('-')),
    ("tre", Number::Below20(3)),
    ("trece", Number::Below20(13)),
    ("tredici", Number::Below20(13)),
    ("treinta", Number::Tens(3)),
    ("treize", Number::Below20(13)),
    ("trenta", Number::Tens(3)),
    ("trente", Number::Tens(3)),
    ("tres", Number::Below20(3)),
    ("treze", Number::Below20(13)),
    ("trinta", Number::Tens(3)),
    ("triple", Number::Times(3)),
    ("trois", Number::Below20(3)),
    ("três", Number::Below20(3)),
    ("twaalf", Number::Below20(12)),
    ("twee", Number::Below20(2)),
    ("twelve", Number::Below20(12)),
    ("twenty", Number::Tens(2)),
    ("twintig", Number::Tens(2)),
    ("two", Number::Below20(2)),
    ("um", Number::Below20(1)),
    ("uma", Number::Below20(1)),
    ("un", Number::Below20(1)),
    ("una", Number::Below20(1)),
    ("undici", Number::Below20(11)),
    ("une", Number::Below20(1)),
    ("uno", Number::Below20(1)),
    ("veertien", Number::Below20(14)),
    ("veertig", Number::Tens(4)),
    ("veinte", Number::Tens(2)),
    ("venti", Number::Tens(2)),
    ("vier", Number::Below20(4)),
    ("vierzehn", Number::Below20(14)),
    ("vierzig", Number::Tens(4)),
    ("vijf", Number::Below20(5)),
    ("vijftien", Number::Below20(15)),
    ("vijftig", Number::Tens(5)),
    ("vingt", Number::Tens(2)),
    ("vingts", Number::Tens(2)),
    ("vinte", Number::Tens(2)),
    ("y", Number::And),
    ("zehn", Number::Below20(10)),
    ("zero", Number::Below20(0)),
    ("zes", Number::Below20(6)),
    ("zestien", Number::Below20(16)),
    ("zestig", Number::Tens(6)),
    ("zeven", Number::Below20(7)),
    ("zeventien", Number::Below20(17)),
    ("zeventig", Number::Tens(7)),
    ("zwanzig", Number::Tens(2)),
    ("zwei", Number::Below20(2)),
    ("zwo", Number::Below20(2)),
    ("zwölf", Number::Below20(12)),
    ("zéro", Number::Below20(0)),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_found() {
        for (word, meaning) in WORDS {
            assert_eq!(number(&word.to_ascii_uppercase()), Some(*meaning), "{word}");
        }
        assert!(may_begin(b"o, dois") && !may_begin(b"why, yes"));
        assert_eq!(number("thre"), None);
        assert_eq!(number(""), None);
    }

    #[test]
    fn the_table_is_in_order() {
        assert!(WORDS.is_sorted_by_key(|(word, _)| *word));
    }
}
