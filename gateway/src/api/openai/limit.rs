//! Lowering the limit on an answer's tokens in a body that goes to a provider.

use std::{fmt::Write, ops::Range};

use crate::api::json::{self, LiteralKind};

/// `body` with at most so many tokens of answer, `None` when it asks for no more already. The
/// client's own field is kept; where it has set none, `max_completion_tokens` is added, which
/// servers of the API take in the place of the older `max_tokens`. `body` has been through
/// [`parse`](super::request::parse).
pub(crate) fn limit_output(body: &str, depth_limit: usize, most: u32) -> Option<String> {
    let mut is_set = false;
    let mut above: Vec<Range<usize>> = Vec::new();
    let scanned = json::scan(body, depth_limit, &mut |path, literal| {
        if literal.kind == LiteralKind::Key || !FIELDS.iter().any(|field| path.is(&[field])) {
            return;
        }
        is_set = true;
        if literal.raw.parse::<u32>().is_ok_and(|asked| asked <= most) {
            return;
        }
        above.push(literal.range);
    });
    // A body that can't be read did not come this far, and without a scan nothing is known of it.
    scanned.ok()?;
    if is_set {
        return replaced(body, &above, most);
    }
    let (start, rest) = body.split_at_checked(body.find('{')? + 1)?;
    Some(format!("{start}\"max_completion_tokens\":{most},{rest}"))
}

fn replaced(body: &str, literals: &[Range<usize>], most: u32) -> Option<String> {
    if literals.is_empty() {
        return None;
    }
    let mut limited = String::with_capacity(body.len());
    let mut copied = 0;
    for literal in literals {
        limited.push_str(body.get(copied..literal.start)?);
        write!(limited, "{most}").ok()?;
        copied = literal.end;
    }
    limited.push_str(body.get(copied..)?);
    Some(limited)
}

const FIELDS: [&str; 2] = ["max_tokens", "max_completion_tokens"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_higher_limit_is_lowered_and_a_lower_one_stays() {
        let limited = |body: &str| limit_output(body, 32, 64);
        assert_eq!(
            limited(r#"{"max_tokens": 500,"n":[{"max_tokens":900}]}"#).as_deref(),
            Some(r#"{"max_tokens": 64,"n":[{"max_tokens":900}]}"#)
        );
        assert_eq!(limited(r#"{"max_completion_tokens":64}"#), None);
        assert_eq!(
            limited(r#"{"max_tokens":7,"max_tokens":"many","a":1}"#).as_deref(),
            Some(r#"{"max_tokens":7,"max_tokens":64,"a":1}"#)
        );
    }

    #[test]
    fn a_body_without_a_limit_gets_one() {
        assert_eq!(
            limit_output(r#" {"model":"m"}"#, 32, 5).as_deref(),
            Some(r#" {"max_completion_tokens":5,"model":"m"}"#)
        );
        assert_eq!(
            limit_output(r#"{"max_tokens":null}"#, 32, 5).as_deref(),
            Some(r#"{"max_tokens":5}"#)
        );
    }
}
