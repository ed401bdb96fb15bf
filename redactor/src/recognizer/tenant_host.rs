//! Hosts of services that give every customer a name of its own: `acme.okta.com` tells who asks.

use super::{Anchor, Candidate, Recognizer, Verdict};
use crate::EntityKind;

pub(super) const RECOGNIZERS: &[Recognizer] = &[Recognizer {
    name: "tenant_host",
    kind: EntityKind::Url,
    anchor: Anchor::Literals(&[
        ".okta.com",
        ".oktapreview.com",
        ".auth0.com",
        ".my.salesforce.com",
        ".lightning.force.com",
        ".windows.net",
        ".azure.com",
        ".azure.net",
        ".azurewebsites.net",
        ".azuredatabricks.net",
        ".onmicrosoft.com",
        ".sharepoint.com",
        ".jfrog.io",
        ".databricks.com",
        ".snowflakecomputing.com",
        ".atlassian.net",
        ".zendesk.com",
        ".freshdesk.com",
        ".myshopify.com",
        ".service-now.com",
        ".myworkday.com",
        ".mongodb.net",
        ".supabase.co",
        ".amazonaws.com",
        ".storage.googleapis.com",
    ]),
    before: 80,
    after: 0,
    pattern: concat!(
        r"(?i-u)\b(?:[a-z0-9][a-z0-9-]{0,62}\.){1,3}(?:okta(?:preview)?\.com|auth0\.com|my\.salesforce\.com",
        r"|lightning\.force\.com|(?:blob|file|queue|table|dfs|web)\.core\.windows\.net",
        r"|(?:database|search|servicebus)\.windows\.net|(?:openai|cognitiveservices|documents)\.azure\.com",
        r"|vault\.azure\.net|azurewebsites\.net|azuredatabricks\.net|onmicrosoft\.com|sharepoint\.com|jfrog\.io",
        r"|cloud\.databricks\.com|snowflakecomputing\.com|atlassian\.net|zendesk\.com|freshdesk\.com",
        r"|myshopify\.com|service-now\.com|myworkday\.com|mongodb\.net|rds\.amazonaws\.com|s3(?:[.-][a-z0-9-]{2,24})?\.amazonaws\.com|storage\.googleapis\.com|supabase\.co)\b",
    ),
    validate,
    examples: &[
        "see acme.okta.com",
        "https://acme-prod.my.salesforce.com/x",
        "acmestorage.blob.core.windows.net",
    ],
    counter_examples: &[
        "https://login.okta.com",
        "okta.com",
        "https://developer.zendesk.com/docs",
        "https://management.azure.com",
    ],
    ..Recognizer::BASE
}];

fn validate(candidate: &Candidate<'_>) -> Verdict {
    let first = candidate.value().split('.').next().unwrap_or_default();
    let is_service = SERVICES.iter().any(|name| first.eq_ignore_ascii_case(name));
    Verdict::plausible_if(!is_service)
}

/// Names that the services keep for themselves.
const SERVICES: &[&str] = &[
    "accounts",
    "admin",
    "api",
    "app",
    "apps",
    "auth",
    "blog",
    "cdn",
    "cloud",
    "community",
    "console",
    "dev",
    "developer",
    "developers",
    "docs",
    "download",
    "downloads",
    "help",
    "learn",
    "login",
    "mail",
    "manage",
    "marketplace",
    "partners",
    "portal",
    "static",
    "status",
    "store",
    "support",
    "training",
    "trust",
    "www",
];
