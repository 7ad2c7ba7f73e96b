//! All that this program prints: lines, tables, JSON, colours.
//!
//! A command builds a value that holds what it found out, and hands it to
//! [`Output::answer`]: with `--json` the value is printed as it is, else its
//! [`Show`] prints it for people. Texts come from anywhere (agents, journals,
//! names of files); whatever a terminal would obey in them is written out here.

mod harmless;
mod table;
mod text;

use std::fmt::Display;
use std::io::{self, ErrorKind, IsTerminal, Write};

use maos_shared::config::Environment;
use serde::Serialize;

use crate::error::{Error, exit_code};
pub(crate) use harmless::harmless;
pub(crate) use table::{Column, Table};
use text::Shows;
pub(crate) use text::{Part, Text, Tone};

/// How wide a terminal is taken to be that does not say it, in columns.
const WIDTH: usize = 80;

/// What stays of a name at least, in columns.
const NAME: usize = 20;

/// What a command found out, as people read it.
pub(crate) trait Show {
    /// Prints it.
    ///
    /// # Errors
    /// When the output cannot be written.
    fn show(&self, output: &mut Output) -> Result<(), Error>;
}

/// The option of every command that only reads.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct Form {
    /// Print JSON; `maos schema` describes it
    #[arg(long)]
    pub(crate) json: bool,
}

/// Where a command prints, line by line.
pub(crate) struct Output {
    sink: Box<dyn Write>,
    /// `None`: lines may have any length.
    width: Option<usize>,
    shows: Shows,
}

impl Output {
    /// Returns the output of this process. Only one may exist at a time. Its
    /// tables fit the terminal, or `COLUMNS` where that is set; nothing is cut
    /// where neither is. It has links on a terminal, and colours unless `NO_COLOR`
    /// is set.
    pub(crate) fn stdout(environment: &Environment) -> Self {
        let stdout = io::stdout().lock();
        let terminal = stdout.is_terminal();
        Self {
            width: environment
                .columns
                .or_else(|| terminal.then(terminal_width)),
            shows: Shows {
                colours: terminal && !environment.no_colour,
                links: terminal && !environment.no_links,
            },
            sink: Box::new(stdout),
        }
    }

    /// Switches colours on where nobody asked for none: for a reader that is no
    /// terminal and shows them nevertheless.
    pub(crate) fn colour(&mut self, environment: &Environment) {
        self.shows.colours = !environment.no_colour;
    }

    /// Prints one line.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub(crate) fn line(&mut self, text: impl Display) -> Result<(), Error> {
        self.text(&Text::from(text.to_string()))
    }

    /// Prints one line, with its colours.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub(crate) fn text(&mut self, text: &Text) -> Result<(), Error> {
        writeln!(self.sink, "{}", text.render(self.shows)).map_err(Error::Output)
    }

    /// Prints one line, cut where it would be too wide.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub(crate) fn cut(&mut self, text: &Text) -> Result<(), Error> {
        match self.width {
            Some(width) => self.text(&text.cut(width)),
            None => self.text(text),
        }
    }

    /// Prints a name and what is said of it on one line; the name is cut where that
    /// would be too wide.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub(crate) fn of_name(&mut self, name: &str, said: &str) -> Result<(), Error> {
        let (name, said) = (Text::from(name), Text::from(said));
        let name = match self.width {
            Some(width) => name.cut(width.saturating_sub(said.width()).max(NAME)),
            None => name,
        };
        self.text(&name.then(said))
    }

    /// Prints one text, on as many lines as it needs; all but the first are moved
    /// to the right by `indent` columns.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub(crate) fn wrapped(&mut self, text: &Text, indent: usize) -> Result<(), Error> {
        let Some(width) = self.width else {
            return self.text(text);
        };
        let mut lines = text.wrapped(width, indent).into_iter();
        lines.try_for_each(|line| self.text(&line))
    }

    /// Prints a table.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub(crate) fn table(&mut self, table: &Table) -> Result<(), Error> {
        for line in table.lines(self.width) {
            self.text(&line)?;
        }
        Ok(())
    }

    /// Prints a value as JSON, on one line.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub(crate) fn json(&mut self, value: &impl Serialize) -> Result<(), Error> {
        let json = serde_json::to_string(value).map_err(|error| Error::Output(error.into()))?;
        writeln!(self.sink, "{}", harmless::harmless_json(&json)).map_err(Error::Output)
    }

    /// Prints what a command found out: as JSON, or for people.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub(crate) fn answer<T: Serialize + Show>(
        &mut self,
        form: Form,
        answer: &T,
    ) -> Result<(), Error> {
        if form.json {
            self.json(answer)
        } else {
            answer.show(self)
        }
    }

    /// Prints bytes of ours as they are: a script, a page.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub(crate) fn raw(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.sink.write_all(bytes).map_err(Error::Output)
    }
}

/// Returns how wide the terminal is, in columns.
fn terminal_width() -> usize {
    let size = crossterm::terminal::window_size();
    let columns = size.map_or(0, |size| usize::from(size.columns));
    if columns == 0 { WIDTH } else { columns }
}

/// Prints why a command failed and returns its exit code. A reader that left,
/// as `head` does, is no failure.
pub(crate) fn report(error: &Error) -> u8 {
    if let Error::Output(source) = error
        && source.kind() == ErrorKind::BrokenPipe
    {
        return exit_code::DONE;
    }
    // Without stderr there is nobody left to tell; the exit code still does.
    let _ = writeln!(io::stderr(), "maos: {}", harmless(&error.to_string()));
    exit_code::FAILED
}

/// Tells a person what is no part of an answer and no failure, on stderr, so that
/// whoever reads the answer is not disturbed.
pub(crate) fn note(text: &Text) {
    // As above: without stderr there is nobody to tell.
    let _ = writeln!(io::stderr(), "{}", harmless(&text.plain()));
}

/// Returns a number of things, such as `1 file` and `2 files`.
pub(crate) fn counted(count: usize, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    }
}

/// Prints the help or version that was asked for, or what is wrong with the
/// command line, and returns the exit code.
pub(crate) fn usage(error: &clap::Error) -> u8 {
    // As above: the exit code tells it where nobody reads.
    let _ = error.print();
    if error.use_stderr() {
        exit_code::USAGE
    } else {
        exit_code::DONE
    }
}
