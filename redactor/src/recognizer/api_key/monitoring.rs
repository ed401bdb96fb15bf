//! Metrics, logs, errors, analytics.

use super::{Anchor, KEY, Recognizer};

pub(super) const KEYS: Recognizer = Recognizer {
    name: "monitoring_key",
    anchor: Anchor::Literals(&[
        "glc_", "glsa_", "eyJrIjoi", "NRAK-", "NRJS-", "NRII-", "NRIQ-", "NRSP-", "NRAL", "dt0",
        "sntrys_", "sntryu_", "hcaik_", "hcxik_", "hcamk_", "hcxmk_", "pdus+", "phc_", "phx_",
        "sgp_", "xaat-", "xapt-", "cu_", "pylf_v1_", "secret-", "logz",
    ]),
    before: 40,
    pattern: concat!(
        r"\b(?:",
        // Grafana, New Relic, Dynatrace, Sentry, Honeycomb, PagerDuty.
        r"glc_[A-Za-z0-9+/]{32,}={0,2}|glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}|eyJrIjoi[A-Za-z0-9+/_-]{60,}={0,2}",
        r"|NR(?:AK|JS|II|IQ|SP)-[A-Za-z0-9_-]{19,}|[a-z0-9]{36}NRAL|dt0[a-z]\d\d\.[A-Z0-9]{24}\.[A-Z0-9]{64}",
        r"|sntrys_[A-Za-z0-9+/=_-]{60,}|sntryu_[a-f0-9]{64}\b|hc[ax][im]k_[a-z0-9]{50,}|pdus\+[A-Za-z0-9_+-]{18,}",
        // PostHog, Segment and Sourcegraph, Axiom, Checkly, Logfire, Statsig.
        r"|ph[cx]_[A-Za-z0-9_-]{40,}|sgp_[A-Za-z0-9_]{40,}|xa[ap]t-[0-9a-f-]{36}|cu_[a-f0-9]{32}\b",
        r"|pylf_v1_[a-z]{2}_[A-Za-z0-9]{40,}|secret-[A-Za-z0-9]{42,}",
        r")",
    ),
    examples: &[
        concat!("gl", "sa_", "0a1B2c3D4e5F6g7H8i9J0a1B2c3D4e5F", "_0a1b2c3d"),
        concat!("NR", "AK-", "0A1B2C3D4E5F6G7H8I9J0A1B2C3"),
        concat!(
            "sntr",
            "yu_",
            "0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9"
        ),
    ],
    counter_examples: &[
        "glc_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "static void GLC_CreateLightmapTexturesIndividual(void);",
        "glsa_XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX_AAAAAAAA",
    ],
    ..KEY
};
