//! E-mail addresses: RFC 5321 section 4.1.2 with the international letters of RFC 6531, and the ways
//! in which people hide them from robots.

use super::{Anchor, Candidate, Recognizer, Verdict};
use crate::EntityKind;

pub(super) const RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        name: "email",
        kind: EntityKind::Email,
        anchor: Anchor::Literals(&["@"]),
        before: 72,
        after: 260,
        // Counted quantifiers on Unicode classes are dear: lengths are checked by the validator.
        // Of the signs that RFC 5321 allows before the `@`, only those that people have.
        pattern: concat!(
            r#"(?:[\p{L}\p{N}_][\p{L}\p{M}\p{N}_.+'-]*|"[^"\r\n]{1,62}")@"#,
            r"(?:[\p{L}\p{M}\p{N}-]+\.)+(?:xn--[A-Za-z0-9-]+|\p{L}{2,24})",
        ),
        validate,
        check: "parts of RFC 5321",
        score: 0.9,
        examples: &[
            "write to jane.doe@example.com.",
            "Jane <jane+tag@mail.example.co.uk>",
            "mailto:o'neil@example.org",
            "müller@bücher.example",
            "{\"email\":\"x@example.net\"}",
            "\"jane doe\"@example.com",
        ],
        counter_examples: &[
            "icon@2x.png",
            "npm i left-pad@1.3.0",
            "@example.com",
            "git clone git@github.com:org/repo.git",
            "user@localhost",
            "property@functools.lru_cache",
            "from pkg import x@y",
            "postgres://app:hunter2@db.example.com:5432/prod",
        ],
        ..Recognizer::BASE
    },
    Recognizer {
        name: "email_spelled",
        kind: EntityKind::Email,
        anchor: Anchor::Literals(&[
            "[at]",
            "(at)",
            "{at}",
            "<at>",
            "_at_",
            "-at-",
            "[ät]",
            "(ät)",
            "[@]",
            "(@)",
            "{@}",
            " dot ",
            "[dot]",
            "(dot)",
            "{dot}",
            " @ ",
            " . ",
            " @",
            "@ ",
            "arroba",
            "arobase",
            "chiocciola",
            "klammeraffe",
            " punkt ",
            "(punkt)",
            "[punkt]",
        ]),
        before: 96,
        after: 96,
        pattern: concat!(
            r"(?i)\b[A-Z0-9](?:[A-Z0-9_.+-]{0,62}[A-Z0-9])?",
            r"(?:(?: ?[\[({<](?:dot|punkt)[\])}>] ?| dot |_dot_|-dot-)[A-Z0-9_+-]{1,62}){0,3}?",
            r"(?: ?(?:[\[({<](?:at|ät|@)[\])}>]|[_-]at[_-]|@) ?| (?:at|ät|arroba|arobase|chiocciola|klammeraffe) )",
            r"[A-Z0-9-]{1,63}",
            r"(?:(?: ?(?:[\[({<](?:dot|punkt|\.)[\])}>]|_dot_|-dot-|\.) ?| (?:dot|punkt|punto|point|ponto) )[A-Z0-9-]{1,63}){0,3}",
            r"(?: ?(?:[\[({<](?:dot|punkt|\.)[\])}>]|_dot_|-dot-|\.) ?| (?:dot|punkt|punto|point|ponto) )[A-Z]{2,24}\b",
        ),
        validate: validate_spelled,
        check: "parts of RFC 5321",
        score: 0.75,
        examples: &[
            "jane.doe [at] example [dot] com",
            "jane AT mail DOT example DOT co DOT uk",
            "jane(at)example.com",
            "jane @ example.com",
            "jane@example . com",
            "jane.doe{at}example{dot}com",
            "jane <at> example <dot> com",
            "jane_at_example_dot_com",
            "jane arroba example punto com",
            "jane (ät) example (punkt) de",
            "jane dot doe at example dot com",
            "jane [dot] doe [at] example [dot] co [dot] uk",
            "jane_doe_at_example.com",
        ],
        counter_examples: &[
            "thanks @jane. See you",
            "look at example.com",
            "gram = x @ x.swapaxes",
            "git@github.com:org/repo, see @ . b",
            "f(self.scheduled_at_delta.get)",
            "created_at_time.now",
            "we met at the dot of noon",
            "x @ y",
            "it ended at noon . Then we left",
        ],
        ..Recognizer::BASE
    },
];

