//! Source hosting, issue trackers and wikis beside it.

use super::{Anchor, KEY, Recognizer};

pub(super) const KEYS: Recognizer = Recognizer {
    name: "source_control_token",
    anchor: Anchor::Literals(&[
        "ghp_",
        "gho_",
        "ghu_",
        "ghs_",
        "ghr_",
        "github_pat_",
        "glpat-",
        "gldt-",
        "glrt-",
        "glptt-",
        "glcbt-",
        "glsoat-",
        "glft-",
        "glimt-",
        "glagent-",
        "glffct-",
        "gloas-",
        "glrtr-",
        "GR1348941",
        "ATBB",
        "ATATT3",
        "ATCTT3",
        "ATSTT3",
        "sgp_",
        "slk_",
    ]),
    pattern: concat!(
        r"\b(?:",
        // GitHub: tokens of people, OAuth, apps, refresh; since 2022 also fine-grained ones.
        r"gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{36,}",
        // GitLab: personal, deploy, runner, trigger, job, SCIM, feed, mail, agent, flag, OAuth.
        r"|gl(?:pat|dt|rt|rtr|ptt|cbt|soat|ft|imt|agent|ffct|oas)-[A-Za-z0-9_.-]{20,}|GR1348941[A-Za-z0-9_-]{20,}",
        // Bitbucket and Atlassian, Sourcegraph.
        r"|ATBB[A-Za-z0-9]{24,}|AT(?:A|C|S)TT3[A-Za-z0-9_=.-]{100,}|sgp_(?:[a-f0-9]{16}_|local_)?[a-f0-9]{40}|slk_[a-f0-9]{64}",
        r")",
    ),
    examples: &[
        concat!("gh", "p_", "0a1B2c3D4e5F6g7H8i9J0a1B2c3D4e5F6g7H"),
        concat!(
            "github",
            "_pat_",
            "0a1B2c3D4e5F6g7H8i9J0a_1B2c3D4e5F6g7H8i9J0a1B2c3D4e5F"
        ),
        concat!("gl", "pat-", "0a1B2c3D4e5F6g7H8i9J"),
    ],
    counter_examples: &["ghp_short", "highs_and_lows", "glpat-short"],
    ..KEY
};
