//! The checks of a rule's limits and headers.

use std::time::Duration;

use super::Checker;
use crate::{
    policy::{
        Handling,
        file::{LimitsFile, RuleFile},
        handling::LEAST_DIGEST,
    },
    yaml::{self, Entries, Spanned},
};

impl Checker<'_> {
    pub(super) fn handling(&mut self, rule: &RuleFile) -> Handling {
        let LimitsFile {
            max_output_tokens,
            timeout,
        } = &rule.limits;
        if let Some(most) = max_output_tokens.as_ref().filter(|most| ***most == 0) {
            self.note(most, "expected at least 1 token");
        }
        Handling {
            max_output_tokens: max_output_tokens.as_ref().map(|most| **most),
            timeout: timeout.as_ref().and_then(|typed| self.timeout(typed)),
            headers: self.headers(&rule.headers).into(),
            cascade: rule
                .cascade
                .as_ref()
                .and_then(|bar| self.cascade(bar, rule)),
            digest: rule
                .digest
                .as_ref()
                .and_then(|most| self.digest(most, rule)),
        }
    }

    fn digest(&mut self, most: &Spanned<u32>, rule: &RuleFile) -> Option<u32> {
        if **most < LEAST_DIGEST {
            let expected = format!("expected at least {LEAST_DIGEST} tokens: shorter says nothing");
            self.note(most, expected);
            return None;
        }
        if rule.route.value.iter().all(|hop| hop.as_str() == "local") {
            self.note(most, "expected a `route` with a target off the device");
        }
        Some(**most)
    }

    fn cascade(&mut self, bar: &Spanned<f64>, rule: &RuleFile) -> Option<f64> {
        if !(**bar > 0.0 && **bar < 1.0) {
            self.note(bar, "expected a probability above 0 and below 1");
            return None;
        }
        let hops = &rule.route.value;
        if hops.len() < 2 {
            self.note(
                bar,
                "expected a `route` with a target to ask after the local model",
            );
        }
        if hops
            .iter()
            .all(|hop| matches!(hop.as_str(), "cloud" | "site"))
        {
            self.note(bar, "expected a `route` with the local model");
        }
        Some(**bar)
    }

    fn timeout(&mut self, typed: &Spanned<String>) -> Option<Duration> {
        match yaml::duration(typed) {
            Ok(timeout) if !timeout.is_zero() => return Some(timeout),
            Ok(_) => self.note(typed, "expected a duration longer than zero"),
            Err(expected) => self.note(typed, format!("expected {expected}, found '{}'", **typed)),
        }
        None
    }

    fn headers(&mut self, typed: &Entries<Spanned<String>>) -> Vec<(String, String)> {
        let mut headers: Vec<(String, String)> = Vec::new();
        for (name, value) in &typed.0 {
            let lower = name.to_ascii_lowercase();
            if !is_token(name) {
                let message = format!(
                    "'{}' is no name of a header (letters, digits and !#$%&'*+-.^_`|~)",
                    **name
                );
                self.note(name, message);
            } else if is_reserved(&lower) {
                let message = format!(
                    "'{}' is the gateway's to set: rules add no header that authenticates, frames \
                     the body or belongs to the connection",
                    **name
                );
                self.note(name, message);
            } else if headers.iter().any(|(known, _)| *known == lower) {
                self.note(name, format!("header '{}' is set already", **name));
            }
            if !is_value(value) {
                let message = format!(
                    "expected 1 to {LONGEST_VALUE} visible ASCII characters, with spaces only \
                     between them"
                );
                self.note(value, message);
            }
            headers.push((lower, value.value.clone()));
        }
        headers
    }
}

/// RFC 9110, section 5.6.2.
fn is_token(name: &str) -> bool {
    let is_sign = |byte| b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || is_sign(byte))
}

/// RFC 9110, section 5.5, without the bytes above ASCII.
fn is_value(value: &str) -> bool {
    (1..=LONGEST_VALUE).contains(&value.len())
        && value.trim_matches(' ') == value
        && value.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// Headers that say who sends, how the body reads or how the connection is used.
fn is_reserved(lower: &str) -> bool {
    RESERVED.contains(&lower)
        || RESERVED_PREFIXES
            .iter()
            .any(|start| lower.starts_with(start))
}

const RESERVED: &[&str] = &[
    "accept",
    "accept-encoding",
    "anthropic-version",
    "api-key",
    "authorization",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "cookie",
    "expect",
    "host",
    "keep-alive",
    "openai-organization",
    "openai-project",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "x-api-key",
    "x-goog-api-key",
];

const RESERVED_PREFIXES: &[&str] = &["proxy-", "x-amz-", "x-nearside-"];

const LONGEST_VALUE: usize = 256;
