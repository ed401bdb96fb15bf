//! How often the guesses are right, on messages made up by hand (`testdata/content.yaml`).

use proptest::prelude::*;
use serde::Deserialize;

use super::*;
use crate::{
    complexity::{Features, Role},
    yaml,
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    text: yaml::Spanned<String>,
    language: String,
    task: String,
    #[serde(default)]
    domain: Option<String>,
}

fn content(text: &str) -> Content {
    Features::extract([(Role::User, text)].into_iter(), 0).content()
}

fn cases() -> Vec<Case> {
    yaml::parse("content.yaml", include_str!("../../testdata/content.yaml")).unwrap()
}

/// Demands that the share of right guesses is at least `least`, and prints the wrong ones.
fn check(what: &str, least: f64, guess: impl Fn(&Case) -> (String, &'static str)) {
    let cases = cases();
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|case| {
            let (expected, found) = guess(case);
            (expected != found)
                .then(|| format!("line {}: {expected}, taken for {found}", case.text.line))
        })
        .collect();
    let share = 1.0
        - f64::from(u32::try_from(wrong.len()).unwrap())
            / f64::from(u32::try_from(cases.len()).unwrap());
    println!("{what}: {share:.3} of {} right", cases.len());
    assert!(
        share >= least,
        "{what}: {share:.3} right\n{}",
        wrong.join("\n")
    );
}

#[test]
fn nineteen_of_twenty_languages_are_told() {
    assert!(cases().len() >= 150);
    check("language", 0.95, |case| {
        (case.language.clone(), content(&case.text).language.name())
    });
}

#[test]
fn nineteen_of_twenty_tasks_are_told() {
    check("task", 0.95, |case| {
        (case.task.clone(), content(&case.text).task.name())
    });
}

#[test]
fn nineteen_of_twenty_domains_are_told() {
    check("domain", 0.95, |case| {
        let expected = case.domain.clone().unwrap_or_else(|| "general".to_owned());
        (expected, content(&case.text).domain.name())
    });
}

#[test]
fn every_task_domain_and_written_language_has_cases() {
    let cases = cases();
    let count = |of: &dyn Fn(&Case) -> bool| cases.iter().filter(|case| of(case)).count();
    for task in Task::ALL.into_iter().skip(1) {
        assert!(count(&|case| case.task == task.name()) >= 5, "{task}");
    }
    for domain in Domain::ALL.into_iter().skip(1) {
        assert!(
            count(&|case| case.domain.as_deref() == Some(domain.name())) >= 1,
            "{domain}"
        );
    }
    for language in Language::ALL.into_iter().skip(1) {
        assert!(
            count(&|case| case.language == language.name()) >= 1,
            "{language}"
        );
    }
}

#[test]
fn parts_of_addresses_and_paths_are_no_language() {
    let addresses = "ada@example.com, bob@example.com, /usr/par/les.com";
    assert_eq!(content(addresses).language, Language::Unknown);
}

#[test]
fn an_instruction_behind_a_long_text_counts() {
    let report = "The board met on Monday and spoke about the new building. ".repeat(60);
    let behind = format!("{report}\n\nSummarize the above in one sentence.");
    assert_eq!(content(&behind).task, Task::Summarize);
    let before = format!("Translate into German:\n\n{report}");
    assert_eq!(content(&before).task, Task::Translate);
    assert_eq!(content(&report).task, Task::Unknown);
}

#[test]
fn code_blocks_are_no_language_and_no_instruction() {
    let text = "Was macht dieser Code?\n```\nfn translate(the: &str, of: &str) {}\n```";
    let found = content(text);
    assert_eq!(
        (found.language, found.task, found.code),
        (Language::German, Task::Code, true)
    );
}

#[test]
fn marks_of_code_and_mathematics_are_seen() {
    let found = content("let x = { a: [1, 2] }; if (x) { return y; }");
    assert!(found.code && !content("See you at the station.").code);
    let eggs = "Ann buys 3 dozen eggs and gives each of 4 friends the same. How many eggs in total is that for each?";
    assert!(content(eggs).math);
    assert!(content("$\\frac{a}{b}$ + $c$").math && !content("It costs 20 in all.").math);
}

#[test]
fn words_that_bind_and_steps_are_counted() {
    let found = content("You must not use loops. First sort, then print:\n1. this\n2. that");
    assert!(found.constraints >= 1, "{found:?}");
    assert!(found.steps >= 4, "{found:?}");
}

proptest! {
    #[test]
    fn any_text_has_a_content(text in "\\PC{0,400}") {
        let found = content(&text);
        prop_assert_eq!(found, content(&text));
    }
}
