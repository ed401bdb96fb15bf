//! France.

use super::{Compact, Identifier, free, written};
use crate::{EntityKind, checksum::luhn};

pub(super) const ROWS: &[Identifier] = &[
    // INSEE, decree 82-103: sex, year, month, department, commune, order, and 97 minus the rest
    // modulo 97.
    Identifier {
        name: "fr_nir",
        kind: EntityKind::NationalId,
        country: "FR",
        forms: &[written("9~99~99~9*~999~999~99", 0.7)],
        check: |n| {
            is_nir(n) && {
                // Corsica counts as 19 and 18.
                let department = match n.at(6) {
                    b'A' => 19,
                    b'B' => 18,
                    _ => n.number(5, 7),
                };
                let number =
                    n.number(0, 5) * 100_000_000 + department * 1_000_000 + n.number(7, 13);
                97 - number % 97 == n.number(13, 15)
            }
        },
        context: NIR,
        examples: &[
            "NIR 2 78 06 75 111 245 80",
            "n° de sécurité sociale : 285087544294107",
            "1 84 12 2A 451 089 33",
        ],
        counter_examples: &["NIR 278067511124581", "378067511124580"],
    },
    // As it is grouped on the Carte Vitale, right or mistyped; or without the key.
    Identifier {
        name: "fr_nir_typed",
        kind: EntityKind::NationalId,
        country: "FR",
        forms: &[
            written("9-99-99-9*-999-999-99", 0.6),
            written("9-99-99-9*-999-999", 0.5),
            written("9~99~99~9*~999~999~9{0,2}", 0.2),
        ],
        check: is_nir,
        context: NIR,
        examples: &[
            "1 60 04 25 311 114 26",
            "numéro de sécurité sociale 2780675111245",
            "assuré 278067511124599",
        ],
        counter_examples: &["9 60 04 25 311 114 26", "NIR 2784975111245"],
    },
    // INSEE, decree 73-314: Luhn formula; the establishments of La Poste by the sum of digits.
    Identifier {
        name: "fr_siret",
        kind: EntityKind::TaxId,
        country: "FR",
        forms: &[
            written("999-999-999-99999", 0.6),
            written("999-999-999-999-99", 0.6),
            written("999999999-99999", 0.55),
            written("99999999999999", 0.5),
        ],
        check: |n| {
            let sum: u64 = (0..14).map(|place| n.number(place, place + 1)).sum();
            let is_la_poste = n.starts_with("356000000") && sum.is_multiple_of(5);
            is_siren(&n.first(9)) && (luhn(n.as_str()) || is_la_poste)
        },
        context: &["siret", "n° siret", "etablissement", "company number"],
        examples: &["SIRET 508 599 800 11645", "93177502776309"],
        counter_examples: &["SIRET 508 599 800 11646", "50859980111645"],
    },
    Identifier {
        name: "fr_siren",
        kind: EntityKind::TaxId,
        country: "FR",
        forms: &[written("999-999-999", 0.25), written("999999999", 0.2)],
        check: is_siren,
        context: &[
            "siren",
            "rcs",
            "r.c.s",
            "registre du commerce",
            "company number",
        ],
        examples: &["SIREN 717 727 853", "RCS Paris 472325695"],
        counter_examples: &["SIREN 717 727 854", "lot 472325695"],
    },
    // Direction generale des finances publiques: first digit 0 to 3, rest modulo 511 at the end.
    Identifier {
        name: "fr_tax_number",
        kind: EntityKind::TaxId,
        country: "FR",
        forms: &[
            written("99-99-999-999-999", 0.6),
            written("9999999999999", 0.4),
        ],
        check: |n| {
            matches!(n.at(0), b'0'..=b'3')
                && n.number(0, 10) > 99_999
                && n.number(0, 10) % 511 == n.number(10, 13)
        },
        context: &[
            "numero fiscal",
            "n° fiscal",
            "nº fiscal",
            "no fiscal",
            "spi",
            "nif",
            "reference fiscale",
            "impots",
            "tax number",
            "tin",
        ],
        examples: &["numéro fiscal 24 49 260 827 013", "SPI: 2378835542237"],
        counter_examples: &["numéro fiscal 24 49 260 827 014", "SPI: 4378835542237"],
    },
    // Five digits of the bank, five of the office, eleven characters, key modulo 97.
    Identifier {
        name: "fr_bank_account",
        kind: EntityKind::BankAccount,
        country: "FR",
        forms: &[written("99999~99999~***********~99", 0.6)],
        check: is_rib,
        context: &[
            "rib",
            "compte",
            "releve d'identite bancaire",
            "code banque",
            "account",
        ],
        examples: &[
            "RIB 20041 01005 0500013M026 06",
            "compte 30006 00001 12345678901 89",
        ],
        counter_examples: &[
            "RIB 20041 01005 0500013M026 07",
            "compte 30006 00001 12345678901 90",
        ],
    },
    // Repertoire partage des professionnels de sante: eleven digits, Luhn formula; ADELI: nine, the
    // department first.
    Identifier {
        name: "fr_health_professional",
        kind: EntityKind::LicenseCert,
        country: "FR",
        forms: &[written("9~9999999999", 0.3)],
        check: |n| matches!(n.at(0), b'1' | b'8') && luhn(n.as_str()),
        context: &["rpps", "n° rpps", "numero rpps", "repertoire partage"],
        examples: &["RPPS 10003456786", "n° RPPS : 10101234564"],
        counter_examples: &["RPPS 10003456787", "lot 10003456786"],
    },
    Identifier {
        name: "fr_adeli",
        kind: EntityKind::LicenseCert,
        country: "FR",
        forms: &[written("9*~9~999~99~9", 0.0), written("9*~9~99999~9", 0.0)],
        context: &["adeli", "finess", "numero de facturation"],
        examples: &["ADELI 75 1 12345 6", "N° ADELI : 751123456"],
        counter_examples: &["ADELI 7511", "lot 751123456"],
        ..Identifier::BASE
    },
    // Passport and identity card since 2021: nine characters; the older card, twelve digits.
    Identifier {
        name: "fr_passport",
        kind: EntityKind::Passport,
        country: "FR",
        forms: &[written("99~AA~99999", 0.3)],
        context: &["passeport", "passport"],
        examples: &["passeport 12AB34567", "N° de passeport : 07 CD 12345"],
        counter_examples: &["passeport 1AB34567", "lot 12AB34567"],
        ..Identifier::BASE
    },
    Identifier {
        name: "fr_identity_card",
        kind: EntityKind::NationalId,
        country: "FR",
        forms: &[
            written("999999999999", 0.15),
            written("9999~A{0,2}~9{5,6}", 0.0),
            written("A**9***9*", 0.0),
            free(8, 12),
        ],
        context: &[
            "carte d'identite",
            "carte nationale",
            "cni",
            "cnie",
            "piece d'identite",
            "titre de sejour",
            "identity card",
        ],
        examples: &["CNI n° 880692310285", "carte d'identité : X4RTBPFW4"],
        counter_examples: &["CNI 1234", "lot 880692310285"],
        ..Identifier::BASE
    },
    // Twelve digits; since 2013 the prefecture's number of fifteen characters.
    Identifier {
        name: "fr_driver_license",
        kind: EntityKind::DriverLicense,
        country: "FR",
        forms: &[written("99~99~99~999999", 0.15), free(9, 15)],
        context: &[
            "permis de conduire",
            "numero neph",
            "neph",
            "n° de permis",
            "driving licence",
        ],
        examples: &["permis de conduire n° 13AA00002", "NEPH 123456789012"],
        counter_examples: &["permis de conduire depuis 2004", "lot 123456789012"],
        ..Identifier::BASE
    },
    // Number of a pupil or student: nine or ten digits and a letter or two.
    Identifier {
        name: "fr_student",
        kind: EntityKind::OtherId,
        country: "FR",
        forms: &[written("9{9,10}A{1,2}", 0.2), written("9{9}AA", 0.2)],
        context: &[
            "ine",
            "bea",
            "identifiant national etudiant",
            "numero etudiant",
        ],
        examples: &["INE 1234567890A", "INE : 123456789AB"],
        counter_examples: &["INE 1234", "lot 1234567890A"],
        ..Identifier::BASE
    },
    // Numbers of patients, stays and files: each hospital's own.
    Identifier {
        name: "fr_health_record",
        kind: EntityKind::HealthId,
        country: "FR",
        forms: &[free(5, 15)],
        context: &[
            "ipp",
            "nip",
            "nda",
            "iep",
            "dossier",
            "numero d'identification",
            "numero d'identifiant",
            "n° d'identification",
            "n° d'id",
            "numero patient",
            "n° patient",
            "numero de sejour",
            "numero d'assure",
            "numero d'adherent",
            "mutuelle",
        ],
        examples: &[
            "IPP: 3902478069",
            "l’IPP étant le 3456721983",
            "Dossier N° 9281973",
            "NDA : 2345678901",
        ],
        counter_examples: &["IPP: 123", "patient de 75 ans"],
        ..Identifier::BASE
    },
    // The same numbers behind a word that also stands before others.
    Identifier {
        name: "fr_patient",
        kind: EntityKind::HealthId,
        country: "FR",
        forms: &[free(7, 12), written("9{10}", 0.15)],
        context: &["patient", "patiente", "visite", "sejour", "venue"],
        examples: &["pour le patient 1234567890", "Nº de la visite: 42bg98765"],
        counter_examples: &["patient de 75 ans", "visite 12 du patient"],
        ..Identifier::BASE
    },
    // The number of a patient in one hospital; `IP` means it where no address follows.
    Identifier {
        name: "fr_patient_identifier",
        kind: EntityKind::HealthId,
        country: "FR",
        forms: &[written("9{8,12}", 0.1)],
        context: &["ip", "ipp", "nip", "nda"],
        examples: &["IP: 67475839483", "NDA 6747583948"],
        counter_examples: &["IP: 192.0.2.77", "the clip 67475839483"],
        ..Identifier::BASE
    },
];

