//! Secrets that are known by their name: `API_TOKEN=...`, `"client_secret": "..."`, `vendor key ...`.
//!
//! The name says how much the value has to look like a key: after `client_secret =` eight random
//! characters will do, after a mere `key` it takes sixteen, and more when words stand between.

use super::{
    Anchor, Candidate, Recognizer, Verdict,
    naming::Naming,
    randomness::{is_generated, is_uuid, random_length},
    stand_in::is_stand_in,
};
use crate::EntityKind;

pub(super) const RECOGNIZERS: &[Recognizer] = &[Recognizer {
    name: "secret_assignment",
    kind: EntityKind::Secret,
    anchor: Anchor::Literals(&[
        "secret",
        "token",
        "key",
        "credential",
        "auth",
        "bearer",
        "access",
        "private",
        "session",
        "sessid",
        "_pat",
        "jwt",
        "cookie",
        "signature",
        "webhook",
    ]),
    // Windows go on to the end of the token, so this is room for what stands between.
    after: 96,
    pattern: concat!(
        // The end of the name, as far as it says what the value is, and what is left of the name.
        "(?i-u)(?:secret|token|key|credential|auth|bearer|access|private|session|sessid|_pat|jwt",
        r"|cookie|signature|webhook)[a-z0-9_.]{0,24}?",
        // Quotes and brackets that close around the name; then what assigns.
        r#"(?:[ ]\d{1,2})?["'`\]\\)]{0,3}[ \t]{0,24}(?:"[ \t]{1,4}value[ \t]?=|\{(?u:[^{}])*?\bdefault[ \t]*=|:?\r?\n|=>|:=|->|==?|::?|[,|>(]|[ \t]|[-.])[ \t]{0,24}"#,
        // Schemes of `Authorization`, and a few words in between.
        r"(?:\b[a-z]{1,16}[ :=]{1,2}){0,4}?",
        // A value that holds a digit, quoted or not, or many letters.
        r#"(?:[bru]{0,2}\\?["'`]([!#-&(-/:;=?-\[\]-_a-~]*[0-9][!#-&(-;=?-\[\]-_a-~]*)\\?["'`]"#,
        r#"|\\?["'`]{0,2}((?:[a-z+/_.~=$%!@#^*|:-]*[0-9][a-z0-9+/_.~=$%!@#^*|:-]*|[a-z+/_=-]{19,})"#,
        r"[a-z0-9+/=_~%!@#$^*-]))",
    ),
    validate,
    check: "a value that looks like a key, the more the less its name says",
    score: 0.7,
    examples: &[
        "SECRET_KEY = 'q7w8e9r0t1y2u3i4'",
        "export API_TOKEN=a1b2c3d4e5f6g7h8",
        "{\"client_secret\": \"Zm9vYmFyMTIzNDU2\"}",
        "Authorization: Bearer a1b2c3d4e5f6g7h8i9",
        "stripe.api_key => a1b2c3d4e5f6g7h8",
        "somevendor key: a1b2c3d4e5f6g7h8i9j0",
        "somevendor KEY a1b2c3d4e5f6g7h8i9j0",
        "somevendorSecret-123e4567-e89b-12d3-a456-426614174000",
        "headers.set(\"X-Api-Key\", \"a1b2c3d4e5f6g7h8\")",
        "<client-secret>a1b2c3d4e5f6g7h8</client-secret>",
        "the token for staging is a1b2c3d4e5f6g7h8i9j0",
        "--auth-token a1b2c3d4e5f6g7h8i9j0",
        "SESSION_SECRET='k#9(2v&x;Q1,z'",
        "SECRET_KEY = 'framework-insecure-_q7^w8%(^+=er@9v-t1&y2u3!i4o5p6$a7s8d9f0'",
        "access key:\n  a1b2c3d4e5f6g7h8i9j0",
        "Unseal Key 1: a1b2c3d4e5f6g7h8i9j0",
        "buildConfigField 'String', 'API_KEY', '\"a1b2c3d4e5f6g7h8\"'",
    ],
    counter_examples: &[
        "max_tokens: 1024",
        "token = request.headers.token",
        "secret: your-secret-here",
        "api_key = os.environ[\"API_KEY\"]",
        "key = \"some_dictionary_key\"",
        "SECRET=xxxxxxxxxxxxxxxx",
        "\"token\": \"<token-goes-here-123>\"",
        "api_key: ${{ secrets.API_KEY }}",
        "monkey = 12345678",
        "a secret 20240131",
        "key: abc12345",
        "credentialsId: '123e4567-e89b-12d3-a456-426614174000'",
        "public_key = \"a1b2c3d4e5f6g7h8i9j0\"",
        "KeyFile=s_rsa1024_priv.pem",
        "auth user=jdoe1950",
        "{ key: '123e4567-e89b-12d3-a456-426614174000', value: 'Oslo' }",
        "\"lastAccess\": \"2018-01-19T11:39:19Z\"",
        "the token internationalizationLibrary reads",
    ],
    ..Recognizer::BASE
}];

