//! Login names and handles: behind a word for them, in home directories, before `@host` of a remote
//! shell, and `@handle`.
//!
//! The finding is the name alone. Names that belong to a system or stand for any user (`root`,
//! `admin`, `me`) identify nobody and are left. Not caught: a bare name without any of these signs.

use super::{Anchor, Candidate, Recognizer, Verdict, stand_in::is_stand_in};
use crate::{EntityKind, word_list::is_listed};

pub(super) const RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        name: "username_assignment",
        anchor: Anchor::Literals(&[
            "user",
            "login",
            "logon",
            "uname",
            "account name",
            "screen name",
            "benutzer",
            "utilisateur",
            "identifiant",
            "usuario",
            "utente",
            "gebruiker",
            "usuário",
        ]),
        before: 8,
        after: 40,
        pattern: concat!(
            r"(?i)(?:\b|_)(?:user(?:[ _-]?(?:name|id|login))?|login(?:[ _-]?(?:name|id))?|logon(?:[ _-]?name)?|uname",
            r"|account name|screen name|benutzer(?:name|kennung)?|(?:nom d'|nom )?utilisateur|identifiant",
            r"|(?:nombre de )?usuario|(?:nome )?utente|gebruiker(?:snaam)?|usuário)",
            r#"(?:\\?["'])?(?: ?[:=] ?| is | ist | est | es | è )(?:\\?["'])?"#,
            r"@?([A-Z0-9][A-Z0-9_.-]{1,38}[A-Z0-9])\b",
        ),
        validate: assigned,
        check: "no name of a system",
        score: 0.7,
        examples: &[
            "WARN auth user=jdoe42 ip=203.0.113.7",
            "username: \"jane_doe\"",
            "{\"login\":\"jdoe\"}",
            "Benutzername: jdoe7",
            "user=jdoe action=login",
            "my username is jane.doe",
            "Login: jdoe\nShell: zsh",
        ],
        counter_examples: &[
            "user = get_user()",
            "user=request.user.name",
            "login(user=user, x=1)",
            "username: String,",
            "user: User;",
            "user=root",
            "user: {name}",
            "the user is able to log in",
            "username: your_username",
            "login: handler,",
            "username: str",
        ],
        ..USERNAME
    },
    Recognizer {
        name: "username_log",
        anchor: Anchor::Literals(&["user ", "login "]),
        before: 16,
        after: 48,
        pattern: concat!(
            r"(?i)\b(?:(?:for|invalid|by|of|from)(?: invalid)? user ([A-Z][A-Z0-9_.-]*[A-Z0-9])",
            r"(?: from\b|\(uid| by \(uid|$|\n| port\b)",
            r"|(?:user|login) ([A-Z][A-Z0-9_.-]*[A-Z0-9]) (?:has )?(?:logged|signed|failed|connected|",
            r"disconnected|authenticated|locked out)\b)",
        ),
        validate: plain,
        check: "no name of a system",
        score: 0.7,
        examples: &[
            "Failed password for invalid user jdoe from 203.0.113.7 port 22",
            "session opened for user jdoe(uid=1000) by (uid=0)",
            "user jdoe logged in",
        ],
        counter_examples: &[
            "session opened for user root(uid=0)",
            "a table for user input from forms",
            "wait for user interaction",
            "the user has logged in",
        ],
        ..USERNAME
    },
    Recognizer {
        name: "username_home",
        anchor: Anchor::Literals(&["/home/", "/users/", "\\users\\", "settings\\"]),
        before: 40,
        after: 40,
        pattern: concat!(
            r"(?:(?:^|[^A-Za-z0-9_.-])(?:/var|/export|/nfs)?/(?:home|Users)/",
            r"|(?i:(?:[a-z]:|\\\\[a-z0-9.-]+)(?:\\\\?|/)(?:users|documents and settings)(?:\\\\?|/)))",
            r#"([\p{L}\p{N}_][\p{L}\p{N}_.-]{0,38}[\p{L}\p{N}_])(?:[/\\\s"':;,)\]]|$)"#,
        ),
        validate: plain,
        check: "no name of a system",
        score: 0.8,
        examples: &[
            "at /home/jdoe/src/main.rs:3",
            "open '/Users/jane.doe/Desktop'",
            "C:\\Users\\jdoe\\AppData",
            "\"C:\\\\Users\\\\jdoe\\\\x\"",
            "file:///home/jdoe/x",
            "/var/home/jdoe/.ssh",
            "\\\\files\\users\\jdoe\\x",
        ],
        counter_examples: &[
            "/home/runner/work",
            "/home/ubuntu/x",
            "C:\\Users\\Public\\x",
            "GET /api/Users/42",
            "/Users/Shared/x",
            "/home/$USER/x",
            "/home/user/x",
        ],
        ..USERNAME
    },
    Recognizer {
        name: "username_shell",
        anchor: Anchor::Literals(&[
            "ssh ",
            "scp ",
            "sftp ",
            "rsync ",
            "ssh://",
            "sftp://",
            "ssh-copy-id ",
        ]),
        after: 80,
        pattern: concat!(
            r"\b(?:ssh|scp|sftp|rsync|ssh-copy-id)(?: [^\s@|;&]{1,40}){0,6}?(?: |://)",
            r"([A-Za-z_][A-Za-z0-9_.-]{1,31})@[A-Za-z0-9\[]",
        ),
        validate: plain,
        check: "no name of a system",
        score: 0.75,
        examples: &[
            "ssh jdoe@build-7",
            "scp -P 2222 notes.txt jdoe@192.0.2.7:/tmp",
            "rsync -a ssh://jdoe@host/x y",
        ],
        counter_examples: &["ssh root@build-7", "ssh git@example.com", "ssh -i key host"],
        ..USERNAME
    },
    Recognizer {
        name: "username_command",
        anchor: Anchor::Literals(&[
            "sudo -u ", "su - ", "useradd ", "adduser ", "usermod ", "userdel ", "chown ",
        ]),
        after: 64,
        pattern: concat!(
            r"\b(?:sudo -u|su -|useradd|adduser|usermod|userdel|chown)(?: --?[A-Za-z-]+)*",
            r" ([a-z_][a-z0-9_.-]*[a-z0-9])(?:[\s:;'`]|$)",
        ),
        validate: plain,
        check: "no name of a system",
        score: 0.7,
        examples: &["sudo -u jdoe ls", "su - jdoe", "chown -R jdoe:staff x"],
        counter_examples: &[
            "sudo -u postgres psql",
            "su - root",
            "chown -R www-data:x y",
        ],
        ..USERNAME
    },
    Recognizer {
        name: "username_network",
        anchor: Anchor::Literals(&[
            "skype",
            "twitter",
            "instagram",
            "insta:",
            "telegram",
            "discord",
            "tiktok",
            "snapchat",
            "mastodon",
            "bluesky",
        ]),
        after: 48,
        pattern: concat!(
            r"(?i)\b(?:skype|twitter|instagram|insta|telegram|discord|tiktok|snapchat|mastodon|bluesky)",
            r"(?:[ _-](?:handle|id|name|user|username))?[\x22']?[:=] ?[\x22']?",
            r"@?([a-z0-9_][a-z0-9_.:-]*[a-z0-9_])(?:[\s,;|)\x22']|$)",
        ),
        validate: network,
        check: "no name of a system",
        score: 0.6,
        examples: &[
            "Skype: jane.doe",
            "twitter: janedoe84, mail",
            "telegram_id=jane_doe",
        ],
        counter_examples: &["twitter: enabled", "discord: https://x", "telegram: 12345"],
        ..USERNAME
    },
    Recognizer {
        name: "username_handle",
        anchor: Anchor::Literals(&["@"]),
        before: 1,
        after: 40,
        pattern: r"(?:^|[^\w@/.:\\`=])@([A-Za-z_][A-Za-z0-9_.]{1,28}[A-Za-z0-9_])",
        validate: handle,
        context: NEAR_HANDLES,
        check: "no name of a system",
        score: 0.3,
        examples: &[
            "Thanks @janedoe for the review",
            "ask (@jdoe) first",
            "follow me: @jane_doe",
            "saw it from @jane.doe84 yesterday",
        ],
        counter_examples: &[
            "@Override",
            "    @property",
            " * @param name thanks",
            "@media (max-width: 1px)",
            "npm i @types/node",
            "thanks @app.route(\"/\")",
            "jane@example.com",
            "select @total",
            "git@github.com:a/b",
        ],
        ..USERNAME
    },
];