const NIR: &[&str] = &[
    "nir",
    "insee",
    "securite sociale",
    "secu",
    "n° ss",
    "nss",
    "vitale",
    "immatriculation",
    "numero d'assure",
    "assure",
    "matricule ins",
    "ins",
    "social security",
];

/// Sex, month (20 and more when it is not known) and department.
fn is_nir(n: &Compact) -> bool {
    let month = n.number(3, 5);
    matches!(n.at(0), b'1'..=b'4' | b'7' | b'8')
        && matches!(month, 1..=12 | 20..=42 | 50..=99)
        && (n.is_digits(6, 7) || matches!(n.as_bytes().get(5..7), Some(b"2A" | b"2B")))
        && (n.number(5, 7) > 0 || !n.is_digits(6, 7))
}

fn is_siren(n: &Compact) -> bool {
    n.number(0, 9) > 99_999 && luhn(n.as_str())
}

/// Letters count as digits: A to I as 1 to 9, J to R as 1 to 9, S to Z as 2 to 9.
fn is_rib(n: &Compact) -> bool {
    let digit = |place: usize| match n.value(place) {
        letter @ 10..=27 => (letter - 10) % 9 + 1,
        letter @ 28.. => letter - 26,
        digit => digit,
    };
    let rest = (0..23).fold(0, |rest, place| (rest * 10 + digit(place)) % 97);
    n.number(0, 10) > 0 && rest == 0
}

/// TVA of article 286 ter CGI, without `FR`: key and SIREN.
pub(super) fn is_vat(n: &Compact) -> bool {
    let siren = n.skip(2);
    let key = (12 + 3 * (siren.number(0, 9) % 97)) % 97;
    n.len() == 11
        && siren.is_digits(0, 9)
        // Numbers of Monaco begin with zeros and are no SIREN.
        && (is_siren(&siren) || siren.starts_with("000"))
        // Keys with letters have a rule of their own.
        && (!n.is_digits(0, 2) || n.number(0, 2) == key)
}
