//! How a number is written, and the bit masks that say so.

/// One way to write a number.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Form {
    /// Of this shape: `9` is a digit, `A` a letter, `*` either, `-` a separator (space, hyphen, dot,
    /// slash or underscore), `=` a hyphen, `~` a separator or none. `{2,4}` behind a character
    /// repeats it.
    Written {
        pattern: &'static str,
        /// Without context.
        score: f32,
    },
    /// Any letters and digits, at least two of them digits, with what the number is called right
    /// beside them.
    Free { least: usize, most: usize },
}

/// The score of a free form with its name beside it.
pub(super) const FREE_SCORE: f32 = 0.6;

/// A form of a known shape, with its score where nothing says what it is.
pub(crate) const fn written(pattern: &'static str, score: f32) -> Form {
    Form::Written { pattern, score }
}

/// A form of any shape, of `least` to `most` letters and digits.
pub(crate) const fn free(least: usize, most: usize) -> Form {
    Form::Free { least, most }
}

/// A written form of one length. Bit `n` of a mask stands for character `n`, separators left out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Shape {
    pub(super) length: usize,
    /// Characters that must be digits.
    pub(super) digits: u64,
    /// Characters that must be letters.
    pub(super) letters: u64,
    /// Characters before which a separator must stand.
    pub(super) separated: u64,
    /// Characters before which it must be a hyphen.
    pub(super) hyphenated: u64,
    /// Characters before which one may stand.
    pub(super) separable: u64,
    pub(super) score: f32,
}

impl Form {
    /// How it is written, for people; `None` for any letters and digits.
    pub(crate) const fn pattern(&self) -> Option<&'static str> {
        match self {
            Self::Written { pattern, .. } => Some(pattern),
            Self::Free { .. } => None,
        }
    }

    /// The score without context; of a free form, with its name beside it.
    pub(crate) const fn score(&self) -> f32 {
        match self {
            Self::Written { score, .. } => *score,
            Self::Free { .. } => FREE_SCORE,
        }
    }

    /// Every length that a written form allows.
    pub(super) fn shapes(self) -> Vec<Shape> {
        let Self::Written { pattern, score } = self else {
            return Vec::new();
        };
        let empty = Shape {
            length: 0,
            digits: 0,
            letters: 0,
            separated: 0,
            hyphenated: 0,
            separable: 0,
            score,
        };
        let mut shapes = vec![empty];
        let mut rest = pattern;
        while let Some(sign) = rest.chars().next() {
            rest = rest.get(sign.len_utf8()..).unwrap_or_default();
            let (least, most) = repeats(&mut rest);
            shapes = shapes
                .iter()
                .flat_map(|shape| (least..=most).map(|times| shape.with(sign, times)))
                .collect();
        }
        shapes
    }
}

/// The `{2,4}` at the start of `rest`, taken off; once where there is none.
fn repeats(rest: &mut &str) -> (usize, usize) {
    let Some((counts, after)) = rest.strip_prefix('{').and_then(|rest| rest.split_once('}')) else {
        return (1, 1);
    };
    *rest = after;
    let (least, most) = counts.split_once(',').unwrap_or((counts, counts));
    (least.parse().unwrap_or(1), most.parse().unwrap_or(1))
}

impl Shape {
    fn with(mut self, sign: char, times: usize) -> Self {
        for _ in 0..times {
            let bit = 1 << self.length;
            match sign {
                '-' => {
                    self.separated |= bit;
                    self.separable |= bit;
                    continue;
                }
                '=' => {
                    self.separated |= bit;
                    self.hyphenated |= bit;
                    self.separable |= bit;
                    continue;
                }
                '~' => {
                    self.separable |= bit;
                    continue;
                }
                '9' => self.digits |= bit,
                'A' => self.letters |= bit,
                _ => {}
            }
            self.length += 1;
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_becomes_masks() {
        let shapes = written("A=9-*~9", 0.5).shapes();
        let expected = Shape {
            length: 4,
            digits: 0b1010,
            letters: 0b0001,
            separated: 0b0110,
            hyphenated: 0b0010,
            separable: 0b1110,
            score: 0.5,
        };
        assert_eq!(shapes, [expected]);
    }

    #[test]
    fn repeats_become_one_shape_for_each_length() {
        let lengths: Vec<_> = written("A{1,2}9{3}", 0.5).shapes();
        let lengths: Vec<_> = lengths
            .iter()
            .map(|shape| (shape.length, shape.digits))
            .collect();
        assert_eq!(lengths, [(4, 0b1110), (5, 0b11100)]);
    }
}
