//! Passwords after their name, in any of some languages.
//!
//! A password may look like anything, so the way it is written decides: a quoted value is one, and
//! so is what stands in a connection string or behind a variable of the environment; another bare
//! value must hold a digit among letters, or a sign that names in code do not have.

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};

use super::{
    Anchor, Candidate, Recognizer, Verdict, naming::Naming, randomness::random_length,
    stand_in::is_stand_in,
};
use crate::EntityKind;

pub(super) const RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        name: "password_assignment",
        anchor: Anchor::Literals(&[
            "pass",
            "pwd",
            "kennwort",
            "contraseña",
            "senha",
            "wachtwoord",
            "hasło",
            "parola",
            "lösenord",
            "пароль",
            "密码",
            "密碼",
            "パスワード",
            "비밀번호",
            "psk",
        ]),
        // `mot de` stands before the shorter anchor `pass`.
        before: 8,
        after: 96,
        pattern: concat!(
            r"(?i)(?:[_.-]pass|\bpass|(?:pass(?:w(?:or)?[dt]|phrase|code|wort)|pwd|kennwort|contraseña",
            r"|mot de passe|senha|wachtwoord|hasło|parola|lösenord|пароль|密码|密碼|パスワード|비밀번호|\bpsk)",
            r#"[a-z0-9_]{0,16})["'\]\\)]{0,3}?(?:(?:[ \t]{1,4}|\()\\?["']([^\s"'\\]{4,})["'\\]|[ \t]{0,24}"#,
            // What assigns; in Terraform the value is the default of a variable.
            r#"(?:"[ \t]*\{[^{}]*?\bdefault[ \t]*=|"[ \t]{1,4}value[ \t]?=|:=|=>|==|=|:|：|,|>"#,
            r"| (?:is|was|ist|lautet|es|est|è|é|jest|to) )[ \t]{0,24}",
            r#"(?:[a-z]?\\?["']([^\s"'\\]{4,})|([^\s"',;)<>&]{3,}[^\s"',;)<>&.:])))"#,
        ),
        validate: assigned,
        check: "a value that is no name or placeholder",
        examples: &[
            "password = \"correct-horse\"",
            "DB_PASSWORD=hunter22",
            "DB_PASS='hunter22'",
            "{\"password\":\"tr0ub4dor\"}",
            "my password is Tr0ub4dor&3",
            "the default password is 'horse'",
            "Pwd=a1b2c3d4;",
            "Server=db;User Id=app;Password=horse;",
            "REACT_APP_PASS=horse",
            "password 'horse'",
            "password                => 'horse'",
            "Das Passwort lautet Winter#22",
            "пароль: q1w2e3r4",
            "<password>hunter22</password>",
            "<add key=\"MailPassword\" value=\"horse$\"/>",
            "setPassword(\"hunter22\")",
            "psk=\"hunter22\"",
            "  password: qWzXvKjRtPl",
            "smtp_password = qwzxvkjrtplmnbgh",
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
            "passes: 12345678",
            "bypass = v1_enabled",
            "passwordLabel: \"Enter\"",
            "passwordField = '#add-password'",
            "PASSWORD=$1",
            "PL_PASS: c_int = 0x04",
            "check_password(\"horse\")",
            "password: passwordEncoder",
        ],
        ..PASSWORD
    },
    // A sentence, quoted.
    Recognizer {
        name: "passphrase",
        anchor: Anchor::Literals(&["passphrase"]),
        pattern: r#"(?i)passphrase["']?[ ]?(?::|=|is)[ ]?["']([a-z]{3,12}(?:[ -][a-z]{3,12}){2,9})["']"#,
        validate: |candidate| {
            Verdict::plausible_if(!is_stand_in(candidate.value()) && !is_prompt(candidate.value()))
        },
        check: "no prompt or placeholder",
        examples: &["passphrase: \"horse staple correct battery\""],
        counter_examples: &[
            "passphrase: \"Enter your passphrase again\"",
            "passphrase: horse staple",
        ],
        ..PASSWORD
    },
    Recognizer {
        name: "basic_credentials",
        anchor: Anchor::Literals(&["basic "]),
        pattern: r"(?i-u)\bbasic ([a-z0-9+/]{8,}={0,2})",
        validate: basic,
        check: "base64 of a name and a password",
        examples: &["Authorization: Basic dXNlcjpodW50ZXIyMg=="],
        counter_examples: &["basic understanding of the matter", "Basic authentication"],
        ..PASSWORD
    },
];

