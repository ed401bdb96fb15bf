//! Towns, addresses and organisations that there are none of.

use super::{
    Maker,
    name::{Choices, is_part_of_name},
    shape::{self, pieces},
};
use crate::word_list::is_listed;

impl Maker<'_> {
    /// Every word a made-up town's name, but for small words.
    pub(super) fn location(&mut self, value: &str) -> Option<String> {
        self.each_word(value, is_part_of_name, |maker, word| {
            if is_listed(word, SMALL_WORDS) {
                return Some(word.to_owned());
            }
            maker.word("place", word, &TOWNS)
        })
    }

    /// Other numbers and names; the sort of street, and what else tells nothing, stays.
    pub(super) fn address(&mut self, value: &str) -> Option<String> {
        self.each_word(value, char::is_alphanumeric, |maker, word| {
            if word.contains(char::is_numeric) {
                return Some(shape::same(word, &mut maker.draw));
            }
            let lower = word.to_lowercase();
            if is_listed(word, SMALL_WORDS) || is_listed(word, STREET_WORDS) || word.len() < 3 {
                return Some(word.to_owned());
            }
            let ending = STREET_ENDINGS
                .split(' ')
                .find(|ending| lower.ends_with(ending));
            match ending.and_then(|ending| word.get(..word.len().checked_sub(ending.len())?)) {
                Some(stem) => {
                    let made = maker.word("place", stem, &TOWNS)?;
                    let ending = word.get(stem.len()..)?;
                    Some(format!("{made}{ending}"))
                }
                None => maker.word("place", word, &TOWNS),
            }
        })
    }

    /// Made-up names beside the words that say what sort of organisation it is.
    pub(super) fn organisation(&mut self, value: &str) -> Option<String> {
        let is_word = |c: char| c.is_numeric() || is_part_of_name(c);
        self.each_word(value, is_word, |maker, word| {
            if word.contains(char::is_numeric) {
                return Some(shape::same(word, &mut maker.draw));
            }
            if is_listed(word, SMALL_WORDS) || is_listed(word, ORGANISATION_WORDS) {
                return Some(word.to_owned());
            }
            maker.word("organisation", word, &FIRMS)
        })
    }

    /// The value with every word replaced, and all between them as it is.
    fn each_word(
        &mut self,
        value: &str,
        is_word: fn(char) -> bool,
        word: impl Fn(&mut Self, &str) -> Option<String>,
    ) -> Option<String> {
        let mut made = String::with_capacity(value.len());
        for piece in pieces(value, is_word) {
            if piece.starts_with(is_word) {
                made.push_str(&word(self, piece)?);
            } else {
                made.push_str(piece);
            }
        }
        Some(made)
    }
}

const TOWNS: Choices = Choices::Composed(
    "Alder Bram Calder Dunmor Ever Fenn Garn Hesk Ivel Kelder Lorn Marl Nether Orms Pember \
        Quen Rath Selk Thorn Ulver Vesk Wend Yarl Zell",
    "bury combe dale ford ham ley mere stead thorpe wald wick worth",
);

const FIRMS: Choices = Choices::Composed(
    "Alb Bran Cel Dor Ent Fal Gant Hel Ilm Jov Kel Lum Mer Nov Orb Pal Quor Ril Sol Tev \
        Ulm Vex Wim Zan",
    "ander antis ector elion entis era evo ilon inar onia orix utec",
);

/// What joins the words of names of places and organisations.
const SMALL_WORDS: &str = "\
    of the and for in at on upon de del della di da do dos du des la le les el los las der die \
    das am an im bei und für et y e van von zu sur sous aan den ter i w we z na st saint sankt \
    san santa são new";

/// What tells only the sort of a street or of what lies along it.
const STREET_WORDS: &str = "\
    street avenue ave road lane drive court place square terrace way close crescent boulevard \
    blvd highway hwy parkway pkwy circle cir trail suite ste apt apartment floor unit room box \
    flat north south east west straße strasse str weg platz allee gasse ring ufer damm \
    hausnummer rue chemin impasse quai route allée bis étage via viale piazza corso largo vicolo \
    calle avenida plaza paseo camino carrer piso rua travessa praça andar laan straat plein \
    gracht kade ulica aleja plac postfach postbus";

/// The same, as the end of a word.
const STREET_ENDINGS: &str =
    "straße strasse str weg platz allee gasse damm ufer straat laan plein gracht kade";

/// What tells only the sort of an organisation.
const ORGANISATION_WORDS: &str = "\
    ag ab asa aps bv co company corp corporation ev gmbh group gruppe holding holdings inc \
    incorporated kg kgaa lda limited llc llp ltd ltda nv ohg oy oyj plc pty sa sarl sas se sl \
    spa srl ug bank bibliothek center centre centro church clinic clinica clínica clinique \
    college council department foundation fundación gymnasium hospital hôpital institut \
    institute instituto international kirche klinik klinikum krankenhaus library medical \
    ministry museum ospedale partners praxis school schule services society solutions stiftung \
    szpital university universidad universidade università université universität universiteit \
    uniwersytet verein verlag ziekenhuis";
