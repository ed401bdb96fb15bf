//! Parts of addresses, as fragments of patterns. (Patterns are literals, joined by `concat!`; so
//! the fragments are macros.)

/// A house number: `5`, `12b`, `47-83`, `19 bis`, `44/202`.
macro_rules! house_number {
    () => {
        r"[0-9]{1,5}(?: ?[A-Da-d]\b)?(?:[-/][0-9]{1,4}[A-Za-z]?\b|/[A-Z]\b){0,2}(?: ?(?:bis|ter|quater)\b)?"
    };
}

/// A flat within the house: `Apt. 698`, `Suite 12`, `2.º A`, `3º dcha`, `Bajo A`.
macro_rules! unit {
    () => {
        concat!(
            r"(?:[ ,.-]{1,3}(?:(?i:apt|apartment|appt|app|apto|suite|ste|unit|flat|floor|fl|room|rm|bldg|b[âa]t",
            r"|esc|piso|planta|puerta|pta|portal|int|bloque|escalera|wohnung|whg|og|bus|andar|bloco|m|lok)\.?(?:[ ]{1,2}#?[0-9A-Za-z]|#?[0-9])[0-9A-Za-z]{0,4}\b",
            r"|#[0-9]{1,4}(?:-[0-9]{1,4})?\b|[0-9]{1,3}(?:st|nd|rd|th) [Ff]loor\b",
            r"|(?i:bajo|b[âa]t|entlo|ático|atico|dcha|izda|izq|iz|der|dto|esq)\b\.?(?: ?[A-Z]\b)?",
            r"|[0-9]{1,3}(?:\.?[ºªo°]){0,2}\.?(?:[ -]?[A-Z])?\b[ºª]?",
            r"|[0-9]{1,2}\.?[ºª°]",
            r"|[0-9]{1,2}\. (?:tv|th|mf)\b\.?|P[0-9]{1,2}\b-?|[A-H]\b))*",
        )
    };
}

/// What follows a street in an address: postal code and city, in either order, on the same line
/// or on the next ones (behind `>` in quoted mail).
macro_rules! place {
    () => {
        concat!(
            r"(?:",
            // Lines up to one that ends with a postal code.
            r"(?:,?[ ]{0,2}\r?\n[> ]{0,4},?[^\n0-9:@?!{}<>=;()|.]*){1,4}[ ,]{1,2}[0-9]{5}(?:-[0-9]{4})?\b",
            // City, state and code on the line.
            r"|,? ?",
            $crate::recognizer::address::fragments::upper!(),
            r"[^\n0-9:@?!{}<>=;.|()\x22]+[ ,]{1,2}[0-9]{5}(?:[0-9]|-[0-9]{4})?\b",
            // City and a code of four digits that are no year.
            r"|(?:, |,?\r?\n[> ]{0,4})",
            $crate::recognizer::address::fragments::city!(),
            r",? (?:(?:NSW|VIC|QLD|WA|SA|TAS|ACT|NT),? )?(?:1[0-8]|2[1-9]|[03-9][0-9])[0-9]{2}\b",
            // City and a code of letters and digits, or of four digits behind a state.
            r"|(?:,?(?: |\r?\n)",
            $crate::recognizer::address::fragments::city!(),
            r")?(?:,?(?: |\r?\n)(?:[A-PR-UWYZ][A-HK-Y]?[0-9][0-9A-Z]? [0-9][ABD-HJLNP-UW-Z]{2}|(?:(?:AB|BC|MB|NB|NL|NS|ON|PE|QC|SK|YT) )?[A-Z][0-9][A-Z] ?[0-9][A-Z][0-9]",
            r"|(?:NSW|VIC|QLD|WA|SA|TAS|ACT|NT) [0-9]{4}))\b",
            // Brazil: quarter, city, state, code.
            r"|(?: - ",
            $crate::recognizer::address::fragments::city!(),
            r")?, ",
            $crate::recognizer::address::fragments::city!(),
            r"(?: ?[-/] ?[A-Z]{2})?,? (?:CEP:? )?[0-9]{5}-[0-9]{3}\b",
            // Code, then city and what it lies in; five digits may stand for themselves.
            r"|(?:[ ,.–-]{1,4}|,?[ ]{0,2}\r?\n[> ]{0,4})(?:[A-Z]{1,2}[- ])?(?:[0-9]{4,6}|[0-9]{2}-[0-9]{3}|[0-9]{3} [0-9]{2}|[0-9]{4}-[0-9]{3}|[0-9]{4} ?[A-Z]{2})(?:[.,]? |, ?|-| - |\r?\n)",
            $crate::recognizer::address::fragments::city!(),
            $crate::recognizer::address::fragments::region!(),
            r"|[ ,.–-]{1,4}[0-9]{5}\b",
            // City, and what it lies in.
            r"|(?:,|,? in| à) ",
            $crate::recognizer::address::fragments::city!(),
            r"(?:, ",
            $crate::recognizer::address::fragments::city!(),
            r")?",
            r")?",
        )
    };
}

