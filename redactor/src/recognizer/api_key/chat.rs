//! Chat, telephony and social networks, and the addresses that let anybody post to them.

use super::{Anchor, KEY, Recognizer};

pub(super) const KEYS: Recognizer = Recognizer {
    name: "chat_service_token",
    anchor: Anchor::Literals(&[
        "xoxa-",
        "xoxb-",
        "xoxc-",
        "xoxd-",
        "xoxe",
        "xoxo-",
        "xoxp-",
        "xoxr-",
        "xoxs-",
        "xapp-",
        "hooks.slack.com/",
        "/api/webhooks/",
        "/webhookb2/",
        "office.com/webhook",
        "chat.googleapis.com/",
        "hooks.zapier.com/",
        "maker.ifttt.com/",
        "hook.eu",
        "hook.us",
        ".tines.com/webhook/",
        "mfa.",
        "oauth:",
        "EAA",
        "IGQ",
        "AAAAAAAAAAAAAAAAAAAAA",
        "syt_",
        ":AA",
        "dG9rO",
    ]),
    // The host of a webhook, or the number of a bot, stands before its anchor.
    before: 32,
    pattern: concat!(
        r"\b(?:",
        // Slack.
        r"(?:xoxe\.)?xox[abcdeoprs]-(?:[A-Za-z0-9]{8,14}-){1,3}[A-Za-z0-9]{20,}|(?:xoxe\.xox[bp]|xoxe)-\d-[A-Za-z0-9]{60,}",
        r"|xox[dr]-[A-Za-z0-9%+/=]{60,}|xapp-\d-[A-Z0-9]{8,14}-\d{8,16}-[a-f0-9]{40,}",
        // Webhooks: Slack, Discord, Microsoft Teams, Google Chat, Zapier, IFTTT, Make, Tines.
        r"|(?:https?://)?hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9+/]{20,}",
        r"|(?:https?://)?(?:canary\.|ptb\.)?discord(?:app)?\.com/api/webhooks/\d{16,20}/[A-Za-z0-9_-]{50,}",
        r"|(?:https?://)?[a-z0-9.-]{0,24}\.?office\.com/webhook(?:b2)?/[A-Za-z0-9@/-]{60,}",
        r"|(?:https?://)?chat\.googleapis\.com/v1/spaces/[A-Za-z0-9]{8,}/messages\?key=[A-Za-z0-9%=&_-]{40,}",
        r"|(?:https?://)?hooks\.zapier\.com/hooks/catch/[A-Za-z0-9/]{8,}",
        r"|(?:https?://)?maker\.ifttt\.com/(?:use|trigger/[A-Za-z0-9_-]+(?:/json)?/with/key)/[A-Za-z0-9_-]{20,}",
        r"|(?:https?://)?hook\.[eu][us]\d\.make\.com/[a-z0-9]{20,}|(?:https?://)?[a-z0-9-]{1,24}\.tines\.com/webhook/[a-f0-9]{32}/[a-f0-9]{32}",
        // Discord accounts, Twitch, Facebook, Instagram, Twitter, Matrix, Telegram, Intercom.
        r"|mfa\.[A-Za-z0-9_-]{60,}|oauth:[a-z0-9]{30}\b|EAA[A-Za-z0-9]{60,}|IGQ[A-Za-z0-9_-]{60,}",
        r"|AAAAAAAAAAAAAAAAAAAAA[A-Za-z0-9%]{30,}|syt_[A-Za-z0-9]{2,64}_[A-Za-z0-9]{20}_[A-Za-z0-9]{6}",
        r"|\d{7,11}:AA[A-Za-z0-9_-]{32,34}|dG9rO[A-Za-z0-9+/]{40,}={0,2}",
        r")",
    ),
    examples: &[
        concat!(
            "xo",
            "xb-",
            "123456789012-123456789012-0a1B2c3D4e5F6g7H8i9J0a1B"
        ),
        concat!(
            "https://hooks.slack.com/",
            "services/",
            "T0A1B2C3D/B0A1B2C3D/0a1B2c3D4e5F6g7H8i9J0a1B"
        ),
        concat!("123456789:", "AA", "a1B2c3D4e5F6g7H8i9J0a1B2c3D4e5F6g"),
    ],
    counter_examples: &[
        "xoxb-xxx",
        "xoxb-xxxxxxxxxxx-xxxxxxxxxxxxxxxxxxxxxxxx",
        "xoxb-12345-abcd234",
        "xoxo-indieweb",
        "https://hooks.slack.com/services/T0",
    ],
    ..KEY
};
