//! How much a row's check leaves over: what a listing can say about a function.

use super::{Compact, Form, Identifier, form::Shape};

impl Identifier {
    /// The share of made-up numbers of the row's written forms that pass its check, 1 when it has
    /// none; `None` for a row that only has free forms. The same each time.
    pub(crate) fn pass_rate(&self) -> Option<f32> {
        let mut chance = Chance(SEED);
        let (mut tried, mut passed) = (0_u16, 0_u16);
        let written = self.forms.iter().filter(|form| form.pattern().is_some());
        let shapes: Vec<Shape> = written.copied().flat_map(Form::shapes).collect();
        for shape in shapes
            .iter()
            .cycle()
            .take(if shapes.is_empty() { 0 } else { SAMPLES })
        {
            tried += 1;
            passed += u16::from((self.check)(&chance.number(shape)));
        }
        (tried > 0).then(|| f32::from(passed) / f32::from(tried))
    }
}

/// A linear congruential generator (Knuth, MMIX): even enough for this, and always the same.
struct Chance(u64);

impl Chance {
    fn number(&mut self, shape: &Shape) -> Compact {
        let mut number = Compact::EMPTY;
        for place in 0..shape.length {
            let bit = 1 << place;
            let choices = match (shape.digits & bit > 0, shape.letters & bit > 0) {
                (true, _) => 0..10,
                (_, true) => 10..36,
                _ => 0..36,
            };
            let character = self.below(choices.end - choices.start) + choices.start;
            let character = char::from_digit(character, 36).unwrap_or('0');
            let mut bytes = [0; 4];
            number.push(
                character
                    .to_ascii_uppercase()
                    .encode_utf8(&mut bytes)
                    .as_bytes(),
            );
        }
        number
    }

    fn below(&mut self, limit: u32) -> u32 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let high = u32::try_from(self.0 >> 33).unwrap_or_default();
        high % limit
    }
}

const SEED: u64 = 7064;
/// Numbers that are made up of each row.
const SAMPLES: usize = 4096;

#[cfg(test)]
mod tests {
    use super::{super::written, *};
    use crate::checksum::luhn;

    fn check(row: &Identifier, expected: std::ops::Range<f32>) {
        let rate = row.pass_rate().unwrap();
        assert!(expected.contains(&rate), "{rate}");
    }

    #[test]
    fn a_check_digit_leaves_one_in_ten_and_no_check_all() {
        const FORMS: &[Form] = &[written("999999~99", 0.5), written("AA999999", 0.5)];
        let row = Identifier {
            forms: FORMS,
            ..Identifier::BASE
        };
        check(&row, 0.99..1.01);
        let luhn = Identifier {
            check: |number| luhn(number.as_str()),
            ..row
        };
        check(&luhn, 0.09..0.11);
        assert_eq!(Identifier::BASE.pass_rate(), None);
    }
}
