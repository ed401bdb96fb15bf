//! E-mail delivery, marketing, customer messaging.

use super::{Anchor, KEY, Recognizer};

pub(super) const KEYS: Recognizer = Recognizer {
    name: "mail_service_key",
    anchor: Anchor::Literals(&[
        "SG.",
        "key-",
        "pubkey-",
        "-us",
        "xkeysib-",
        "xsmtpsib-",
        "md-",
        "re_",
        "mlsn.",
        "pat-na",
        "pat-eu",
        "kit_",
        "nyk_",
        "sec-c-",
        "pub-c-",
        "sub-c-",
        "beamer",
        "b_",
    ]),
    // The data centre of a Mailchimp key stands behind it.
    before: 33,
    pattern: concat!(
        r"\b(?:",
        // SendGrid, Mailgun, Mailchimp, Brevo, Mandrill, Resend, MailerSend, HubSpot, Kit, Nylas.
        r"SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{16,64}|(?:pub)?key-[a-f0-9]{32}\b|[a-f0-9]{32}-us\d{1,2}\b",
        r"|x(?:keysib|smtpsib)-[a-f0-9]{64}-[A-Za-z0-9]{16}|md-[A-Za-z0-9_-]{22}\b|re_[A-Za-z0-9]{6,10}_[A-Za-z0-9_]{20,}",
        r"|mlsn\.[a-f0-9]{64}|pat-(?:na|eu)\d-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        r"|kit_[a-f0-9]{32}|nyk_[A-Za-z0-9_]{40,}",
        // PubNub, Beamer.
        r"|(?:sec|pub|sub)-c-[0-9a-zA-Z]{8,}(?:-[0-9a-zA-Z]{4,12}){3,4}|b_[A-Za-z0-9=_/+-]{44}",
        r")",
    ),
    examples: &[
        concat!(
            "S",
            "G.",
            "0a1B2c3D4e5F6g7H8i9J0a",
            ".",
            "0a1B2c3D4e5F6g7H8i9J0a1B2c3D4e5F6g7H8i9J0a1"
        ),
        concat!("ke", "y-", "0a1b2c3d4e5f60718293a4b5c6d7e8f9"),
        concat!("0a1b2c3d4e5f60718293a4b5c6d7e8f9", "-us", "12"),
    ],
    counter_examples: &[
        "PSG.com",
        "SG.a.b",
        "key-value",
        "re_exports_of_the_crate_root_module",
    ],
    ..KEY
};
