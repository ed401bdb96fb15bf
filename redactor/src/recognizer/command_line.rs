//! Passwords in the options of commands, in calls that take a user and a password, and in `.netrc`.

use super::{Anchor, Candidate, Recognizer, Verdict, stand_in::is_stand_in};
use crate::EntityKind;

pub(super) const RECOGNIZERS: &[Recognizer] = &[Recognizer {
    name: "password_option",
    kind: EntityKind::Secret,
    anchor: Anchor::Literals(&[
        "curl ",
        "wget ",
        "mysql",
        "mariadb",
        "sshpass",
        "docker login",
        "redis-cli",
        "mongo",
        "ldapsearch",
        "7z ",
        "unzip ",
        "zip ",
        "-pass",
        "-pwd",
        "smbclient",
        "htpasswd",
        "psexec",
        "machine ",
        "NetworkCredential",
        "ConvertTo-SecureString",
        "openssl ",
        "az login",
        "net use ",
        "snmp",
    ]),
    // White space and a hyphen stand before `-pass`.
    before: 2,
    pattern: concat!(
        // A user and a password in one.
        r#"(?:\b(?:curl|wget|smbclient)\b[^\n|;]*?\s(?:-u|-U|--user|--proxy-user)[ =]?["']?[^\s:%'"]+[:%]"#,
        // The options of single commands, then what they have in common.
        r"|\b(?:mysql(?:dump|admin)?|mariadb|7z)\b[^\n|;]*?\s-p",
        r"|\b(?:sshpass|docker login|az login|mongo(?:sh|dump|restore)?|unzip|zip|(?i:psexec))\b[^\n|;]*?\s-[pP][ ]",
        r"|\bredis-cli\b[^\n|;]*?\s-a[ ]|\bldapsearch\b[^\n|;]*?\s-w[ ]",
        r"|\bhtpasswd\b[^\n|;]*?\s-[A-Za-z]*b[A-Za-z]*[ ]\S+[ ]\S+[ ]",
        r"|\bopenssl\b[^\n|;]*?\s-[kK][ ]|\bnet use\b[^\n]*?/user:\S+[ ]",
        r"|\bsnmp-server community[ ]|\bsnmp(?:get|walk|set|bulkwalk)\b[^\n|;]*?\s-c[ ]",
        r"|\s--?(?i:password|passwd|pass|pwd)[ =]|-pass(?:in|out)[ ]pass:",
        // The lines of a .netrc file; calls in .NET and PowerShell.
        r"|\bmachine\s+\S+\s+login\s+\S+\s+password\s+",
        r#"|(?i:NetworkCredential)\(\s*"[^"\n]*",\s*|(?i:ConvertTo-SecureString)(?:\s+-String)?\s+)"#,
        r#"["']?([^\s"']{3,})"#,
    ),
    validate,
    check: "a value that is no name or placeholder",
    score: 0.7,
    examples: &[
        "curl -u deploy:hunter22 https://example.com",
        "curl -s https://example.com --user 'deploy:hunter22'",
        "mysql -h db.example.com -u root -phunter22 app",
        "sshpass -p hunter22 ssh deploy@example.com",
        "docker login -u deploy -p hunter22 example.com",
        "redis-cli -h cache.example.com -a hunter22 ping",
        "openssl rsa -in k.pem -passin pass:hunter22",
        "deploy --password horse --verbose",
        "Connect-Server -User deploy -Password horse",
        "new NetworkCredential(\"deploy\", \"horse\")",
        "openssl enc -aes-256-cbc -k hunter22 -in x",
        "net use \\\\files\\x /user:jdoe hunter22",
        "snmp-server community hunter22 RO",
    ],
    counter_examples: &[
        "curl -u deploy https://example.com",
        "curl -u $USER:$PASSWORD https://example.com",
        "mysql -u root -p app",
        "docker login -u deploy --password-stdin",
        "redis-cli -h cache.example.com ping",
        "deploy --password $PASSWORD",
        "Connect-Server -Password (Read-Host)",
        "the --user and --password options",
    ],
    ..Recognizer::BASE
}];

fn validate(candidate: &Candidate<'_>) -> Verdict {
    let value = candidate.value();
    let is_code = value.starts_with(['(', '-', '`', '|', '\\']);
    Verdict::plausible_if(!is_code && !is_stand_in(value) && !PROSE.contains(&value))
}

/// Words behind an option that a sentence speaks of: "the --password option".
const PROSE: &[&str] = &[
    "and",
    "argument",
    "arguments",
    "flag",
    "flags",
    "for",
    "from",
    "in",
    "instead",
    "is",
    "on",
    "option",
    "options",
    "or",
    "parameter",
    "should",
    "switch",
    "to",
    "was",
    "with",
];
