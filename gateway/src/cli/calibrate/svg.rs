//! A reliability diagram as an SVG picture (SVG 1.1), black on white, without text of a user's.

use std::fmt::Write as _;

use super::reliability::Bin;

/// Bins before and after calibration, over the diagonal that perfect forecasts lie on.
pub(super) fn plot(title: &str, before: &[Bin], after: &[Bin]) -> String {
    let (left, top, side) = (MARGIN, MARGIN, SIDE);
    let mut svg = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {all} {all}" font-family="sans-serif" font-size="12">
<rect width="{all}" height="{all}" fill="#fff"/>
<text x="{left}" y="24" font-size="14">{title}</text>
<rect x="{left}" y="{top}" width="{side}" height="{side}" fill="none" stroke="#999"/>
<path d="M{left} {bottom}L{right} {top}" stroke="#999" stroke-dasharray="4 4"/>
"##,
        all = 2.0 * MARGIN + SIDE,
        bottom = MARGIN + SIDE,
        right = MARGIN + SIDE,
    );
    for tenth in [0.0, 0.25, 0.5, 0.75, 1.0] {
        let (x, y) = place(tenth, tenth);
        let below = MARGIN + SIDE + 16.0;
        let _ = writeln!(
            svg,
            r#"<text x="{x:.1}" y="{below}" text-anchor="middle">{tenth}</text><text x="{}" y="{y:.1}" text-anchor="end">{tenth}</text>"#,
            MARGIN - 6.0,
        );
    }
    let (middle, low) = (MARGIN + SIDE / 2.0, MARGIN + SIDE + 36.0);
    let _ = writeln!(
        svg,
        r##"<text x="{middle}" y="{low}" text-anchor="middle">predicted</text>
<text x="16" y="{middle}" text-anchor="middle" transform="rotate(-90 16 {middle})">came</text>
<text x="{MARGIN}" y="40" fill="#888">before</text><text x="{}" y="40" fill="#06c">after</text>"##,
        MARGIN + 50.0,
    );
    curve(&mut svg, before, "#888");
    curve(&mut svg, after, "#06c");
    svg.push_str("</svg>\n");
    svg
}

/// A line with a dot for each bin.
fn curve(svg: &mut String, bins: &[Bin], colour: &str) {
    let places: Vec<(f64, f64)> = bins
        .iter()
        .map(|bin| place(bin.predicted, bin.came))
        .collect();
    let line: Vec<String> = places
        .iter()
        .map(|(x, y)| format!("{x:.1},{y:.1}"))
        .collect();
    let _ = writeln!(
        svg,
        r#"<polyline points="{}" fill="none" stroke="{colour}"/>"#,
        line.join(" ")
    );
    for (x, y) in places {
        let _ = writeln!(
            svg,
            r#"<circle cx="{x:.1}" cy="{y:.1}" r="3" fill="{colour}"/>"#
        );
    }
}

fn place(predicted: f64, came: f64) -> (f64, f64) {
    (MARGIN + predicted * SIDE, MARGIN + (1.0 - came) * SIDE)
}

/// Pixels around the diagram.
const MARGIN: f64 = 56.0;

/// Pixels of the diagram.
const SIDE: f64 = 320.0;
