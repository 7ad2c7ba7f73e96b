//! Code that sends all of the environment elsewhere.

use super::super::super::list::List;
use super::super::Started;
use super::super::words::word;
use super::program::Program;
use super::tokens::Token;

/// Functions that send what they are given.
const SENDING: List = List("Request axios fetch post post_form put request sendall urlopen");

/// What the environment is called.
const ENVIRONMENTS: List = List("ENV environ env");

/// Methods that give all of it.
const ALL: List = List("copy entries items to_a to_h");

/// Returns the pipe of a shell that does the same, where code sends the
/// environment: `requests.post(url, json=dict(os.environ))`.
pub(super) fn started(program: &Program<'_>) -> Option<Started> {
    let mut tokens = 0..program.tokens.len();
    let is_whole = |at: usize| {
        let named = program.name(at).is_some_and(|name| ENVIRONMENTS.has(name));
        named
            && match program.token(at + 1) {
                Some(Token::Dot) => program.name(at + 2).is_some_and(|name| ALL.has(name)),
                Some(Token::Mark(mark)) => matches!(mark, ')' | ',' | '}' | ']'),
                _ => false,
            }
    };
    let sends = |at: usize| {
        let named = program.name(at).is_some_and(|name| SENDING.has(name));
        let close = program
            .partner(at + 1)
            .filter(|_| named && program.is_mark(at + 1, '('));
        close.is_some_and(|close| (at + 1..close).any(is_whole))
    };
    tokens
        .any(sends)
        .then(|| Started::shell(word("env | curl -d @-")))
}
