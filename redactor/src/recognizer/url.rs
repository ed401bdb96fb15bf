//! Web addresses: RFC 3986 with `http`, `https`, `ftp` or `www.`, and bare domains with context.
//!
//! HIPAA counts every web address as an identifier (45 CFR 164.514(b)(2)(i)(N)), and the page of a
//! person or a shared file is one; the manual of a library is none. So an address is a finding
//! unless its host is one of these:
//!
//! - reserved or local (RFC 2606, RFC 6761, a single label, an IP address): it belongs to nobody;
//! - public reading ([`PUBLIC`]): code hosts, package registries, standards, manuals. Most
//!   questions to an LLM cite them, and replacing them would break the question.
//!
//! Even there a path or query that names a person (`/users/jane`, `?email=`) makes the whole
//! address a finding. Values inside of an address are found by their own recognizers either way.

use super::{Anchor, Candidate, Recognizer, Verdict, stand_in::is_stand_in};
use crate::EntityKind;

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
        score: 0.65,
        examples: &[
            "see http://www.jane-doe.info/",
            "files at https://share.acme-clinic.org/s/a8eedfd6?q=1&b=2.",
            "https://www.example.org/patients/jane-doe",
            "https://github.com/users/janedoe",
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
    let host = host(candidate.value());
    let is_whole = host.split('.').filter(|label| !label.is_empty()).count() > 2;
    Verdict::plausible_if(is_whole && begins_here(candidate) && identifies(candidate.value()))
}

