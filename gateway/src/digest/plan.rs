//! What of a request is long, and which of its texts can be told in fewer words.

use std::borrow::Cow;

use redactor::{Key, Sensitive};
use router::complexity::tokens;

use crate::{
    api::{
        ParseError,
        document::Place,
        json::{self, LiteralKind, Path, Segment},
    },
    error::Error,
    stage::Parsed,
};

/// What is long in a request.
pub(super) struct Plan {
    /// The tokens of its largest part.
    pub(super) largest: u32,
    /// Number of its texts, long or not.
    pub(super) texts: usize,
    /// What can be shortened of the parts that are too large.
    pub(super) long: Vec<Long>,
}

/// A text to be shortened.
pub(super) struct Long {
    /// Among the texts of the request.
    pub(super) position: usize,
    pub(super) text: Sensitive<String>,
    pub(super) tokens: u32,
    /// Its share of what its part may say, in tokens.
    pub(super) most: u32,
    /// Where its summary is remembered.
    pub(super) place: [u8; 32],
}

impl Plan {
    /// Measures a request whose parts may have `most` tokens each.
    pub(super) fn of(
        parsed: &Parsed,
        most: u32,
        depth_limit: usize,
        key: &Key,
    ) -> Result<Self, Error> {
        let parts = parts(parsed.text(), depth_limit)?;
        let texts = parsed.texts();
        let mut long = Vec::new();
        for (position, (text, start)) in texts.iter().zip(parsed.document().starts()).enumerate() {
            let above = parts.partition_point(|part| part.start <= start);
            let part = above.checked_sub(1).and_then(|at| parts.get(at));
            let Some(part) = part.filter(|part| part.tokens > most) else {
                continue;
            };
            let size = tokens(text.text);
            if !can_be_shortened(text.place) || size < SHORT {
                continue;
            }
            let share = u64::from(most) * u64::from(size) / u64::from(part.tokens);
            let share = u32::try_from(share).unwrap_or(u32::MAX).max(SHORT);
            long.push(Long {
                position,
                text: Sensitive::new(text.text.to_owned()),
                tokens: size,
                most: share,
                place: key.hash(&[text.text, &share.to_string()]),
            });
        }
        Ok(Self {
            largest: parts.iter().map(|part| part.tokens).max().unwrap_or(0),
            texts: texts.len(),
            long,
        })
    }
}

fn can_be_shortened(place: Place) -> bool {
    match place {
        Place::Content { .. } | Place::Free => true,
        Place::Key | Place::Model | Place::Structural | Place::Sealed => false,
    }
}

/// A member of the body, or an item of one that is a list.
struct Part {
    start: usize,
    /// All that stands in it, as it is written.
    tokens: u32,
}

/// The parts of a body in order, without those that describe tools and schemas.
fn parts(body: &str, depth_limit: usize) -> Result<Vec<Part>, Error> {
    let mut parts: Vec<Part> = Vec::new();
    let mut last: Option<(Cow<'_, str>, Option<usize>)> = None;
    let scanned = json::scan(body, depth_limit, &mut |path, literal| {
        let Some(Segment::Key(member)) = path.segments().first() else {
            return;
        };
        let item = item(path, literal.kind);
        let is_same = last
            .as_ref()
            .is_some_and(|(of, at)| of == member && *at == item);
        if !is_same {
            parts.push(Part {
                start: literal.range.start,
                tokens: 0,
            });
            last = Some((member.clone(), item));
        }
        if let Some(part) = parts.last_mut()
            && !DESCRIPTIONS.contains(&member.as_ref())
        {
            part.tokens = part.tokens.saturating_add(tokens(literal.raw).max(1));
        }
    });
    scanned.map_err(ParseError::from)?;
    Ok(parts)
}

/// The item in which a literal stands. Numbers in a row say something together only.
fn item(path: &Path<'_>, kind: LiteralKind) -> Option<usize> {
    let is_alone = path.segments().len() == 2 && kind != LiteralKind::String;
    path.index(1).filter(|_| !is_alone)
}

/// Members that say what a model can do and how it is to answer, in the words of a program.
const DESCRIPTIONS: [&str; 5] = [
    "tools",
    "functions",
    "response_format",
    "output_config",
    "format",
];

/// A text this short is not worth a summary, and no summary is shorter. Tokens.
pub(super) const SHORT: u32 = 32;