fn validate(candidate: &Candidate<'_>) -> Verdict {
    let value = candidate.value();
    if !is_generated(value, 8) {
        return Verdict::Reject;
    }
    let Some(least) = Assignment::of(candidate).least_length(value) else {
        return Verdict::Reject;
    };
    let after = candidate.after();
    let is_code = after.starts_with(['(', '[']) || value.contains("://");
    let is_cut_short = after.starts_with("..") || after.starts_with('…');
    let is_key = is_generated(value, least) && !begins_with_name(value) && !is_stand_in(value);
    Verdict::plausible_if(is_key && !is_code && !is_cut_short)
}

/// The name and the sign before a value.
struct Assignment<'t> {
    naming: Naming,
    /// What stands between the name and the value.
    link: &'t str,
}

impl<'t> Assignment<'t> {
    fn of(candidate: &Candidate<'t>) -> Self {
        let before = candidate.text_before_match();
        let matched = candidate.matched();
        let value_at = candidate.span().start - before.len();
        let (head, _) = matched.split_at_checked(value_at).unwrap_or((matched, ""));
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
        let end = head.find(|c| !is_name(c)).unwrap_or(head.len());
        let (tail_of_name, link) = head.split_at_checked(end).unwrap_or((head, ""));
        let name = format!("{}{tail_of_name}", name_before(before));
        Self {
            naming: Naming::of(&name),
            link,
        }
    }

    /// How many random characters the value must have, or `None` if it is no secret at all.
    fn least_length(&self, value: &str) -> Option<usize> {
        let is_assigned = self.link.contains(['=', ':', '>', ',', '(', '|']);
        let is_digit = |c: char| c.is_ascii_digit();
        let least = match self.naming {
            Naming::Public => return None,
            // Of the many things that carry a UUID, few are secrets.
            Naming::Weak | Naming::Other if is_uuid(value) => return None,
            Naming::Secret if is_assigned => 8,
            Naming::Secret => 12,
            // Letters alone are prose.
            Naming::Weak | Naming::Other if !value.contains(is_digit) => return None,
            Naming::Weak => 16,
            Naming::Other => 20,
        };
        let words = self.link.split(|c: char| !c.is_ascii_alphabetic());
        let is_scheme = |word: &str| {
            SCHEMES
                .iter()
                .any(|scheme| word.eq_ignore_ascii_case(scheme))
        };
        let has_words = words
            .into_iter()
            .any(|word| word.len() > 2 && !is_scheme(word));
        Some(if has_words { least.max(16) } else { least })
    }
}

/// What stands between a name and its value without adding doubt.
const SCHEMES: &[&str] = &[
    "basic", "bearer", "token", "key", "apikey", "secret", "access", "private", "digest",
];

/// The beginning of a name that goes on behind `before`, with the word before it.
fn name_before(before: &str) -> &str {
    let start = before.len().saturating_sub(MAX_NAME);
    let near = before
        .get(before.ceil_char_boundary(start)..)
        .unwrap_or_default();
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | ' ');
    let words = near.rsplit(|c| !is_name(c)).next().unwrap_or_default();
    let first = words
        .rmatch_indices(' ')
        .nth(1)
        .map_or(0, |(space, _)| space + 1);
    words.get(first..).unwrap_or_default()
}

/// No more of a name is read, in bytes.
const MAX_NAME: usize = 32;

/// True for `access-key-a1b2...`, `sha256=a1b2...`: another name, whose value is looked for there.
pub(super) fn begins_with_name(value: &str) -> bool {
    let is_assigned = value.split_once('=').is_some_and(|(name, rest)| {
        let is_padding = rest.trim_start_matches('=').is_empty();
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        let is_worded = random_length(name) * 2 <= name.len() && name.chars().all(is_name);
        !name.is_empty() && !is_padding && is_worded
    });
    let is_hyphenated = value.split_once('-').is_some_and(|(word, _)| {
        word.bytes().all(|byte| byte.is_ascii_alphabetic()) && ends_with_keyword(word)
    });
    is_assigned || is_hyphenated
}

/// True for `key`, `SecretToken`: the ends of names of secrets.
pub(super) fn ends_with_keyword(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    KEYWORDS.iter().any(|keyword| word.ends_with(keyword))
}

/// Words that names of secrets end in.
const KEYWORDS: &[&str] = &["access", "auth", "key", "private", "secret", "token"];
