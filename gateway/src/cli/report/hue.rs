//! A colour for every kind; what belongs together lies together.

use redactor::EntityKind;

/// Degrees on the colour wheel.
pub(super) const fn of(kind: EntityKind) -> u16 {
    match kind {
        EntityKind::Secret => 4,
        EntityKind::Crypto => 18,
        EntityKind::Date => 36,
        EntityKind::Age => 46,
        EntityKind::Person => 56,
        EntityKind::Org => 74,
        EntityKind::Location => 92,
        EntityKind::Address => 108,
        EntityKind::CreditCard => 132,
        EntityKind::Iban => 146,
        EntityKind::BankAccount => 160,
        EntityKind::Ip => 176,
        EntityKind::Mac => 186,
        EntityKind::Url => 196,
        EntityKind::Email => 208,
        EntityKind::Phone => 222,
        EntityKind::Username => 236,
        EntityKind::NationalId => 254,
        EntityKind::TaxId => 266,
        EntityKind::HealthId => 278,
        EntityKind::Passport => 290,
        EntityKind::DriverLicense => 300,
        EntityKind::LicenseCert => 310,
        EntityKind::VehicleId => 320,
        EntityKind::DeviceId => 330,
        EntityKind::AccountId => 340,
        EntityKind::OtherId => 350,
    }
}
