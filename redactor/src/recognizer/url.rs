//! Web addresses: RFC 3986 with `http`, `https`, `ftp` or `www.`, and bare domains with context.
//!
//! HIPAA counts every web address as an identifier (45 CFR 164.514(b)(2)(i)(N)), and the page of a
//! person or a shared file is one; the manual of a library is none. So an address is a finding
//! unless its host is one of these:
//!
//! - reserved or local (RFC 2606, RFC 6761, a single label, an IP address): it belongs to nobody;
//! - public reading ([`host`]): code hosts, package registries, standards, manuals. Most
//!   questions to an LLM cite them, and replacing them would break the question.
//!
//! Even there a path or query that names a person (`/users/jane`, `?email=`) makes the whole
//! address a finding. Values inside of an address are found by their own recognizers either way.

mod host;
mod person;

use super::{Anchor, Candidate, Recognizer, Verdict};
use crate::EntityKind;
use host::Owner;

pub(super) const RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        name: "url",
        anchor: Anchor::Literals(&["http://", "https://", "ftp://"]),
        before: 1,
        after: 2048,
        // Punctuation at the end belongs to the sentence.
        pattern: concat!(
            r#"\b(?i:https?|ftp)://[^\s"'`<>(){}|\\^。，、；）】」』]*"#,
            r"[\p{L}\p{N}/=#&_~%+-]",
        ),
        validate: with_scheme,
        check: "a host that is neither reserved nor public reading",
        score: 0.65,
        examples: &[
            "see http://www.jane-doe.info/",
            "files at https://share.acme-clinic.org/s/a8eedfd6?q=1&b=2.",
            "https://www.example.org/patients/jane-doe",
            "https://github.com/users/janedoe",
            "https://github.com/janedoe",
            "http://wiki.corp/people/jane.doe",
            "[page](https://janedoe.net).",
            "https://docs.rs/x?email=a.b%40c.d",
        ],
        counter_examples: &[
            "https://docs.rs/regex/latest/regex/",
            "http://localhost:8080/users/1",
            "https://{host}/x",
            "https://example.com/docs",
            "xmlns=\"http://acme-clinic.org/ns\"",
            "http://gateway:8080/healthz",
            "http://$HOST/x",
            "https://…",
            "https://api.example.com/users/{id}",
            "https://api.${zone}.acme.cloud",
            "https://acme.cloud/${id}",
        ],
        ..URL
    },
    Recognizer {
        name: "url_www",
        anchor: Anchor::Literals(&["www."]),
        before: 1,
        after: 512,
        pattern: r#"\b(?i:www)\.[^\s"'`<>(){}|\\^。，、；）】」』]*[\p{L}\p{N}/=#&_~%+-]"#,
        validate: without_scheme,
        check: "a host that is neither reserved nor public reading",
        score: 0.65,
        examples: &["my page is www.jane-doe.info.", "WWW.ACME-CLINIC.ORG/team"],
        counter_examples: &[
            "www.acme",
            "http://www.w3.org/1999/xhtml",
            "www.example.com",
        ],
        ..URL
    },
    Recognizer {
        name: "url_domain",
        anchor: Anchor::Literals(&[
            ".com",
            ".org",
            ".net",
            ".edu",
            ".gov",
            ".info",
            ".biz",
            ".co.",
            "website",
            "web site",
            "homepage",
            "home page",
            "domain",
            "webseite",
            "web:",
            "url:",
            "blog",
            "sitio web",
            "sito web",
            "сайт",
        ]),
        before: 64,
        after: 96,
        pattern: concat!(
            r"(?i-u)\b[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*\.(?:com|org|net|edu|gov|info|biz|io|ai|app|dev|me|co|eu|",
            r"uk|ie|de|at|ch|fr|be|nl|lu|es|pt|it|gr|pl|cz|sk|hu|ro|bg|hr|si|se|dk|no|fi|is|ee|lv|lt|ru|ua|tr|",
            r"il|in|cn|jp|kr|tw|hk|sg|th|vn|id|ph|my|au|nz|za|ca|us|mx|br|ar|cl)\b",
            r#"(?:/[\x21\x23-\x26\x2a-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7a\x7e]*[a-z0-9/=#&_~%+-])?"#,
        ),
        validate: domain,
        context: &[
            "website",
            "websites",
            "web",
            "site",
            "sites",
            "homepage",
            "home page",
            "domain",
            "domains",
            "url",
            "urls",
            "blog",
            "visit",
            "webseite",
            "webseiten",
            "seite",
            "sitio",
            "página",
            "pagina",
            "sito",
            "strona",
            "сайт",
        ],
        check: "a top-level domain that exists",
        score: 0.3,
        examples: &[
            "website: jane-doe.info",
            "my domains: acme-clinic.com acme.co.il",
            "acme-clinic.org",
            "it is at linkedin.com/in/janedoe",
        ],
        counter_examples: &[
            "jane@acme-clinic.org",
            "powered by acme.io and others",
            "site = obj.id",
            "node.io/",
            "https://docs.rs/x.de",
        ],
        ..URL
    },
];

