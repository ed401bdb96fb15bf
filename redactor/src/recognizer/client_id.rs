//! Identifiers that a service gives to its customers: client, application, tenant and cloud account
//! numbers. They open nothing, but they tell whose request it is.

use super::{
    Anchor, Candidate, Recognizer, Verdict,
    randomness::{is_generated, is_uuid},
    stand_in::is_stand_in,
};
use crate::EntityKind;

pub(super) const RECOGNIZERS: &[Recognizer] = &[Recognizer {
    name: "service_account_id",
    kind: EntityKind::AccountId,
    anchor: Anchor::Literals(&[
        "client_id",
        "clientid",
        "client-id",
        "client.id",
        "client id",
        "app_id",
        "appid",
        "app-id",
        "application_id",
        "tenant_id",
        "tenantid",
        "tenant-id",
        "account_id",
        "account_sid",
        "accountid",
        "arn:aws",
        "accountsid",
        "org_id",
        "orgid",
        "organization_id",
        "project_id",
        "subscription_id",
        "subscriptionid",
        "bot_id",
        "workspace_id",
        "private_key_id",
    ]),
    after: 64,
    pattern: concat!(
        r"(?i-u)(?:client|app|application|tenant|account|org|organization|project|subscription|bot",
        r#"|workspace|private_key)[_. -]?(?:id|sid)["'\]\\)]{0,3}[ \t]{0,4}(?:=>|:=|[=:,>])[ \t]{0,4}\\?["'`]{0,1}"#,
        r"([a-z0-9][a-z0-9_.-]{8,126}[a-z0-9])\b|arn:aws[a-z-]{0,16}:[a-z0-9-]{1,32}:[a-z0-9-]{0,24}:(\d{12}):",
    ),
    validate,
    examples: &[
        "client_id=0q1w2e3r4t5y6u7i",
        "\"tenantId\": \"123e4567-e89b-12d3-a456-426614174000\"",
        "aws_account_id: 112233445566",
        "arn:aws:iam::112233445566:user/deploy",
    ],
    counter_examples: &[
        "client_id = settings.client_id",
        "client_id: your-client-id",
        "app_id=com.example.application",
        "account_id: 1234",
        "project_id: some-project-name",
    ],
    ..Recognizer::BASE
}];

fn validate(candidate: &Candidate<'_>) -> Verdict {
    let value = candidate.value();
    let is_number = value.len() >= 12 && value.bytes().all(|byte| byte.is_ascii_digit());
    let is_random = is_uuid(value) || is_number || is_generated(value, 12);
    Verdict::plausible_if(is_random && !is_stand_in(value))
}