const PASSWORD: Recognizer = Recognizer {
    kind: EntityKind::Secret,
    // Windows go on to the end of the token, so this is room for what stands between.
    after: 64,
    score: 0.7,
    ..Recognizer::BASE
};

fn assigned(candidate: &Candidate<'_>) -> Verdict {
    let value = candidate.value();
    let matched = candidate.matched();
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let name_end = matched.find(|c| !is_name(c)).unwrap_or(matched.len());
    let name = matched.get(..name_end).unwrap_or_default();
    let is_code =
        value.contains(['(', '[']) || value.contains("://") || value.starts_with(['.', '+', '/']);
    let is_constant = value.starts_with("0x") && value.len() <= 10;
    let is_letters = value.bytes().all(|byte| byte.is_ascii_lowercase());
    let names_one = value.to_ascii_lowercase().contains("password");
    let is_name_of_one = names_one && !is_letters && !has_digit(value);
    let is_other = is_code || is_constant || is_name_of_one || Naming::of(name) == Naming::Public;
    Verdict::plausible_if(!is_other && !is_stand_in(value) && is_written_as_value(candidate, name))
}

/// Whether the way it is written makes the value a password.
fn is_written_as_value(candidate: &Candidate<'_>, name: &str) -> bool {
    let value = candidate.value();
    let (before, after) = (candidate.before(), candidate.after());
    if let Some(link) = before.strip_suffix(['"', '\'']) {
        let link = link.trim_end_matches(['\\', ' ', '\t']);
        let is_closed = after.starts_with(['"', '\'', '\\']);
        let is_listed = link.ends_with([',', '(']);
        let is_spoken = link.ends_with(char::is_alphanumeric);
        return is_telling(value) || !is_listed && (is_closed || !is_spoken);
    }
    let start = candidate.text_before_match();
    let is_in_connection = start.ends_with(';') && before.ends_with('=');
    let is_variable = name == name.to_ascii_uppercase()
        && before.ends_with('=')
        && start.ends_with(|c: char| c == '_' || c.is_ascii_uppercase())
        && (after.is_empty() || after.starts_with(['\n', '\r', ' ']));
    is_in_connection || is_variable || is_telling(value)
}

/// True when the value holds a digit among letters, or a sign that names in code do not have, or
/// letters drawn at random. A bare word may be a type, a variable or prose.
pub(super) fn is_telling(value: &str) -> bool {
    let of_names = |b: u8| matches!(b, b'.' | b'_' | b'-' | b',' | b':' | b'/');
    let is_symbol = |b: u8| b.is_ascii_punctuation() && !of_names(b);
    let has_letter = value.contains(char::is_alphabetic);
    let is_random = value.len() >= 8 && random_length(value) == value.len();
    value.bytes().any(is_symbol) || has_letter && has_digit(value) || has_letter && is_random
}

fn has_digit(value: &str) -> bool {
    value.contains(|c: char| c.is_ascii_digit())
}

/// True for `Enter your passphrase`: a label, not a value.
fn is_prompt(value: &str) -> bool {
    let mut words = value.split([' ', '-']);
    words.any(|word| {
        let of_labels = [
            "enter",
            "your",
            "the",
            "passphrase",
            "password",
            "must",
            "for",
            "please",
        ];
        of_labels
            .iter()
            .any(|known| word.eq_ignore_ascii_case(known))
    })
}

/// `user:password` in base64 (RFC 7617 section 2).
fn basic(candidate: &Candidate<'_>) -> Verdict {
    let value = candidate.value().trim_end_matches('=');
    let decoded = STANDARD_NO_PAD
        .decode(value)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok());
    Verdict::certain_if(
        decoded.is_some_and(|text| text.contains(':') && !text.contains(char::is_control)),
    )
}
