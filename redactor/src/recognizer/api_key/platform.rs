//! Databases, design, documents, planning, identity: services that people build with.

use super::{Anchor, KEY, Recognizer};

pub(super) const KEYS: Recognizer = Recognizer {
    name: "platform_key",
    anchor: Anchor::Literals(&[
        "pscale_",
        "sbp_",
        "sb_secret_",
        "napi_",
        "mdb_sa_sk_",
        "secret_",
        "ntn_",
        "xau_",
        "sk.eyJ",
        "rdme_",
        "PMAK-",
        "tfp_",
        "figd_",
        "figo_",
        "lin_api_",
        "lin_oauth_",
        "fio-u-",
        "sl.",
        "1000.",
        "CFPAT-",
        "cal_live_",
        "p8e-",
        "BBFF-",
        "aio_",
        "ion_",
        "scp-live-",
        "scp-test-",
        "tkn.v1_",
        "00D",
        "sm_pat_",
        "sm_aat_",
        "sm_sat_",
        "secret-live-",
        "secret-test-",
        "_mmk",
        "VF.",
    ]),
    // MaxMind's mark stands at the end.
    before: 36,
    pattern: concat!(
        r"\b(?:",
        // PlanetScale, Supabase, Neon, MongoDB Atlas, Notion, Xata, Mapbox.
        r"pscale_(?:tkn|pw|oauth|app_secret)_[A-Za-z0-9_.=-]{32,}|sbp_[a-f0-9]{40}|sb_secret_[A-Za-z0-9_-]{20,}",
        r"|napi_[a-z0-9]{60,}|mdb_sa_sk_[A-Za-z0-9_-]{30,}",
        r"|secret_[A-Za-z0-9]{43}\b|ntn_[A-Za-z0-9]{40,}|xau_[A-Za-z0-9]{30,}|sk\.eyJ[A-Za-z0-9_-]{40,}\.[A-Za-z0-9_-]{20,}",
        // ReadMe, Postman, Typeform, Figma, Linear, Frame.io, Dropbox, Zoho, Contentful, Cal.com, Adobe.
        r"|rdme_[a-z0-9]{60,}|PMAK-[A-Za-z0-9-]{24}-[A-Za-z0-9]{34}|tfp_[A-Za-z0-9_.=-]{40,}|fig[do]_[A-Za-z0-9_-]{40,}",
        r"|lin_(?:api|oauth)_[A-Za-z0-9]{40,}|fio-u-[A-Za-z0-9_=-]{60,}|sl\.[A-Za-z0-9_-]{60,}",
        r"|1000\.[a-f0-9]{32}\.[a-f0-9]{32}|CFPAT-[A-Za-z0-9_-]{40,}|cal_live_[a-f0-9]{32}|p8e-[A-Za-z0-9]{32}",
        // Ubidots, Adafruit IO, Ionic, Scrapfly, Teamwork, Salesforce, SettleMint, Stytch.
        r"|BBFF-[A-Za-z0-9]{30,}|aio_[A-Za-z0-9]{28}|ion_[A-Za-z0-9]{42}|scp-(?:live|test)-[a-f0-9]{32}",
        r"|tkn\.v1_[A-Za-z0-9_=-]{50,}|00D[A-Za-z0-9]{12,15}![A-Za-z0-9_.]{80,}",
        // MaxMind, Voiceflow.
        r"|[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk|VF\.[A-Z]{2,8}\.[a-f0-9]{24}\.[A-Za-z0-9]{16}",
        r"|sm_[aps]at_[A-Za-z0-9]{16,}|secret-(?:live|test)-[A-Za-z0-9_=-]{30,}",
        r")",
    ),
    examples: &[
        concat!("fig", "d_", "0a1B2c3D4e5F6g7H8i9J0a1B2c3D4e5F6g7H8i9J"),
        concat!(
            "100",
            "0.0a1b2c3d4e5f60718293a4b5c6d7e8f9",
            ".0a1b2c3d4e5f60718293a4b5c6d7e8f9"
        ),
    ],
    counter_examples: &[
        "rdme_XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX",
        "patience",
        "ion_channel_density_of_the_cell",
    ],
    ..KEY
};
