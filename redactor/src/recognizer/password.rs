//! Passwords: after their name in any of some languages, and in the options of commands.
//!
//! A password may look like anything, so the way it is written decides: a quoted value is one, a
//! bare one must hold a digit or a sign that names in code do not have.

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};

use super::{
    Anchor, Candidate, Recognizer, Verdict, naming::Naming, randomness::is_generated,
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
        ]),
        pattern: concat!(
            r"(?i)(?:[_.-]pass|\bpass|(?:pass(?:w(?:or)?[dt]|phrase|code|wort)|pwd|kennwort|contraseña",
            r"|mot de passe|senha|wachtwoord|hasło|parola|lösenord|пароль|密码|密碼|パスワード|비밀번호)",
            r#"[a-z0-9_]{0,16})["'\]\\)]{0,3}?[ \t]{0,4}"#,
            // What assigns; in Terraform the value is the default of a variable.
            r#"(?:"[ \t]*\{[^{}]{0,160}?\bdefault[ \t]*=|:=|=>|==|=|:|：|,|>| (?:is|was|ist|lautet|es|est|è|é|jest|to) )[ \t]{0,4}"#,
            r#"(?:[a-z]?\\?["']([^\s"'\\]{4,256})|([^\s"',;)<>&]{3,255}[^\s"',;)<>&.:]))"#,
        ),
        // `mot de` stands before the shorter anchor `pass`.
        before: 8,
        validate: assigned,
        examples: &[
            "password = \"correct-horse\"",
            "DB_PASSWORD=hunter22",
            "DB_PASS='hunter22'",
            "{\"password\":\"tr0ub4dor\"}",
            "my password is Tr0ub4dor&3",
            "Pwd=a1b2c3d4;",
            "Das Passwort lautet Winter#22",
            "пароль: q1w2e3r4",
            "<password>hunter22</password>",
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
        ],
        ..PASSWORD
    },
    Recognizer {
        name: "password_option",
        anchor: Anchor::Literals(&[
            "curl ",
            "wget ",
            "mysql",
            "mariadb",
            "sshpass",
            "docker login",
            "redis-cli",
            "mongo",
            "psql ",
            "ldapsearch",
            "7z ",
            "unzip ",
            "zip ",
            "-passin",
            "-passout",
            "smbclient",
            "htpasswd",
            "machine ",
        ]),
        after: 256,
        pattern: concat!(
            r#"(?:\b(?:curl|wget|smbclient)\b[^\n|;]{0,200}?\s(?:-u|-U|--user|--proxy-user)[ =]?["']?[^\s:%'"]{1,64}[:%]"#,
            r#"|\b(?:mysql(?:dump|admin)?|mariadb|7z)\b[^\n|;]{0,200}?\s-p"#,
            r#"|\b(?:sshpass|docker login|mongo(?:sh|dump|restore)?|unzip|zip)\b[^\n|;]{0,200}?\s(?:-p|-P)[ ]"#,
            r#"|\bredis-cli\b[^\n|;]{0,200}?\s-a[ ]|\bldapsearch\b[^\n|;]{0,200}?\s-w[ ]"#,
            r#"|\bhtpasswd\b[^\n|;]{0,64}?\s-\w{0,4}b\w{0,4}[ ]\S{1,64}[ ]\S{1,64}[ ]|-pass(?:in|out)[ ]pass:"#,
            // The lines of a .netrc file.
            r#"|\bmachine\s+\S{1,253}\s+login\s+\S{1,128}\s+password\s+)"#,
            r#"["']?([^\s"']{3,128})"#,
        ),
        validate: option,
        examples: &[
            "curl -u deploy:hunter22 https://example.com",
            "curl -s https://example.com --user 'deploy:hunter22'",
            "mysql -h db.example.com -u root -phunter22 app",
            "sshpass -p hunter22 ssh deploy@example.com",
            "docker login -u deploy -p hunter22 example.com",
            "redis-cli -h cache.example.com -a hunter22 ping",
            "openssl rsa -in k.pem -passin pass:hunter22",
        ],
        counter_examples: &[
            "curl -u deploy https://example.com",
            "curl -u $USER:$PASSWORD https://example.com",
            "mysql -u root -p app",
            "docker login -u deploy --password-stdin",
            "redis-cli -h cache.example.com ping",
        ],
        ..PASSWORD
    },
    Recognizer {
        name: "basic_credentials",
        anchor: Anchor::Literals(&["basic "]),
        pattern: r"(?i-u)\bbasic ([a-z0-9+/]{8,}={0,2})",
        validate: basic,
        examples: &["Authorization: Basic dXNlcjpodW50ZXIyMg=="],
        counter_examples: &["basic understanding of the matter", "Basic authentication"],
        ..PASSWORD
    },
    Recognizer {
        name: "secret_by_label",
        anchor: Anchor::Label(&[
            "pass",
            "pwd",
            "kennwort",
            "contraseña",
            "secret",
            "token",
            "key",
            "credential",
            "authorization",
            "cookie",
        ]),
        pattern: r"^\s*(?:(?i:bearer|basic|token) )?(\S{6,512})\s*$",
        validate: by_label,
        examples: &[
            "password <- tr0ub4dor",
            "Authorization <- Bearer a1b2c3d4e5f6",
            "apiKey <- a1b2c3d4e5f6",
        ],
        counter_examples: &[
            "max_tokens <- 1024",
            "password <- ${DB_PASSWORD}",
            "title <- tr0ub4dor",
            "token_type <- bearer",
            "public_key <- a1b2c3d4e5f6",
            "key <- cache:1024",
        ],
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
    let before_value = candidate.before();
    let is_quoted = before_value.ends_with(['"', '\'']);
    let link = before_value.trim_end_matches(['"', '\'', ' ']);
    let is_spoken = link.ends_with(|c: char| c == ',' || c.is_alphabetic());
    let is_code = value.contains(['(', '[']);
    let is_password = is_quoted && !is_spoken || !is_code && is_telling(value);
    Verdict::plausible_if(is_password && !is_stand_in(value))
}

fn option(candidate: &Candidate<'_>) -> Verdict {
    Verdict::certain_if(!is_stand_in(candidate.value()))
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

fn by_label(candidate: &Candidate<'_>) -> Verdict {
    let value = candidate.value();
    let is_secret = match candidate.label().map(Naming::of) {
        Some(Naming::Secret) => is_telling(value),
        Some(Naming::Weak) => is_generated(value, 16),
        Some(Naming::Other) => is_generated(value, 20),
        Some(Naming::Public) | None => false,
    };
    Verdict::plausible_if(is_secret && !is_stand_in(value))
}

/// True when the value holds a digit among letters, or a sign that names in code do not have. A bare
/// word may be a type, a variable or prose.
fn is_telling(value: &str) -> bool {
    let of_names = |b: u8| matches!(b, b'.' | b'_' | b'-' | b',' | b':' | b'/');
    let is_symbol = |b: u8| b.is_ascii_punctuation() && !of_names(b);
    let has_letter = value.contains(char::is_alphabetic);
    value
        .bytes()
        .any(|b| is_symbol(b) || has_letter && b.is_ascii_digit())
}
