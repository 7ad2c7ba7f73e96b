//! Code that runs or prints what it fetches or decodes: nobody has read that.

use super::super::super::arguments::leading_text;
use super::super::super::list::List;
use super::super::super::shell::Word;
use super::super::words::word;
use super::super::{Line, Started};
use super::program::{Argument, Program};
use super::tokens::{Source, Token};
use super::values::Value;
use super::{Given, language::Language};

/// Where a text comes from that is not in the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::guard) enum Foreign {
    /// From an address.
    Fetched,
    /// From what is readable only once it is decoded.
    Decoded,
}

/// Functions and modules that fetch, and those that decode.
const FETCHING: List = List("urlopen requests httpx fetch URI LWP axios");
const DECODING: List = List(
    "\
    a2b_base64 a2b_hex a2b_uu a85decode atob b16decode b32decode b64decode b85decode base64_decode \
    bytearray bytes char chr decode64 decodeURIComponent decode_base64 decompress fromCharCode \
    fromCodePoint fromhex gzdecode gzinflate gzuncompress hex2bin pack rot13 standard_b64decode \
    str_rot13 strict_decode64 unescape unhexlify unpack unpack1 urlsafe_b64decode \
    urlsafe_decode64",
);

/// The encodings that functions are told by their names.
const ENCODINGS: List = List("base64 base64url hex rot13 rot_13");

/// How many tokens of an expression are looked at.
const TOKENS: usize = 64;

/// Functions that run the code which they are handed.
const RUNNING: List = List("eval exec");

impl Foreign {
    /// Returns the pipe into a shell that does the same as running it.
    pub(super) fn started(self) -> Started {
        Started::shell(word(match self {
            Self::Fetched => "curl | sh",
            Self::Decoded => "base64 -d | sh",
        }))
    }
}

/// Returns where the first argument comes from, where nothing is known of it.
pub(super) fn of_argument(
    program: &mut Program<'_>,
    arguments: &[Argument<'_>],
) -> Option<Foreign> {
    let first = arguments.first()?;
    if matches!(&first.value, Value::Text(text) if text.literal().is_some()) {
        return None;
    }
    let start = first.at;
    let ends = |program: &Program<'_>, at: usize| {
        program.is_mark(at, ')') && program.partner(at).is_some_and(|open| open < start)
    };
    let end = (start..start + TOKENS).find(|at| ends(program, *at));
    let end = end.unwrap_or(start + TOKENS);
    of_tokens(program, start, end).or_else(|| {
        let mut inside = start..end;
        let names_address = inside.any(|at| {
            matches!(program.token(at), Some(Token::Text(_)))
                && leading_text(&program.literal(at)).contains("://")
        });
        names_address.then_some(Foreign::Fetched)
    })
}

/// Returns what hands over what it fetches or decodes to a function that runs
/// it: `fetch(…).then(eval)`.
pub(super) fn handed_over(program: &mut Program<'_>) -> Option<Started> {
    let end = program.tokens.len();
    let mut inside = 1..end;
    let is_handed = |at: usize| {
        let runs = program.name(at).is_some_and(|name| RUNNING.has(name));
        runs && program.is_mark(at - 1, '(') && program.is_mark(at + 1, ')')
    };
    inside.any(is_handed).then_some(())?;
    of_tokens(program, 0, end).map(Foreign::started)
}

/// Returns where that comes from which the code of an interpreter prints.
pub(in crate::guard::starts) fn printed(line: &Line<'_>) -> Option<Foreign> {
    let given = Given::of(line)?;
    let source = Source::of(&given.code);
    let mut program = given.program(&source);
    let end = program.tokens.len();
    let prints_value = |word: &Word| List("-p -pe --print").has(leading_text(word));
    let prints = prints(&program, given.language, end) || line.words.iter().any(prints_value);
    prints.then(|| of_tokens(&mut program, 0, end)).flatten()
}

fn prints(program: &Program<'_>, language: &Language, end: usize) -> bool {
    let mut names = (0..end).filter_map(|at| program.name(at));
    !language.pipes && names.any(|name| language.prints.has(name))
}

fn of_tokens(program: &mut Program<'_>, start: usize, end: usize) -> Option<Foreign> {
    (start..end).find_map(|at| match program.token(at)? {
        Token::Name(name) if FETCHING.has(name) => Some(Foreign::Fetched),
        Token::Name(name) if DECODING.has(name) => Some(Foreign::Decoded),
        Token::Text(_) => match program.literal(at).literal()? {
            text if text.starts_with("https://") || text.starts_with("http://") => {
                Some(Foreign::Fetched)
            }
            text if ENCODINGS.has(&text) => Some(Foreign::Decoded),
            _ => None,
        },
        _ => None,
    })
}
