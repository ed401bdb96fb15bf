//! One HTML page that shows what was found in which text, and why.
//!
//! The page needs nothing but itself: no network, no font, no other file, and it says to the
//! browser that it wants none. Everything from the texts is escaped. It shows the originals, and
//! says so at its top.

mod escape;
mod hue;

use std::collections::BTreeMap;
use std::fmt;

use redactor::explain::{Explanation, Outcome};
use redactor::rules::Description;
use redactor::tagger::TAGGER;
use redactor::{Detector, EntityKind, Finding};
use serde::Serialize;

use self::escape::{html, script};
use super::reason::{REPEATED, TAGGED, reason};
use super::sheet::Cell;

/// A page under construction.
#[derive(Debug)]
pub(super) struct Report<'d> {
    detector: &'d Detector,
    rules: BTreeMap<&'d str, Description<'d>>,
    /// The files so far, as HTML.
    body: String,
    files: Vec<File>,
    findings: Vec<Found>,
    counts: BTreeMap<EntityKind, usize>,
}

#[derive(Debug)]
struct File {
    name: String,
    findings: usize,
    /// Cells that are not shown, as there is nothing in them or no room.
    left_out: usize,
}

/// What the page says about a finding; the text itself is in the body.
#[derive(Debug, Serialize)]
struct Found {
    kind: &'static str,
    rule: String,
    score: f32,
    threshold: f32,
    why: String,
    label: Option<String>,
    countries: String,
}

impl<'d> Report<'d> {
    /// An empty page about what this detector finds.
    pub(super) fn new(detector: &'d Detector) -> Self {
        Self {
            detector,
            rules: detector.rules().map(|rule| (rule.name, rule)).collect(),
            body: String::new(),
            files: Vec::new(),
            findings: Vec::new(),
            counts: BTreeMap::new(),
        }
    }

    /// What is added from here on is of this file.
    pub(super) fn begin(&mut self, name: &str) {
        self.end_file();
        let number = self.files.len();
        let shown = html(name);
        add(
            &mut self.body,
            format_args!("<section id=\"file-{number}\"><h2>{shown}</h2>\n"),
        );
        self.files.push(File {
            name: name.to_owned(),
            findings: 0,
            left_out: 0,
        });
    }

    /// A text of the file is not shown.
    pub(super) fn leave_out(&mut self) {
        if let Some(file) = self.files.last_mut() {
            file.left_out += 1;
        }
    }

    /// A text of the file with its findings, in order, and what stands in for each.
    pub(super) fn add(&mut self, cell: Cell<'_>, findings: &[Finding], stand_ins: &[String]) {
        for finding in findings {
            *self.counts.entry(finding.kind).or_default() += 1;
        }
        if let Some(file) = self.files.last_mut() {
            file.findings += findings.len();
        }
        if self.body.len() >= MAX_BODY {
            self.leave_out();
            return;
        }
        let explained = if findings.is_empty() {
            Vec::new()
        } else {
            self.detector.explain(cell.text, cell.label)
        };
        self.body.push_str("<div class=\"cell\">");
        if let Some(label) = cell.label {
            let label = html(label);
            add(
                &mut self.body,
                format_args!("<span class=\"label\">{label}</span>"),
            );
        }
        self.body.push_str("<div class=\"text\">");
        let mut done = 0;
        for (finding, stand_in) in findings.iter().zip(stand_ins) {
            let before = cell.text.get(done..finding.span.start).unwrap_or_default();
            let value = cell.text.get(finding.span.clone()).unwrap_or_default();
            self.body.push_str(&html(before));
            self.mark(finding.kind, value, stand_in);
            self.findings
                .push(self.found(cell.label, finding, &explained));
            done = finding.span.end;
        }
        self.body
            .push_str(&html(cell.text.get(done..).unwrap_or_default()));
        self.body.push_str("</div></div>\n");
    }

    fn mark(&mut self, kind: EntityKind, value: &str, stand_in: &str) {
        let number = self.findings.len();
        let (name, hue) = (kind.name(), hue::of(kind));
        let (value, stand_in) = (html(value), html(stand_in));
        add(
            &mut self.body,
            format_args!(
                "<mark tabindex=\"0\" data-n=\"{number}\" data-kind=\"{name}\" style=\"--hue:{hue}\">\
             <span class=\"original\">{value}</span><span class=\"stand-in\">{stand_in}</span></mark>"
            ),
        );
    }

