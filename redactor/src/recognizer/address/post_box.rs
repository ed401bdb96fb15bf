//! Post-office boxes.

use super::{ADDRESS, Anchor, Recognizer, fragments};

pub(in crate::recognizer) const RECOGNIZERS: &[Recognizer] = &[Recognizer {
    name: "address_post_box",
    anchor: Anchor::Literals(&[
        "box", "postfach", "boîte p", "apartado", "casella ", "postbus", "caixa po", "skrytka",
        "postboks", "b.p.",
    ]),
    before: 12,
    after: 72,
    pattern: concat!(
        r"(?:(?i)(?:\b[0-9]{1,6} )?\b(?:p\.? ?o\.? ?box|post(?:al)? ?box|postfach|postbus|postboks|boîte postale|b\.p\.|apartado(?: de correos| postal)?",
        r"|casella postale|caixa postal|skrytka pocztowa)[ ]{1,2}(?:n[º°o]\.? ?)?[0-9]{1,6}(?: [0-9]{1,3}\b)?",
        // Rural and highway contract routes (USPS Publication 28, sections 24 and 25).
        r"|(?i)\b(?:rr|r\.r\.|hc) [0-9]{1,3},? box [0-9]{1,5}[a-z]?\b)",
        fragments::place!(),
    ),
    score: 0.8,
    examples: &[
        "P.O. Box 104",
        "PO Box 12345",
        "Postfach 10 01",
        "Apartado de Correos 993",
        "34 p.o. box 249",
        "P.O. Box 104, Austin, TX 78701",
        "RR 2 Box 45A",
    ],
    counter_examples: &["box 12", "the mailbox 5", "inbox 100", "apartado primero"],
    ..ADDRESS
}];
