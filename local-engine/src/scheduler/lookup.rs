//! Prompt lookup: guesses the next tokens from what followed the same words earlier.
//!
//! Texts that repeat their prompt (summaries, edits, code) are guessed often, and looking costs
//! next to nothing. (Method: Saxena, "Prompt Lookup Decoding", 2023.)

/// What followed the last tokens the last time they stood in `held`: three of them, or else two.
pub(super) fn what_followed(held: &[u32], last: u32) -> &[u32] {
    let found = followers(held, last, 2).or_else(|| followers(held, last, 1));
    found.unwrap_or(&[])
}

/// What followed the latest place of the last `before` tokens of `held` and `last`.
fn followers(held: &[u32], last: u32, before: usize) -> Option<&[u32]> {
    let (_, key) = held.split_at(held.len().checked_sub(before)?);
    // Without the end, which nothing follows.
    let (_, earlier) = held.split_last()?;
    let mut places = earlier.windows(before + 1);
    let place = places.rposition(|place| place.split_last() == Some((&last, key)))?;
    held.get(place + before + 1..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_repetition_is_continued() {
        assert_eq!(what_followed(&[1, 2, 3, 4, 1, 2, 3, 5, 1, 2], 3), [5, 1, 2]);
        assert_eq!(what_followed(&[1, 2, 3, 7, 9, 2], 3), [7, 9, 2]);
        assert!(what_followed(&[1, 2, 3], 4).is_empty());
        assert!(what_followed(&[], 4).is_empty());
        assert!(what_followed(&[4], 4).is_empty());
        assert_eq!(what_followed(&[4, 4, 4], 4), [4]);
    }
}
