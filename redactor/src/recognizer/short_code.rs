//! Short codes that open something: card verification codes, PINs, one-time codes, recovery codes,
//! and the words of a wallet.
//!
//! A few digits prove nothing, so the name must stand right before them.

use super::{Anchor, Candidate, Recognizer, Verdict};
use crate::EntityKind;

/// What may stand between a name and its code.
macro_rules! link {
    () => {
        r#"["']?(?: ?[:=#] ?["']?| (?:is|was|ist|lautet|est|es|è|jest)[: ] ?| )"#
    };
}

pub(super) const RECOGNIZERS: &[Recognizer] = &[
    // ISO/IEC 7813: three digits, four on American Express.
    Recognizer {
        name: "card_verification_code",
        anchor: Anchor::Literals(&[
            "cvv",
            "cvc",
            "cvn",
            "security code",
            "cryptogramme",
            "prüfziffer",
        ]),
        after: 24,
        pattern: concat!(
            r"(?i)\b(?:cvv2?|cvc2?|cvn2?|(?:card )?security code|cryptogramme(?: visuel)?|(?:karten)?prüfziffer)",
            link!(),
            r"([0-9]{3,4})\b",
        ),
        validate: stands_free,
        check: "no part of a longer number",
        examples: &[
            "exp 04/27 cvv 123",
            "\"cvc\": \"0123\"",
            "CVV2=123",
            "security code: 1234",
        ],
        counter_examples: &["cvv 12", "CVC 12345", "cvv: required", "cvc 123.5"],
        ..CODE
    },
    Recognizer {
        name: "pin",
        anchor: Anchor::Literals(&[
            "pin ",
            "pin:",
            "pin=",
            "pin#",
            "pin\"",
            "pincode",
            "pin-",
            "pinnummer",
            "geheimzahl",
            "puk",
        ]),
        before: 8,
        after: 24,
        pattern: concat!(
            r"(?i)\b(?:pin|(?:code |código )pin|geheimzahl|puk)(?:[ -]?(?:code|number|nummer|no\.?))?",
            link!(),
            r"([0-9]{4,8})\b",
        ),
        validate: stands_free,
        check: "no part of a longer number",
        examples: &[
            "my PIN is 4821",
            "PIN: 482113",
            "{\"pin\":\"4821\"}",
            "PUK 12345678",
        ],
        counter_examples: &[
            "pin 13 of the socket",
            "the pins 1234",
            "spin 4821",
            "pin 2.1234",
        ],
        ..CODE
    },
    Recognizer {
        name: "one_time_code",
        anchor: Anchor::Literals(&[
            "otp",
            "one-time",
            "one time",
            "ation code",
            "login code",
            "sign-in code",
            "access code",
            "2fa",
            "mfa code",
            "passcode",
            "de verificación",
            "de vérification",
            "di verifica",
            "de verificação",
            "bestätigungscode",
            "verificatiecode",
            "weryfikacyjny",
            "mtan",
            "your code",
        ]),
        before: 24,
        after: 48,
        pattern: concat!(
            r"(?i)\b(?:(?:(?:e?otp|2fa|mfa)(?: code| token)?|one[- ]time (?:code|password|passcode|pin)|passcode|mtan",
            r"|(?:verification|authentication|authorization|activation|confirmation|login|sign-in|access) code|your code",
            r"|código de verificación|code de vérification|codice di verifica|código de verificação|bestätigungscode",
            r"|verificatiecode|kod weryfikacyjny)",
            link!(),
            r"(?:[A-Z]-)?([0-9]{3}[ -][0-9]{3}|[0-9]{4,8})\b",
            // `482913 is your login code`
            r"|\b(?:[A-Z]-)?([0-9]{3}[ -][0-9]{3}|[0-9]{4,8}) is your (?:[a-z-]{1,20} ){0,3}(?:code|otp|passcode))",
        ),
        validate: stands_free,
        check: "no part of a longer number",
        examples: &[
            "Your OTP is 482913",
            "verification code: 123-456",
            "G-482913 is your verification code",
            "Votre code de vérification est 482913",
        ],
        counter_examples: &[
            "laptop 482913",
            "status is 4829 in your code",
            "verification codes 12",
            "activation code: {code}",
        ],
        ..CODE
    },
    Recognizer {
        name: "recovery_code",
        anchor: Anchor::Literals(&[
            "recovery",
            "backup",
            "activation",
            "unlock",
            "redemption",
            "voucher",
            "wiederherstellung",
        ]),
        after: 96,
        pattern: concat!(
            r"(?i)\b(?:recovery|backup|activation|unlock|redemption|voucher|wiederherstellungs)[- ]?(?:code|key|schlüssel)s?",
            link!(),
            r"([A-Z0-9]{4,10}(?:-[A-Z0-9]{4,10}){1,9})\b",
        ),
        validate: |candidate| {
            let is_mixed = candidate.value().contains(|c: char| c.is_ascii_digit());
            Verdict::plausible_if(is_mixed && stands_free(candidate) == Verdict::Plausible)
        },
        check: "digits, and no part of something longer",
        examples: &["recovery code: 7Q2F9-K4M1X", "Backup codes: a1b2-c3d4-e5f6"],
        counter_examples: &["recovery code path-long-name", "recovery code: 7Q2F9"],
        ..CODE
    },
    // BIP-39: 12, 15, 18, 21 or 24 words of three to eight letters.
    Recognizer {
        name: "wallet_phrase",
        anchor: Anchor::Literals(&[
            "seed",
            "mnemonic",
            "recovery phrase",
            "secret phrase",
            "backup phrase",
            "wallet phrase",
        ]),
        after: 260,
        pattern: concat!(
            r"(?:(?i)\b(?:seed|mnemonic|recovery|secret|backup|wallet)(?:[ _-](?:phrase|words|seed))?)",
            link!(),
            r"((?:[a-z]{3,8},? ){11,23}[a-z]{3,8})\b",
        ),
        validate: |candidate| {
            let words = candidate.value().split(' ').count();
            Verdict::plausible_if(matches!(words, 12 | 15 | 18 | 21 | 24))
        },
        check: "the number of words",
        examples: &[
            "seed phrase: one two three four five six seven eight nine ten eleven twelve",
            "MNEMONIC=\"one two three four five six seven eight nine ten eleven twelve\"",
        ],
        counter_examples: &[
            "seed phrase: one two three four five six",
            "seed: this is a long sentence of more than twelve words in a row here",
        ],
        ..CODE
    },
];

const CODE: Recognizer = Recognizer {
    kind: EntityKind::Secret,
    score: 0.7,
    ..Recognizer::BASE
};

fn stands_free(candidate: &Candidate<'_>) -> Verdict {
    let goes_on = candidate
        .after()
        .strip_prefix(['.', '-', '/', ':'])
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    Verdict::plausible_if(candidate.stands_alone("_%$€£") && !goes_on)
}
