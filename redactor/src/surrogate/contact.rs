//! Addresses on the Internet, under names that nobody can register (RFC 2606).

use super::{
    Maker,
    shape::{self, pieces},
};

const HOSTS: &[&str] = &["example.com", "example.org", "example.net"];

impl Maker<'_> {
    /// A mailbox under an example domain, its name formed like the value's.
    pub(super) fn email(&mut self, value: &str) -> Option<String> {
        let (scheme, address) = match value.split_at_checked("mailto:".len()) {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("mailto:") => (scheme, rest),
            _ => ("", value),
        };
        let ends = |c: char| c == '@' || c.is_whitespace() || "([{<".contains(c);
        let local = address.split(ends).next()?;
        let local = self.login(local)?;
        let host = self.draw.pick(HOSTS)?;
        Some(format!("{scheme}{local}@{host}"))
    }

    /// A login name, formed like the value.
    pub(super) fn handle(&mut self, value: &str) -> Option<String> {
        let sign = if value.starts_with('@') { "@" } else { "" };
        let made = self.login(value.strip_prefix('@').unwrap_or(value))?;
        Some(format!("{sign}{made}"))
    }

    /// A web address under an example domain, with as many parts as the value has.
    pub(super) fn url(&mut self, value: &str) -> Option<String> {
        let (scheme, rest) = value.split_once("://").unwrap_or(("", value));
        let separator = if scheme.is_empty() { "" } else { "://" };
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at_checked(end)?;
        let host = self.login_word(authority)?.to_lowercase();
        let www = if authority.starts_with("www.") {
            "www."
        } else {
            ""
        };
        let domain = self.draw.pick(HOSTS)?;
        let mut made = format!("{scheme}{separator}{www}{host}.{domain}");
        for piece in pieces(path, char::is_alphanumeric) {
            if piece.starts_with(char::is_alphanumeric) {
                made.push_str(&shape::same(piece, &mut self.draw));
            } else {
                made.push_str(piece);
            }
        }
        Some(made)
    }

    /// Words as the names they may be, digits as other digits, separators as they are.
    fn login(&mut self, value: &str) -> Option<String> {
        let mut made = String::new();
        for piece in pieces(value, char::is_alphabetic) {
            if !piece.starts_with(char::is_alphabetic) {
                let is_kept = |c: &char| c.is_ascii_digit() || "._-+".contains(*c);
                let kept: String = piece.chars().filter(is_kept).collect();
                made.push_str(&shape::same(&kept, &mut self.draw));
            } else if piece.chars().nth(1).is_none() {
                made.push_str(&shape::same(piece, &mut self.draw));
            } else {
                made.push_str(&self.login_word(piece)?);
            }
        }
        (!made.is_empty()).then_some(made)
    }
}
