//! Lowering the limit on an answer's tokens in a body that goes to a provider.

use std::{fmt::Write, ops::Range};

use crate::api::json::{self, LiteralKind};

/// `body` with at most so many tokens of answer, `None` when it asks for no more already. A limit that
/// the client has set is lowered where it stands, in any of `fields`; where it has set none, the
/// first of them is added. `body` is one that its dialect took.
pub(crate) fn limit_output(
    body: &str,
    depth_limit: usize,
    fields: &[OutputLimit],
    most: u32,
) -> Option<String> {
    let added = fields.first()?;
    let mut is_set = false;
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    // Behind the key of the object in which the field stands, where there is one.
    let mut object = None;
    let scanned = json::scan(body, depth_limit, &mut |path, literal| {
        let is_object = added.object.is_some_and(|object| path.is(&[object]));
        if literal.kind == LiteralKind::Key {
            if is_object {
                // Where a key stands twice, the last one counts.
                (object, is_set) = (Some(literal.range.end), false);
            }
        } else if fields.iter().any(|field| field.is_at(path)) {
            is_set = true;
            if !literal.raw.parse().is_ok_and(|asked: u32| asked <= most) {
                edits.push((literal.range, most.to_string()));
            }
        } else if is_object {
            is_set = true;
            edits.push((literal.range, format!("{{\"{}\":{most}}}", added.name)));
        }
    });
    // A body that can't be read did not come this far, and without a scan nothing is known of it.
    scanned.ok()?;
    if !is_set {
        edits.push(added.insertion(body, object, most.min(added.usual))?);
    }
    edited(body, &edits)
}

/// A field of a request that limits the tokens of its answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OutputLimit {
    /// The member of the request in which it stands; `None` for the request itself.
    pub(crate) object: Option<&'static str>,
    pub(crate) name: &'static str,
    /// How many it is where the request does not say.
    pub(crate) usual: u32,
}

impl OutputLimit {
    /// A member of the request itself, without which the answer is as long as it likes.
    pub(crate) const fn member(name: &'static str) -> Self {
        Self {
            object: None,
            name,
            usual: u32::MAX,
        }
    }

    fn is_at(&self, path: &json::Path<'_>) -> bool {
        match self.object {
            Some(object) => path.is(&[object, self.name]),
            None => path.is(&[self.name]),
        }
    }

    /// Where it is to be added, and how. `key_end` is where the key of its object ends.
    fn insertion(
        &self,
        body: &str,
        key_end: Option<usize>,
        most: u32,
    ) -> Option<(Range<usize>, String)> {
        let from = key_end.unwrap_or(0);
        let at = from + body.get(from..)?.find('{')? + 1;
        let mut member = match (self.object, key_end) {
            (Some(object), None) => format!("\"{object}\":{{\"{}\":{most}}}", self.name),
            (Some(_), Some(_)) | (None, _) => format!("\"{}\":{most}", self.name),
        };
        let is_empty = body.get(at..)?.trim_start().starts_with('}');
        if !is_empty {
            member.push(',');
        }
        Some((at..at, member))
    }
}

/// `body` with each range replaced; they stand in its order, but the last one may stand before.
fn edited(body: &str, edits: &[(Range<usize>, String)]) -> Option<String> {
    if edits.is_empty() {
        return None;
    }
    let mut edits: Vec<_> = edits.iter().collect();
    edits.sort_by_key(|(range, _)| range.start);
    let mut text = String::with_capacity(body.len() + 64);
    let mut copied = 0;
    for (range, new) in edits {
        write!(text, "{}{new}", body.get(copied..range.start)?).ok()?;
        copied = range.end;
    }
    text.push_str(body.get(copied..)?);
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLAT: [OutputLimit; 2] = [
        OutputLimit::member("max_completion_tokens"),
        OutputLimit::member("max_tokens"),
    ];

    /// Answers are short where the client does not say how long.
    const SHORT: [OutputLimit; 1] = [OutputLimit {
        usual: 16,
        ..OutputLimit::member("max_tokens")
    }];

    #[test]
    fn a_limit_is_no_reason_to_say_more() {
        let limited = |body| limit_output(body, 8, &SHORT, 512);
        assert_eq!(limited("{}").unwrap(), "{\"max_tokens\":16}");
        assert_eq!(
            limited("{\"max_tokens\":600}").unwrap(),
            "{\"max_tokens\":512}"
        );
        assert_eq!(
            limit_output("{}", 8, &SHORT, 4).unwrap(),
            "{\"max_tokens\":4}"
        );
    }

    const NESTED: [OutputLimit; 1] = [OutputLimit {
        object: Some("options"),
        name: "num_predict",
        usual: u32::MAX,
    }];

    fn check(fields: &[OutputLimit], body: &str, expected: Option<&str>) {
        let limited = limit_output(body, 32, fields, 64);
        assert_eq!(limited.as_deref(), expected, "{body}");
    }

    #[test]
    fn a_higher_limit_is_lowered_and_a_lower_one_stays() {
        check(
            &FLAT,
            r#"{"max_tokens": 500,"n":[{"max_tokens":900}]}"#,
            Some(r#"{"max_tokens": 64,"n":[{"max_tokens":900}]}"#),
        );
        check(&FLAT, r#"{"max_completion_tokens":64}"#, None);
        check(
            &FLAT,
            r#"{"max_tokens":7,"max_tokens":"many","a":1}"#,
            Some(r#"{"max_tokens":7,"max_tokens":64,"a":1}"#),
        );
    }

    #[test]
    fn a_body_without_a_limit_gets_one() {
        check(
            &FLAT,
            r#" {"model":"m"}"#,
            Some(r#" {"max_completion_tokens":64,"model":"m"}"#),
        );
        check(
            &FLAT,
            r#"{"max_tokens":null}"#,
            Some(r#"{"max_tokens":64}"#),
        );
    }

    #[test]
    fn a_limit_may_stand_in_an_object_of_the_request() {
        check(
            &NESTED,
            r#"{"options":{"seed":1,"num_predict":-1},"num_predict":9}"#,
            Some(r#"{"options":{"seed":1,"num_predict":64},"num_predict":9}"#),
        );
        check(&NESTED, r#"{"options":{"num_predict":5}}"#, None);
        check(
            &NESTED,
            r#"{"model":"m","options" : {"seed":1}}"#,
            Some(r#"{"model":"m","options" : {"num_predict":64,"seed":1}}"#),
        );
        check(
            &NESTED,
            r#"{"options":{ }}"#,
            Some(r#"{"options":{"num_predict":64 }}"#),
        );
        check(
            &NESTED,
            r#"{"options":null}"#,
            Some(r#"{"options":{"num_predict":64}}"#),
        );
        check(
            &NESTED,
            r#"{"model":"m"}"#,
            Some(r#"{"options":{"num_predict":64},"model":"m"}"#),
        );
    }

    #[test]
    fn of_two_objects_the_last_one_counts() {
        check(
            &NESTED,
            r#"{"options":{"num_predict":5},"options":{"seed":1}}"#,
            Some(r#"{"options":{"num_predict":5},"options":{"num_predict":64,"seed":1}}"#),
        );
    }
}
