//! All requests together: figures, what they mean, what failed.

use std::time::Duration;

use super::{
    page::{INDENT, Ink, Page, line, thousands},
    time,
};
use crate::demo::{Run, Setting, audit_log::ChainState, summary::Summary};

impl Page {
    /// The figures of a run, what they mean, and whether all is as expected.
    pub(crate) fn summary(self, setting: &Setting, run: &Run) -> String {
        let summary = &run.summary;
        let mut out = format!("\n{}", line(INDENT, &self.ink(Ink::Title, "All together")));
        for (label, text) in [
            ("requests", requests(summary)),
            ("replaced", replaced(summary)),
            ("leaked", leaked(summary)),
            ("restored", restored(summary)),
            ("first token", first_token(setting, summary)),
            ("audit log", audit_log(setting, summary)),
        ] {
            out.push_str(&self.row(label, &text));
        }
        out.push('\n');
        if run.held() {
            out.push_str(&self.paragraph(INDENT, &meaning(summary)));
            out.push('\n');
        }
        out.push_str(&self.verdict(run));
        out
    }

    fn verdict(self, run: &Run) -> String {
        let (held, all) = run.summary.checks;
        if run.held() {
            let text = format!("✓ All {all} expectations held.");
            return line(INDENT, &self.ink(Ink::Good, &text));
        }
        let text = format!("✗ {held} of {all} expectations held. These did not:");
        let mut out = line(INDENT, &self.ink(Ink::Bad, &text));
        for (position, act) in run.acts.iter().enumerate() {
            for check in act.checks.iter().filter(|check| !check.held) {
                let text = format!("request {}: {}", position + 1, check.what);
                out.push_str(&self.paragraph(INDENT + 2, &text));
            }
        }
        let intact = ChainState::Intact(run.acts.len() as u64);
        if run.summary.chain != intact {
            let text = "the audit log: expected an intact chain with one record a request";
            out.push_str(&self.paragraph(INDENT + 2, text));
        }
        out
    }
}

fn requests(summary: &Summary) -> String {
    let Summary {
        requests,
        near,
        far,
        refused,
        ..
    } = summary;
    format!("{requests}: {near} answered near, {far} sent far, {refused} refused or turned down")
}

fn replaced(summary: &Summary) -> String {
    let kinds: Vec<String> = summary
        .replaced
        .iter()
        .map(|(kind, count)| format!("{count} {kind}"))
        .collect();
    let all: u32 = summary.replaced.values().sum();
    format!(
        "{all} originals before they could cross: {}",
        kinds.join(", ")
    )
}

fn leaked(summary: &Summary) -> String {
    let bytes = thousands(summary.crossed_bytes);
    format!(
        "{} originals found in the {bytes} bytes that crossed",
        summary.leaks
    )
}

fn restored(summary: &Summary) -> String {
    let (exact, all) = summary.restored;
    format!("{exact} of {all} answers with placeholders, exactly")
}

fn first_token(setting: &Setting, summary: &Summary) -> String {
    let shown = |median: Option<Duration>| median.map_or_else(|| "none".to_owned(), time);
    let pace = if setting.is_stand_in {
        "; far is the stand-in's made-up pace"
    } else {
        ""
    };
    let (near, far) = (
        shown(summary.first_token_near),
        shown(summary.first_token_far),
    );
    format!("{near} near, {far} far (median of the streams{pace})")
}

fn audit_log(setting: &Setting, summary: &Summary) -> String {
    let file = setting.audit_log.display();
    match &summary.chain {
        ChainState::Intact(records) => format!("{records} records, chain intact: {file}"),
        ChainState::Broken(why) => format!("broken, {why}: {file}"),
    }
}

fn meaning(summary: &Summary) -> String {
    let Summary { requests, far, .. } = summary;
    format!(
        "What it means: {} of {requests} requests never left this machine. The {far} that did were \
         hard, or came on a low battery; personal data in them was replaced on the way out and put \
         back on the way in, and the client had nothing to do for it.",
        requests - far
    )
}
