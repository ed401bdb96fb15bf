//! Cloud platforms, hosting, secret stores, networks.

use super::{Anchor, KEY, Recognizer};

pub(super) const KEYS: Recognizer = Recognizer {
    name: "cloud_key",
    anchor: Anchor::Literals(&[
        "AKIA",
        "ASIA",
        "ABIA",
        "ACCA",
        "ABSK",
        "amzn.mws.",
        "AIza",
        "ya29.",
        "GOCSPX-",
        "1//0",
        "Q~",
        "JQQJ99",
        "AzFu",
        "AzSe",
        "AzCa",
        "+ASt",
        "+ACDb",
        "+AEh",
        "+AIoT",
        "APIM",
        "AZDO",
        "dop_v1_",
        "doo_v1_",
        "dor_v1_",
        "LTAI",
        "AKID",
        "AQVN",
        "HRKU-",
        "nfp_",
        "fm2_",
        "fo1_",
        "rnd_",
        "SCW",
        "v1.0-",
        "hvs.",
        "hvb.",
        "hvr.",
        "ops_eyJ",
        "A3-",
        "tskey-",
        "sha256~",
        "dapi",
        "FlyV1",
        "dnkey-",
        "AGE-SECRET-KEY-",
        "tk-us-",
        "t1.9eu",
        "y0_",
        "ory_",
    ]),
    // Azure's marks stand behind the beginning of a key.
    before: 80,
    pattern: concat!(
        r"\b(?:",
        // Amazon Web Services: access keys, Bedrock, marketplace.
        r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b|ABSK[A-Za-z0-9+/]{100,}={0,2}|amzn\.mws\.[0-9a-f-]{36}",
        // Google: keys, access tokens, client secrets, refresh tokens.
        r"|AIza[A-Za-z0-9_-]{35}|ya29\.[A-Za-z0-9_-]{30,}|GOCSPX-[A-Za-z0-9_-]{24,}|1//0[A-Za-z0-9_-]{40,}",
        // Microsoft: client secrets of Entra ID, and keys that hold their own mark.
        r"|[A-Za-z0-9_.~-]{3}[0-9]Q~[A-Za-z0-9_.~-]{31,34}|[A-Za-z0-9+/]{44,76}(?:JQQJ99|APIM|AzFu|AzSe|AzCa|AZDO)[A-Za-z0-9+/]{4,}={0,2}",
        r"|[A-Za-z0-9+/]{32,76}\+(?:ASt|ACDb|AEh|AIoT)[A-Za-z0-9+/]{6,}={0,2}",
        // DigitalOcean, Alibaba, Tencent, Yandex, Heroku, Netlify, Fly.io, Render, Scaleway.
        r"|do[opr]_v1_[a-f0-9]{64}|LTAI[A-Za-z0-9]{12,20}\b|AKID[A-Za-z0-9]{13,40}\b|AQVN[A-Za-z0-9_-]{35,38}",
        r"|t1\.9eu[A-Za-z0-9_.=-]{60,}|y0_[A-Za-z0-9_-]{50,}|HRKU-[A-Za-z0-9_-]{36,}|nfp_[A-Za-z0-9_]{36,}",
        r"|fm2_[A-Za-z0-9+/_=-]{60,}|fo1_[A-Za-z0-9_-]{43}|rnd_[A-Za-z0-9]{28,}|SCW[A-Z0-9]{17}\b",
        // Cloudflare's origin key, Vault, 1Password, Tailscale, OpenShift, Databricks, Ory.
        r"|v1\.0-[a-f0-9]{24}-[a-f0-9]{100,}|hv[sbr]\.[A-Za-z0-9_-]{24,}|ops_eyJ[A-Za-z0-9+/_-]{100,}={0,2}",
        r"|A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}",
        r"|tskey-[a-z]{2,12}-[A-Za-z0-9]{6,}-[A-Za-z0-9]{4,}|sha256~[A-Za-z0-9_-]{43}|dapi[a-f0-9]{32}(?:-\d)?\b",
        r"|dnkey-[A-Z0-9]{20,}-[A-Z0-9]{50,}|ory_(?:at|rt|ac|pat|st)_[A-Za-z0-9_.-]{30,}|tk-us-[A-Za-z0-9_-]{40,}",
        // age.
        r"|AGE-SECRET-KEY-1[A-Z0-9]{58}",
        r")",
    ),
    examples: &[
        concat!("AK", "IA", "0A1B2C3D4E5F6G7H"),
        concat!("AI", "za", "0a1B2c3D4e5F6g7H8i9J0a1B2c3D4e5F6g7"),
        concat!("a1b", "8Q~", "0a1B2c3D4e5F6g7H8i9J0a1B2c3D4e5F"),
        concat!("hvs", ".0a1B2c3D4e5F6g7H8i9J0a1B"),
        concat!(
            "AGE-SECRET-",
            "KEY-1",
            "0A1B2C3D4E5F6G7H8I9J0A1B2C3D4E5F6G7H8I9J0A1B2C3D4E5F6G7H8I"
        ),
    ],
    counter_examples: &[
        "AKIA1",
        "AKIASHORT",
        "asia pacific",
        concat!("AK", "IA", "0A1B2C3D4EXAMPLE"),
        "AIza",
        "ya29.short",
        "sha256~XXXXXXXXXX_PUT_YOUR_TOKEN_HERE_XXXXXXXXXXXX",
        "A3-XXXXXX-XXXXXXXXXXX-XXXXX-XXXXX-XXXXX",
    ],
    ..KEY
};