/// The lines of a block that follow the street, down to a postal code if there is one.
macro_rules! block {
    () => {
        concat!(
            r"(?:(?:,?[ ]{0,2}\r?\n[> ]{0,4},?[^\n0-9:@?!{}<>=;()|.]*){1,4}[ ,]{1,2}[0-9]{4,5}(?:-[0-9]{4})?\b",
            r"|(?:,?[ ]{0,2}\r?\n{1,2}[> ]{0,4}",
            $crate::recognizer::address::fragments::letter!(),
            r"[^\n0-9:@?!,]+(?m:$)){1,2})",
        )
    };
}

/// One to four words of a city's name: `Santiago de Compostela`, `Lyon CEDEX 03`.
macro_rules! city {
    () => {
        concat!(
            r"(?:S(?:t|ta|te)?\. ?)?",
            $crate::recognizer::address::fragments::upper!(),
            r"[A-Za-zªÀ-ɏͰ-ԯ'’]+(?:[ -]\n?(?:(?:de|del|la|el|los|las|les|le|lès|sur|sous|an|der|am|im|bei|ob|do|da|di|den|aan|op|s/)[ -]?)*",
            $crate::recognizer::address::fragments::upper!(),
            r"[A-Za-zªÀ-ɏͰ-ԯ'’]*){0,3}(?i: cedex\b(?: [0-9]{1,2}\b)?)?",
        )
    };
}

/// What a city lies in: `(Vizcaya)`, `, Alicante`, `. España`.
macro_rules! region {
    () => {
        concat!(
            r"(?:[.,]? ?\(",
            $crate::recognizer::address::fragments::city!(),
            r"\)|, ",
            $crate::recognizer::address::fragments::city!(),
            r"|[.,]?(?: -)? (?:España|Spain|France|Deutschland|Germany|Österreich|Austria|Schweiz|Suisse|Svizzera|Switzerland",
            r"|Italia|Italy|Portugal|Nederland|Netherlands|België|Belgique|Belgium|Luxembourg|Polska|Poland|Danmark|Denmark",
            r"|Sverige|Sweden|Norge|Norway|Suomi|Finland|Ireland|United Kingdom|UK|USA|U\.S\.A\.|United States|Canada|Australia",
            r"|México|Mexico|Brasil|Brazil|Argentina|Chile|Colombia|Perú|Česko|Magyarország|Hungary|Greece)\b)*",
        )
    };
}

/// A letter of the Latin, Greek or Cyrillic script. (`\p{L}` holds every script there is and makes
/// patterns many times larger.)
macro_rules! letter {
    () => {
        r"[A-Za-zª-ɏͰ-ԯḀ-῿]"
    };
}

/// A letter that may begin a name.
macro_rules! upper {
    () => {
        r"[A-ZÀ-ÞĀ-ŽΆ-ΫЀ-Я]"
    };
}

/// A word in any case.
macro_rules! word {
    () => {
        r"[A-Za-zª-ɏͰ-ԯḀ-῿'’.-]+"
    };
}

/// A word, or a number, or both.
macro_rules! token {
    () => {
        r"[0-9A-Za-zª-ɏͰ-ԯḀ-῿'’./-]+"
    };
}

/// A word that begins with a capital letter.
macro_rules! capitalized {
    () => {
        r"[A-ZÀ-ÞĀ-ŽΆ-ΫЀ-Я][A-Za-zª-ɏͰ-ԯḀ-῿'’.-]*"
    };
}

/// The small words of names in Romance languages.
macro_rules! connectors {
    () => {
        concat!(
            r"(?:(?:de|du|des|del?|dels|d['’]|la|las|los|le|les|el|l['’]|do|dos|da|das|di|della|delle|dei|degli",
            r"|dell['’]|y|i|e|et|à|a|au|aux|en|em|sur|van|von)[ ]?)*",
        )
    };
}

/// A name of one to six words that begins and ends with a capital or a numeral.
macro_rules! street_name {
    () => {
        concat!(
            $crate::recognizer::address::fragments::connectors!(),
            r"(?:",
            $crate::recognizer::address::fragments::capitalized!(),
            r"|[0-9]{1,2})",
            r"(?:[ -]",
            $crate::recognizer::address::fragments::connectors!(),
            r"(?:",
            $crate::recognizer::address::fragments::capitalized!(),
            r"|[0-9]{1,2} (?:de )?",
            $crate::recognizer::address::fragments::letter!(),
            r"{3,10})){0,5}",
        )
    };
}

pub(super) use {
    block, capitalized, city, connectors, house_number, letter, place, region, street_name, token,
    unit, upper, word,
};