/// A bare sign with spaces, or an "at" and a "dot" in words; the end must be a top-level domain, as
/// `x @ y.shape` is a product of matrices.
fn validate_spelled(candidate: &Candidate<'_>) -> Verdict {
    let value = candidate.value().to_ascii_lowercase();
    // A plain address is for the recognizer of those.
    let is_plain = !value.contains(['[', '(', '{', '<', ' ', '_']) && !value.contains("-at-");
    let has_sign = value.contains(['[', '(', '{', '<', '@']);
    let has_words = DOTS.iter().any(|dot| value.contains(dot));
    let is_prose = [" at the ", " at a ", " at this "]
        .iter()
        .any(|words| value.contains(words));
    let has_hidden_sign = is_hidden_sign(candidate.value());
    // "thanks @jane. See you": the full stop ends a sentence.
    let is_sentence = value.contains(" @") && !value.contains("@ ") && value.contains(". ");
    let is_sentence = is_sentence && !value.contains(" . ");
    let ending = value.rsplit(|c: char| !c.is_ascii_alphabetic()).next();
    Verdict::plausible_if(
        !is_plain
            && (has_sign || has_words && !is_prose || has_hidden_sign)
            && !is_sentence
            && ending.is_some_and(is_usual_ending),
    )
}

/// True for `jane_doe_at_example.com`.
fn is_hidden_sign(value: &str) -> bool {
    let Some((local, domain)) = value.split_once("_at_") else {
        return false;
    };
    let ends = ["com", "net", "org", "edu", "gov", "de", "fr", "uk"];
    let ending = domain.rsplit('.').next().unwrap_or_default();
    local.contains(['.', '_', '-']) && !domain.contains(' ') && ends.contains(&ending)
}

/// True for country codes and the endings that most addresses have.
fn is_usual_ending(ending: &str) -> bool {
    let is_country =
        ending.len() == 2 && !matches!(ending, "js" | "md" | "py" | "rs" | "sh" | "ts");
    is_country || USUAL_ENDINGS.contains(&ending)
}

const USUAL_ENDINGS: &[&str] = &[
    "app", "biz", "cloud", "com", "dev", "edu", "email", "gov", "health", "info", "mail", "mil",
    "museum", "name", "net", "online", "org", "pro", "shop", "site", "store", "tech", "xyz",
    "example",
];

const DOTS: &[&str] = &[
    " dot ", " punkt ", " punto ", " point ", " ponto ", "_dot_", "-dot-",
];

/// Endings that mean a file, where an address would have its top-level domain.
const FILE_ENDINGS: &[&str] = &[
    "css", "gif", "html", "jpeg", "jpg", "js", "json", "jsx", "lock", "map", "pdf", "png", "scss",
    "svg", "ts", "tsx", "txt", "webp", "xml", "yaml", "yml",
];

fn validate(candidate: &Candidate<'_>) -> Verdict {
    let Some((local, domain)) = candidate.value().rsplit_once('@') else {
        return Verdict::Reject;
    };
    let ending = domain.rsplit('.').next().unwrap_or_default();
    let is_file = FILE_ENDINGS
        .iter()
        .any(|known| ending.eq_ignore_ascii_case(known));
    // RFC 5321 section 4.5.3.1: 64 octets before the sign, 255 after it.
    let fits = local.len() <= 64 && domain.len() <= 255;
    // `git@host:path` is how every clone URL looks, whoever owns it.
    let is_clone_url = local.eq_ignore_ascii_case("git");
    // Names of algorithms in SSH (RFC 4251 section 6) end with the domain of who defined them.
    let is_algorithm = matches!(domain, "openssh.com" | "libssh.org") && local.contains('-');
    // `@property\n@functools.lru_cache(...)`, joined: no domain goes on with these.
    let is_code = candidate.after().starts_with(['_', '(']);
    let is_other = is_file || is_clone_url || is_algorithm || is_code;
    Verdict::plausible_if(fits && !is_other && !is_url_password(candidate))
}

/// `scheme://user:password@host`: the recognizer of URL credentials takes the part before the sign,
/// and the host is nobody's mailbox.
fn is_url_password(candidate: &Candidate<'_>) -> bool {
    let before = candidate.text_before_match();
    let word = before
        .rsplit(char::is_whitespace)
        .next()
        .unwrap_or_default();
    word.ends_with(':') && word.contains("://")
}
