//! Portugal.

use super::{Compact, Identifier, free, written};
use crate::EntityKind;

pub(super) const ROWS: &[Identifier] = &[
    // Decreto-Lei 14/2013: weights 9 to 2 modulo 11.
    Identifier {
        name: "pt_nif",
        kind: EntityKind::TaxId,
        country: "PT",
        forms: &[written("999~999~999", 0.25)],
        check: is_nif,
        context: &[
            "nif",
            "n.i.f",
            "nipc",
            "contribuinte",
            "numero fiscal",
            "identificacao fiscal",
            "tax number",
            "vat",
        ],
        examples: &["NIF 245310282", "contribuinte n.º 273 401 700"],
        counter_examples: &["NIF 245310283", "artigo 273401700"],
    },
    // Portaria 202/2007: civil number, check digit, version, Luhn formula over base 36.
    Identifier {
        name: "pt_citizen_card",
        kind: EntityKind::NationalId,
        country: "PT",
        forms: &[written("99999999~9~**9", 0.6)],
        check: |n| {
            let double = |value: u32| if value > 4 { value * 2 - 9 } else { value * 2 };
            let sum: u32 = (0..12)
                .map(|place| {
                    if place % 2 == 0 {
                        double(n.value(place))
                    } else {
                        n.value(place)
                    }
                })
                .sum();
            let has_letter = !n.is_digits(9, 10) || !n.is_digits(10, 11);
            has_letter && n.is_upper_case() && sum.is_multiple_of(10)
        },
        context: &[
            "cartao de cidadao",
            "cartao do cidadao",
            "cc",
            "documento de identificacao",
            "citizen card",
        ],
        examples: &["cartão de cidadão 43873821 7 TY3", "CC 941679014LX8"],
        counter_examples: &["cartão de cidadão 43873821 7 TY4", "CC 941679014LX9"],
    },
    // Civil number with its check digit, as on the older card.
    Identifier {
        name: "pt_civil_number",
        kind: EntityKind::NationalId,
        country: "PT",
        forms: &[
            written("9{7,8}~9{0,1}", 0.15),
            written("9{1,2}-999-999", 0.0),
        ],
        context: &[
            "bilhete de identidade",
            "b.i.",
            "bi n",
            "nic",
            "identificacao civil",
            "cartao de cidadao",
        ],
        examples: &["bilhete de identidade 12345678", "B.I. n.º 1234567"],
        counter_examples: &["bilhete de identidade 12", "artigo 12345678"],
        ..Identifier::BASE
    },
    // Seguranca Social: weights of the primes 29 to 2, 9 minus the sum modulo 10.
    Identifier {
        name: "pt_niss",
        kind: EntityKind::HealthId,
        country: "PT",
        forms: &[written("99999999999", 0.35), written("999-999-999-99", 0.4)],
        check: |n| {
            matches!(n.at(0), b'1' | b'2')
                && 9 - n.weighted(&[29, 23, 19, 17, 13, 11, 7, 5, 3, 2]) % 10 == n.last()
        },
        context: &["niss", "seguranca social", "social security"],
        examples: &["NISS 12345678902", "segurança social 11223344550"],
        counter_examples: &["NISS 12345678903", "artigo 12345678902"],
    },
    // Servico Nacional de Saude: number of a user, nine digits; clinical processes.
    Identifier {
        name: "pt_health_user",
        kind: EntityKind::HealthId,
        country: "PT",
        forms: &[written("999~999~999", 0.0), free(5, 12)],
        context: &[
            "utente",
            "numero de utente",
            "sns",
            "processo clinico",
            "n.º processo",
            "episodio",
        ],
        examples: &["n.º utente 123 456 789", "processo clínico: 1234567"],
        counter_examples: &["utente de 75 anos", "artigo 123456789"],
        ..Identifier::BASE
    },
    // IMT: district and number.
    Identifier {
        name: "pt_driver_license",
        kind: EntityKind::DriverLicense,
        country: "PT",
        forms: &[written("A{1,2}=9{5,7}~9", 0.15), free(6, 10)],
        context: &["carta de conducao", "driving licence"],
        examples: &[
            "carta de condução L-1234567 8",
            "carta de condução n.º P-123456",
        ],
        counter_examples: &["carta de condução B", "artigo L-1234567 8"],
        ..Identifier::BASE
    },
    // Banco de Portugal, NIB: bank, branch, account and two digits, modulo 97.
    Identifier {
        name: "pt_bank_account",
        kind: EntityKind::BankAccount,
        country: "PT",
        forms: &[
            written("9999-9999-99999999999-99", 0.7),
            written("9{21}", 0.55),
            written("9999-9999-9999-9999-9999-9", 0.6),
        ],
        check: |n| {
            let rest = (0..21).fold(0, |rest, place| (rest * 10 + n.value(place)) % 97);
            !n.is_monotone() && rest == 1
        },
        context: &["nib", "conta", "conta bancaria", "account"],
        examples: &["NIB 0035 0683 00000007843 11", "NIB 003506830000000784311"],
        counter_examples: &["NIB 0035 0683 00000007843 12", "NIB 003506830000000784312"],
    },
    // Ordem dos Medicos and Ordem dos Enfermeiros: number of a member.
    Identifier {
        name: "pt_health_professional",
        kind: EntityKind::LicenseCert,
        country: "PT",
        forms: &[free(4, 7)],
        context: &[
            "cedula profissional",
            "ordem dos medicos",
            "n.º mecanografico",
            "numero mecanografico",
            "ordem dos enfermeiros",
        ],
        examples: &["cédula profissional 54321", "Ordem dos Médicos n.º 12345"],
        counter_examples: &["cédula profissional 12", "quarto 54321"],
        ..Identifier::BASE
    },
];

/// NIF, which is also the VAT number without `PT`.
pub(super) fn is_nif(n: &Compact) -> bool {
    let rest = n.weighted(&[9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    n.len() == 9
        && n.is_digits(0, 9)
        && n.at(0) != b'0'
        && !n.is_monotone()
        && (11 - rest) % 11 % 10 == n.last()
}
