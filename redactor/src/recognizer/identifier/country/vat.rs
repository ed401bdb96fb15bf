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

/// VAT numbers of one country.
struct Issuer {
    prefix: &'static str,
    /// Whether what is behind the prefix is one of its numbers.
    has: fn(&Compact) -> bool,
}

const fn issuer(prefix: &'static str, has: fn(&Compact) -> bool) -> Issuer {
    Issuer { prefix, has }
}

const ISSUERS: &[Issuer] = &[
    issuer("AT", at::is_vat),
    issuer("BE", be::is_enterprise_number),
    issuer("BG", bg::is_vat),
    issuer("CY", cy::is_tax_number),
    issuer("CZ", cz::is_vat),
    issuer("DE", de::is_vat),
    issuer("DK", dk::is_cvr),
    issuer("EE", ee::is_vat),
    issuer("EL", gr::is_vat),
    issuer("ES", es::is_vat),
    issuer("FI", fi::is_business_id),
    issuer("FR", fr::is_vat),
    issuer("GB", gb::is_vat),
    issuer("HR", |n| {
        n.len() == 11 && n.is_digits(0, 11) && mod_11_10(n.as_str())
    }),
    issuer("HU", hu::is_vat),
    issuer("IE", ie::is_vat),
    issuer("IT", it::is_vat),
    issuer("LT", lt::is_vat),
    issuer("LU", lu::is_vat),
    issuer("LV", lv::is_vat),
    issuer("MT", mt::is_vat),
    issuer("NL", nl::is_vat),
    issuer("PL", pl::is_nip),
    issuer("PT", pt::is_nif),
    issuer("RO", ro::is_vat),
    issuer("SE", se::is_vat),
    issuer("SI", balkan::is_slovenian_tax_number),
    issuer("SK", sk::is_vat),
    issuer("XI", gb::is_vat),
];

fn is_vat(n: &Compact) -> bool {
    let rest = n.skip(2);
    ISSUERS
        .iter()
        .any(|issuer| n.starts_with(issuer.prefix) && (issuer.has)(&rest))
}
