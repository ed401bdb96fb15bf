//! A tagger that answers: passages in pieces, pieces from the cache or through the model.

use std::{fmt, ops::Range, sync::Arc};

use redactor::{
    Finding,
    tagger::{self, EntityTagger, TagThresholds, Tagged, TaggingError},
};

use super::{
    cache::Cache,
    passage::Passage,
    stats::{Counters, TaggerStats},
};
use crate::clock::Clock;

/// A tagger that answers.
pub struct Ready {
    model: Box<dyn EntityTagger>,
    thresholds: TagThresholds,
    cache: Cache,
    clock: Clock,
    counters: Counters,
}

/// A piece of a text and what is known of it.
struct Piece<'t> {
    passage: Passage<'t>,
    tagged: Option<Arc<Tagged>>,
}

impl Ready {
    pub(super) fn new(
        model: Box<dyn EntityTagger>,
        thresholds: TagThresholds,
        cache_bytes: u64,
    ) -> Self {
        Self {
            model,
            thresholds,
            cache: Cache::new(cache_bytes),
            clock: Clock::system(),
            counters: Counters::default(),
        }
    }

    pub(super) fn stats(&self) -> TaggerStats {
        self.counters.stats()
    }

    /// What is said of every passage, without running the model; `None` where it has to run.
    pub(super) fn recall(&self, passages: &[Passage<'_>]) -> Option<Vec<Arc<Tagged>>> {
        let recalled: Option<Vec<_>> = passages
            .iter()
            .map(|passage| join(&self.look_up(passage)))
            .collect();
        if recalled.is_some() {
            let bytes = passages.iter().map(|passage| passage.text().len()).sum();
            self.counters.remembered(bytes);
        }
        recalled
    }

    /// What is said of every passage. The model runs for the pieces that it has not seen lately, a
    /// few at a time, so that requests take turns.
    pub(super) fn tag(&self, passages: &[Passage<'_>]) -> Result<Vec<Arc<Tagged>>, TaggingError> {
        let mut of_passages: Vec<_> = passages.iter().map(|it| self.look_up(it)).collect();
        let known = of_passages
            .iter()
            .flatten()
            .filter(|piece| piece.tagged.is_some());
        self.counters
            .remembered(known.map(|piece| piece.passage.text().len()).sum());
        let mut new: Vec<&mut Piece<'_>> = of_passages
            .iter_mut()
            .flatten()
            .filter(|piece| piece.tagged.is_none())
            .collect();
        for group in new.chunks_mut(PIECES_AT_A_TIME) {
            let texts: Vec<_> = group.iter().map(|it| it.passage.in_context()).collect();
            let texts: Vec<&str> = texts.iter().map(AsRef::as_ref).collect();
            let start = self.clock.now();
            let tokens = self
                .model
                .tag(&texts)
                .inspect_err(|_| self.counters.failed())?;
            let bytes = texts.iter().map(|text| text.len()).sum();
            self.counters.read(bytes, self.clock.now() - start);
            for (piece, tokens) in group.iter_mut().zip(tokens) {
                let passage = &piece.passage;
                let tokens = passage.own(tokens);
                let tagged = Arc::new(tagger::read(passage.text(), &tokens, &self.thresholds));
                self.cache.insert(passage, Arc::clone(&tagged));
                piece.tagged = Some(tagged);
            }
        }
        let joined: Option<Vec<_>> = of_passages.iter().map(|pieces| join(pieces)).collect();
        joined.ok_or_else(|| TaggingError::from(Box::from("the model left out a text")))
    }

    /// The pieces of a passage, with what is known of them.
    fn look_up<'t>(&self, passage: &Passage<'t>) -> Vec<Piece<'t>> {
        let text = passage.text();
        let look_up = |piece: Range<usize>| {
            let passage = passage.part(text.get(piece).unwrap_or_default());
            Piece {
                tagged: self.cache.get(&passage),
                passage,
            }
        };
        pieces(text).map(look_up).collect()
    }
}

/// Bytes of the pieces of a text: whole, if it is short; else cut behind a line or a word.
fn pieces(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut start = 0;
    let mut is_first = true;
    std::iter::from_fn(move || {
        let rest = text.get(start..).unwrap_or_default();
        if rest.is_empty() && !std::mem::take(&mut is_first) {
            return None;
        }
        is_first = false;
        let piece = start..start + cut(rest);
        start = piece.end;
        Some(piece)
    })
}

/// How long the first piece of `text` is.
fn cut(text: &str) -> usize {
    if text.len() <= PIECE_BYTES {
        return text.len();
    }
    let longest = text
        .get(..text.floor_char_boundary(PIECE_BYTES))
        .unwrap_or_default();
    let behind = |mark: char| longest.rfind(mark).map(|at| at + mark.len_utf8());
    let near_end = |at: &usize| *at > PIECE_BYTES / 2;
    behind('\n')
        .filter(near_end)
        .or_else(|| behind(' ').filter(near_end))
        .unwrap_or(longest.len())
}

