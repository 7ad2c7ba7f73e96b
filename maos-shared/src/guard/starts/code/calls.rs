//! How calls are found in a program: what is called, on what, with which
//! arguments.

use super::super::super::list::List;
use super::super::Started;
use super::super::words::is_known;
use super::arguments::Argument;
use super::commands::{self, EMPTYING};
use super::computed::OF_LISTS;
use super::program::Program;
use super::tables::{Call, Does};
use super::tokens::Token;
use super::values::Value;

/// Returns what the call does that a token names, as what it starts. `interpreter`
/// and its option begin the command that runs code.
pub(super) fn started(
    program: &mut Program<'_>,
    at: usize,
    calls: &[Call],
    interpreter: &[&str],
) -> Option<Started> {
    let name = program.original(program.name(at)?);
    if name == "getattr" {
        return of_attribute(program, at, calls, interpreter);
    }
    if SENDING.has(name) && program.is_mark(at + 1, '(') {
        return sent(program, at, calls, interpreter);
    }
    let is_member = at > 0 && program.token(at - 1) == Some(&Token::Dot);
    if !is_member && !begins_arguments(program, at + 1) {
        return None;
    }
    let mut named = calls.iter().filter(|call| call.names.has(name)).peekable();
    if named.peek().is_none() {
        return of_variable(program, at, calls, interpreter);
    }
    if is_definition(program, at) {
        return None;
    }
    let on = receiver(program, at);
    let is_on = |call: &&Call| match &on {
        None => {
            let mut stars = program.stars.iter();
            call.on.has(".") || stars.any(|module| call.on.has(module))
        }
        Some(on) => call.on.has("*") || call.on.has(on),
    };
    let call = named.find(is_on)?;
    if matches!(call.does, Does::ShellMethod) {
        let text = value_called_on(program, at).into_word();
        return is_known(&text).then(|| Started::shell(text));
    }
    if let Does::LikeMethod(command) = call.does {
        let path = value_called_on(program, at);
        let fills = command == "tee" && commands::is_nothing(arguments(program, at)?.first());
        return commands::like(if fills { EMPTYING } else { command }, vec![path]);
    }
    if matches!(call.does, Does::Template) && program.is_mark(at + 1, '(') {
        return None;
    }
    let arguments = match call.does {
        Does::LikeOr(..) => arguments(program, at).unwrap_or_default(),
        _ => arguments(program, at)?,
    };
    if matches!(call.does, Does::OpenByMode) && is_closed_at_once(program, at) {
        return commands::emptied(arguments);
    }
    commands::of_call(program, call.does, arguments, interpreter)
}

/// Returns whether what a call opens is closed with nothing done to it:
/// `open("x", "w").close()`.
fn is_closed_at_once(program: &Program<'_>, at: usize) -> bool {
    program.partner(at + 1).is_some_and(|close| {
        program.token(close + 1) == Some(&Token::Dot) && program.name(close + 2) == Some("close")
    })
}

/// Returns whether a mark is a method that gives its text to a shell.
pub(super) fn is_shell_method(program: &Program<'_>, calls: &[Call], at: usize) -> bool {
    let runs = |call: &Call| matches!(call.does, Does::ShellMethod) && call.names.has("!");
    at > 0 && program.token(at - 1) == Some(&Token::Dot) && calls.iter().any(runs)
}

/// Functions that call the one which they are given the name of.
const SENDING: List = List("__send__ call_user_func public_send send");

/// Returns what a function does that another calls by its name:
/// `send(:system, "…")`.
fn sent(
    program: &mut Program<'_>,
    at: usize,
    calls: &[Call],
    interpreter: &[&str],
) -> Option<Started> {
    let mut arguments = program.arguments(at + 1, 0);
    let first = arguments.first()?;
    let symbol = program.name(first.at + 1);
    let symbol = symbol.filter(|_| program.is_mark(first.at, ':'));
    let name = match symbol {
        Some(name) => name.to_owned(),
        None => arguments.remove(0).value.into_word().literal()?,
    };
    if symbol.is_some() {
        arguments.remove(0);
    }
    of_name(program, &name, arguments, calls, interpreter)
}

/// Returns what a member does that is named by a text, where it is called:
/// `fs["rm" + "Sync"]("…")`.
pub(super) fn of_subscript(
    program: &mut Program<'_>,
    open: usize,
    calls: &[Call],
    interpreter: &[&str],
) -> Option<Started> {
    let close = program.partner(open)?;
    program.is_mark(close + 1, '(').then_some(())?;
    let name = program
        .value_before(open + 1, close)
        .into_word()
        .literal()?;
    let arguments = program.arguments(close + 1, 0);
    of_name(program, &name, arguments, calls, interpreter)
}

/// Returns what the function does whose name a variable holds, which is called:
/// `$f("…")`.
fn of_variable(
    program: &mut Program<'_>,
    at: usize,
    calls: &[Call],
    interpreter: &[&str],
) -> Option<Started> {
    let is_called = program.is_mark(at + 1, '(') && at > 0 && program.is_mark(at - 1, '$');
    is_called.then_some(())?;
    let name = program.variable(program.name(at)?).into_word().literal()?;
    let arguments = program.arguments(at + 1, 0);
    of_name(program, &name, arguments, calls, interpreter)
}

