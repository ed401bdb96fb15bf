//! The page of kinds in the documents, made from the rules themselves.

use redactor::rules::Description;
use redactor::{Detector, EntityKind};

/// The page, for rules of a detector in the order of their kinds.
pub(super) fn page(detector: &Detector, rules: &[Description<'_>]) -> String {
    let mut page = INTRODUCTION.to_owned();
    page.push_str("| Kind | What | Rules |\n| --- | --- | --- |\n");
    for &kind in EntityKind::ALL {
        let name = kind.name();
        let count = rules.iter().filter(|rule| rule.kind == kind).count();
        let link = match count {
            0 => name.to_owned(),
            _ => format!("[{name}](#{})", name.to_lowercase()),
        };
        let what = kind.meaning();
        page.extend(["| ", &link, " | ", what, " | ", &count.to_string(), " |\n"]);
    }
    for &kind in EntityKind::ALL {
        let of_kind: Vec<_> = rules.iter().filter(|rule| rule.kind == kind).collect();
        if of_kind.is_empty() {
            continue;
        }
        page.extend(["\n## ", kind.name(), "\n\n", COLUMNS]);
        for rule in of_kind {
            page.push_str(&row(rule, detector.pass_rate(rule)));
        }
    }
    page
}

fn row(rule: &Description<'_>, pass_rate: Option<f32>) -> String {
    let countries = match rule.countries.as_slice() {
        [] => "any".to_owned(),
        countries => countries.join(" "),
    };
    let mut checks: Vec<String> = rule.forms.iter().map(|form| code(form)).collect();
    checks.extend((!rule.validator.is_empty()).then(|| cell(rule.validator)));
    checks.extend(pass_rate.and_then(odds));
    if rule.is_beside_its_name {
        checks.push("any form, beside its name".to_owned());
    }
    let mut context = rule
        .context
        .iter()
        .take(SHOWN_WORDS)
        .copied()
        .collect::<Vec<_>>()
        .join(", ");
    if rule.context.len() > SHOWN_WORDS {
        let more = rule.context.len() - SHOWN_WORDS;
        context.extend([" and ", &more.to_string(), " more"]);
    }
    let examples = [rule.examples.first(), rule.counter_examples.first()];
    let [example, counter] = examples.map(|example| {
        let shown = example.map(|example| shortened(rule.kind, example));
        shown.map_or_else(String::new, |example| code(&example))
    });
    format!(
        "| `{}` | {countries} | {} | {:.2} | {} | {example} | {counter} |\n",
        rule.name,
        checks.join("<br>"),
        rule.score,
        cell(&context),
    )
}

/// How much a check leaves over, in words; `None` where there is no check.
fn odds(pass_rate: f32) -> Option<String> {
    match 1.0 / pass_rate {
        odds if odds < 1.1 => None,
        odds if odds < 10.0 => Some(format!("checked: 1 in {odds:.1} passes")),
        odds if odds < 1000.0 => Some(format!("checked: 1 in {odds:.0} passes")),
        _ => Some("checked: fewer than 1 in 1000 pass".to_owned()),
    }
}

/// What must not break a table's row.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

fn code(text: &str) -> String {
    let text = cell(text).replace(['\r', '\t'], " ");
    if text.contains('`') {
        format!("`` {text} ``")
    } else {
        format!("`{text}`")
    }
}

/// A long example is cut. The keys among the secrets are cut short: a scanner that finds one here
/// can't know that it opens nothing.
fn shortened(kind: EntityKind, example: &str) -> String {
    let mut shown = String::new();
    let mut run = 0;
    for c in example.chars() {
        run = if c.is_alphanumeric() || "_-+/=".contains(c) {
            run + 1
        } else {
            0
        };
        match run {
            KEY_SHOWN if kind == EntityKind::Secret => shown.push('…'),
            run if run > KEY_SHOWN && kind == EntityKind::Secret => {}
            _ => shown.push(c),
        }
        if shown.chars().count() >= LONGEST {
            shown.push('…');
            break;
        }
    }
    shown
}

const INTRODUCTION: &str = "\
# Kinds

What Nearside finds without a rule of yours. Made by `nearside rules list --markdown`; a test keeps it
true. [rules.md](rules.md) says how to add rules, switch these off, and move thresholds.

A rule takes a place of a text when its **score** reaches 0.5. A context word beside the value, or in
the key or column that names it, adds 0.35; a check digit that can hardly be chance, or an
unmistakable form, makes it 0.95. In **forms** `9` is a digit, `A` a letter, `*` either, `-` a
separator, `=` a hyphen, `~` a separator or none, and `{2,4}` repeats. Countries are ISO 3166-1 codes. Values are also found
behind zero-width characters, full-width and other digits, JSON escapes, percent encoding and base64.

";
const COLUMNS: &str = "\
| Rule | Countries | Forms and check | Score | Context words | Found | Not found |
| --- | --- | --- | --- | --- | --- | --- |
";
/// Of a run of letters and digits, before it is cut.
const KEY_SHOWN: usize = 12;
const LONGEST: usize = 64;
/// Some rules have a hundred.
const SHOWN_WORDS: usize = 12;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_a_row_and_keys_are_cut() {
        assert_eq!(code("a|b\nc"), "`a\\|b c`");
        assert_eq!(code("a`b"), "`` a`b ``");
        assert_eq!(
            shortened(EntityKind::Secret, "key: aaaaaaaaaaaaaaaaaaaa."),
            "key: aaaaaaaaaaa…."
        );
        assert_eq!(
            shortened(EntityKind::Iban, &"a".repeat(99)).chars().count(),
            LONGEST + 1
        );
    }
}
