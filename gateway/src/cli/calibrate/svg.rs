//! A reliability diagram as an SVG picture (SVG 1.1), on white, without text of a user's.

use super::reliability::Bin;

/// Bins before and after calibration, over the diagonal that perfect forecasts lie on.
pub(super) fn plot(title: &str, before: &[Bin], after: &[Bin]) -> String {
    let mut parts = vec![frame(title)];
    parts.extend([0.0, 0.25, 0.5, 0.75, 1.0].map(tick));
    parts.push(labels());
    parts.extend([(before, BEFORE), (after, AFTER)].map(|(bins, colour)| curve(bins, colour)));
    parts.push("</svg>\n".to_owned());
    parts.join("\n")
}

fn frame(title: &str) -> String {
    let (all, end) = (2.0 * MARGIN + SIDE, MARGIN + SIDE);
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {all} {all}" font-family="sans-serif" font-size="12">
<rect width="{all}" height="{all}" fill="#fff"/>
<text x="{MARGIN}" y="24" font-size="14">{title}</text>
<rect x="{MARGIN}" y="{MARGIN}" width="{SIDE}" height="{SIDE}" fill="none" stroke="#999"/>
<path d="M{MARGIN} {end}L{end} {MARGIN}" stroke="#999" stroke-dasharray="4 4"/>"##
    )
}

/// A probability at both axes.
fn tick(probability: f64) -> String {
    let (x, y) = place(probability, probability);
    let (below, beside) = (MARGIN + SIDE + 16.0, MARGIN - 6.0);
    format!(
        r#"<text x="{x:.1}" y="{below}" text-anchor="middle">{probability}</text>
<text x="{beside}" y="{y:.1}" text-anchor="end">{probability}</text>"#
    )
}

fn labels() -> String {
    let (middle, below, right) = (MARGIN + SIDE / 2.0, MARGIN + SIDE + 36.0, MARGIN + 50.0);
    format!(
        r#"<text x="{middle}" y="{below}" text-anchor="middle">predicted</text>
<text x="16" y="{middle}" text-anchor="middle" transform="rotate(-90 16 {middle})">came</text>
<text x="{MARGIN}" y="40" fill="{BEFORE}">before</text><text x="{right}" y="40" fill="{AFTER}">after</text>"#
    )
}

/// A line with a dot for each bin.
fn curve(bins: &[Bin], colour: &str) -> String {
    let places: Vec<(f64, f64)> = bins
        .iter()
        .map(|bin| place(bin.predicted, bin.came))
        .collect();
    let line: Vec<String> = places
        .iter()
        .map(|(x, y)| format!("{x:.1},{y:.1}"))
        .collect();
    let line = line.join(" ");
    let line = format!(r#"<polyline points="{line}" fill="none" stroke="{colour}"/>"#);
    let dots = places
        .iter()
        .map(|(x, y)| format!(r#"<circle cx="{x:.1}" cy="{y:.1}" r="3" fill="{colour}"/>"#));
    let parts: Vec<String> = [line].into_iter().chain(dots).collect();
    parts.join("\n")
}

fn place(predicted: f64, came: f64) -> (f64, f64) {
    (MARGIN + predicted * SIDE, MARGIN + (1.0 - came) * SIDE)
}

/// Colour of what was predicted before.
const BEFORE: &str = "#888";

/// Colour of what is predicted after.
const AFTER: &str = "#06c";

/// Pixels around the diagram.
const MARGIN: f64 = 56.0;

/// Pixels of the diagram.
const SIDE: f64 = 320.0;