const USERNAME: Recognizer = Recognizer {
    kind: EntityKind::Username,
    ..Recognizer::BASE
};

/// A name that is assigned must look like one: code assigns types, variables and calls.
fn assigned(candidate: &Candidate<'_>) -> Verdict {
    let value = candidate.value();
    let (before, after) = (candidate.before(), candidate.after());
    let is_call = after.starts_with(['(', '[', '<', '!', '?', ';', '{', '$', '*']);
    if is_call || value.matches('.').count() > 1 || !is_somebody(value) {
        return Verdict::Reject;
    }
    let is_quoted = before.ends_with(['"', '\'']);
    let is_compound = value.contains(is_inner) && value.bytes().any(|b| b.is_ascii_lowercase());
    let is_spoken =
        before.ends_with(' ') && !candidate.just_before().trim_end().ends_with([':', '=']);
    // `user=jane` ends with its word in logs and queries; in code, arguments go on with a comma.
    let ends_alone = after.is_empty() || after.starts_with([' ', '\n', '\r', '&', ']']);
    let is_logged = before.ends_with('=') && ends_alone && !value.contains(is_inner);
    let is_told = is_numbered(value) || is_quoted || is_logged;
    Verdict::plausible_if(is_told || is_spoken && is_compound || is_line(candidate))
}

/// True for a line like `Login: jdoe`, where the name ends it.
fn is_line(candidate: &Candidate<'_>) -> bool {
    let matched = candidate.matched();
    let key = matched.strip_suffix(candidate.value()).unwrap_or_default();
    let key = key.to_ascii_lowercase();
    let is_key = ["name", "login", "kennung"]
        .iter()
        .any(|word| key.contains(word));
    let ends_line = candidate.after().is_empty() || candidate.after().starts_with(['\n', '\r']);
    let is_lower = !candidate.value().bytes().any(|b| b.is_ascii_uppercase());
    is_key && is_lower && ends_line && candidate.before().ends_with(": ")
}

