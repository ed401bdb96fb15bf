//! Shows the demo to people, and to programs.

mod conversation;
mod json;
mod page;
mod totals;
mod wrap;

#[cfg(test)]
mod tests;

use std::time::Duration;

use serde_json::Value;

use self::page::{INDENT, Ink, line, thousands};
use super::{
    Setting,
    act::{Act, Check},
    leak,
    scenario::scenes,
};

pub(crate) use self::{json::as_json, page::Page};

impl Page {
    /// What Nearside is, and what is about to happen.
    pub(crate) fn introduction(self, is_stand_in: bool) -> String {
        let far = if is_stand_in { STAND_IN } else { PROVIDER };
        let plan = format!(
            "This demo starts the real gateway on this machine and sends it {} requests, as any \
             OpenAI client would. {far} Battery and link are simulated.",
            scenes().len()
        );
        let paragraphs = [NEARSIDE, &plan, LOADING].map(|text| self.paragraph(0, text));
        paragraphs.join("\n")
    }

    /// Who takes part, once everything serves.
    pub(crate) fn setting(self, setting: &Setting) -> String {
        let near = format!("{}, a small model in this process", setting.local_model);
        let (model, url) = (&setting.far_model, &setting.far_url);
        let far = if setting.is_stand_in {
            format!("{model}, the stand-in, at {url}")
        } else {
            format!("{model} at {url}, through a recording relay on this machine")
        };
        let ready = self.paragraph(0, &format!("Ready after {}.", time(setting.start)));
        let rows = [
            ("near side", near),
            ("far side", far),
            ("gateway", setting.base_url.clone()),
        ];
        let rows = rows.map(|(label, text)| self.row(label, &text));
        format!("{ready}\n{}", rows.concat())
    }

    /// One request: what was sent, decided, what crossed and came back, and what was checked.
    pub(crate) fn act(self, number: usize, act: &Act) -> String {
        let scene = &act.scene;
        let originals: Vec<String> = scene
            .originals
            .iter()
            .flat_map(|original| leak::forms(original.value))
            .collect();
        let sent = conversation::request(&scene.request.body);
        let back = conversation::reply(&act.response.reply);
        let title = format!("{number:>2}  {}", scene.title);
        [
            format!("\n{}", line(0, &self.ink(Ink::Title, &title))),
            self.text_row("client sent", &sent, &originals),
            scene
                .note
                .map(|note| self.row("note", note))
                .unwrap_or_default(),
            self.row("decision", &decision(act)),
            self.crossed(act, &originals),
            self.text_row("came back", &back, &originals),
            self.row("time", &timing(act)),
            self.checks(&act.checks),
        ]
        .concat()
    }

    /// How to use the gateway that keeps running.
    pub(crate) fn keep(self, setting: &Setting) -> String {
        let link = if setting.is_stand_in {
            "The battery is the real one again; the link counts as up, since the stand-in is here."
        } else {
            "Battery and link are the real ones again."
        };
        let running = format!("The gateway keeps running at {}. {link}", setting.base_url);
        let metrics = format!("Metrics: {}/metrics. Stop with Ctrl-C.", setting.admin_url);
        let examples = EXAMPLES.replace("BASE_URL", &setting.base_url);
        format!(
            "\n{}{examples}{}",
            self.paragraph(0, &running),
            self.paragraph(0, &metrics)
        )
    }

    fn crossed(self, act: &Act, originals: &[String]) -> String {
        if act.crossings.is_empty() {
            return self.labelled("crossed", &[self.ink(Ink::Good, "nothing")]);
        }
        let mut out = String::new();
        for crossing in &act.crossings {
            let body: Value = serde_json::from_slice(&crossing.body).unwrap_or(Value::Null);
            out.push_str(&self.text_row("crossed", &conversation::request(&body), originals));
            let size = format!(
                "({} bytes left the gateway)",
                thousands(crossing.body.len())
            );
            out.push_str(&self.labelled("", &[self.ink(Ink::Dim, &size)]));
        }
        out
    }

    /// The checks on one line where they fit, on one each otherwise.
    fn checks(self, checks: &[Check]) -> String {
        let marked: Vec<String> = checks.iter().map(|check| self.check(check)).collect();
        let length: usize = checks
            .iter()
            .map(|check| check.what.chars().count() + 5)
            .sum();
        if INDENT + length <= self.width {
            return line(INDENT, &marked.join("   "));
        }
        marked.iter().map(|check| line(INDENT, check)).collect()
    }

    fn check(self, check: &Check) -> String {
        let (ink, sign) = if check.held {
            (Ink::Good, "✓")
        } else {
            (Ink::Bad, "✗")
        };
        format!("{} {}", self.ink(ink, sign), check.what)
    }
}

fn decision(act: &Act) -> String {
    let record = &act.record;
    match (record.route.as_str(), record.rule.as_str()) {
        (_, "none") => "none: the request can't be read".to_owned(),
        ("refused", rule) => format!("route refused, rule `{rule}`: {}", record.reason),
        (route, rule) => {
            format!(
                "route {route}, target {}, rule `{rule}`: {}",
                record.target, record.reason
            )
        }
    }
}

fn timing(act: &Act) -> String {
    let total = time(act.response.total);
    match act.response.first_token {
        Some(first) => format!("first token after {}, all of it after {total}", time(first)),
        None => format!("{total}, in one piece"),
    }
}

/// `850 µs`, `12 ms`, `1.4 s`.
fn time(duration: Duration) -> String {
    match duration.as_micros() {
        micros @ 0..1000 => format!("{micros} µs"),
        micros @ 1000..1_000_000 => format!("{} ms", (micros + 500) / 1000),
        _ => format!("{:.1} s", duration.as_secs_f64()),
    }
}

const NEARSIDE: &str = "Nearside stands between your programs and cloud language models: it answers \
    what it can on this machine, and takes personal data out of what it must send away.";
const STAND_IN: &str = "The cloud provider is a STAND-IN, a small server on this machine: it does not \
    think, it keeps every byte that reaches it and answers with what it was given.";
const PROVIDER: &str = "What this machine can't answer goes to the provider that you named, through a \
    relay on this machine that keeps every byte.";
const LOADING: &str =
    "Loading the local model; ONNX Runtime is fetched once if it is not on this machine ...";

const EXAMPLES: &str = r#"
    curl BASE_URL/chat/completions -H 'content-type: application/json' \
      -d '{"model":"auto","messages":[{"role":"user","content":"Hello!"}]}'

    from openai import OpenAI
    client = OpenAI(base_url="BASE_URL", api_key="any")
    answer = client.chat.completions.create(
        model="auto", messages=[{"role": "user", "content": "Hello!"}])
    print(answer.choices[0].message.content)

"#;
