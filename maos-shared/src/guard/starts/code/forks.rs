//! Code that makes processes without end: `while True: os.fork()`.

use super::super::Started;
use super::super::words::word;
use super::program::Program;

/// How many tokens behind the loop the fork stands at most.
const NEAR: usize = 6;

/// Returns the fork bomb of a shell where the code is one.
pub(super) fn started(program: &Program<'_>) -> Option<Started> {
    let is_name = |at: usize, name: &str| program.name(at) == Some(name);
    let mut tokens = 0..program.tokens.len();
    let forks = |at: usize| {
        let mut behind = at + 1..at + NEAR;
        let loops = is_name(at, "while") || is_name(at, "loop");
        // `fork while 1` of Perl and Ruby has it in front.
        loops && (behind.any(|at| is_name(at, "fork")) || (at > 0 && is_name(at - 1, "fork")))
    };
    tokens
        .any(forks)
        .then(|| Started::shell(word("f() { f | f & }; f")))
}
