//! Package registries.

use super::{Anchor, KEY, Recognizer};

pub(super) const KEYS: Recognizer = Recognizer {
    name: "package_registry_token",
    anchor: Anchor::Literals(&[
        "npm_",
        "pypi-AgE",
        "rubygems_",
        "cio",
        "CLOJARS_",
        "oy2",
        "AKCp",
        "cmVmdGtuO",
        "packagist_",
        "ddp_",
        "ddo_",
        "ddw_",
        "jsrd_",
        "jsrp_",
    ]),
    pattern: concat!(
        r"\b(?:",
        // npm, PyPI, RubyGems, Cargo, Clojars, NuGet, Artifactory, Packagist, Deno and JSR.
        r"npm_[A-Za-z0-9]{36}|pypi-AgE[A-Za-z0-9_-]{50,}|rubygems_[a-f0-9]{48}|cio[A-Za-z0-9]{32}\b",
        r"|CLOJARS_[a-z0-9]{60}|oy2[a-z0-9]{43}\b|AKCp[A-Za-z0-9]{66,}|cmVmdGtuO[A-Za-z0-9+/]{50,}={0,2}",
        r"|packagist_[a-z]{3}_[a-f0-9]{60,}|dd[opw]_[A-Za-z0-9]{36}|jsr[dp]_[A-Za-z0-9]{36,}",
        r")",
    ),
    examples: &[
        concat!("np", "m_", "0a1B2c3D4e5F6g7H8i9J0a1B2c3D4e5F6g7H"),
        concat!(
            "py",
            "pi-",
            "AgE0a1B2c3D4e5F6g7H8i9J0a1B2c3D4e5F6g7H8i9J0a1B2c3D4e5F6g7H"
        ),
        concat!(
            "rubyg",
            "ems_",
            "0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f6071"
        ),
    ],
    counter_examples: &["npm_config_registry", "pypi-AgE", "social"],
    ..KEY
};
