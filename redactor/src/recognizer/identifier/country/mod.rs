//! The numbers of each country, a file each; `european` and `worldwide` hold those of no one
//! country, `plate` the number plates, `vat` the VAT numbers with a prefix.

mod africa;
mod ar;
mod at;
mod au;
mod balkan;
mod be;
mod bg;
mod br;
mod by;
mod ca;
mod central_america;
mod central_asia;
mod ch;
mod cl;
mod cn;
mod co;
mod cy;
mod cz;
mod de;
mod dk;
mod ec;
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
mod in_;
mod is;
mod it;
mod jp;
mod kr;
mod lt;
mod lu;
mod lv;
mod middle_east;
mod mt;
mod mx;
mod nl;
mod no;
mod nz;
mod pe;
mod pl;
mod plate;
mod pt;
mod ro;
mod ru;
mod se;
mod sg;
mod si;
mod sk;
mod small;
mod south_asia;
mod southeast_asia;
mod tr;
mod tw;
mod ua;
mod us;
mod us_health;
mod uy;
mod vat;
mod ve;
mod worldwide;
mod za;

use super::{Compact, Identifier, free, is_day, written};

/// Every table.
pub(super) const ALL: &[&[Identifier]] = &[
    africa::ROWS,
    ar::ROWS,
    at::ROWS,
    au::ROWS,
    balkan::ROWS,
    be::ROWS,
    bg::ROWS,
    br::ROWS,
    by::ROWS,
    ca::ROWS,
    central_america::ROWS,
    central_asia::ROWS,
    ch::ROWS,
    cl::ROWS,
    cn::ROWS,
    co::ROWS,
    cy::ROWS,
    cz::ROWS,
    de::ROWS,
    dk::ROWS,
    ec::ROWS,
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
    in_::ROWS,
    is::ROWS,
    it::ROWS,
    jp::ROWS,
    kr::ROWS,
    lt::ROWS,
    lu::ROWS,
    lv::ROWS,
    middle_east::ROWS,
    mt::ROWS,
    mx::ROWS,
    nl::ROWS,
    no::ROWS,
    nz::ROWS,
    pe::ROWS,
    pl::ROWS,
    plate::ROWS,
    pt::ROWS,
    ro::ROWS,
    ru::ROWS,
    se::ROWS,
    sg::ROWS,
    si::ROWS,
    sk::ROWS,
    small::ROWS,
    south_asia::ROWS,
    southeast_asia::ROWS,
    tr::ROWS,
    tw::ROWS,
    ua::ROWS,
    us::ROWS,
    us_health::ROWS,
    uy::ROWS,
    vat::ROWS,
    ve::ROWS,
    worldwide::ROWS,
    za::ROWS,
];