/// A bare domain takes a word for it, a path that names a person, or to be the whole message.
fn domain(candidate: &Candidate<'_>) -> Verdict {
    let address = candidate.value();
    let is_member = candidate.after().starts_with(['(', '@', '=', ':', '_'])
        || candidate.after().starts_with('.')
            && candidate
                .after()
                .get(1..2)
                .is_some_and(|c| c.trim() == c && !c.is_empty());
    if is_member || !begins_here(candidate) || !identifies(address) {
        return Verdict::Reject;
    }
    if candidate.is_whole_text() || names_a_person(path(address)) {
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
        .ends_with(['@', '/', '.', '-', '_', '%', '=', '\\', '$', '&', ':'])
}

/// True for names of vocabularies, which only look like addresses.
fn is_namespace(candidate: &Candidate<'_>) -> bool {
    let before = candidate.before();
    let start = before.floor_char_boundary(before.len().saturating_sub(32));
    let near = before.get(start..).unwrap_or_default().rsplit('\n').next();
    near.is_some_and(|line| NAMESPACES.iter().any(|word| line.contains(word)))
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
    let host = host(address);
    if host.is_empty() || is_local(host) || host.starts_with(['$', '%', '*', '[', ':']) {
        return false;
    }
    !(is_reserved(host) || is_public(host)) || names_a_person(path(address))
}

/// The host, without user information (RFC 3986 section 3.2.1) and port.
fn host(address: &str) -> &str {
    let end = address.find(['/', '?', '#']).unwrap_or(address.len());
    let authority = address.get(..end).unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    host.split(':').next().unwrap_or_default()
}

/// Path, query and fragment.
fn path(address: &str) -> &str {
    let start = address.find(['/', '?', '#']).unwrap_or(address.len());
    address.get(start..).unwrap_or_default()
}

/// A single label, a name for local use (RFC 6762, RFC 9476 and custom), or an IPv4 address, which
/// is found on its own.
fn is_local(host: &str) -> bool {
    let Some((_, last)) = host.rsplit_once('.') else {
        return true;
    };
    let is_number = last.bytes().all(|b| b.is_ascii_digit());
    is_number || LOCAL.iter().any(|name| last.eq_ignore_ascii_case(name))
}

const LOCAL: &[&str] = &[
    "local",
    "localhost",
    "internal",
    "intranet",
    "lan",
    "home",
    "corp",
    "svc",
    "test",
    "invalid",
    "onion",
    "arpa",
];

/// Names that RFC 2606 reserves for documentation.
fn is_reserved(host: &str) -> bool {
    let mut labels = host.rsplit('.');
    let last = labels.next().unwrap_or_default();
    let second = labels.next().unwrap_or_default();
    last.eq_ignore_ascii_case("example") || second.eq_ignore_ascii_case("example")
}

/// True for the hosts of [`PUBLIC`] and all below them.
fn is_public(host: &str) -> bool {
    PUBLIC.split(' ').any(|known| {
        let start = host.len().checked_sub(known.len());
        let Some((above, end)) = start.and_then(|start| host.split_at_checked(start)) else {
            return false;
        };
        end.eq_ignore_ascii_case(known) && (above.is_empty() || above.ends_with('.'))
    })
}

/// Hosts of code, packages, standards and manuals, not of people's pages or files.
const PUBLIC: &str = "\
    github.com githubusercontent.com gitlab.com bitbucket.org codeberg.org sr.ht sourceforge.net \
    gitea.com go.dev golang.org gopkg.in crates.io docs.rs rust-lang.org rustup.rs lib.rs npmjs.com \
    npmjs.org nodejs.org pypi.org pythonhosted.org python.org readthedocs.io readthedocs.org \
    rubygems.org packagist.org php.net nuget.org maven.org mvnrepository.com apache.org \
    hackage.haskell.org haskell.org cran.r-project.org unpkg.com jsdelivr.net cloudflare.com \
    docker.com docker.io ghcr.io quay.io gcr.io k8s.io kubernetes.io helm.sh grafana.com \
    prometheus.io opentelemetry.io cncf.io w3.org whatwg.org ietf.org rfc-editor.org iana.org \
    iso.org ecma-international.org unicode.org itu.int json-schema.org schema.org json.org \
    yaml.org toml.io semver.org keepachangelog.com conventionalcommits.org spdx.org opensource.org \
    gnu.org fsf.org mozilla.org creativecommons.org linuxfoundation.org kernel.org freedesktop.org \
    debian.org ubuntu.com launchpad.net redhat.com fedoraproject.org archlinux.org alpinelinux.org \
    man7.org llvm.org gcc.gnu.org cppreference.com learn.microsoft.com \
    docs.microsoft.com schemas.microsoft.com schemas.xmlsoap.org schemas.openxmlformats.org \
    schemas.android.com developer.apple.com developer.android.com developers.google.com \
    cloud.google.com googleapis.com docs.aws.amazon.com aws.amazon.com java.sun.com docs.oracle.com \
    openjdk.org jetbrains.com kotlinlang.org swift.org scala-lang.org ruby-lang.org perl.org \
    typescriptlang.org reactjs.org react.dev vuejs.org angular.io jquery.com bootstrapcdn.com \
    stackoverflow.com stackexchange.com wikipedia.org wikimedia.org wikidata.org arxiv.org doi.org \
    acm.org ieee.org usenix.org nist.gov cve.org mitre.org owasp.org hl7.org loinc.org snomed.info \
    purl.org xmlsoap.org huggingface.co pytorch.org tensorflow.org onnx.ai onnxruntime.ai openai.com \
    anthropic.com nvidia.com intel.com arm.com postgresql.org mysql.com sqlite.org mongodb.com \
    redis.io elastic.co nginx.org nginx.com letsencrypt.org openssl.org curl.se git-scm.com \
    travis-ci.org travis-ci.com circleci.com codecov.io coveralls.io shields.io badge.fury.io \
    appveyor.com deps.rs repology.org bestpractices.dev discord.gg gitter.im zulipchat.com \
    developer.mozilla.org tokio.rs serde.rs webassembly.org";

/// True when the path or query names a person: `/users/jane`, `/~jane`, `/@jane`, `?email=...`.
fn names_a_person(path: &str) -> bool {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let mut segments = path
        .split(['/', '#'])
        .filter(|segment| !segment.is_empty())
        .peekable();
    let mut in_path = false;
    while let Some(segment) = segments.next() {
        let owner = segments.peek().filter(|next| is_value(next));
        let is_folder = FOLDERS
            .iter()
            .any(|known| segment.eq_ignore_ascii_case(known));
        let is_home = segment.strip_prefix(['~', '@']).is_some_and(is_value);
        in_path |= is_home || is_folder && owner.is_some();
    }
    in_path || query.split(['&', ';']).any(is_personal_field)
}

fn is_personal_field(field: &str) -> bool {
    let (key, value) = field.split_once('=').unwrap_or((field, ""));
    is_value(value) && FIELDS.iter().any(|known| key.eq_ignore_ascii_case(known))
}

/// False for what documentation writes in place of a value.
fn is_value(text: &str) -> bool {
    text.len() > 1
        && text.starts_with(|c: char| c.is_alphanumeric())
        && !is_stand_in(text)
        && !matches!(
            text,
            "id" | "name" | "me" | "user" | "username" | "login" | "new" | "search"
        )
}

/// Folders with an entry a person.
const FOLDERS: &[&str] = &[
    "user",
    "users",
    "u",
    "in",
    "profile",
    "profiles",
    "people",
    "person",
    "patient",
    "patients",
    "member",
    "members",
    "customer",
    "customers",
    "client",
    "clients",
    "account",
    "accounts",
    "employee",
    "employees",
    "student",
    "students",
    "author",
    "authors",
];

/// Fields of a query with something about a person.
const FIELDS: &[&str] = &[
    "user",
    "username",
    "user_name",
    "userid",
    "user_id",
    "uid",
    "login",
    "name",
    "fullname",
    "full_name",
    "firstname",
    "first_name",
    "lastname",
    "last_name",
    "surname",
    "email",
    "e-mail",
    "mail",
    "phone",
    "tel",
    "mobile",
    "patient",
    "patient_id",
    "patientid",
    "customer",
    "customer_id",
    "member",
    "member_id",
    "account",
    "account_id",
    "ssn",
    "dob",
    "birthdate",
    "birthday",
    "address",
    "iban",
    "card",
];
