//! The only place of this program that prints.

use std::fmt::Display;
use std::io::{self, ErrorKind, StdoutLock, Write};

use serde::Serialize;

use crate::error::{Error, exit_code};

/// Standard output, line by line.
pub(crate) struct Output {
    stdout: StdoutLock<'static>,
}

impl Output {
    /// Returns the output of this process. Only one may exist at a time.
    pub(crate) fn stdout() -> Self {
        Self {
            stdout: io::stdout().lock(),
        }
    }

    /// Prints one line. What a terminal would obey is shown instead: names of
    /// files and commands come from anywhere.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub(crate) fn line(&mut self, text: impl Display) -> Result<(), Error> {
        writeln!(self.stdout, "{}", harmless(&text.to_string())).map_err(Error::Output)
    }

    /// Prints a value as JSON on one line. What a terminal would obey is
    /// escaped as JSON escapes it.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub(crate) fn json(&mut self, value: &impl Serialize) -> Result<(), Error> {
        let text = serde_json::to_string(value).map_err(|error| Error::Output(error.into()))?;
        writeln!(self.stdout, "{}", harmless_json(&text)).map_err(Error::Output)
    }
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

/// Returns `text` with every control character written out.
fn harmless(text: &str) -> String {
    let show = |character: char| match character {
        '\t' => " ".to_owned(),
        _ if is_obeyed(character) => character.escape_default().to_string(),
        _ => character.to_string(),
    };
    text.chars().map(show).collect()
}

/// Returns JSON without control characters: it has them within texts alone.
fn harmless_json(json: &str) -> String {
    let show = |character: char| match is_obeyed(character) {
        true => format!("\\u{:04x}", u32::from(character)),
        false => character.to_string(),
    };
    json.chars().map(show).collect()
}

/// Returns whether a terminal does something else than show it. Direction marks
/// can make a line read as another.
fn is_obeyed(character: char) -> bool {
    character.is_control() || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_cannot_steer_the_terminal() {
        assert_eq!(
            harmless("a\tb\u{1b}[2J\nc\u{202e}é"),
            "a b\\u{1b}[2J\\nc\\u{202e}é"
        );
        let json = harmless_json("\"\u{9b}2J\u{202e}é\"");
        assert_eq!(json, r#""\u009b2J\u202eé""#);
        let text: String = serde_json::from_str(&json).unwrap();
        assert_eq!(text, "\u{9b}2J\u{202e}é");
    }
}
