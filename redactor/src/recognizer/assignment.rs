//! Secrets that are known by their name: `password = ...`, `"api_key": "..."`, `TOKEN=...`.

use super::{
    Anchor, Candidate, Recognizer, Verdict,
    randomness::{is_stand_in, looks_random},
};
use crate::EntityKind;

pub(super) const RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        name: "password_assignment",
        anchor: Anchor::Literals(&[
            "passw",
            "passphrase",
            "passcode",
            "pwd",
            "kennwort",
            "contraseña",
        ]),
        pattern: concat!(
            r"(?i)(?:password|passwd|passphrase|passcode|passwort|pwd|kennwort|contraseña)",
            r#"[a-z0-9_]{0,16}["'\]\\]{0,3}[ \t]{0,4}(?::=|=>|=|:| is )[ \t]{0,4}"#,
            r#"(?:\\?["']([^\s"'\\]{4,256})|([^\s"',;)<>&]{4,256}))"#,
        ),
        validate: password,
        examples: &[
            "password = \"correct-horse\"",
            "DB_PASSWORD=hunter22",
            "{\"password\":\"tr0ub4dor\"}",
            "my password is Tr0ub4dor&3",
            "Pwd=a1b2c3d4;",
        ],
        counter_examples: &[
            "password: ${DB_PASSWORD}",
            "password = get_password()",
            "password=args.password",
            "password: string",
            "password: ********",
            "\"password\": \"[SECRET_1]\"",
            "the password is required",
            "password = None",
        ],
        ..SECRET
    },
    Recognizer {
        name: "secret_assignment",
        anchor: Anchor::Literals(&[
            "secret",
            "token",
            "key",
            "credential",
            "auth",
            "bearer",
            "access",
            "private",
        ]),
        before: 12,
        pattern: concat!(
            r"(?i)(?:secret|token|credentials?|auth|bearer|access|private|api[ _.-]?key|",
            r"(?:account|encryption|license|master|service|shared|signing)[ _.-]?key|[a-z0-9_.-]key|\bkey)",
            r#"[a-z0-9_.-]{0,24}["'\]\\]{0,3}"#,
            r#"[ \t]{0,4}(?::=|=>|=|:|[ \t]|\b-)[ \t]{0,4}\\?["'`]?(?:(?:bearer|basic|token|key)[ ]{1,2})?"#,
            r#"([A-Za-z0-9+/_.~=$%!@#^*|:{}-]{8,})"#,
        ),
        validate: secret,
        examples: &[
            "SECRET_KEY = 'q7w8e9r0t1y2u3i4'",
            "export API_TOKEN=a1b2c3d4e5f6g7h8",
            "{\"client_secret\": \"Zm9vYmFyMTIzNDU2\"}",
            "Authorization: Bearer a1b2c3d4e5f6g7h8i9",
            "stripe.api_key => a1b2c3d4e5f6g7h8",
            "somevendor key: a1b2c3d4e5f6g7h8i9j0",
            "somevendor KEY a1b2c3d4e5f6g7h8i9j0",
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
        ],
        ..SECRET
    },
    Recognizer {
        name: "secret_by_label",
        anchor: Anchor::Label(&[
            "password",
            "passwd",
            "passphrase",
            "pwd",
            "secret",
            "token",
            "api_key",
            "apikey",
            "api-key",
            "private_key",
            "access_key",
            "credential",
            "authorization",
        ]),
        pattern: r"^\s*(?:(?i:bearer|basic|token) )?(\S{6,512})\s*$",
        validate: by_label,
        examples: &[
            "password <- tr0ub4dor",
            "Authorization <- Bearer a1b2c3d4e5f6",
        ],
        counter_examples: &[
            "max_tokens <- 1024",
            "password <- ${DB_PASSWORD}",
            "title <- tr0ub4dor",
            "token_type <- bearer",
        ],
        ..SECRET
    },
];

const SECRET: Recognizer = Recognizer {
    kind: EntityKind::Secret,
    // Windows go on to the end of the token, so this is room for what stands between.
    after: 64,
    score: 0.7,
    ..Recognizer::BASE
};

fn password(candidate: &Candidate<'_>) -> Verdict {
    let value = candidate.value();
    let is_quoted = candidate.before().ends_with(['"', '\'']);
    let is_spoken = candidate.matched().to_ascii_lowercase().contains(" is ");
    let has_digit = value.contains(|c: char| c.is_ascii_digit());
    let is_code = value.contains(['(', '[']);
    // A bare word may be a type, a variable or prose: it takes more than letters to be a password.
    let is_telling = is_quoted && !is_spoken || !is_code && (has_digit || has_symbol(value));
    Verdict::plausible_if(is_telling && !is_stand_in(value))
}

fn secret(candidate: &Candidate<'_>) -> Verdict {
    let value = candidate.value();
    let is_code = candidate.after().starts_with(['(', '[']) || value.contains("://");
    let name = name(candidate);
    let is_assigned = separator(candidate).contains([':', '=']);
    // The weaker the sign that a secret follows, the more of it there must be.
    let least = match name.as_str() {
        "key" | "private" | "access" | "auth" => 16,
        _ if is_assigned => 8,
        _ => 16,
    };
    let is_long = value.len() >= least && (is_assigned || !value.contains(['=', ':']));
    let is_secret = !is_code && is_long && !names_something_public(&name);
    Verdict::plausible_if(is_secret && !is_stand_in(value) && looks_random(value))
}

fn by_label(candidate: &Candidate<'_>) -> Verdict {
    let value = candidate.value();
    Verdict::plausible_if(!is_stand_in(value) && (looks_random(value) || has_symbol(value)))
}

/// The whole name that the value is assigned to, in lower case.
fn name(candidate: &Candidate<'_>) -> String {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let matched = candidate.matched();
    let before = candidate.text_before_match();
    let start = before
        .rfind(|c| !is_name(c))
        .map_or(0, |at| before.ceil_char_boundary(at + 1));
    let end = matched.find(|c| !is_name(c)).unwrap_or(matched.len());
    let parts = [before.get(start..), matched.get(..end)];
    parts
        .into_iter()
        .flatten()
        .collect::<String>()
        .to_ascii_lowercase()
}

/// What stands between the name and the value.
fn separator<'t>(candidate: &Candidate<'t>) -> &'t str {
    let before_value = candidate
        .matched()
        .strip_suffix(candidate.value())
        .unwrap_or_default();
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
    before_value.trim_start_matches(is_name)
}

/// True for `credentials_id`, `key_file`, `public_key`: no secrets, whatever their values look like.
fn names_something_public(name: &str) -> bool {
    name.contains("public") || name.contains("pub_") || PUBLIC.iter().any(|end| name.ends_with(end))
}

const PUBLIC: &[&str] = &[
    "_id",
    "sid",
    "keyid",
    "accessid",
    "optionid",
    "credentialsid",
    "tokenid",
    "url",
    "uri",
    "file",
    "path",
    "name",
    "type",
    "audience",
    "chars",
    "count",
    "length",
    "size",
    "version",
    "hash",
    "digest",
];

/// True when the value holds something that names in code do not.
fn has_symbol(value: &str) -> bool {
    let of_names = |b: u8| matches!(b, b'.' | b'_' | b'-' | b',' | b':' | b'/');
    value
        .bytes()
        .any(|b| b.is_ascii_punctuation() && !of_names(b))
}
