//! VAT numbers with the prefix of their country.

use super::{
    Compact, Identifier, at, balkan, be, bg, cy, cz, de, dk, ee, es, fi, fr, gb, gr, hu, ie, it,
    lt, lu, lv, mt, nl, pl, pt, ro, se, sk, written,
};
use crate::{EntityKind, checksum::mod_11_10};

pub(super) const ROWS: &[Identifier] = &[
    // Directive 2006/112/EC article 215; the check rules are those of the countries.
    Identifier {
        name: "eu_vat",
        kind: EntityKind::TaxId,
        forms: &[
            written("AA~*~*~*~*~*~*~*~*", 0.5),
            written("AA~*~*~*~*~*~*~*~*~*", 0.5),
            written("AA~*~*~*~*~*~*~*~*~*~*", 0.5),
            written("AA~*~*~*~*~*~*~*~*~*~*~*", 0.5),
            written("AA~*~*~*~*~*~*~*~*~*~*~*~*", 0.5),
        ],
        // Lower case is left to the context: "de 12 345 678" is not about Germany.
        check: |n| n.is_upper_case() && is_vat(n),
        context: VAT,
        examples: &[
            "DE282757873",
            "USt-IdNr.: DE 282 757 873",
            "VAT NL777264031B01",
            "ATU80623700",
            "EL650471434",
        ],
        counter_examples: &[
            "DE282757874",
            "de 282 757 873",
            "AT123456789",
            "FR12345678901",
        ],
        ..Identifier::BASE
    },
    Identifier {
        name: "eu_vat_in_lower_case",
        kind: EntityKind::TaxId,
        forms: &[written("AA~*{8,12}", 0.15)],
        check: |n| !n.is_upper_case() && is_vat(n),
        context: VAT,
        examples: &["vat: de282757873", "btw nl777264031b01"],
        counter_examples: &["de282757873", "vat: de282757874"],
        ..Identifier::BASE
    },
];

const VAT: &[&str] = &[
    "vat",
    "vat id",
    "vatin",
    "ust id",
    "ustid",
    "umsatzsteuer",
    "uid",
    "tva",
    "iva",
    "p.iva",
    "partita iva",
    "btw",
    "dic",
    "ic dph",
    "nip",
    "moms",
    "mva",
    "pvn",
    "pvm",
    "kmkr",
    "alv",
    "pdv",
    "ddv",
    "φπα",
    "αφμ",
    "ддс",
    "cif",
    "nif",
    "tax id",
    "tax number",
    "afa",
    "adoszam",
];

/// By prefix: whether the rest is a number of that country.
const NUMBERS: &[(&str, fn(&Compact) -> bool)] = &[
    ("AT", at::is_vat),
    ("BE", be::is_enterprise_number),
    ("BG", bg::is_vat),
    ("CY", cy::is_tax_number),
    ("CZ", cz::is_vat),
    ("DE", de::is_vat),
    ("DK", dk::is_cvr),
    ("EE", ee::is_vat),
    ("EL", gr::is_vat),
    ("ES", es::is_vat),
    ("FI", fi::is_business_id),
    ("FR", fr::is_vat),
    ("GB", gb::is_vat),
    ("HR", |n| {
        n.len() == 11 && n.is_digits(0, 11) && mod_11_10(n.as_str())
    }),
    ("HU", hu::is_vat),
    ("IE", ie::is_vat),
    ("IT", it::is_vat),
    ("LT", lt::is_vat),
    ("LU", lu::is_vat),
    ("LV", lv::is_vat),
    ("MT", mt::is_vat),
    ("NL", nl::is_vat),
    ("PL", pl::is_nip),
    ("PT", pt::is_nif),
    ("RO", ro::is_vat),
    ("SE", se::is_vat),
    ("SI", balkan::is_slovenian_tax_number),
    ("SK", sk::is_vat),
    ("XI", gb::is_vat),
];

fn is_vat(n: &Compact) -> bool {
    let rest = n.skip(2);
    NUMBERS
        .iter()
        .any(|(prefix, is_valid)| n.starts_with(prefix) && is_valid(&rest))
}
