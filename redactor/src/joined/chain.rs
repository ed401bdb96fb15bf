//! The end of one text and the beginnings of those after it, without the words that lead over.

use super::{
    Demand, Part,
    cue::{ends_with_cue, is_cue},
};
use crate::decode::View;

/// The first text joined with those after it in every way that the demand allows, shorter ways
/// first, each with the score from which on a finding in it counts.
pub(super) fn joined<'p>(
    parts: &'p [Part<'_>],
    demand: Demand,
) -> impl Iterator<Item = (View, f32)> + 'p {
    let chain = Chain::new(parts, demand);
    chain.into_iter().flat_map(|chain| {
        let floor = chain.floor;
        (2..=chain.parts.len()).flat_map(move |length| {
            let joined: Vec<_> = ["", " "]
                .iter()
                .map(|between| chain.view(length, between))
                .collect();
            joined.into_iter().map(move |view| (view, floor))
        })
    })
}

/// The end of one text and the beginnings of those after it.
struct Chain<'t> {
    parts: Vec<Part<'t>>,
    floor: f32,
}

impl<'t> Chain<'t> {
    fn new(parts: &[Part<'t>], demand: Demand) -> Option<Self> {
        let (first, others) = parts.split_first()?;
        let tail = tail(first)?;
        let mut chain = vec![tail];
        let mut has_cue = ends_with_cue(tail.text);
        for other in others.iter().take(MAX_TEXTS - 1) {
            let Some((lead, head)) = head(other, tail.text) else {
                break;
            };
            let is_start = lead.is_empty();
            if !is_start && !has_cue && !is_cue(lead) {
                break;
            }
            has_cue |= !is_start && is_cue(lead);
            chain.push(head);
            if head.text.len() >= MAX_HEAD
                || head.start + head.text.len() < other.start + other.text.trim_end().len()
            {
                break;
            }
        }
        let goes_over = chain
            .get(1)
            .is_some_and(|head| tells(tail.text) || head.text.starts_with('@'));
        let floor = if has_cue { CUED_FLOOR } else { BARE_FLOOR };
        let is_allowed = has_cue || demand == Demand::CueOrCertainty;
        (goes_over && is_allowed).then_some(Self {
            parts: chain,
            floor,
        })
    }

    /// The first `length` parts as one text.
    fn view(&self, length: usize, between: &str) -> View {
        let mut view = View::default();
        for (place, part) in self.parts.iter().take(length).enumerate() {
            if place > 0 {
                view.push_verbatim(between, part.start);
            }
            view.push_verbatim(part.text, part.start);
        }
        view
    }
}

/// The end of a text, with context, if a part of a value may stand there.
fn tail<'t>(part: &Part<'t>) -> Option<Part<'t>> {
    let text = part
        .text
        .trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '…' | '"' | '\'' | ',' | ':'));
    let text = text.strip_suffix("...").unwrap_or(text);
    let is_value = text
        .ends_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '.' | '@' | '_' | '/' | ')'));
    let near = text.floor_char_boundary(text.len().saturating_sub(MAX_TAIL));
    let from = match text.get(near..)?.find(char::is_whitespace) {
        Some(space) if near > 0 => near + space,
        _ => near,
    };
    is_value.then_some(Part {
        text: text.get(from..)?,
        start: part.start + from,
    })
}

/// The beginning of a text from the first word on that may be part of a value, and what leads to it.
/// After an `@` every word may be.
fn head<'t>(part: &Part<'t>, tail: &str) -> Option<(&'t str, Part<'t>)> {
    let near = part.text.get(..part.text.floor_char_boundary(MAX_HEAD))?;
    let sign = if last_word(tail).contains('@') {
        0
    } else {
        near.find(|c: char| c.is_ascii_digit() || c == '@')?
    };
    let from = near
        .get(..sign)?
        .rfind(char::is_whitespace)
        .map_or(0, |space| space + 1);
    let from = near.ceil_char_boundary(from);
    let start = part.start + from;
    Some((
        near.get(..from)?.trim(),
        Part {
            text: near.get(from..)?.trim_end(),
            start,
        },
    ))
}

/// True when the last word may be part of a value.
fn tells(text: &str) -> bool {
    last_word(text).contains(|c: char| c.is_ascii_digit() || c == '@')
}

fn last_word(text: &str) -> &str {
    text.rsplit(char::is_whitespace).next().unwrap_or_default()
}

/// No value lies in more texts.
pub(super) const MAX_TEXTS: usize = 4;
/// How much of a text is read before and behind a seam, in bytes.
const MAX_TAIL: usize = 96;
const MAX_HEAD: usize = 96;

/// Findings count from here on where words say that the value goes on, and where none do.
const CUED_FLOOR: f32 = 0.55;
const BARE_FLOOR: f32 = 0.85;
