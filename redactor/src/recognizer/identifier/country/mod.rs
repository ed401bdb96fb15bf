//! The numbers of each country, a file each; `european` and `worldwide` hold those of no one
//! country, `plate` the number plates, `vat` the VAT numbers with a prefix.

mod at;
mod balkan;
mod be;
mod bg;
mod by;
mod ch;
mod cy;
mod cz;
mod de;
mod dk;
mod ee;
mod es;
mod european;
mod fi;
mod fr;
mod gb;
mod gr;
mod hr;
mod hu;
mod ie;
mod is;
mod it;
mod lt;
mod lu;
mod lv;
mod mt;
mod nl;
mod no;
mod pl;
mod plate;
mod pt;
mod ro;
mod ru;
mod se;
mod si;
mod sk;
mod small;
mod tr;
mod ua;
mod us;
mod vat;
mod worldwide;

use super::{Compact, Identifier, free, is_day, written};

/// Every table.
pub(super) const ALL: &[&[Identifier]] = &[
    at::ROWS,
    balkan::ROWS,
    be::ROWS,
    bg::ROWS,
    by::ROWS,
    ch::ROWS,
    cy::ROWS,
    cz::ROWS,
    de::ROWS,
    dk::ROWS,
    ee::ROWS,
    es::ROWS,
    european::ROWS,
    fi::ROWS,
    fr::ROWS,
    gb::ROWS,
    gr::ROWS,
    hr::ROWS,
    hu::ROWS,
    ie::ROWS,
    is::ROWS,
    it::ROWS,
    lt::ROWS,
    lu::ROWS,
    lv::ROWS,
    mt::ROWS,
    nl::ROWS,
    no::ROWS,
    pl::ROWS,
    plate::ROWS,
    pt::ROWS,
    ro::ROWS,
    ru::ROWS,
    se::ROWS,
    si::ROWS,
    sk::ROWS,
    small::ROWS,
    tr::ROWS,
    ua::ROWS,
    us::ROWS,
    vat::ROWS,
    worldwide::ROWS,
];