/// What is said of a text, from its pieces; `None` where one is not known.
fn join(pieces: &[Piece<'_>]) -> Option<Arc<Tagged>> {
    if let [piece] = pieces {
        return piece.tagged.clone();
    }
    let mut whole = Tagged::default();
    let mut start = 0;
    for piece in pieces {
        let tagged = piece.tagged.as_ref()?;
        whole
            .findings
            .extend(tagged.findings.iter().map(|finding| Finding {
                span: start + finding.span.start..start + finding.span.end,
                ..finding.clone()
            }));
        whole.demographic = whole.demographic.saturating_add(tagged.demographic);
        whole.health = whole.health.saturating_add(tagged.health);
        start += piece.passage.text().len();
    }
    Some(Arc::new(whole))
}

impl fmt::Debug for Ready {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ready")
            .field("model", &self.model)
            .finish_non_exhaustive()
    }
}

/// Longer texts are cut, so that memory stays bounded and a change costs one piece.
const PIECE_BYTES: usize = 8 << 10;

/// Pieces that the model reads before another request's turn.
const PIECES_AT_A_TIME: usize = 8;

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use redactor::tagger::{Label, TaggedToken};

    use super::*;

    /// Takes every capitalized word for a person, and counts the bytes it reads.
    #[derive(Debug)]
    struct Capitals(Arc<AtomicUsize>);

    impl EntityTagger for Capitals {
        fn tag(&self, texts: &[&str]) -> Result<Vec<Vec<TaggedToken>>, TaggingError> {
            let of_text = |text: &&str| {
                self.0.fetch_add(text.len(), Ordering::Relaxed);
                let words = text.split_ascii_whitespace().map(|word| {
                    let start = word.as_ptr() as usize - text.as_ptr() as usize;
                    let is_name = word.starts_with(char::is_uppercase);
                    TaggedToken {
                        bytes: start..start + word.len(),
                        probabilities: Label::ALL
                            .map(|label| f32::from(u8::from(is_name && label == Label::Person))),
                    }
                });
                words.collect()
            };
            Ok(texts.iter().map(of_text).collect())
        }
    }

    fn ready() -> (Ready, Arc<AtomicUsize>) {
        let bytes = Arc::new(AtomicUsize::new(0));
        let model = Box::new(Capitals(Arc::clone(&bytes)));
        (Ready::new(model, TagThresholds::default(), 1 << 20), bytes)
    }

    fn recall(ready: &Ready, texts: &[&str]) -> Option<Vec<Arc<Tagged>>> {
        ready.recall(
            &texts
                .iter()
                .map(|text| Passage::from(*text))
                .collect::<Vec<_>>(),
        )
    }

    fn tag(ready: &Ready, texts: &[&str]) -> Vec<Arc<Tagged>> {
        let passages: Vec<_> = texts.iter().map(|text| Passage::from(*text)).collect();
        ready.tag(&passages).unwrap()
    }

    #[test]
    fn a_conversation_costs_its_new_message_only() {
        let (ready, bytes) = ready();
        assert_eq!(recall(&ready, &["Ask Ann"]), None);
        tag(&ready, &["Ask Ann", "and Bob"]);
        assert_eq!(bytes.swap(0, Ordering::Relaxed), 14);
        assert!(recall(&ready, &["and Bob", "Ask Ann"]).is_some());
        let tagged = tag(&ready, &["Ask Ann", "and Bob", "or Eve"]);
        assert_eq!(bytes.load(Ordering::Relaxed), 6);
        let spans: Vec<_> = tagged
            .iter()
            .map(|it| it.findings[0].span.clone())
            .collect();
        assert_eq!(spans, [0..7, 4..7, 3..6]);
    }

    #[test]
    fn a_short_text_is_read_behind_its_label_and_found_at_its_place() {
        let (ready, bytes) = ready();
        let labelled = [Passage::new("Doe, jo", Some("Patient"))];
        let tagged = ready.tag(&labelled).unwrap().remove(0);
        assert_eq!(tagged.findings.len(), 1);
        assert_eq!(tagged.findings[0].span, 0..3);
        assert_eq!(bytes.load(Ordering::Relaxed), "Patient: Doe, jo".len());
        assert!(ready.recall(&labelled).is_some());
        assert_eq!(recall(&ready, &["Doe, jo"]), None);
        assert_eq!(recall(&ready, &["Patient: Doe, jo"]), None);
    }

    #[test]
    fn a_long_text_is_read_in_pieces_and_found_at_its_places() {
        let (ready, bytes) = ready();
        let line = "said Ann to me\n";
        let text = line.repeat(3 * PIECE_BYTES / line.len());
        let tagged = tag(&ready, &[&text]).remove(0);
        assert_eq!(bytes.load(Ordering::Relaxed), text.len());
        assert_eq!(tagged.findings.len(), text.matches("Ann").count());
        for finding in &tagged.findings {
            assert_eq!(text.get(finding.span.clone()), Some("Ann"));
        }
        assert_eq!(recall(&ready, &[&text]), Some(vec![tagged]));
    }

    #[test]
    fn texts_without_a_place_to_cut_are_cut_between_characters() {
        let text = "é".repeat(PIECE_BYTES);
        let cuts: Vec<_> = pieces(&text).collect();
        assert!(cuts.len() > 1);
        let joined: String = cuts
            .iter()
            .filter_map(|cut| text.get(cut.clone()))
            .collect();
        assert_eq!(joined, text);
        assert_eq!(pieces("").count(), 1);
    }
}
