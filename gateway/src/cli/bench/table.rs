//! Figures as people read them: a table with a heading, and numbers under each other.

use super::super::{CliError, Style, Terminal};

/// A line of a table.
pub(super) trait Row {
    /// What the columns hold, with units. The first is the name of the line.
    const HEADINGS: &'static [&'static str];

    /// The line, a text for each column.
    fn cells(&self) -> Vec<String>;
}

/// Prints a title and a table: names to the left, numbers to the right.
pub(super) fn print<R: Row>(
    title: &str,
    rows: &[R],
    terminal: &mut Terminal,
) -> Result<(), CliError> {
    let headings: Vec<String> = R::HEADINGS
        .iter()
        .map(|&heading| heading.to_owned())
        .collect();
    let lines: Vec<Vec<String>> = rows.iter().map(Row::cells).collect();
    let width = |column: usize| {
        let cells = lines
            .iter()
            .chain([&headings])
            .filter_map(|line| line.get(column));
        cells
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or_default()
    };
    let widths: Vec<usize> = (0..headings.len()).map(width).collect();
    let title = terminal.paint(Style::Bold, title);
    writeln!(terminal.out(), "{title}")?;
    let headings = terminal.paint(Style::Dim, aligned(&headings, &widths));
    writeln!(terminal.out(), "{headings}")?;
    for line in &lines {
        writeln!(terminal.out(), "{}", aligned(line, &widths))?;
    }
    Ok(())
}

/// A number with three digits that count, or all before the point.
pub(super) fn short(value: f64) -> String {
    match value.abs() {
        size if size >= 99.95 => format!("{value:.0}"),
        size if size >= 9.995 => format!("{value:.1}"),
        size if size >= 0.9995 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

/// A number that can't be had everywhere.
pub(super) fn short_if_known(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), short)
}

fn aligned(cells: &[String], widths: &[usize]) -> String {
    let columns = cells
        .iter()
        .zip(widths)
        .enumerate()
        .map(|(column, (cell, &width))| {
            if column == 0 {
                format!("{cell:<width$}")
            } else {
                format!("  {cell:>width$}")
            }
        });
    columns.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_three_digits_that_count() {
        let check = |value, expected: &str| assert_eq!(short(value), expected);
        check(12_345.6, "12346");
        check(99.96, "100");
        check(42.25, "42.2");
        check(1.234, "1.23");
        check(0.0123, "0.012");
        check(0.0, "0.000");
    }

    #[test]
    fn columns_stand_under_each_other() {
        let line = |cells: [&str; 2]| aligned(&cells.map(str::to_owned), &[6, 4]);
        assert_eq!(line(["a", "1"]), "a          1");
        assert_eq!(line(["detect", "1234"]), "detect  1234");
    }
}