    fn found(&self, label: Option<&str>, finding: &Finding, explained: &[Explanation]) -> Found {
        let rule = self.rules.get(&*finding.recognizer);
        let place = explained.iter().find(|place| {
            place.outcome == Outcome::Found
                && place.recognizer == finding.recognizer
                && place.span.start < finding.span.end
                && finding.span.start < place.span.end
        });
        Found {
            kind: finding.kind.name(),
            rule: finding.recognizer.to_string(),
            score: finding.score,
            threshold: self.detector.threshold(finding.kind),
            why: match place {
                Some(place) => reason(place, rule).into_owned(),
                None if finding.recognizer == TAGGER => TAGGED.to_owned(),
                None => REPEATED.to_owned(),
            },
            label: label.map(str::to_owned),
            countries: rule
                .map(|rule| rule.countries.join(", "))
                .unwrap_or_default(),
        }
    }

    fn end_file(&mut self) {
        let Some(file) = self.files.last() else {
            return;
        };
        if file.left_out > 0 {
            let count = file.left_out;
            let plural = if count == 1 { "text is" } else { "texts are" };
            add(
                &mut self.body,
                format_args!("<p class=\"note\">{count} more {plural} not shown.</p>"),
            );
        }
        self.body.push_str("</section>\n");
    }

    /// The whole page.
    pub(super) fn page(mut self) -> String {
        self.end_file();
        let total: usize = self.counts.values().sum();
        let summary = match total {
            0 => "nothing found".to_owned(),
            1 => "1 finding".to_owned(),
            _ => format!("{total} findings"),
        };
        let parts = [
            ("style", include_str!("page.css").to_owned()),
            ("script", include_str!("page.js").to_owned()),
            ("summary", summary),
            ("legend", self.legend()),
            ("contents", self.contents()),
            ("findings", script(&self.findings)),
            ("body", self.body),
        ];
        let mut page = String::new();
        let mut rest = include_str!("page.html");
        // One pass over the template: what was put in is not looked at again.
        while let Some((before, after)) = rest.split_once("{{") {
            page.push_str(before);
            let (name, after) = after.split_once("}}").unwrap_or((after, ""));
            let part = parts.iter().find(|(known, _)| *known == name);
            page.push_str(part.map_or("", |(_, text)| text));
            rest = after;
        }
        page.push_str(rest);
        page
    }

    fn legend(&self) -> String {
        let mut legend = String::new();
        for (kind, count) in &self.counts {
            let (name, hue) = (kind.name(), hue::of(*kind));
            add(
                &mut legend,
                format_args!(
                    "<li><button type=\"button\" aria-pressed=\"true\" data-kind=\"{name}\" \
                 style=\"--hue:{hue}\"><span>{name}</span><b>{count}</b></button></li>\n"
                ),
            );
        }
        legend
    }

    fn contents(&self) -> String {
        let mut contents = String::new();
        for (number, file) in self.files.iter().enumerate() {
            let (name, count) = (html(&file.name), file.findings);
            add(
                &mut contents,
                format_args!(
                    "<li><a href=\"#file-{number}\"><span>{name}</span><b>{count}</b></a></li>\n"
                ),
            );
        }
        contents
    }
}

fn add(page: &mut String, part: fmt::Arguments<'_>) {
    page.push_str(&part.to_string());
}

/// A page larger than this is slow in every browser, in bytes.
const MAX_BODY: usize = 16 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    fn page(text: &str, label: Option<&str>) -> String {
        let detector = Detector::builtin();
        let mut report = Report::new(&detector);
        report.begin("a <b>.txt");
        let findings = detector.detect(text, label);
        let stand_ins: Vec<String> = findings.iter().map(|_| "[X_1]".to_owned()).collect();
        report.add(Cell { text, label }, &findings, &stand_ins);
        report.page()
    }

    #[test]
    fn findings_are_marked_and_explained() {
        let page = page("SSN 078051120, please", None);
        assert!(
            page.contains("<span class=\"original\">078051120</span>"),
            "{page}"
        );
        assert!(page.contains("<span class=\"stand-in\">[X_1]</span>"));
        assert!(page.contains("the word \u{201c}ssn\u{201d} by it"));
        assert!(page.contains("1 finding<"));
    }

    #[test]
    fn nothing_of_a_text_becomes_markup() {
        let text = "</script><script>alert(1)</script> {{style}} jo@example.com <!-- \"&'";
        let page = page(text, Some("</script><img>"));
        for foreign in ["<script>alert", "<img>", "<!-- ", "a <b>"] {
            assert!(!page.contains(foreign), "{foreign}");
        }
        assert!(page.contains("{{style}}"), "texts are not templates");
    }

    #[test]
    fn the_page_asks_for_nothing_from_outside() {
        let page = page("jo@example.com", None);
        assert!(page.contains("default-src 'none'"));
        for outside in ["http:", "https:", "src=", "@import", "url("] {
            assert!(!page.contains(outside), "{outside}");
        }
    }
}
