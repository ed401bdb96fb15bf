//! Looks for originals in bytes that crossed, in every form that could carry them.
//!
//! Written apart from the gateway's own last check, so that a mistake there would show here. Forms:
//! as written, in lower case, escaped for JSON once and twice (with and without `\u` escapes),
//! percent-encoded, in base64, and the bare digits of long numbers. Not caught: other encodings.

use super::recorder::Crossing;

/// How often `original` is in what crossed, body and headers.
pub(super) fn count(original: &str, crossing: &Crossing) -> usize {
    let body = crossing.body.to_ascii_lowercase();
    let mut headers = Vec::new();
    for (name, value) in &crossing.headers {
        headers.extend_from_slice(name.as_str().as_bytes());
        headers.extend_from_slice(b": ");
        headers.extend_from_slice(&value.as_bytes().to_ascii_lowercase());
        headers.push(b'\n');
    }
    let find = |form: &String| {
        let needle = form.to_ascii_lowercase().into_bytes();
        memchr::memmem::find_iter(&body, &needle).count()
            + memchr::memmem::find_iter(&headers, &needle).count()
    };
    forms(original).iter().map(find).sum()
}

/// The forms in which a value could cross, each once.
pub(super) fn forms(value: &str) -> Vec<String> {
    let escaped = escape(value, false);
    let ascii = escape(value, true);
    let digits: String = value.chars().filter(char::is_ascii_digit).collect();
    let mut forms = vec![
        value.to_owned(),
        escape(&escaped, false),
        escape(&ascii, false),
        escaped,
        ascii,
        percent_encode(value),
        base64(value),
    ];
    // Shorter ones are in many a number that is nobody's.
    if digits.len() >= 9 {
        forms.push(digits);
    }
    forms.sort_unstable();
    forms.dedup();
    forms
}

/// As inside a JSON string; `ascii` writes all that is not ASCII as `\u` escapes.
fn escape(value: &str, ascii: bool) -> String {
    let quoted = serde_json::Value::from(value).to_string();
    let inner = quoted
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    let inner = inner.unwrap_or_default();
    if !ascii {
        return inner.to_owned();
    }
    let mut out = String::new();
    for unit in inner.encode_utf16() {
        match u8::try_from(unit) {
            Ok(byte) if byte.is_ascii() => out.push(char::from(byte)),
            _ => {
                out.push_str("\\u");
                out.extend([12, 8, 4, 0].map(|shift| hex(unit >> shift)));
            }
        }
    }
    out
}

/// All but the unreserved characters of RFC 3986, section 2.3.
fn percent_encode(value: &str) -> String {
    let mut out = String::new();
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.extend(['%', hex(u16::from(byte) >> 4), hex(u16::from(byte))]);
        }
    }
    out
}

/// The last four bits as a digit. Letter case does not matter: it is not looked at.
fn hex(bits: u16) -> char {
    char::from_digit(u32::from(bits & 15), 16).unwrap_or_default()
}

/// The standard alphabet of RFC 4648, section 4, without the last group: what follows the value
/// changes it.
fn base64(value: &str) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let groups = value.as_bytes().as_chunks::<3>().0;
    let sextets = groups.iter().flat_map(|[a, b, c]| {
        [
            a >> 2,
            (a & 3) << 4 | b >> 4,
            (b & 15) << 2 | c >> 6,
            c & 63,
        ]
    });
    sextets
        .filter_map(|sextet| ALPHABET.get(usize::from(sextet)))
        .map(|&c| char::from(c))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    fn check(original: &str, body: &'static str, expected: usize) {
        let crossing = Crossing {
            body: Bytes::from_static(body.as_bytes()),
            ..Crossing::default()
        };
        assert_eq!(count(original, &crossing), expected, "{original} in {body}");
    }

    #[test]
    fn every_form_is_found() {
        check("zoë@example.com", r#"{"x":"zoë@example.com"}"#, 1);
        check("zoë@example.com", r#"{"x":"ZOë@EXAMPLE.com"}"#, 1);
        check("zoë@example.com", r#"{"x":"zo\u00eb@example.com"}"#, 1);
        check(
            "zoë@example.com",
            r#"{"x":"{\"y\":\"zo\\u00eb@example.com\"}"}"#,
            1,
        );
        check("zoë@example.com", "zo%C3%AB%40example.com", 1);
        check("4111 1111 1111 1111", "4111111111111111", 1);
        check("jane.doe@example.com", "amFuZS5kb2VAZXhhbXBsZS5jb20=", 1);
        check("jane.doe@example.com", "[EMAIL_1]", 0);
    }

    #[test]
    fn headers_are_searched() {
        let mut crossing = Crossing::default();
        let value = http::HeaderValue::from_static("Bearer key-of-somebody");
        crossing.headers.insert(http::header::AUTHORIZATION, value);
        assert_eq!(count("key-of-somebody", &crossing), 1);
    }
}
