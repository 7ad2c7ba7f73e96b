//! Code that runs or prints what it fetches or decodes: nobody has read that.

use super::super::super::arguments::leading_text;
use super::super::super::list::List;
use super::super::super::shell::Word;
use super::super::words::{self, word};
use super::super::{Line, Started};
use super::arguments::Argument;
use super::program::Program;
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
        self.started_with(Word::default())
    }

    /// Returns the same where some of what runs is known.
    pub(super) fn started_with(self, known: Word) -> Started {
        let pipe = word(match self {
            Self::Fetched => "curl | sh",
            Self::Decoded => "base64 -d | sh",
        });
        match known.parts.is_empty() {
            true => Started::shell(pipe),
            false => Started::shell(words::join([&pipe, &known], "\n")),
        }
    }
}

/// Returns where the first argument comes from, where it is decoded, or nothing
/// is known of it.
pub(super) fn of_argument(
    program: &mut Program<'_>,
    arguments: &[Argument<'_>],
) -> Option<Foreign> {
    let (start, end) = first(program, arguments)?;
    let is_known =
        matches!(&arguments.first()?.value, Value::Text(text) if text.literal().is_some());
    if is_known {
        let mut inside = start..end;
        let calls = inside.any(|at| program.name(at).is_some());
        let found = calls.then(|| of_tokens(program, start, end)).flatten();
        return found.filter(|foreign| *foreign == Foreign::Decoded);
    }
    of_tokens(program, start, end).or_else(|| {
        let mut inside = start..end;
        let names_address = inside.any(|at| {
            matches!(program.token(at), Some(Token::Text(_)))
                && leading_text(&program.literal(at)).contains("://")
        });
        names_address.then_some(Foreign::Fetched)
    })
}

/// Returns where the text comes from that a program is named by, or a shell is
/// given, where it is decoded.
pub(super) fn of_command(program: &mut Program<'_>, arguments: &[Argument<'_>]) -> Option<Foreign> {
    let (start, end) = first(program, arguments)?;
    let is_list = program.partner(start).is_some_and(|close| close + 1 == end);
    let mut inside = start..end;
    let calls = !is_list && inside.any(|at| program.is_mark(at, '('));
    let found = calls.then(|| of_tokens(program, start, end)).flatten();
    found.filter(|foreign| *foreign == Foreign::Decoded)
}

/// Returns the tokens of the first argument.
fn first(program: &Program<'_>, arguments: &[Argument<'_>]) -> Option<(usize, usize)> {
    let start = arguments.first()?.at;
    let ends = |program: &Program<'_>, at: usize| {
        program.is_mark(at, ')') && program.partner(at).is_some_and(|open| open < start)
    };
    let last = arguments.get(1).map_or(start + TOKENS, |next| next.at - 1);
    let last = last.min(start + TOKENS);
    let end = (start..last).find(|at| ends(program, *at));
    Some((start, end.unwrap_or(last)))
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
    let prints_value = |word: &Word| const { List("-p -pe --print") }.has(leading_text(word));
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
