//! A value found once is found everywhere, in all its variants.
//!
//! A known value counts where its letters and digits stand in the same order, whatever the case,
//! accents, spaces and separators between them, from the beginning of a word to the end of one.
//! Short values and those that separators tell apart (dates, IP addresses) have to be spelled the
//! same. Of people's names each long word counts alone, too, unless it is an ordinary word as well.
//! What follows an apostrophe does not matter, nor does the `s` of a genitive at the end of a name.
//!
//! Not caught: values with fewer than four letters and digits, the parts of an e-mail address, and
//! other inflections. Each text is read once, however many values there are.

mod known;
mod letters;
mod names;
mod walk;

use known::Known;
pub(crate) use names::is_everyday;

use crate::{Finding, Vault, finding::resolve, tagger::is_of_this_place};

/// Adds to the findings of every text the values that were found in any of them.
///
/// `findings[i]` belongs to `texts[i]` and stays sorted and non-overlapping.
///
/// ```
/// use redactor::{Detector, propagate};
///
/// let texts = ["ssn 078051120", "again: 078-05-1120"];
/// let detector = Detector::builtin();
/// let mut findings: Vec<_> = texts.iter().map(|text| detector.detect(text, None)).collect();
/// findings[1].clear();
/// propagate(&texts, &mut findings);
/// assert_eq!(findings[1][0].span, 7..18);
/// ```
pub fn propagate(texts: &[&str], findings: &mut [Vec<Finding>]) {
    let mut known = Known::default();
    for (text, found) in texts.iter().zip(findings.iter()) {
        for finding in found {
            let value = text.get(finding.span.clone()).unwrap_or_default();
            if !is_of_this_place(finding, value) {
                known.insert(value, finding);
            }
        }
    }
    spread(&known, texts, findings);
}

/// Adds to the findings of every text the values that a vault knows: those of earlier requests of a
/// conversation.
///
/// ```
/// use redactor::{Detector, Profile, Vault, propagate_known};
///
/// let text = "ssn 078-05-1120";
/// let mut vault = Vault::new();
/// vault.redact(text, &Detector::builtin().detect(text, None), &Profile::default());
/// let mut findings = [Vec::new()];
/// propagate_known(&vault, &["again: 078051120"], &mut findings);
/// assert_eq!(findings[0][0].span, 7..16);
/// ```
pub fn propagate_known(vault: &Vault, texts: &[&str], findings: &mut [Vec<Finding>]) {
    let mut known = Known::default();
    for original in vault.originals().iter().filter(|known| known.is_sure) {
        let value = original.value.expose();
        let finding = Finding {
            span: 0..value.len(),
            kind: original.kind,
            score: 1.0,
            recognizer: "known".into(),
        };
        known.insert(value, &finding);
    }
    spread(&known, texts, findings);
}

fn spread(known: &Known<'_>, texts: &[&str], findings: &mut [Vec<Finding>]) {
    if known.is_empty() {
        return;
    }
    for (text, found) in texts.iter().zip(findings) {
        let more = known.find_in(text, found);
        if !more.is_empty() {
            found.extend(more);
            *found = resolve(std::mem::take(found));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::EntityKind;

    /// Marks `value` in the first text and checks what is then found in the second.
    fn check(kind: EntityKind, value: &str, second: &str, expected: &[&str]) {
        let finding = Finding {
            span: 0..value.len(),
            kind,
            score: 0.9,
            recognizer: "test".into(),
        };
        let mut findings = [vec![finding], Vec::new()];
        propagate(&[value, second], &mut findings);
        let got: Vec<_> = findings[1]
            .iter()
            .map(|f| second.get(f.span.clone()).unwrap())
            .collect();
        assert_eq!(got, expected, "{value:?} in {second:?}");
        assert_eq!(findings[0].len(), 1);
    }

    fn check_name(value: &str, second: &str, expected: &[&str]) {
        check(EntityKind::Person, value, second, expected);
    }

    #[test]
    fn a_value_is_found_whatever_its_case() {
        check_name(
            "Jane Doe",
            "JANE DOE, jane_jane doe's",
            &["JANE DOE", "jane doe"],
        );
        check_name(
            "Jürg Ölwein",
            "JÜRG ÖLWEIN, Jurg Olwein",
            &["JÜRG ÖLWEIN", "Jurg Olwein"],
        );
        check_name("Анна Каренина", "АННА КАРЕНИНА", &["АННА КАРЕНИНА"]);
    }

    #[test]
    fn a_number_is_found_whatever_its_separators() {
        check(
            EntityKind::CreditCard,
            "4111 1111 1111 1111",
            "4111-1111-1111-1111, 4111111111111111\n4111 1111\n1111 1111",
            &[
                "4111-1111-1111-1111",
                "4111111111111111",
                "4111 1111\n1111 1111",
            ],
        );
        check(
            EntityKind::Phone,
            "+1 (202) 555-0143",
            "+1.202.555.0143",
            &["+1.202.555.0143"],
        );
        check(
            EntityKind::CreditCard,
            "4111 1111 1111 1111",
            "94111111111111111",
            &[],
        );
    }

    #[test]
    fn dates_and_addresses_of_hosts_keep_their_spelling() {
        check(
            EntityKind::Date,
            "1990-01-02",
            "1990 01 02 19900102 1990-01-02",
            &["1990-01-02"],
        );
        check(
            EntityKind::Ip,
            "10.0.0.12",
            "100012 10.0.0.12",
            &["10.0.0.12"],
        );
    }

    #[test]
    fn invisible_characters_and_full_width_are_no_hiding_place() {
        check_name(
            "Jane Doe",
            "Ja\u{ad}ne\u{a0}Doe, Ｊａｎｅ Ｄｏｅ",
            &["Ja\u{ad}ne\u{a0}Doe", "Ｊａｎｅ Ｄｏｅ"],
        );
    }

    #[test]
    fn parts_of_words_are_not_values() {
        check_name("Anna", "Annapolis, Hannah, anna", &["anna"]);
    }

    #[test]
    fn long_parts_of_names_count_alone() {
        check_name(
            "Annika Lindqvist",
            "Dr. Lindqvist met annika",
            &["Lindqvist", "annika"],
        );
        check_name("Jane Grant", "Grant the plaintiff what jane wants", &[]);
        check_name("Jane Grant", "Jane and Mr. Grant", &["Jane"]);
        check(EntityKind::Org, "Acme Holdings", "Holdings", &[]);
    }

    #[test]
    fn ordinary_words_are_no_names() {
        check_name("Will", "Will it rain?", &[]);
    }

    #[test]
    fn genitives_count_without_their_ending() {
        check_name(
            "Annika Lindqvist",
            "Lindqvists Haus, Annika's car",
            &["Lindqvist", "Annika"],
        );
    }

    #[test]
    fn short_values_stay_where_they_were_found() {
        check_name("Bob", "Bob", &[]);
        check_name("Jürg", "jürg", &["jürg"]);
    }

    #[test]
    fn signs_at_the_ends_belong_to_a_value() {
        check(
            EntityKind::Secret,
            "$ecret-pa55!",
            "is $ECRET-PA55!.",
            &["$ECRET-PA55!"],
        );
    }

    #[test]
    fn names_without_spaces_around_them_are_found() {
        check_name("田中太郎", "昨日田中太郎さんが", &["田中太郎"]);
    }

    #[test]
    fn long_values_are_found_whole() {
        let key = "Ab3".repeat(300);
        check(
            EntityKind::Secret,
            &key,
            &format!("x {key} {key}y"),
            &[&key],
        );
    }
}
