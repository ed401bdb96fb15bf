//! Words that dates are made of, as fragments of patterns. (Patterns are literals, joined by
//! `concat!`; so the fragments are macros.) All are meant for `(?i)`.

/// The months in the languages of this module and in Danish, Norwegian and Swedish, in full and
/// abbreviated, in the genitive where dates take it.
macro_rules! month {
    () => {
        concat!(
            r"(?:jan(?:uary|uari?|vier|v|eiro)?|j[äa]nner|ene(?:ro)?|gen(?:naio)?|stycz(?:nia|niu|eń)|sty",
            r"|feb(?:ruary|ruari?|r(?:ero)?|braio)?|f[ée]v(?:rier|r|ereiro)?|lut(?:ego|ym|y)?",
            r"|mar(?:ch|s|zo|ço|co|cu|ca|zec|ts|et)?|maart|m(?:ä|ae)rz|mrz|mrt",
            r"|apr(?:il[ei]?)?|abr(?:il)?|avr(?:il)?|kwi(?:etnia|etniu|ecień)?",
            r"|may(?:o)?|maio?|mag(?:gio)?|mei|maj[au]?",
            r"|june?|juni?o?|juin|giu(?:gno)?|junho|cze(?:rwca|rwcu|rwiec)?",
            r"|july?|juli?o?|juil(?:let)?|lug(?:lio)?|julho|lip(?:ca|cu|iec)?",
            r"|aug(?:ust(?:us|i)?)?|ago(?:sto)?|ao[ûu]t|sie(?:rpnia|rpniu|rpień)?",
            r"|sept?(?:ember|embre|tembre|iembre)?|setiembre|set(?:embro|tembre)?|wrz(?:eśnia|eśniu|esień)?",
            r"|o[ck]t(?:ober|obre|ubre)?|ott(?:obre)?|out(?:ubro)?|pa[źz](?:dzierniku|dziernika|dziernik)?",
            r"|nov(?:ember|embre|iembre|embro)?|lis(?:topadzie|topada?)?",
            r"|de[cz](?:ember|embro)?|d[ée]c(?:embre)?|dic(?:iembre|embre)?|desember|gru(?:dnia|dniu|dzień)?)\.?",
        )
    };
}

/// The days of the week.
macro_rules! weekday {
    () => {
        concat!(
            r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day",
            r"|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag",
            r"|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche",
            r"|lunes|martes|miércoles|miercoles|jueves|viernes|sábado|sabado|domingo",
            r"|lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica",
            r"|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag",
            r"|(?:segunda|terça|quarta|quinta|sexta)-feira",
            r"|poniedziałek|wtorek|środa|środę|czwartek|piątek|sobota|sobotę|niedziela|niedzielę)",
        )
    };
}

/// A day of the week before a date, in full or abbreviated, with what joins the two.
macro_rules! weekday_before {
    () => {
        concat!(
            r"(?:",
            $crate::recognizer::date::months::weekday!(),
            r"|mon|tues?|wed|thu(?:rs?)?|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mer|jeu|ven|sam|dim)",
            r"\.?,?[ ](?:the |den |le |dnia )?",
        )
    };
}

/// A day of the month with what languages put behind it: `1st`, `1er`, `1º`, `1.`, `1e`.
macro_rules! day {
    () => {
        r"(?:0?[1-9]|[12][0-9]|3[01])(?:st|nd|rd|th|er|ste|de|e|º|°|ª)?\.?"
    };
}

/// A day, or two: `3.-5.`, `12 and 15`.
macro_rules! days {
    () => {
        concat!(
            $crate::recognizer::date::months::day!(),
            r"(?: ?(?:-|–|/|,|and|to|und|bis|et|au|y|al|e|a|en|tot|i|do) ?",
            $crate::recognizer::date::months::day!(),
            r")?",
        )
    };
}

/// What stands between a month and its year.
macro_rules! of_year {
    () => {
        r"[ ]{1,2}(?:of|de|d[ei]l?|do|de[l ]*año|de l['’]an|anno)[ ]{1,2}"
    };
}

pub(super) use {day, days, month, of_year, weekday, weekday_before};
