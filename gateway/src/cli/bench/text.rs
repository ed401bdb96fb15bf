//! Built-in texts to measure with. Values in them are of reserved ranges.

/// English prose without a finding, as most prompts are, at least `bytes` long.
pub(super) fn clean(bytes: usize) -> String {
    PROSE.repeat(bytes.div_ceil(PROSE.len()))
}

/// A list in which every line holds four values, some of them new, at least `bytes` long.
pub(super) fn dense(bytes: usize) -> String {
    let line = |number: usize| {
        let (octet, extension) = (number % 250, number % 100);
        format!(
            "user{number}@example.com called +1 202-555-01{extension:02} from 203.0.113.{octet} \
             about card 4111 1111 1111 1111\n"
        )
    };
    let lines = bytes.div_ceil(line(0).len());
    (0..lines).map(line).collect()
}

/// An answer that mentions a placeholder about every hundred characters, at least `bytes` long.
pub(super) fn answer(bytes: usize) -> String {
    let sentence = |number: usize| format!("{SENTENCE}[EMAIL_{}]. ", number % 100 + 1);
    let sentences = bytes.div_ceil(SENTENCE.len());
    (0..sentences).map(sentence).collect()
}

const PROSE: &str = "\
The library will stay open on Saturdays from the autumn on, and the reading room gets new lamps. \
Members asked whether the children's shelves could move to the ground floor, where prams fit \
through the door; the builder thinks that two weeks are enough for it. In 2019 a similar change \
took three, mostly because the carpet had to be ordered twice. Compare both plans, name the one \
you would choose, and say in a few sentences what speaks for it and what against it.\n";

const SENTENCE: &str =
    "Thank you for the message; the parcel was handed over this morning, and a copy went to ";

#[cfg(test)]
mod tests {
    use redactor::Detector;

    use super::*;

    #[test]
    fn clean_text_has_no_finding_and_dense_text_four_a_line() {
        let detector = Detector::builtin();
        assert_eq!(detector.detect(&clean(4096), None), []);
        let list = dense(4096);
        let lines = list.lines().count();
        assert_eq!(detector.detect(&list, None).len(), 4 * lines);
    }
}
