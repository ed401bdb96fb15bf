//! What the name before a value says about it: `client_secret`, `apiKey`, `public_key`, `token_id`.

/// How much a name promises that its value is a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Naming {
    /// `client_secret`, `API_TOKEN`, `vendorApiKey`.
    Secret,
    /// `key`, `access`, `auth` with nothing else: as often a map's key or a permission.
    Weak,
    /// A name that mentions a secret but ends in something else: `token_for_builds`, `authorizer`.
    Other,
    /// `public_key`, `token_id`, `key_file`: no secret, whatever the value looks like.
    Public,
}

impl Naming {
    /// Reads a name in any style of writing; words before it, divided by spaces, are part of it.
    ///
    /// ```text
    /// "vendorSecretKey" -> Secret     "public key" -> Public     "key" -> Weak
    /// ```
    pub(super) fn of(name: &str) -> Self {
        let name =
            name.trim_end_matches(|c: char| c.is_ascii_digit() || !c.is_ascii_alphanumeric());
        let lower = name.to_ascii_lowercase();
        if HARMLESS.iter().any(|word| lower.contains(word)) {
            return Self::Public;
        }
        if SECRET_ENDS.iter().any(|end| lower.ends_with(end)) {
            return Self::Secret;
        }
        let start = last_word(name);
        let (before, last) = (lower.get(..start), lower.get(start..));
        let (before, last) = (before.unwrap_or_default(), last.unwrap_or_default());
        if let Some(owner) = WEAK_ENDS.iter().find_map(|end| last.strip_suffix(end)) {
            let owner = if owner.is_empty() { before } else { owner };
            let owner = owner.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
            return match owner {
                "" => Self::Weak,
                _ if HARMLESS_OWNERS.contains(&last_of(owner)) => Self::Public,
                _ => Self::Secret,
            };
        }
        let is_public = PUBLIC_ENDS.iter().any(|end| last.ends_with(end));
        if is_public { Self::Public } else { Self::Other }
    }
}

/// What follows the last sign in a name.
fn last_of(name: &str) -> &str {
    name.rsplit(|c: char| !c.is_ascii_alphanumeric())
        .next()
        .unwrap_or_default()
}

/// Where the last word of a name begins: after a sign, or at a hump of `camelCase`.
fn last_word(name: &str) -> usize {
    let mut start = 0;
    let mut previous = ' ';
    for (at, c) in name.char_indices() {
        let is_hump = previous.is_ascii_lowercase() && c.is_ascii_uppercase();
        if c.is_ascii_alphanumeric() && (is_hump || !previous.is_ascii_alphanumeric()) {
            start = at;
        }
        previous = c;
    }
    start
}

/// Ends of names, in lower case, that say it all. Before one of them anything may stand.
const SECRET_ENDS: &[&str] = &[
    "secret",
    "secrets",
    "token",
    "tokens",
    "credential",
    "credentials",
    "bearer",
    "apikey",
    "api_key",
    "api-key",
    "api key",
    "authorization",
    "passphrase",
    "password",
    "passwd",
    "passwort",
    "kennwort",
    "contraseña",
    "pwd",
    "_pass",
    "sessionid",
    "session_id",
    "sessid",
    "_pat",
    "jwt",
    "cookie",
    "signature",
    "webhook",
];

/// Ends that say it only together with what stands before: `vendor_key`, `vendorAccess`.
const WEAK_ENDS: &[&str] = &["key", "keys", "access", "private", "auth", "session"];

/// Before a weak end these make it harmless: `primary_key`, `cacheKey`.
const HARMLESS_OWNERS: &[&str] = &[
    "primary",
    "foreign",
    "partition",
    "sort",
    "cache",
    "row",
    "index",
    "hash",
    "map",
    "object",
    "message",
    "lookup",
    "bucket",
    "schema",
    "sequence",
    "registry",
    "group",
    "composite",
    "unique",
    "last",
    "mon",
    "tur",
    "don",
    "hoc",
    "joc",
    "whis",
    "hot",
    "key",
    "host",
    "site",
    "random",
];

/// Anywhere in a name these make it harmless, in lower case.
const HARMLESS: &[&str] = &["public", "pubkey", "pub_", "publishable", "csrf", "xsrf"];

/// Ends of names whose values are no secrets, in lower case.
const PUBLIC_ENDS: &[&str] = &[
    "id",
    "ids",
    "url",
    "uri",
    "file",
    "path",
    "name",
    "type",
    "audience",
    "chars",
    "count",
    "length",
    "size",
    "version",
    "hash",
    "digest",
    "checksum",
    "fingerprint",
    "thumbprint",
    "str",
    "string",
    "date",
    "time",
    "expiry",
    "index",
    "format",
    "prefix",
    "pattern",
    "header",
    "host",
    "endpoint",
    "domain",
    "issuer",
    "algorithm",
    "alg",
    "vault",
    "store",
    "ring",
    "source",
    "results",
    "word",
    "words",
    "board",
    "frame",
    "point",
    "policy",
    "role",
    "rule",
    "label",
    "field",
    "hint",
    "prompt",
    "placeholder",
    "reset",
    "regex",
    "error",
    "message",
    "text",
    "input",
    "manager",
    "handler",
    "provider",
    "encoder",
    "validator",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn check(expected: Naming, names: &[&str]) {
        for name in names {
            assert_eq!(Naming::of(name), expected, "{name}");
        }
    }

    #[test]
    fn the_end_of_a_name_decides() {
        check(
            Naming::Secret,
            &[
                "client_secret",
                "API_TOKEN",
                "vendorApiKey",
                "vendorkey",
                "x-auth-token",
                "token2",
                "vendor.access",
                "vendorSECRET",
                "some vendor key",
                "JSESSIONID",
            ],
        );
        check(Naming::Weak, &["key", "auth", "access_"]);
        check(
            Naming::Public,
            &[
                "public_key",
                "token_id",
                "keyFile",
                "credentialsId",
                "primaryKey",
                "lastAccess",
                "csrf-token",
                "secretName",
                "KeySize",
                "site key",
            ],
        );
        check(
            Naming::Other,
            &["authorizer", "token_for_builds", "KeyGroup"],
        );
    }
}
