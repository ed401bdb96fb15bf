//! "Did you mean": the known name nearest to a mistyped one.

/// The candidate that `typed` most likely stands for, if any is near enough.
///
/// Near enough is: the same but for case, or at most one edit (insertion, deletion, substitution,
/// swap of neighbours) per three characters.
pub(crate) fn nearest<'c>(
    typed: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<&'c str> {
    let typed = typed.to_lowercase();
    let allowed = (typed.chars().count() / 3).clamp(1, 3);
    candidates
        .into_iter()
        .map(|candidate| (distance(&typed, &candidate.to_lowercase()), candidate))
        .filter(|(edits, _)| *edits <= allowed)
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, candidate)| candidate)
}

/// `(did you mean 'x'?)` with a leading space, or nothing.
pub(crate) fn did_you_mean<'c>(
    typed: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> String {
    nearest(typed, candidates).map_or_else(String::new, |near| format!(" (did you mean '{near}'?)"))
}

/// `'a', 'b', 'c'`.
pub(crate) fn quoted_list<'c>(names: impl IntoIterator<Item = &'c str>) -> String {
    let quoted: Vec<String> = names.into_iter().map(|name| format!("'{name}'")).collect();
    quoted.join(", ")
}

/// Optimal string alignment distance (Levenshtein with swaps of neighbours).
#[expect(
    clippy::indexing_slicing,
    reason = "all indexes are below the lengths of the rows"
)]
fn distance(left: &str, right: &str) -> usize {
    let left: Vec<char> = left.chars().collect();
    let right: Vec<char> = right.chars().collect();
    let mut before = vec![0; right.len() + 1];
    let mut above: Vec<usize> = (0..=right.len()).collect();
    for i in 1..=left.len() {
        let mut row = vec![i; right.len() + 1];
        for j in 1..=right.len() {
            let same = left[i - 1] == right[j - 1];
            row[j] = (above[j] + 1)
                .min(row[j - 1] + 1)
                .min(above[j - 1] + usize::from(!same));
            if i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut above, row);
    }
    above[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_suggested_and_far_ones_are_not() {
        let known = ["route", "redact", "when"];
        assert_eq!(nearest("rout", known), Some("route"));
        assert_eq!(nearest("wehn", known), Some("when"));
        assert_eq!(nearest("REDACT", known), Some("redact"));
        assert_eq!(nearest("priority", known), None);
        assert_eq!(nearest("", known), None);
    }
}
