//! A request in which everything sensitive has been found.

use std::time::Duration;

use redactor::{Detector, EntityKind, Finding, tagger};
use router::{
    Budget, Output, PrivacyClass, RouteWish, Signals,
    complexity::{Features, Role, Scorer},
};

use super::{Parsed, privacy};
use crate::{
    api::document::{Place, Text},
    tagger::{Passage, Tags},
};

/// A request with its findings, one list for each of its texts, and the signals that decide its
/// route.
#[derive(Debug)]
pub struct Inspected {
    parsed: Parsed,
    findings: Vec<Vec<Finding>>,
    names: NamesSought,
    signals: Signals,
}

/// What is known of a request besides its body.
#[derive(Debug, Default)]
pub(crate) struct Beside {
    /// The time within which the client wants the answer to begin.
    pub(crate) deadline: Option<Duration>,
    /// Labels that the client attached.
    pub(crate) tags: Vec<String>,
    /// The target that gave the conversation's last answer.
    pub(crate) previous: Option<String>,
    /// What targets may still charge.
    pub(crate) budget: Option<Budget>,
}

/// Whether a tagger has looked for names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NamesSought {
    /// It has.
    Yes,
    /// There is none.
    Off,
    /// It should have, and could not.
    Failed,
}

impl Inspected {
    /// Looks through every text of the request. `tags` is what the tagger says of those in which
    /// names may stand.
    pub fn new(
        parsed: Parsed,
        detector: &Detector,
        tags: Tags,
        wish: RouteWish,
        scorer: &Scorer,
    ) -> Self {
        let texts = parsed.texts();
        let mut findings: Vec<Vec<Finding>> =
            texts.iter().map(|text| detect(detector, text)).collect();
        let (names, hints) = add_tags(&texts, &mut findings, tags);
        detect_split(detector, &texts, &mut findings);
        if let Some(known) = parsed.known() {
            let plain: Vec<&str> = texts.iter().map(|text| text.text).collect();
            redactor::propagate_known(known, &plain, &mut findings);
        }
        if findings.iter().any(|of_text| !of_text.is_empty()) {
            let plain: Vec<&str> = texts.iter().map(|text| text.text).collect();
            redactor::propagate(&plain, &mut findings);
        }
        let mut signals = signals(&parsed, &texts, &findings, wish, scorer);
        signals.health = hints.health;
        signals.demographic = hints.demographic;
        if hints.health > 0 && findings.iter().flatten().any(privacy::names_somebody) {
            signals.privacy = signals.privacy.max(PrivacyClass::Phi);
        }
        drop(texts);
        Self {
            parsed,
            findings,
            names,
            signals,
        }
    }

    /// Notes what is known of the request besides its body.
    pub(crate) fn note(&mut self, beside: Beside) {
        self.signals.deadline = beside.deadline;
        self.signals.tags = beside.tags;
        self.signals.previous = beside.previous;
        self.signals.budget = beside.budget;
    }

    /// The request as it came.
    pub(crate) fn parsed(&self) -> &Parsed {
        &self.parsed
    }

    /// Findings of each text, in the order of [`Parsed::texts`].
    pub(crate) fn findings(&self) -> &[Vec<Finding>] {
        &self.findings
    }

    /// Whether a tagger has looked for names.
    pub(crate) fn names(&self) -> NamesSought {
        self.names
    }

    /// What the router decides on.
    pub fn signals(&self) -> &Signals {
        &self.signals
    }
}

/// The texts in which names may stand: what people say, and anything that is no word of an API.
pub(crate) fn to_tag<'t>(texts: &[Text<'t>]) -> Vec<Passage<'t>> {
    let sought = texts.iter().filter(|text| is_sought(text));
    sought.map(passage).collect()
}

fn passage<'t>(text: &Text<'t>) -> Passage<'t> {
    match text.place {
        // What APIs call `name` and `title` are tools and schemas, far more often than people.
        Place::Free => {
            let label = text
                .label
                .filter(|label| !matches!(*label, "name" | "title"));
            Passage::new(text.text, label)
        }
        // The key of what is said is a word of the API, and says nothing about it.
        Place::Content { .. } | Place::Key | Place::Model | Place::Structural | Place::Sealed => {
            Passage::from(text.text)
        }
    }
}

fn is_sought(text: &Text<'_>) -> bool {
    match text.place {
        Place::Content { .. } => true,
        Place::Free => !is_api_word(text.text) && has_word(text.text),
        Place::Key | Place::Model | Place::Structural | Place::Sealed => false,
    }
}

/// What the tagger says of all texts together, besides findings.
#[derive(Debug, Default)]
struct Hints {
    health: u32,
    demographic: u32,
}

