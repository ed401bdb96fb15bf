//! The policies that come with the program.

/// The text of a shipped policy: `default`, `balanced`, `hipaa` or `offline-first`.
///
/// ```
/// assert!(router::policy::embedded("default").unwrap().contains("name: default"));
/// assert_eq!(router::policy::embedded("unheard-of"), None);
/// ```
pub fn embedded(name: &str) -> Option<&'static str> {
    POLICIES
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, text)| *text)
}

/// The names of the shipped policies.
pub fn embedded_names() -> impl Iterator<Item = &'static str> {
    POLICIES.iter().map(|(name, _)| *name)
}

const POLICIES: [(&str, &str); 4] = [
    ("balanced", include_str!("../../../policies/balanced.yaml")),
    ("default", include_str!("../../../policies/default.yaml")),
    ("hipaa", include_str!("../../../policies/hipaa.yaml")),
    (
        "offline-first",
        include_str!("../../../policies/offline-first.yaml"),
    ),
];
