//! What finds things in texts: patterns and the tagger, as in the gateway.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::thread;

use redactor::tagger::{self, TagThresholds};
use redactor::{Detector, Finding};

use crate::cli::progress::Progress;
use crate::cli::sheet::Cell;
use crate::cli::{CliError, TaggerArg};
use crate::config;
use crate::tagger::{Passage, Tagger, TaggerConfig, Tags};

pub(super) struct Finder {
    detector: Detector,
    tagger: Tagger,
}

impl Finder {
    /// The recognizers with the user's `rules`, and the tagger that was asked for.
    pub(super) fn open(rules: &[PathBuf], tagger: &TaggerArg) -> Result<Self, CliError> {
        let mut config = TaggerConfig::default();
        if let Some(name) = &tagger.tagger {
            config.model = config::parse_tagger(name, Path::new("")).map_err(|expected| {
                CliError::Usage(format!("--tagger: got `{name}`, expected {expected}"))
            })?;
        }
        let tagger = Tagger::try_open(&config, TagThresholds::default());
        Ok(Self {
            detector: config::detector(rules)?,
            tagger: tagger.map_err(|error| CliError::failed(NO_TAGGER, error))?,
        })
    }

    pub(super) fn detector(&self) -> &Detector {
        &self.detector
    }

    /// Findings of one text by itself.
    pub(super) fn of_text(&self, text: &str) -> Result<Vec<Finding>, CliError> {
        let mut findings = [self.detector.detect(text, None)];
        self.add_tags(&[text.into()], &mut findings)?;
        redactor::propagate(&[text], &mut findings);
        let [findings] = findings;
        Ok(findings)
    }

    /// Findings of texts that belong together, each value found in all of them.
    pub(super) fn of_cells(
        &self,
        cells: &[Cell<'_>],
        progress: &Progress,
    ) -> Result<Vec<Vec<Finding>>, CliError> {
        let is_tagged = matches!(self.tagger, Tagger::Ready(_));
        let detect = |cell: &Cell<'_>| {
            let findings = self.detector.detect(cell.text, cell.label);
            // Where the tagger reads, too, it takes nearly all the time.
            progress.add(if is_tagged { 0 } else { cell.text.len() });
            findings
        };
        let mut findings = on_all_cores(cells, detect);
        let texts: Vec<&str> = cells.iter().map(|cell| cell.text).collect();
        if is_tagged {
            let groups = cells.chunks(CELLS_AT_A_TIME);
            for (cells, findings) in groups.zip(findings.chunks_mut(CELLS_AT_A_TIME)) {
                let passages = cells.iter().map(|cell| Passage::new(cell.text, cell.label));
                self.add_tags(&passages.collect::<Vec<_>>(), findings)?;
                progress.add(cells.iter().map(|cell| cell.text.len()).sum());
            }
        }
        redactor::propagate(&texts, &mut findings);
        Ok(findings)
    }

    fn add_tags(
        &self,
        passages: &[Passage<'_>],
        findings: &mut [Vec<Finding>],
    ) -> Result<(), CliError> {
        match self.tagger.tag(passages) {
            Tags::Off => Ok(()),
            Tags::Failed => Err(CliError::message("the tagger failed")),
            Tags::Of(tagged) => {
                for (findings, tagged) in findings.iter_mut().zip(tagged) {
                    *findings = tagger::merge(std::mem::take(findings), &tagged.findings);
                }
                Ok(())
            }
        }
    }
}

fn on_all_cores<T: Send>(cells: &[Cell<'_>], work: impl Fn(&Cell<'_>) -> T + Sync) -> Vec<T> {
    let threads = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    if threads == 1 || cells.len() < FEW_CELLS {
        return cells.iter().map(work).collect();
    }
    thread::scope(|scope| {
        let work = &work;
        let share = cells.len().div_ceil(threads);
        let parts = cells
            .chunks(share)
            .map(|part| scope.spawn(move || part.iter().map(work).collect::<Vec<_>>()));
        let parts: Vec<_> = parts.collect();
        let join = |part: thread::ScopedJoinHandle<'_, Vec<_>>| match part.join() {
            Ok(findings) => findings,
            Err(panic) => std::panic::resume_unwind(panic),
        };
        parts.into_iter().flat_map(join).collect()
    })
}

const NO_TAGGER: &str = "names can't be looked for (`--tagger off` does without)";

/// Fewer are done before threads have started.
const FEW_CELLS: usize = 4096;

/// So many texts are tagged before the progress bar moves.
const CELLS_AT_A_TIME: usize = 32;
