//! How words are written outside of quotes: names with braces behind them, homes,
//! patterns for hidden names.

use super::braces::Atom;
use super::expand::Mode;
use super::fields::Fields;
use crate::guard::shell::syntax::tree::{Parameter, Piece, Raw};
use crate::guard::shell::{Part, Word};

/// Returns the name of a parameter with what braces put behind it: `$a{b,c}` is
/// `$ab` and `$ac`.
pub(super) fn longer_name(parameter: &Parameter, next: Option<&Atom<'_>>) -> String {
    let mut name = parameter.name.clone();
    let is_name = name.starts_with(|c: char| c == '_' || c.is_ascii_alphabetic());
    if is_name
        && !parameter.in_braces
        && let Some(Atom::Bare(text)) = next
    {
        let is_in_name = |c: &char| *c == '_' || c.is_ascii_alphanumeric();
        name.extend(text.chars().take_while(is_in_name));
    }
    name
}

/// Adds characters outside of quotes that stand in the text itself.
pub(super) fn push_bare(text: &str, is_last: bool, mode: Mode, fields: &mut Fields) {
    let globs = mode != Mode::Value;
    let mut rest = text;
    if fields.at_start() {
        // `NAME=~/x` counts as the value that it looks like.
        if let Some((name, value)) = text.split_once('=')
            && value.starts_with('~')
            && name.chars().all(|c| c == '_' || c.is_ascii_alphanumeric())
        {
            fields.push_text(&text[..=name.len()]);
            rest = value;
        }
        rest = fields.push_tilde(rest, is_last);
    }
    if mode == Mode::Value {
        while let Some((before, after)) = rest.split_once(":~") {
            fields.push_text(before);
            fields.push_text(":");
            let tilde = &rest[rest.len() - after.len() - 1..];
            let after = fields.push_tilde(tilde, is_last);
            rest = match after.len() == tilde.len() {
                true => {
                    fields.push_text("~");
                    &tilde[1..]
                }
                false => after,
            };
        }
    }
    fields.push_unquoted(rest, globs);
}

/// Adds the patterns for hidden names.
pub(super) fn add_hidden(words: &mut Vec<Word>) {
    let hidden: Vec<Word> = words.iter().filter_map(hidden).collect();
    words.extend(hidden);
}

/// Returns the pattern for the hidden ones among the names that a pattern is for;
/// nothing for one that is for all names.
fn hidden(word: &Word) -> Option<Word> {
    let has_letters = |part: &Part| match part {
        Part::Text(text) => text.contains(char::is_alphanumeric) && !text.ends_with('/'),
        _ => false,
    };
    let begins = |at: usize| match at.checked_sub(1).map(|before| &word.parts[before]) {
        Some(Part::Text(before)) => before.ends_with('/'),
        before => before.is_none(),
    };
    let at =
        (0..word.parts.len()).find(|at| matches!(word.parts[*at], Part::Glob(_)) && begins(*at))?;
    let mut hidden = word.clone();
    // The dot may be what a `?` stands for.
    if let Part::Glob(pattern) = &mut hidden.parts[at]
        && pattern.starts_with('?')
    {
        pattern.remove(0);
    }
    hidden.parts.insert(at, Part::Text(".".to_owned()));
    word.parts[at..].iter().any(has_letters).then_some(hidden)
}

/// Returns the text of a word that expansion leaves as it is, as about all words
/// are.
pub(super) fn unchanged(word: &Raw) -> Option<&str> {
    let is_special = |byte: u8| matches!(byte, b'{' | b'~' | b'*' | b'?' | b'[');
    match word.pieces.as_slice() {
        [Piece::Quoted(text)] => Some(text),
        [Piece::Bare(text)] if !text.bytes().any(is_special) => Some(text),
        _ => None,
    }
}
