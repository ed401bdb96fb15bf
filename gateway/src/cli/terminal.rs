//! What commands print: results on standard output, everything about them on standard error.
//!
//! Colours are for terminals only, and only where `NO_COLOR` does not forbid them.

use std::fmt;
use std::io::{self, BufWriter, IsTerminal, Write};

use crate::config::Environment;

/// The two streams of a command.
pub struct Terminal {
    out: Box<dyn Write + Send>,
    err: Box<dyn Write + Send>,
    colours: Colours,
    /// Standard output is a terminal.
    shown: bool,
    /// Standard error is a terminal.
    watched: bool,
}

#[derive(Clone, Copy, Debug, Default)]
struct Colours {
    out: bool,
    err: bool,
}

impl Terminal {
    /// The streams of this process.
    pub fn process(environment: &Environment) -> Self {
        let (out, err) = (io::stdout(), io::stderr());
        let allowed = !environment.no_color();
        let is_shown = out.is_terminal();
        let colours = Colours {
            out: allowed && is_shown,
            err: allowed && err.is_terminal(),
        };
        Self {
            out: Box::new(BufWriter::new(out)),
            shown: is_shown,
            watched: err.is_terminal(),
            err: Box::new(err),
            colours,
        }
    }

    /// Streams of one's own, without colours.
    pub fn new(out: Box<dyn Write + Send>, err: Box<dyn Write + Send>) -> Self {
        Self {
            out,
            err,
            colours: Colours::default(),
            shown: false,
            watched: false,
        }
    }

    /// Where results go. Buffered: [`Terminal::flush`] before waiting for anything.
    pub fn out(&mut self) -> &mut (dyn Write + Send) {
        &mut self.out
    }

    /// Where messages about the results go.
    pub fn err(&mut self) -> &mut (dyn Write + Send) {
        &mut self.err
    }

    /// Writes what is buffered.
    ///
    /// # Errors
    /// When a stream can't be written.
    pub fn flush(&mut self) -> io::Result<()> {
        self.out.flush()?;
        self.err.flush()
    }

    /// Takes the last lines on standard output back, so that others stand in their place; on what is
    /// no terminal they stay, with an empty line after them.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn rewind(&mut self, lines: usize) -> io::Result<()> {
        if self.shown {
            // ECMA-48: cursor to the preceding line, erase to the end of the page.
            write!(self.out, "\u{1b}[{lines}F\u{1b}[J")
        } else {
            writeln!(self.out)
        }
    }

    /// Marks a text on standard output, where that is a terminal.
    pub fn paint(&self, style: Style, text: impl fmt::Display) -> String {
        style.paint(self.colours.out, &text)
    }

    /// Marks a text on standard error, where that is a terminal.
    pub fn paint_err(&self, style: Style, text: impl fmt::Display) -> String {
        style.paint(self.colours.err, &text)
    }

    /// True when standard error is a terminal: somebody may be watching.
    pub fn is_watched(&self) -> bool {
        self.watched
    }

    /// True when standard error may be coloured.
    pub fn has_colours(&self) -> bool {
        self.colours.err
    }
}

impl fmt::Debug for Terminal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Terminal")
            .field("colours", &self.colours)
            .finish_non_exhaustive()
    }
}

/// How a text stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// A heading, or what matters.
    Bold,
    /// What matters less.
    Dim,
    /// It went well.
    Good,
    /// It went wrong.
    Bad,
}

impl Style {
    fn paint(self, coloured: bool, text: &dyn fmt::Display) -> String {
        if !coloured {
            return text.to_string();
        }
        // ECMA-48, select graphic rendition.
        let code = match self {
            Self::Bold => 1,
            Self::Dim => 2,
            Self::Good => 32,
            Self::Bad => 31,
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}
