//! Reads `hostile.txt`; shared by a test and an example.

use std::{fs, path::Path};

/// Texts of about `size` bytes, one for each line of the file.
pub(crate) fn texts(size: usize) -> impl Iterator<Item = String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/hostile.txt");
    let parts = fs::read_to_string(path).unwrap();
    let parts: Vec<String> = parts
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with("# "))
        .map(read)
        .collect();
    parts.into_iter().map(move |part| repeated(&part, size))
}

fn repeated(part: &str, size: usize) -> String {
    let mut text = String::new();
    for count in 0_usize.. {
        if text.len() >= size {
            break;
        }
        text.push_str(&part.replace("{n}", &count.to_string()));
    }
    text
}

/// The line with its escapes read.
fn read(line: &str) -> String {
    let mut text = String::new();
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next().unwrap() {
                'n' => text.push('\n'),
                't' => text.push('\t'),
                'u' => {
                    let code: String = chars.by_ref().skip(1).take_while(|c| *c != '}').collect();
                    text.push(char::from_u32(u32::from_str_radix(&code, 16).unwrap()).unwrap());
                }
                other => text.push(other),
            },
            _ => text.push(c),
        }
    }
    text
}
