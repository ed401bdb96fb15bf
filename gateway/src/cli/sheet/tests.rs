use proptest::prelude::*;

use super::*;

fn sheet(source: &str, format: Format) -> Sheet {
    Sheet::parse(source.to_owned(), format).unwrap()
}

/// Every cell as `label=text`, and the file with all texts in upper case.
fn check(source: &str, format: Format, cells: &[&str], upper: &str) {
    let sheet = sheet(source, format);
    let found: Vec<String> = sheet
        .cells()
        .iter()
        .map(|cell| format!("{}={}", cell.label.unwrap_or_default(), cell.text))
        .collect();
    assert_eq!(found, cells);
    let texts = sheet
        .cells()
        .iter()
        .map(|cell| Some(cell.text.to_uppercase()))
        .collect();
    assert_eq!(sheet.written(texts), upper);
    let nothing = vec![None; cells.len()];
    assert_eq!(sheet.written(nothing), source);
}

fn check_flaws(source: &str, format: Format, expected: &[&str]) {
    let flaws = Sheet::parse(source.to_owned(), format).unwrap_err();
    let flaws: Vec<String> = flaws
        .iter()
        .map(|flaw| format!("{}: {}", flaw.line, flaw.message))
        .collect();
    assert_eq!(flaws, expected);
}

#[test]
fn text_is_one_cell() {
    check("a\nb", Format::Text, &["=a\nb"], "A\nB");
}

#[test]
fn json_strings_keys_and_long_numbers_are_cells() {
    check(
        "\u{feff}{ \"k\" : [\"a\\u00e9\", 12, true] }\n",
        Format::Json,
        &["=k", "k=aé"],
        "\u{feff}{ \"K\" : [\"AÉ\", 12, true] }\n",
    );
}

#[test]
fn every_line_of_jsonl_is_a_document() {
    check(
        "{\"k\":\"a\"}\r\n\n[\"b\"]",
        Format::Jsonl,
        &["=k", "k=a", "=b"],
        "{\"K\":\"A\"}\r\n\n[\"B\"]",
    );
}

#[test]
fn fields_of_a_table_are_labelled_by_their_column() {
    check(
        "name,note\r\n\"a \"\"b\"\", c\",\r\n\nd,\"e\nf\"\n",
        Format::Csv,
        &["=name", "=note", "name=a \"b\", c", "name=d", "note=e\nf"],
        "NAME,NOTE\r\n\"A \"\"B\"\", C\",\r\n\nD,\"E\nF\"\n",
    );
    check(
        "k;l\na,b;c",
        Format::Csv,
        &["=k", "=l", "k=a,b", "l=c"],
        "K;L\nA,B;C",
    );
    check(
        "k\tl\na,b\t\"c\"",
        Format::Tsv,
        &["=k", "=l", "k=a,b", "l=c"],
        "K\tL\nA,B\t\"C\"",
    );
}

#[test]
fn a_new_value_is_quoted_where_it_must_be() {
    let sheet = sheet("k\na\n", Format::Csv);
    let written = sheet.written(vec![None, Some("x, \"y\"".to_owned())]);
    assert_eq!(written, "k\n\"x, \"\"y\"\"\"\n");
}

#[test]
fn flaws_have_their_lines() {
    check_flaws(
        "{\n \"a\": tru }",
        Format::Json,
        &["2: not JSON: column 10: expected true"],
    );
    check_flaws(
        "{}\n{\"a\"\n[1,]\n",
        Format::Jsonl,
        &[
            "2: not JSON: column 5: expected ':'",
            "3: not JSON: column 4: expected a value",
        ],
    );
    check_flaws(
        "a,b\n1,2,3\n\n4\n\"x\"y,1\n",
        Format::Csv,
        &[
            "2: the row has 3 fields, expected 2 as in the header",
            "4: the row has 1 fields, expected 2 as in the header",
            "5: text follows the closing quote of a field",
        ],
    );
    check_flaws(
        "a\n\"b\nc",
        Format::Csv,
        &["2: a quote opens a field and is never closed"],
    );
}

#[test]
fn text_without_a_name_is_json_only_where_it_is_valid() {
    assert_eq!(Format::of_text(" {\"a\":1} "), Format::Json);
    assert_eq!(Format::of_text("{\"a\":1}\n{\"a\":2}\n"), Format::Jsonl);
    assert_eq!(Format::of_text("{curly} brackets"), Format::Text);
    assert_eq!(Format::of_text("a,b\n1,2\n"), Format::Text);
}

proptest! {
    #[test]
    fn any_table_comes_back_byte_for_byte(source in "[ab\",;\r\n]{0,40}") {
        if let Ok(sheet) = Sheet::parse(source.clone(), Format::Csv) {
            let same = sheet.cells().iter().map(|cell| Some(cell.text.to_owned())).collect();
            let written = sheet.written(same);
            let again = Sheet::parse(written, Format::Csv).unwrap();
            let texts = |sheet: &Sheet| -> Vec<String> {
                sheet.cells().iter().map(|cell| cell.text.to_owned()).collect()
            };
            prop_assert_eq!(texts(&sheet), texts(&again));
            let kept = sheet.written(vec![None; sheet.cells().len()]);
            prop_assert_eq!(kept, source);
        }
    }
}
