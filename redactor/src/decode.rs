//! Other ways to write the same text, with the way back to the original bytes.
//!
//! Two sorts of [`View`]. An exact one says what the text says: escapes read, blobs decoded. A
//! loose one says what somebody may have meant: lines joined, spaced-out characters closed up,
//! digits that were spelled as words. Exact views are read like a text of their own, views of views
//! included; a finding in a loose one has to prove itself (see [`crate::Detector::detect`]).
//!
//! Every view is made in one pass, never longer than its text, and only where the text has the sign
//! for it. All but [`normalized`] hold only the neighbourhood of what they changed.

mod base64;
mod bytes;
mod escape;
mod fold;
mod lookalike;
mod normalize;
mod separators;
mod spaced;
mod spelled;
mod view;
mod wrap;

use std::{iter::once_with, ops::Range};

pub(crate) use fold::{Folded, fold};
pub(crate) use normalize::normalized;
pub(crate) use view::{Edit, View};

use crate::{Finding, finding::overlapping, recognizer::CERTAIN};

/// The views that say what the text says, made one after another as they are asked for.
pub(crate) fn exact(text: &str) -> impl Iterator<Item = View> {
    once_with(|| escape::unescaped(text))
        .chain(once_with(|| escape::unquoted(text)))
        .chain(once_with(|| lookalike::latin(text)))
        .chain(once_with(|| normalize::hidden(text)))
        .flatten()
        .chain(once_with(|| base64::blobs(text)).flatten())
}

/// The views that say what may have been meant. `plain` is what was found in the text itself,
/// sorted: values that are sure already are left as they are.
pub(crate) fn loose(text: &str, plain: &[Finding]) -> impl Iterator<Item = View> {
    let is_sure = |span: &Range<usize>| {
        let mut known = overlapping(plain, span);
        known.any(|finding| finding.score >= CERTAIN)
    };
    let breaks = wrap::breaks(text, is_sure);
    [wrap::Seam::Nothing, wrap::Seam::Space]
        .into_iter()
        .map(move |seam| wrap::unbroken(text, &breaks, seam))
        .chain(once_with(|| spaced::closed_up(text)))
        .chain(once_with(|| spelled::digits(text)))
        .chain(once_with(move || separators::dropped(text, is_sure)))
        .flatten()
}