const URL: Recognizer = Recognizer {
    kind: EntityKind::Url,
    ..Recognizer::BASE
};

fn with_scheme(candidate: &Candidate<'_>) -> Verdict {
    let address = candidate.value();
    let Some((_, address)) = address.split_once("://") else {
        return Verdict::Reject;
    };
    // The rest of a template is no address.
    let is_template = candidate.after().starts_with(['{', '<', '$', '%']);
    Verdict::plausible_if(!is_template && !is_namespace(candidate) && identifies(address))
}

fn without_scheme(candidate: &Candidate<'_>) -> Verdict {
    let (host, _) = parts(candidate.value());
    let is_whole = host.split('.').filter(|label| !label.is_empty()).count() > 2;
    Verdict::plausible_if(is_whole && begins_here(candidate) && identifies(candidate.value()))
}

/// A bare domain takes a word for it, a path that names a person, or to be the whole message.
fn domain(candidate: &Candidate<'_>) -> Verdict {
    let address = candidate.value();
    let after = candidate.after();
    let is_chained = after
        .strip_prefix('.')
        .is_some_and(|rest| rest.starts_with(|c: char| !c.is_whitespace()));
    let is_member = is_chained || after.starts_with(['(', '@', '=', ':', '_']);
    if is_member || !begins_here(candidate) || !identifies(address) {
        return Verdict::Reject;
    }
    if candidate.is_whole_text() || person::is_named_in(parts(address).1) {
        Verdict::Certain
    } else {
        // `site = obj.id`: members of objects look like domains of two letters.
        let is_assigned = candidate
            .just_before()
            .trim_end()
            .ends_with(['=', '(', '[']);
        Verdict::plausible_if(!is_assigned)
    }
}

/// False inside an e-mail address, a path, or an address with a scheme.
fn begins_here(candidate: &Candidate<'_>) -> bool {
    !candidate
        .before()
        .ends_with(['@', '/', '.', '-', '_', '%', '=', '\\', '$', '&'])
}

/// True for names of vocabularies, which only look like addresses.
fn is_namespace(candidate: &Candidate<'_>) -> bool {
    let line = candidate.just_before().rsplit('\n').next();
    line.is_some_and(|line| NAMESPACES.iter().any(|word| line.contains(word)))
}

const NAMESPACES: &[&str] = &[
    "xmlns",
    "schemaLocation",
    "$schema",
    "DOCTYPE",
    "PREFIX",
    "@prefix",
];

/// True when the address (without its scheme) may lead to a person.
fn identifies(address: &str) -> bool {
    let (host, path) = parts(address);
    match host::owner(host) {
        Owner::Nobody => false,
        Owner::Everybody => {
            person::is_named_in(path) || host::has_profiles(host) && person::is_profile(path)
        }
        Owner::Somebody => true,
    }
}

/// The host, without user information (RFC 3986 section 3.2.1) and port; and path, query, fragment.
fn parts(address: &str) -> (&str, &str) {
    let end = address.find(['/', '?', '#']).unwrap_or(address.len());
    let (authority, path) = address.split_at_checked(end).unwrap_or((address, ""));
    let host = authority.rsplit('@').next().unwrap_or_default();
    (host.split(':').next().unwrap_or_default(), path)
}
