//! How sensitive each kind of finding is.

use redactor::{EntityKind, Finding, tagger::is_guess};
use router::PrivacyClass;

/// The class of a finding. Health numbers make a request protected health information (45 CFR
/// 160.103); what opens accounts or steals identities is sensitive; the rest identifies a person.
pub(super) fn class(kind: EntityKind) -> PrivacyClass {
    match kind {
        EntityKind::Secret => PrivacyClass::Secret,
        EntityKind::HealthId => PrivacyClass::Phi,
        EntityKind::CreditCard
        | EntityKind::Iban
        | EntityKind::BankAccount
        | EntityKind::NationalId
        | EntityKind::TaxId
        | EntityKind::Passport
        | EntityKind::DriverLicense
        | EntityKind::Crypto => PrivacyClass::Sensitive,
        EntityKind::Person
        | EntityKind::Location
        | EntityKind::Address
        | EntityKind::Org
        | EntityKind::Date
        | EntityKind::Age
        | EntityKind::Phone
        | EntityKind::Email
        | EntityKind::Url
        | EntityKind::Ip
        | EntityKind::Mac
        | EntityKind::Username
        | EntityKind::LicenseCert
        | EntityKind::VehicleId
        | EntityKind::DeviceId
        | EntityKind::AccountId
        | EntityKind::OtherId => PrivacyClass::Personal,
    }
}

/// True for a finding that leads to one person. Places, organisations, dates and ages fit many.
pub(super) fn names_somebody(finding: &Finding) -> bool {
    let fits_many = matches!(
        finding.kind,
        EntityKind::Location
            | EntityKind::Org
            | EntityKind::Date
            | EntityKind::Age
            | EntityKind::Url
            | EntityKind::Ip
            | EntityKind::Secret
    );
    !fits_many && !is_guess(finding)
}
