//! Whether a string is a generated key, a name in code, or the stand-in for a key.

/// True for what stands where a secret would: a variable, a template, a placeholder, a mask.
pub(super) fn is_stand_in(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    let is_template = value.starts_with(['$', '<', '[', '{', '%', '*'])
        || value.contains("${")
        || value.contains("{{");
    let is_one_character = value.bytes().all(|byte| Some(byte) == value.bytes().next());
    is_template
        || is_one_character
        || PARTS_OF_STAND_INS.iter().any(|part| lower.contains(part))
        || KEYWORDS.contains(&lower.trim_end_matches(['.', ',', ';']))
}

/// True for values with the mix of a generated key: letters and digits, enough different ones, and
/// not made of words.
pub(super) fn looks_random(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let letters = value.bytes().filter(u8::is_ascii_alphabetic).count();
    let is_mixed = digits >= 2 && letters >= 2 || digits >= 1 && letters >= 15;
    is_mixed && distinct_bytes(value) >= 6 && !is_made_of_words(value)
}

fn distinct_bytes(value: &str) -> u32 {
    let (mut low, mut high) = (0_u64, 0_u64);
    for byte in value.bytes() {
        match byte {
            0..=63 => low |= 1 << byte,
            _ => high |= 1 << (byte % 64),
        }
    }
    low.count_ones() + high.count_ones()
}

/// True for `request.headers.token2`, `x64-uwp=fail`, `notes-2024-final`: words with signs between.
fn is_made_of_words(value: &str) -> bool {
    let is_word = |part: &&str| part.len() >= 4 && part.bytes().all(|b| b.is_ascii_alphabetic());
    let parts = || value.split(|c: char| !c.is_ascii_alphanumeric());
    let words = parts().filter(is_word).count();
    let needed = if value.len() < 24 { 1 } else { 2 };
    parts().count() > 1 && words >= needed
}

const PARTS_OF_STAND_INS: &[&str] = &[
    "xxxx",
    "****",
    "....",
    "changeme",
    "change-me",
    "placeholder",
    "your-",
    "your_",
    "<",
    "redacted",
    "environ",
];

const KEYWORDS: &[&str] = &[
    "none",
    "null",
    "true",
    "false",
    "string",
    "required",
    "undefined",
    "optional",
    "password",
    "secret",
    "token",
    "str",
    "option",
    "input",
    "text",
    "bearer",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_keys_look_random_and_names_do_not() {
        for key in ["q7w8e9r0t1y2u3i4", "Zm9vYmFyMTIzNDU2", "a1b2-c3d4-e5f6"] {
            assert!(looks_random(key), "{key}");
        }
        for name in [
            "getToken",
            "key_1",
            "jjwt-jackson-0.11.2",
            "11112222",
            "s_rsa1024_priv.pem",
        ] {
            assert!(!looks_random(name), "{name}");
        }
    }

    #[test]
    fn variables_and_masks_are_stand_ins() {
        for value in [
            "$TOKEN",
            "<your token>",
            "xxxxxxxx",
            "********",
            "aaaa",
            "None,",
            "[SECRET_1]",
        ] {
            assert!(is_stand_in(value), "{value}");
        }
        assert!(!is_stand_in("q7w8e9r0t1y2u3i4"));
    }
}
