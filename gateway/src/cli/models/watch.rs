//! How far a pull has come: bars where somebody watches, a line now and then where not.

use std::{
    collections::BTreeMap,
    io,
    sync::{Mutex, MutexGuard, PoisonError},
};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use local_engine::hub::{Event, Progress};

use super::{short, size};
use crate::cli::Terminal;

/// Shows a pull as it goes.
pub(super) struct Watch<'a> {
    model: &'a str,
    state: Mutex<State<'a>>,
}

struct State<'a> {
    screen: Screen<'a>,
    files: usize,
    bytes: u64,
    present: u64,
    /// The tenth of the bytes that was told last.
    told: u64,
}

enum Screen<'a> {
    Bars {
        all: MultiProgress,
        total: ProgressBar,
        files: BTreeMap<String, ProgressBar>,
    },
    Lines(&'a mut Terminal),
}

impl<'a> Watch<'a> {
    pub(super) fn new(model: &'a str, terminal: &'a mut Terminal) -> Self {
        let screen = if terminal.is_watched() {
            let all = MultiProgress::new();
            let total = all.add(ProgressBar::no_length());
            Screen::Bars {
                all,
                total,
                files: BTreeMap::new(),
            }
        } else {
            Screen::Lines(terminal)
        };
        let state = State {
            screen,
            files: 0,
            bytes: 0,
            present: 0,
            told: 0,
        };
        Self {
            model,
            state: Mutex::new(state),
        }
    }

    /// Takes the bars away; what there was to pull, in words.
    pub(super) fn finish(self) -> String {
        let state = self
            .state
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        if let Screen::Bars { all, total, .. } = &state.screen {
            total.finish_and_clear();
            // Nothing is left to draw that could fail.
            drop(all.clear());
        }
        format!("{} in {} files", size::bytes(state.bytes), state.files)
    }

    fn state(&self) -> MutexGuard<'_, State<'a>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Progress for Watch<'_> {
    fn report(&self, event: Event<'_>) {
        // A terminal that has gone must not end the pull.
        if let Err(error) = self.state().show(self.model, event) {
            tracing::debug!(%error, "progress can't be shown");
        }
    }
}

impl State<'_> {
    fn show(&mut self, model: &str, event: Event<'_>) -> io::Result<()> {
        match event {
            Event::Planned {
                commit,
                variant,
                others,
                files,
                bytes,
                present,
            } => {
                (self.files, self.bytes, self.present) = (files, bytes, present);
                self.told = self.tenth();
                let others = match others {
                    [] => String::new(),
                    others => format!(" (there are also {})", others.join(", ")),
                };
                let commit = short(commit);
                self.line(&format!("{model} at {commit}: variant {variant}{others}"))?;
                self.start()
            }
            Event::Started {
                file,
                size,
                present,
            } => {
                self.start_file(file, size, present);
                Ok(())
            }
            Event::Received { file, bytes } => self.advance(file, bytes),
            Event::Restarted { file, bytes } => {
                self.present = self.present.saturating_sub(bytes);
                self.set(file, 0);
                self.line(&format!("  {file}: from the start again"))
            }
            Event::Waiting { file } => {
                self.line(&format!("  {file}: another process fetches it, waiting"))
            }
            Event::Retrying {
                what,
                reason,
                after,
            } => {
                let seconds = after.as_secs_f64();
                self.line(&format!("  {what}: {reason}; again in {seconds:.1} s"))
            }
            Event::Checking { file } => {
                self.check_file(file);
                Ok(())
            }
            Event::Finished { file } => {
                self.end_file(file);
                Ok(())
            }
        }
    }

    /// A line above the bars, or one of its own.
    fn line(&mut self, text: &str) -> io::Result<()> {
        match &mut self.screen {
            Screen::Bars { all, .. } => all.println(text),
            Screen::Lines(terminal) => writeln!(terminal.err(), "{text}"),
        }
    }

    /// Tells how much there is to do, and begins to show how much of it is done.
    fn start(&mut self) -> io::Result<()> {
        let all = format!("  {} files, {}", self.files, size::bytes(self.bytes));
        self.line(&match self.present {
            0 => all,
            present => format!("{all}, {} of it here already", size::bytes(present)),
        })?;
        if let Screen::Bars { total, .. } = &self.screen {
            total.set_style(style(TOTAL));
            total.set_length(self.bytes);
            total.set_position(self.present);
            total.reset_eta();
            total.set_prefix("all files");
        }
        Ok(())
    }

    /// Small files are gone before a bar could be read.
    fn start_file(&mut self, file: &str, size: Option<u64>, present: u64) {
        if let Screen::Bars { all, total, files } = &mut self.screen
            && let Some(size) = size.filter(|size| *size > WORTH_SHOWING)
        {
            let bar = ProgressBar::new(size).with_style(style(FILE));
            let bar = all.insert_before(total, bar);
            bar.set_position(present);
            bar.set_prefix(file.rsplit('/').next().unwrap_or(file).to_owned());
            if let Some(earlier) = files.insert(file.to_owned(), bar) {
                earlier.finish_and_clear();
            }
        }
    }

    fn advance(&mut self, file: &str, bytes: u64) -> io::Result<()> {
        self.present += bytes;
        match &self.screen {
            Screen::Bars { total, files, .. } => {
                total.inc(bytes);
                if let Some(bar) = files.get(file) {
                    bar.inc(bytes);
                }
                Ok(())
            }
            Screen::Lines(_) if self.bytes > WORTH_TELLING && self.tenth() > self.told => {
                self.told = self.tenth();
                let (percent, all) = (self.told * 10, size::bytes(self.bytes));
                self.line(&format!("  {percent:>3} % of {all}"))
            }
            Screen::Lines(_) => Ok(()),
        }
    }

    fn set(&mut self, file: &str, bytes: u64) {
        if let Screen::Bars { total, files, .. } = &self.screen {
            total.set_position(self.present);
            if let Some(bar) = files.get(file) {
                bar.set_position(bytes);
            }
        }
    }

    fn check_file(&self, file: &str) {
        if let Screen::Bars { files, .. } = &self.screen
            && let Some(bar) = files.get(file)
        {
            bar.set_message("checking");
        }
    }

    fn end_file(&mut self, file: &str) {
        if let Screen::Bars { files, .. } = &mut self.screen
            && let Some(bar) = files.remove(file)
        {
            bar.finish_and_clear();
        }
    }

    /// How many tenths of the bytes are here.
    fn tenth(&self) -> u64 {
        (self.present.saturating_mul(10))
            .checked_div(self.bytes)
            .unwrap_or(10)
    }
}

/// The style of a template that is known to be right.
fn style(template: &str) -> ProgressStyle {
    let style = ProgressStyle::with_template(template);
    style
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .progress_chars("━╸─")
}

const FILE: &str = "  {prefix:24!} {bar:28.cyan/dim} {decimal_bytes:>9} of \
                    {decimal_total_bytes}  {msg}";
const TOTAL: &str = "  {prefix:24!} {bar:28.green/dim} {decimal_bytes:>9} of \
                     {decimal_total_bytes}  {decimal_bytes_per_sec}, {eta} left";
const WORTH_SHOWING: u64 = 4_000_000;
/// Less is here before ten lines could be read.
const WORTH_TELLING: u64 = 50_000_000;
