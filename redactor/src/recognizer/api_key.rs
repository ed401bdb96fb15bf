//! Keys that their vendor's prefix gives away. Lengths as the vendors document them.

use super::{Anchor, Candidate, Recognizer, Verdict};
use crate::EntityKind;

pub(super) const RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        name: "aws_access_key_id",
        anchor: Anchor::Literals(&["AKIA", "ASIA", "ABIA", "ACCA"]),
        pattern: r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b",
        examples: &[concat!("AK", "IA", "AAAAAAAAAAAAAAAA")],
        counter_examples: &["AKIA1", "AKIASHORT", "asia pacific"],
        ..KEY
    },
    Recognizer {
        name: "github_token",
        anchor: Anchor::Literals(&["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"]),
        pattern: r"\b(?:gh[pousr]_[A-Za-z0-9]{36,251}|github_pat_[A-Za-z0-9_]{36,251})\b",
        examples: &[concat!("gh", "p_", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")],
        counter_examples: &["ghp_short", "highs_and_lows"],
        ..KEY
    },
    Recognizer {
        name: "gitlab_token",
        anchor: Anchor::Literals(&["glpat-", "gldt-", "glrt-", "glptt-", "glcbt-", "glsoat-"]),
        pattern: r"\bgl(?:pat|dt|rt|ptt|cbt|soat)-[A-Za-z0-9_.-]{20,300}",
        examples: &[concat!("gl", "pat-", "AAAAAAAAAAAAAAAAAAAA")],
        counter_examples: &["glpat-short"],
        ..KEY
    },
    Recognizer {
        name: "slack_token",
        anchor: Anchor::Literals(&[
            "xoxa-", "xoxb-", "xoxe", "xoxo-", "xoxp-", "xoxr-", "xoxs-", "xapp-",
        ]),
        pattern: r"\b(?:xox[abeoprs]-|xoxe\.xox[bp]-|xapp-)[A-Za-z0-9-]{20,}",
        examples: &[concat!(
            "xo",
            "xb-",
            "111111111111-111111111111-AAAAAAAAAAAAAAAA"
        )],
        counter_examples: &[
            "xoxb-xxx",
            "xoxb-xxxxxxxxxxx-xxxxxxxxxxxxxxxxxxxxxxxx",
            "xoxo-indieweb",
        ],
        ..KEY
    },
    Recognizer {
        name: "slack_webhook",
        anchor: Anchor::Literals(&["hooks.slack.com/"]),
        pattern: r"hooks\.slack\.com/(?:services|workflows)/([A-Za-z0-9+/]{20,})",
        examples: &[concat!(
            "https://hooks.slack.com/",
            "services/",
            "TAAAAAAAA/BAAAAAAAA/AAAAAAAAAAAAAAAAAAAAAAAA"
        )],
        counter_examples: &["https://hooks.slack.com/services/T0"],
        ..KEY
    },
    Recognizer {
        name: "stripe_key",
        anchor: Anchor::Literals(&["sk_live_", "sk_test_", "rk_live_", "rk_test_", "whsec_"]),
        pattern: r"\b(?:[sr]k_(?:live|test)_[A-Za-z0-9]{10,247}|whsec_[A-Za-z0-9+/]{24,})",
        examples: &[concat!("sk_", "live_", "AAAAAAAAAAAAAAAAAAAAAAAA")],
        counter_examples: &["sk_live_", "task_test_something_long_enough"],
        ..KEY
    },
    Recognizer {
        name: "google_api_key",
        anchor: Anchor::Literals(&["AIza", "ya29.", "GOCSPX-"]),
        pattern: r"\b(?:AIza[A-Za-z0-9_-]{35}|ya29\.[A-Za-z0-9_-]{30,}|GOCSPX-[A-Za-z0-9_-]{24,})",
        examples: &[concat!("AI", "za", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")],
        counter_examples: &["AIza", "ya29.short"],
        ..KEY
    },
    Recognizer {
        name: "openai_key",
        anchor: Anchor::Literals(&["sk-"]),
        pattern: r"\bsk-(?:(?:proj|svcacct|admin|None)-[A-Za-z0-9_-]{20,}|[A-Za-z0-9]{20,})\b",
        examples: &[
            concat!(
                "sk",
                "-",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
            ),
            concat!("sk", "-proj-", "AAAAAAAAAAAAAAAAAAAA_AAAAAAAA"),
        ],
        counter_examples: &[
            "sk-learn",
            "risk-proj-assessment-of-the-year",
            "sk-xxxxxxxxxxxxxxxxxxxxxxxx",
        ],
        ..KEY
    },
    Recognizer {
        name: "anthropic_key",
        anchor: Anchor::Literals(&["sk-ant-"]),
        pattern: r"\bsk-ant-[a-z]{2,8}[0-9]{2}-[A-Za-z0-9_-]{20,}",
        examples: &[concat!("sk", "-ant-", "api03-", "AAAAAAAAAAAAAAAAAAAAAAAA")],
        counter_examples: &["sk-ant-api03-", "sk-antique-furniture-of-the-century"],
        ..KEY
    },
    Recognizer {
        name: "hugging_face_token",
        anchor: Anchor::Literals(&["hf_", "api_org_"]),
        pattern: r"\b(?:hf|api_org)_[A-Za-z]{34,}\b",
        examples: &[concat!("h", "f_", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")],
        counter_examples: &["hf_hub_download", "hf_token"],
        ..KEY
    },
    Recognizer {
        name: "npm_token",
        anchor: Anchor::Literals(&["npm_"]),
        pattern: r"\bnpm_[A-Za-z0-9]{36}\b",
        examples: &[concat!("np", "m_", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")],
        counter_examples: &["npm_config_registry"],
        ..KEY
    },
    Recognizer {
        name: "pypi_token",
        anchor: Anchor::Literals(&["pypi-AgE"]),
        pattern: r"\bpypi-AgE[A-Za-z0-9_-]{50,}",
        examples: &[concat!(
            "py",
            "pi-",
            "AgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        )],
        counter_examples: &["pypi-AgE"],
        ..KEY
    },
    Recognizer {
        name: "sendgrid_key",
        anchor: Anchor::Literals(&["SG."]),
        pattern: r"\bSG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{16,64}",
        examples: &[concat!(
            "S",
            "G.",
            "AAAAAAAAAAAAAAAAAAAAAA",
            ".",
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        )],
        counter_examples: &["PSG.com", "SG.a.b"],
        ..KEY
    },
    Recognizer {
        name: "twilio_id",
        anchor: Anchor::Token(34),
        after: 0,
        pattern: r"\b(?:AC|SK)[0-9a-f]{32}\b",
        examples: &[concat!("A", "C", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")],
        counter_examples: &[
            "ACaaaaaaaa",
            "FAC",
            concat!("BA", "C", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
        ],
        ..KEY
    },
];

const KEY: Recognizer = Recognizer {
    kind: EntityKind::Secret,
    validate,
    ..Recognizer::BASE
};

/// Documentation writes `xxxx` or zeros where a key would have its random part.
fn validate(candidate: &Candidate<'_>) -> Verdict {
    let value = candidate.value();
    let filler = value
        .bytes()
        .filter(|b| matches!(b, b'x' | b'X' | b'0' | b'*'))
        .count();
    Verdict::certain_if(filler * 2 < value.len())
}