/// The name of an account behind the name of its network.
fn network(candidate: &Candidate<'_>) -> Verdict {
    let value = candidate.value();
    let is_handle =
        candidate.before().ends_with('@') || is_numbered(value) || value.contains(is_inner);
    Verdict::plausible_if(is_handle && !value.contains(':') && is_somebody(value))
}

/// True for `jdoe42`, but not for the types `u64` and `Mp3Handle`.
fn is_numbered(name: &str) -> bool {
    let letters = name.bytes().take_while(u8::is_ascii_alphabetic).count();
    let is_type = name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.ends_with(|c: char| c.is_ascii_alphabetic());
    letters > 1 && !is_type && name.bytes().any(|b| b.is_ascii_digit())
}

const fn is_inner(c: char) -> bool {
    matches!(c, '_' | '.' | '-')
}

fn plain(candidate: &Candidate<'_>) -> Verdict {
    Verdict::plausible_if(is_somebody(candidate.value()))
}

/// Words of messages before a handle, and names of networks.
#[rustfmt::skip]
const NEAR_HANDLES: &[&str] = &[
    "twitter", "instagram", "insta", "tiktok", "telegram", "threads", "mastodon", "bluesky",
    "snapchat", "discord", "slack", "github", "handle", "handles", "follow", "dm", "ping",
    "pinged", "cc", "via", "thanks", "thx", "ask", "asked", "assigned", "assignee", "reviewer",
    "reviewed", "tweet", "tweeted", "rt", "account", "profile", "username", "contact", "mention",
    "mentioned", "folge", "suivez", "sigue", "segui", "hey", "hi", "hello", "ig", "tg", "merci",
    "danke", "gracias", "grazie", "obrigado",
];

/// A handle without context has to look invented: letters, then digits. Decorators, scopes and
/// documentation tags of programming languages do not count.
fn handle(candidate: &Candidate<'_>) -> Verdict {
    let value = candidate.value();
    let is_scope = candidate
        .after()
        .starts_with(['/', '(', '@', '=', '[', '{'])
        || candidate.after().starts_with('.')
            && candidate
                .after()
                .get(1..2)
                .is_some_and(|c| c != " " && c != "\n");
    let line = candidate
        .just_before()
        .rsplit('\n')
        .next()
        .unwrap_or_default();
    let begins_line = !line.contains(|c: char| c.is_alphanumeric());
    if is_scope || begins_line || !is_somebody(value) || is_tag(value) {
        return Verdict::Reject;
    }
    let letters = value.bytes().filter(u8::is_ascii_alphabetic).count();
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let is_invented = letters >= 4 && digits >= 2 && value.ends_with(|c: char| c.is_ascii_digit());
    if is_invented && is_prose(line) {
        Verdict::Certain
    } else {
        Verdict::Plausible
    }
}

/// True when the last word before the sign is one of a sentence.
fn is_prose(line: &str) -> bool {
    let before_sign = line.trim_end_matches(['@', '(', ' ', ':']);
    before_sign.ends_with(|c: char| c.is_alphabetic() || c == ',' || c == '.')
}

/// True for tags of Javadoc, `JSDoc`, Doxygen and the like, and at-rules of CSS.
fn is_tag(name: &str) -> bool {
    is_listed(name, TAGS)
}

const TAGS: &str = "\
    author brief charset class code deprecated doc example exception expect extend file \
    font-face function ignore import include inheritdoc interface internal keyframes layer \
    license link media mixin namespace note override package param private property \
    protected public return returns see since static summary supports test throws todo ts \
    type typedef use value version";

/// False for names that systems have or that stand for any user.
fn is_somebody(name: &str) -> bool {
    let is_number = name.bytes().all(|b| b.is_ascii_digit());
    !is_listed(name, NOBODY) && !is_number && !is_stand_in(name)
}

const NOBODY: &str = "\
    account admin administrator agent all already anonymous any apache app assistant attempt \
    attempts bool boolean bot build builder button cannot channel ci circleci client \
    codespace current_user currentuser customer daemon data db dbuser debian default demo \
    deploy deployer dev developer docker ec2-user email everyone example false foo ftp git \
    github gitlab gitlab-runner gitpod guest has here home hostname id ifname info input int \
    interaction is is_logged jenkins just linuxbrew local localhost login mail me mongo \
    mongodb mysql myuser name never nginx nil nobody node none not null number object \
    operator oracle owner page password pi postgres postgresql public rabbitmq readonly redis \
    required root runner runneradmin sa self server service session sessions shared shell \
    somebody someone spring sshd staff str string successfully sudo support sys system team \
    test tester testuser this travis true ubuntu undefined unknown unset user user_id userid \
    username users vagrant vscode was web webmaster who www www-data you your-username \
    your_name your_username yourname yourusername";