/// Adds what the tagger found to what the patterns found.
fn add_tags(texts: &[Text<'_>], findings: &mut [Vec<Finding>], tags: Tags) -> (NamesSought, Hints) {
    let mut hints = Hints::default();
    let tagged = match tags {
        Tags::Of(tagged) => tagged,
        Tags::Off => return (NamesSought::Off, hints),
        Tags::Failed => return (NamesSought::Failed, hints),
    };
    let mut tagged = tagged.iter();
    for (text, findings) in texts.iter().zip(findings) {
        if !is_sought(text) {
            continue;
        }
        let Some(tagged) = tagged.next() else {
            return (NamesSought::Failed, hints);
        };
        *findings = tagger::merge(std::mem::take(findings), &tagged.findings);
        hints.health = hints.health.saturating_add(tagged.health);
        hints.demographic = hints.demographic.saturating_add(tagged.demographic);
    }
    (NamesSought::Yes, hints)
}

fn detect(detector: &Detector, text: &Text<'_>) -> Vec<Finding> {
    match text.place {
        Place::Free => detector.detect(text.text, text.label),
        // API words (`role`, `function`, `tool_calls`) can't be findings; most keys are such words.
        Place::Key | Place::Model | Place::Structural if is_api_word(text.text) => Vec::new(),
        // The key of what is said is a word of the API, and says nothing about it.
        Place::Content { .. } | Place::Key => detector.detect(text.text, None),
        Place::Model => {
            let mut findings = detector.detect(text.text, None);
            // Many a model's name ends with the day it came out.
            findings.retain(|found| found.kind != EntityKind::Date);
            findings
        }
        Place::Structural | Place::Sealed => {
            let mut findings = detector.detect(text.text, None);
            findings.retain(|found| found.score >= UNMISTAKABLE);
            findings
        }
    }
}

/// Values split over neighbouring texts: over two messages, two parts of one, a key and its value.
/// Words of the API between them (`role`, `user`, `type`) are left out, and what is sealed.
fn detect_split(detector: &Detector, texts: &[Text<'_>], findings: &mut [Vec<Finding>]) {
    let said: Vec<usize> = (0..texts.len())
        .filter(|&at| texts.get(at).is_some_and(is_said))
        .collect();
    let plain: Vec<&str> = said
        .iter()
        .filter_map(|&at| texts.get(at).map(|text| text.text))
        .collect();
    let mut of_said: Vec<Vec<Finding>> = said
        .iter()
        .filter_map(|&at| findings.get_mut(at).map(std::mem::take))
        .collect();
    detector.detect_split(&plain, &mut of_said);
    for (at, found) in said.into_iter().zip(of_said) {
        if let Some(findings) = findings.get_mut(at) {
            *findings = found;
        }
    }
}

fn is_said(text: &Text<'_>) -> bool {
    text.place != Place::Sealed && !is_api_word(text.text)
}

/// True for a text with three letters in a row: codes and numbers alone are for patterns.
fn has_word(text: &str) -> bool {
    let mut letters = 0;
    text.chars().any(|char| {
        letters = if char.is_alphabetic() { letters + 1 } else { 0 };
        letters == 3
    })
}

fn is_api_word(text: &str) -> bool {
    text.len() <= 24
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

fn signals(
    parsed: &Parsed,
    texts: &[Text<'_>],
    findings: &[Vec<Finding>],
    wish: RouteWish,
    scorer: &Scorer,
) -> Signals {
    let head = parsed.head();
    let conversation = texts.iter().filter_map(|text| match text.place {
        Place::Content { message } => {
            let role = head.roles.get(message).copied().flatten();
            Some((role.unwrap_or(Role::User), text.text))
        }
        Place::Free | Place::Key | Place::Model | Place::Structural | Place::Sealed => None,
    });
    let features = Features::extract(conversation, head.tools);
    let user_turns = head
        .roles
        .iter()
        .filter(|role| **role == Some(Role::User))
        .count();
    Signals {
        api: parsed.dialect().api(),
        model: head.model.clone(),
        wish,
        stream: head.stream,
        turns: u32::try_from(user_turns).unwrap_or(u32::MAX),
        messages: u32::try_from(head.roles.len()).unwrap_or(u32::MAX),
        tool_result: head.roles.last() == Some(&Some(Role::Tool)),
        tools: u32::try_from(head.tools).unwrap_or(u32::MAX),
        attachments: head.attachments,
        images: head.images,
        schema: head.schema,
        prompt_tokens: features.prompt_tokens(),
        output: match parsed.dialect().embeds() {
            Some(_) => Output::Vectors,
            None => Output::Answer,
        },
        max_output_tokens: head.max_output_tokens,
        privacy: class(findings),
        counts: counts(findings),
        complexity: scorer.score(&features),
        content: features.content(),
        ..Signals::default()
    }
}

fn class(findings: &[Vec<Finding>]) -> PrivacyClass {
    let classes = findings
        .iter()
        .flatten()
        .map(|finding| privacy::class(finding.kind));
    classes.max().unwrap_or(PrivacyClass::None)
}

fn counts(findings: &[Vec<Finding>]) -> Vec<(&'static str, u32)> {
    let count = |kind: EntityKind| {
        let of_kind = findings
            .iter()
            .flatten()
            .filter(|finding| finding.kind == kind)
            .count();
        u32::try_from(of_kind).unwrap_or(u32::MAX)
    };
    let any = findings.iter().any(|of_text| !of_text.is_empty());
    EntityKind::ALL
        .iter()
        .map(|kind| (kind.name(), if any { count(*kind) } else { 0 }))
        .collect()
}

/// Findings from here up are of a shape or with a checksum that nothing else has.
const UNMISTAKABLE: f32 = 0.8;
