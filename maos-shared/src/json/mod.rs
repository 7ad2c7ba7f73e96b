//! JSON as the client writes it: strings that may hold half a surrogate pair,
//! objects whose values stay unparsed until they are asked for.

mod object;
mod text;

use serde::Deserialize;

pub use object::Object;
pub use text::Text;

/// Returns `text` in one line, without control characters.
#[must_use]
pub fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

/// Longest part of a parser's message that is shown, in bytes; it can quote
/// the input.
const MESSAGE_BYTES: usize = 200;

/// Why JSON could not be used, in one line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Error(String);

/// Parses `text`. Values that `T` leaves unparsed may nest to any depth.
///
/// # Errors
/// One bounded line with the place, starting in lower case.
pub fn parse<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|error| {
        let message = error.to_string();
        let line = message.lines().next().unwrap_or_default();
        if line.len() <= MESSAGE_BYTES {
            return Error(line.to_owned());
        }
        let start = cut(line, MESSAGE_BYTES);
        let place = format!("at line {} column {}", error.line(), error.column());
        Error(format!("{start}… {place}"))
    })
}

/// Returns the first `bytes` of `text` or less, cut between characters.
#[must_use]
pub fn cut(text: &str, bytes: usize) -> &str {
    let mut end = text.len().min(bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
