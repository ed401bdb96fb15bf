//! What a finding is.

/// What a finding is. The names are those that `nearside redact --jsonl` prints.
///
/// The order of the variants is the order in which kinds are reported, and the last tie-break
/// between two findings over the same text.
///
/// ```
/// use redactor::EntityKind;
///
/// assert_eq!(EntityKind::CreditCard.name(), "CREDIT_CARD");
/// assert_eq!(EntityKind::from_name("CREDIT_CARD"), Some(EntityKind::CreditCard));
/// assert_eq!(EntityKind::from_name("credit card"), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EntityKind {
    /// A person's name.
    Person,
    /// A place that is not a street address: city, region, country.
    Location,
    /// A street address or a postal code.
    Address,
    /// A company, authority, hospital or other organisation.
    Org,
    /// A date or a time that belongs to somebody.
    Date,
    /// A person's age.
    Age,
    /// A telephone or fax number.
    Phone,
    /// An e-mail address.
    Email,
    /// A web address.
    Url,
    /// An IPv4 or IPv6 address.
    Ip,
    /// A hardware address of a network interface.
    Mac,
    /// A login name or handle.
    Username,
    /// A payment card number.
    CreditCard,
    /// An international bank account number (ISO 13616).
    Iban,
    /// A bank account or routing number that is not an IBAN.
    BankAccount,
    /// A number that a state gives to a person.
    NationalId,
    /// A tax or VAT number.
    TaxId,
    /// A medical record, insurance or patient number.
    HealthId,
    /// A passport number.
    Passport,
    /// A driver's licence number.
    DriverLicense,
    /// A professional licence or certificate number.
    LicenseCert,
    /// A vehicle identification number or a number plate.
    VehicleId,
    /// A serial number or another identifier of a device.
    DeviceId,
    /// A customer, member or account number.
    AccountId,
    /// Any other number or code that identifies one person.
    OtherId,
    /// An address of a crypto-currency wallet.
    Crypto,
    /// A password, key, token or other credential.
    Secret,
}

impl EntityKind {
    /// Every kind, in order.
    pub const ALL: &'static [Self] = &[
        Self::Person,
        Self::Location,
        Self::Address,
        Self::Org,
        Self::Date,
        Self::Age,
        Self::Phone,
        Self::Email,
        Self::Url,
        Self::Ip,
        Self::Mac,
        Self::Username,
        Self::CreditCard,
        Self::Iban,
        Self::BankAccount,
        Self::NationalId,
        Self::TaxId,
        Self::HealthId,
        Self::Passport,
        Self::DriverLicense,
        Self::LicenseCert,
        Self::VehicleId,
        Self::DeviceId,
        Self::AccountId,
        Self::OtherId,
        Self::Crypto,
        Self::Secret,
    ];

    /// The name in upper snake case: `"EMAIL"`, `"CREDIT_CARD"`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Person => "PERSON",
            Self::Location => "LOCATION",
            Self::Address => "ADDRESS",
            Self::Org => "ORG",
            Self::Date => "DATE",
            Self::Age => "AGE",
            Self::Phone => "PHONE",
            Self::Email => "EMAIL",
            Self::Url => "URL",
            Self::Ip => "IP",
            Self::Mac => "MAC",
            Self::Username => "USERNAME",
            Self::CreditCard => "CREDIT_CARD",
            Self::Iban => "IBAN",
            Self::BankAccount => "BANK_ACCOUNT",
            Self::NationalId => "NATIONAL_ID",
            Self::TaxId => "TAX_ID",
            Self::HealthId => "HEALTH_ID",
            Self::Passport => "PASSPORT",
            Self::DriverLicense => "DRIVER_LICENSE",
            Self::LicenseCert => "LICENSE_CERT",
            Self::VehicleId => "VEHICLE_ID",
            Self::DeviceId => "DEVICE_ID",
            Self::AccountId => "ACCOUNT_ID",
            Self::OtherId => "OTHER_ID",
            Self::Crypto => "CRYPTO",
            Self::Secret => "SECRET",
        }
    }

    /// What it is, in words, without a full stop: `"an e-mail address"`.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Person => "a person's name",
            Self::Location => "a place that is not a street address: city, region, country",
            Self::Address => "a street address or a postal code",
            Self::Org => "a company, authority, hospital or other organisation",
            Self::Date => "a date or a time that belongs to somebody",
            Self::Age => "a person's age",
            Self::Phone => "a telephone or fax number",
            Self::Email => "an e-mail address",
            Self::Url => "a web address",
            Self::Ip => "an IPv4 or IPv6 address",
            Self::Mac => "a hardware address of a network interface",
            Self::Username => "a login name or handle",
            Self::CreditCard => "a payment card number",
            Self::Iban => "an international bank account number (ISO 13616)",
            Self::BankAccount => "a bank account or routing number that is not an IBAN",
            Self::NationalId => "a number that a state gives to a person",
            Self::TaxId => "a tax or VAT number",
            Self::HealthId => "a medical record, insurance or patient number",
            Self::Passport => "a passport number",
            Self::DriverLicense => "a driver's licence number",
            Self::LicenseCert => "a professional licence or certificate number",
            Self::VehicleId => "a vehicle identification number or a number plate",
            Self::DeviceId => "a serial number or another identifier of a device",
            Self::AccountId => "a customer, member or account number",
            Self::OtherId => "any other number or code that identifies one person",
            Self::Crypto => "an address of a crypto-currency wallet",
            Self::Secret => "a password, key, token or other credential",
        }
    }

    /// The kind with exactly this name, or `None`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    /// Position in [`EntityKind::ALL`], for tables with one row a kind.
    pub(crate) const fn index(self) -> usize {
        self as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_is_in_order_and_names_lead_back() {
        for (position, &kind) in EntityKind::ALL.iter().enumerate() {
            assert_eq!(kind.index(), position);
            assert_eq!(EntityKind::from_name(kind.name()), Some(kind));
        }
    }

    #[test]
    fn unknown_names_are_refused() {
        assert_eq!(EntityKind::from_name("email"), None);
        assert_eq!(EntityKind::from_name(""), None);
    }
}
