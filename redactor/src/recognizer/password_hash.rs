//! Hashes of passwords, as `/etc/shadow`, directories and web frameworks keep them: whoever has one
//! can try passwords against it.

use super::{Anchor, Recognizer, Verdict};
use crate::EntityKind;

pub(super) const RECOGNIZERS: &[Recognizer] = &[Recognizer {
    name: "password_hash",
    kind: EntityKind::Secret,
    anchor: Anchor::Literals(&[
        "$1$",
        "$2a$",
        "$2b$",
        "$2y$",
        "$5$",
        "$6$",
        "$7$",
        "$y$",
        "$8$",
        "$9$",
        "$apr1$",
        "$argon2",
        "$scrypt$",
        "$pbkdf2",
        "pbkdf2_sha",
        "$krb5",
        "{SSHA",
        "$P$",
        "$H$",
    ]),
    pattern: concat!(
        // crypt(5): MD5, SHA-256 and SHA-512 with their rounds, yescrypt, scrypt, routers' own.
        r"(?:\$(?:1|5|6|apr1)\$(?:rounds=\d{1,9}\$)?[A-Za-z0-9./]{0,16}\$[A-Za-z0-9./]{22,86}",
        r"|\$(?:7|8|9|y)\$[A-Za-z0-9./$]{20,}|\$2[aby]\$\d\d\$[A-Za-z0-9./]{53}",
        // The PHC string format, Django, phpass, RFC 2307 with salt, Kerberos replies.
        r"|\$(?:argon2(?:id|i|d)|scrypt|pbkdf2(?:-sha\d{1,3})?)\$[A-Za-z0-9+/.,=$-]{30,}",
        r"|pbkdf2_sha\d{1,3}\$\d{1,8}\$[A-Za-z0-9]{1,64}\$[A-Za-z0-9+/=]{24,100}|\$[PH]\$[A-Za-z0-9./]{31}",
        r"|\{SSHA(?:256|512)?\}[A-Za-z0-9+/]{20,128}={0,2}|\$krb5[a-z]{2,5}\$\d{1,2}\$[A-Za-z0-9@.:$*/_-]{32,})",
    ),
    validate: |_| Verdict::Certain,
    examples: &[
        "root:$6$k3x9q7w8$0a1B2c3D4e5F6g7H8i9J0a1B2c3D4e5F6g7H8i9J0a1B2c3D4e5F6g7H8i9J0a1B2c3D4e5F6g7H8i9J0a1B2c:0",
        "$2b$12$0a1B2c3D4e5F6g7H8i9J0a1B2c3D4e5F6g7H8i9J0a1B2c3D4e5F6",
        "$argon2id$v=19$m=65536,t=2,p=1$0a1B2c3D4e5F6g7H$0a1B2c3D4e5F6g7H8i9J0a",
        "userPassword: {SSHA}0a1B2c3D4e5F6g7H8i9J0a1B2c3D4e5F",
    ],
    counter_examples: &["awk '{print $1$2}'", "costs $5$ or $6$", "sed 's/$1$/x/'"],
    ..Recognizer::BASE
}];
