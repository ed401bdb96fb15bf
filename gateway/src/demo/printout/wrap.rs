//! Breaks text into lines of a given width.

use std::ops::Range;

/// The lines of `text`, as byte ranges, each at most `width` characters wide. Breaks at spaces, and
/// inside words only where they are longer than a line; line breaks of the text stay.
pub(super) fn wrap(text: &str, width: usize) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut start = 0;
    for paragraph in text.split('\n') {
        wrap_paragraph(paragraph, start, width.max(1), &mut lines);
        start += paragraph.len() + 1;
    }
    lines
}

fn wrap_paragraph(paragraph: &str, offset: usize, width: usize, lines: &mut Vec<Range<usize>>) {
    let mut start = 0;
    loop {
        let rest = paragraph.get(start..).unwrap_or_default();
        let Some((limit, _)) = rest.char_indices().nth(width) else {
            lines.push(offset + start..offset + paragraph.len());
            return;
        };
        // A space right behind the line may be dropped too.
        let window = rest
            .get(..=limit)
            .or_else(|| rest.get(..limit))
            .unwrap_or(rest);
        let (end, next) = match window.rfind(' ').filter(|&space| space > 0) {
            Some(space) => (space, space + 1),
            None => (limit, limit),
        };
        lines.push(offset + start..offset + start + end);
        start += next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn part(text: &str, line: Range<usize>) -> &str {
        text.get(line).unwrap()
    }

    fn check(text: &str, width: usize, expected: &[&str]) {
        let lines: Vec<_> = wrap(text, width)
            .into_iter()
            .map(|line| part(text, line))
            .collect();
        assert_eq!(lines, expected, "{text:?} in {width}");
    }

    #[test]
    fn lines_break_at_spaces_where_they_can() {
        check("", 5, &[""]);
        check("one two", 7, &["one two"]);
        check("one two", 6, &["one", "two"]);
        check("one two", 3, &["one", "two"]);
        check("a\n\nb", 3, &["a", "", "b"]);
        check("abcdefgh ij", 3, &["abc", "def", "gh", "ij"]);
        check("zoë müller", 6, &["zoë", "müller"]);
    }

    proptest! {
        #[test]
        fn nothing_but_spaces_and_breaks_is_lost(text in "[a-zé \n]{0,80}", width in 1..20_usize) {
            let lines = wrap(&text, width);
            let solid = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            let joined: String = lines.iter().map(|line| part(&text, line.clone())).collect();
            prop_assert_eq!(solid(&joined), solid(&text));
            prop_assert!(lines.iter().all(|line| part(&text, line.clone()).chars().count() <= width));
        }
    }
}
