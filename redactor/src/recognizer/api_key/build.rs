//! Continuous integration, code quality, feature flags, infrastructure as code.

use super::{Anchor, KEY, Recognizer};

pub(super) const KEYS: Recognizer = Recognizer {
    name: "build_service_token",
    anchor: Anchor::Literals(&[
        "CCIPAT_",
        "CCIPRJ_",
        "bkua_",
        "bkct_",
        "bkaj_",
        "perm:",
        "perm-",
        "API-",
        "sdk-",
        "mob-",
        "sqp_",
        "sqa_",
        "squ_",
        "pul-",
        ".atlasv1.",
        "dp.pt.",
        "dp.st.",
        "dp.ct.",
        "dp.sa.",
        "dp.scim.",
        "dp.audit.",
        "pnu_",
        "pnb_",
        "ico-",
        "depot_",
        "dckr_pat_",
        "dckr_oat_",
        "tr_dev_",
        "tr_prod_",
        "signkey-",
        "launchdarkly-",
    ]),
    // Terraform's tokens have fourteen characters before their mark.
    before: 14,
    pattern: concat!(
        r"\b(?:",
        // CircleCI, Buildkite, JetBrains, Octopus Deploy, LaunchDarkly.
        r"CCIP(?:AT|RJ)_[A-Za-z0-9]{20,}_[a-z0-9A-Z]{30,}|bk(?:ua|ct|aj)_[a-z0-9A-Z]{32,}",
        r"|perm[:-][A-Za-z0-9+/=]{6,}\.[A-Za-z0-9+/=]{2,}\.[A-Za-z0-9+/=]{20,}|API-[A-Z0-9]{25,32}",
        r"|(?:api|sdk|mob|launchdarkly-[a-z]{2,12})-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        // SonarQube, Pulumi, HCP Terraform, Doppler, Prefect, Infracost, Depot.
        r"|sq[apu]_[a-f0-9]{40}|pul-[a-f0-9]{40}|[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,}",
        r"|dp\.(?:pt|st|ct|sa|scim|audit)\.(?:[a-z0-9_-]{2,35}\.)?[A-Za-z0-9]{40,44}|pn[ub]_[A-Za-z0-9]{36}",
        r"|ico-[A-Za-z0-9]{32}|depot_[a-z]{3,7}_[A-Za-z0-9]{40,}",
        // Docker Hub, Trigger.dev, Inngest.
        r"|dckr_(?:pat|oat)_[A-Za-z0-9_-]{27,}|tr_(?:dev|prod)_[A-Za-z0-9]{20,}|signkey-[a-z]{2,8}-[a-f0-9]{32,}",
        r")",
    ),
    examples: &[
        concat!(
            "CCIPAT",
            "_0a1B2c3D4e5F6g7H8i9J0a_0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d"
        ),
        concat!("pul", "-0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d"),
        concat!("dckr", "_pat_", "0a1B2c3D4e5F6g7H8i9J0a1B2c3"),
    ],
    counter_examples: &[
        "CCIPAT_short",
        "api-gateway-for-internal-services",
        "pnu_XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX",
    ],
    ..KEY
};