/// Returns what the function of a name does, whatever it is called on.
fn of_name<'a>(
    program: &mut Program<'a>,
    name: &str,
    arguments: Vec<Argument<'a>>,
    calls: &[Call],
    interpreter: &[&str],
) -> Option<Started> {
    let call = calls.iter().find(|call| call.names.has(name))?;
    commands::of_call(program, call.does, arguments, interpreter)
}

/// Returns what a function does that is found by its name:
/// `getattr(os, "system")("…")`.
fn of_attribute(
    program: &mut Program<'_>,
    at: usize,
    calls: &[Call],
    interpreter: &[&str],
) -> Option<Started> {
    let close = program.partner(at + 1)?;
    let name = program.arguments(at + 1, 0).into_iter().nth(1)?;
    let name = name.value.into_word().literal()?;
    let arguments = program.arguments(close + 1, 0);
    of_name(program, &name, arguments, calls, interpreter)
}

fn is_definition(program: &Program<'_>, at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| program.name(before));
    before.is_some_and(|before| const { List("def fn func function sub") }.has(before))
}

/// Returns what a name is called on, or the module that it comes from; `None`
/// where it stands alone.
fn receiver(program: &mut Program<'_>, at: usize) -> Option<String> {
    let dot = at.checked_sub(1);
    let dot = dot.filter(|dot| program.token(*dot) == Some(&Token::Dot));
    let Some(dot) = dot else {
        let imported = program.variable(program.name(at)?);
        return match imported {
            Value::Module(module) => Some(last_name(&module).to_owned()),
            _ => None,
        };
    };
    let on = dot.checked_sub(1)?;
    if let Some(name) = program.name(on) {
        return Some(match program.variable(name) {
            Value::Module(module) => last_name(&module).to_owned(),
            _ => name.to_owned(),
        });
    }
    let start = start_of(program, on);
    Some(match program.value_before(start, dot) {
        Value::Module(module) => last_name(&module).to_owned(),
        _ => String::new(),
    })
}

/// Returns the last name of a module: `node:child_process`, `fs/promises`.
pub(super) fn last_name(module: &str) -> &str {
    module.rsplit([':', '/', '.']).next().unwrap_or(module)
}

/// Returns the path that a method is called on.
pub(super) fn value_called_on(program: &mut Program<'_>, at: usize) -> Value {
    let dot = at.saturating_sub(1);
    let start = start_of(program, dot.saturating_sub(1));
    program.value_before(start, dot)
}

/// How many names and brackets of what a method is called on are looked at.
const RECEIVER: usize = 8;

/// Returns where the path begins that ends at a token: `a.b(c)`.
fn start_of(program: &Program<'_>, end: usize) -> usize {
    let mut start = end;
    for _ in 0..RECEIVER {
        if let Some(open) = program.partner(start).filter(|open| *open < start) {
            start = open;
            if open == 0 || program.name(open - 1).is_none() {
                return start;
            }
            start -= 1;
        }
        match start.checked_sub(2) {
            Some(before) if program.token(start - 1) == Some(&Token::Dot) => start = before,
            _ => return start,
        }
    }
    start
}

/// How many tokens the arguments of a call without brackets are looked for in.
const BARE_TOKENS: usize = 64;

/// Returns the arguments of a statement: in brackets or up to its end, whatever
/// they begin with.
pub(super) fn bare_arguments<'a>(program: &mut Program<'a>, at: usize) -> Vec<Argument<'a>> {
    let start = at + 1;
    if program.is_mark(start, '(') {
        return program.arguments(start, 0);
    }
    program.arguments_between(start, end_of_statement(program, start), 0)
}

/// Returns where a statement ends of which the rest begins at a token.
pub(super) fn end_of_statement(program: &Program<'_>, start: usize) -> usize {
    let mut inside = start..start + BARE_TOKENS;
    let end = inside.find(|at| ends_statement(program, start, *at));
    end.unwrap_or(start + BARE_TOKENS)
}

/// Returns the arguments of a call, in brackets or up to the end of the
/// statement.
fn arguments<'a>(program: &mut Program<'a>, at: usize) -> Option<Vec<Argument<'a>>> {
    let start = at + 1;
    (program.is_mark(start, '(') || begins_arguments(program, start))
        .then(|| bare_arguments(program, at))
}

/// Returns whether the arguments of a call may begin at a token.
fn begins_arguments(program: &Program<'_>, at: usize) -> bool {
    match program.token(at) {
        Some(Token::Text(_) | Token::Words(_) | Token::Shell(_)) => true,
        Some(Token::Mark('(' | '$' | '@' | '[') | Token::Name("my" | "ENV" | "Dir")) => true,
        Some(Token::Name(name)) if OF_LISTS.has(name) => true,
        Some(Token::Name(_)) => {
            let goes_on = [',', '\n', '('].iter();
            let mut goes_on = goes_on.map(|mark| program.is_mark(at + 1, *mark));
            goes_on.any(|goes| goes) || program.token(at + 1) == Some(&Token::Dot)
        }
        _ => false,
    }
}

/// Returns whether a statement that begins at `start` ends at a token.
fn ends_statement(program: &Program<'_>, start: usize, at: usize) -> bool {
    match program.token(at) {
        None | Some(Token::Mark(';')) => true,
        Some(Token::Mark(')' | '}')) => program.partner(at).is_none_or(|open| open < start),
        Some(Token::Mark('\n')) => !program.is_mark(at - 1, ','),
        Some(Token::Name(name)) => const { List("and do for if or rescue unless while") }.has(name),
        _ => false,
    }
}
