//! Where names get a meaning: assignments, loops over lists, imports.

use super::super::super::list::List;
use super::super::super::shell::Word;
use super::program::Program;
use super::tokens::Token;
use super::values::Value;
use crate::config::limits;

/// Keeps what the name at a token means from here on, where this is said here.
pub(super) fn bind(program: &mut Program<'_>, at: usize) {
    let Some(name) = program.name(at) else {
        return;
    };
    match name {
        "import" => import(program, at),
        "from" => import_from_text(program, at),
        "in" | "of" => iterate(program, at),
        "for" | "foreach" => iterate_in_brackets(program, at),
        "each" => iterate_block(program, at),
        "forEach" | "map" => iterate_function(program, at),
        "append" | "extend" | "push" => grow(program, at),
        _ => assign(program, at, name),
    }
}

fn assign<'a>(program: &mut Program<'a>, at: usize, name: &'a str) {
    let is_member = at > 0 && program.token(at - 1) == Some(&Token::Dot);
    let compares = ['=', '>', '~'];
    if is_member {
        return;
    }
    if program.is_mark(at + 1, '=') {
        if !compares.iter().any(|mark| program.is_mark(at + 2, *mark)) {
            let (value, _) = program.expression(at + 2, 0);
            let alias = (value == Value::Unknown).then(|| member(program, at + 2));
            match alias.flatten() {
                Some((on, original)) => {
                    program.rename(name, original);
                    program.set(name, on);
                }
                None => program.set(name, value),
            }
        }
    } else if let Some(value) = defined_by(program, at + 1) {
        let (value, _) = program.expression(value, 0);
        program.set(name, value);
    } else if program.is_mark(at + 2, '=') && !program.is_mark(at + 3, '=') {
        let changes = match program.token(at + 1) {
            Some(Token::Join) => true,
            Some(Token::Mark(mark)) => matches!(mark, '+' | '-' | '*' | '/' | '.' | '|' | '?'),
            _ => false,
        };
        let adds = matches!(program.token(at + 1), Some(Token::Join | Token::Mark('+')));
        if changes {
            let old = program.variable(name);
            let value = match adds {
                true => old.grown(program.expression(at + 3, 0).0),
                false => Value::Unknown,
            };
            program.set(name, value);
        }
    }
}

/// Returns the function that a path names which begins at a token, and what it
/// is a member of: `os.system`, `__import__("os").system`.
fn member<'a>(program: &mut Program<'a>, start: usize) -> Option<(Value, &'a str)> {
    let mut at = start;
    for _ in 0..IMPORTED {
        program.name(at)?;
        let next = match program.is_mark(at + 1, '(') {
            true => program.partner(at + 1)? + 1,
            false => at + 1,
        };
        if program.token(next) != Some(&Token::Dot) {
            let is_called = next > at + 1;
            let name = program.name(at).filter(|_| !is_called && at > start)?;
            let on = match program.name(at.checked_sub(2)?) {
                Some(on) => match program.variable(on) {
                    Value::Unknown => Value::Module(on.to_owned()),
                    known => known,
                },
                None => super::calls::value_called_on(program, at),
            };
            return matches!(on, Value::Module(_)).then_some((on, name));
        }
        at = next + 1;
    }
    None
}

/// `list.append(x)`, `list.push(x, y)`.
fn grow(program: &mut Program<'_>, at: usize) {
    let list = at.checked_sub(2).and_then(|list| program.name(list));
    let Some(name) = list.filter(|_| program.token(at - 1) == Some(&Token::Dot)) else {
        return;
    };
    let old = program.variable(name);
    if matches!(old, Value::List(_)) {
        let more = program.arguments(at + 1, 0).into_iter();
        let grown = more.fold(old, |list, one| list.grown(one.value));
        program.set(name, grown);
    }
}

/// Words that a function begins with.
const DEFINING: List = List("def fn func function");

/// How many functions are looked at.
const FUNCTIONS: usize = 16;

/// Keeps what the parameters of functions are given where these are called with
/// literals, which may stand behind what is done with them.
pub(super) fn bind_parameters(program: &mut Program<'_>) {
    let tokens = 0..program.tokens.len();
    let defined = tokens.clone().filter(|at| {
        let defines = program.name(*at).is_some_and(|name| DEFINING.has(name));
        defines && program.is_mark(at + 2, '(')
    });
    let defined: Vec<usize> = defined.take(FUNCTIONS).collect();
    for at in defined {
        let (Some(name), Some(close)) = (program.name(at + 1), program.partner(at + 2)) else {
            continue;
        };
        let begins = |at: &usize| program.is_mark(at - 1, '(') || program.is_mark(at - 1, ',');
        let parameters = (at + 3..close).filter(begins);
        let parameters: Vec<&str> = parameters.filter_map(|at| program.name(at)).collect();
        let is_call = |call: &usize| {
            *call != at + 1
                && program.name(*call) == Some(name)
                && program.is_mark(call + 1, '(')
                && program.token(call - 1) != Some(&Token::Dot)
        };
        let Some(call) = tokens.clone().find(is_call) else {
            continue;
        };
        let given = program
            .arguments(call + 1, 0)
            .into_iter()
            .map(|one| one.value);
        for (parameter, value) in parameters.into_iter().zip(given) {
            program.set(parameter, value);
        }
    }
}

/// Returns where the value begins that `:=` gives a name, also where a second
/// name gets what else there is: `dir, err := …`.
fn defined_by(program: &Program<'_>, at: usize) -> Option<usize> {
    let is_second = program.is_mark(at, ',') && program.name(at + 1).is_some();
    let at = if is_second { at + 2 } else { at };
    (program.is_mark(at, ':') && program.is_mark(at + 1, '=')).then_some(at + 2)
}

/// `for x in [a, b]`, `for (const x of [a, b])`.
fn iterate(program: &mut Program<'_>, at: usize) {
    let (value, _) = program.expression(at + 1, 0);
    let mut names = Vec::new();
    for before in (at.saturating_sub(IMPORTED)..at).rev() {
        match program.token(before) {
            Some(Token::Name(name)) if !BEGINNING.has(name) => names.insert(0, *name),
            Some(Token::Mark(',' | '*' | '(' | ')' | '[' | ']' | '$' | '@') | Token::Dot) => {}
            _ => break,
        }
    }
    iterate_over(program, &names, value);
}

/// Keeps what the variables of comprehensions go through, which stand behind
/// what is done with them: `[f(x) for x in [a, b]]`.
pub(super) fn bind_comprehensions(program: &mut Program<'_>) {
    let mut open = 0_usize;
    for at in 0..program.tokens.len() {
        match program.token(at) {
            Some(Token::Mark('[' | '(' | '{')) => open += 1,
            Some(Token::Mark(']' | ')' | '}')) => open = open.saturating_sub(1),
            Some(Token::Name("in"))
                if open > 0 && program.name(at.saturating_sub(2)) == Some("for") =>
            {
                iterate(program, at);
            }
            _ => {}
        }
    }
}

/// `for my $x (a, b)`.
fn iterate_in_brackets(program: &mut Program<'_>, at: usize) {
    let mut variable = at + 1;
    while program.name(variable) == Some("my") || program.is_mark(variable, '$') {
        variable += 1;
    }
    if let Some(name) = program.name(variable)
        && program.is_mark(variable + 1, '(')
    {
        let (value, _) = program.expression(variable + 1, 0);
        iterate_over(program, &[name], value);
    }
}

/// `[a, b].each { |x|`, `[a, b].each do |x|`.
fn iterate_block(program: &mut Program<'_>, at: usize) {
    let opens = program.is_mark(at + 1, '{') || program.name(at + 1) == Some("do");
    if let Some(name) = program.name(at + 3)
        && opens
        && program.is_mark(at + 2, '|')
    {
        let value = super::calls::value_called_on(program, at);
        iterate_over(program, &[name], value);
    }
}

/// `[a, b].forEach(x => …)`, `[a, b].map((x) => …)`,
/// `[a, b].forEach(function (x) { … })`.
fn iterate_function(program: &mut Program<'_>, at: usize) {
    if !program.is_mark(at + 1, '(') {
        return;
    }
    let mut parameter = at + 2;
    while program.is_mark(parameter, '(')
        || matches!(program.name(parameter), Some("async" | "function"))
    {
        parameter += 1;
    }
    let arrow = program.is_mark(parameter + 1, '=') && program.is_mark(parameter + 2, '>');
    let bracket = program.is_mark(parameter + 1, ')') || program.is_mark(parameter + 1, ',');
    if let Some(name) = program.name(parameter)
        && (arrow || (bracket && parameter > at + 2))
    {
        let value = super::calls::value_called_on(program, at);
        iterate_over(program, &[name], value);
    }
}

/// Words in front of the variables of a loop.
const BEGINNING: List = List("const for foreach let my var");

/// Keeps what the variables of a loop stand for: one, each element of a list; where
/// those are lists, the one of this round, and several, its elements.
fn iterate_over<'a>(program: &mut Program<'a>, names: &[&'a str], value: Value) {
    let Some((last, before)) = names.split_last() else {
        return;
    };
    let Value::Rows(mut rows) = value else {
        let is_list = matches!(value, Value::List(_));
        program.set(last, if is_list { value } else { Value::Unknown });
        return;
    };
    program.rounds = program.rounds.max(rows.len());
    let at = program.round % rows.len().max(1);
    let mut row = rows.drain(..).nth(at).unwrap_or_default().into_iter();
    for name in before {
        let element = row.next();
        program.set(name, element.map_or(Value::Unknown, Value::Text));
    }
    let mut rest: Vec<Word> = row.collect();
    program.set(
        last,
        match (before, rest.len()) {
            ([], _) => Value::List(rest),
            (_, 1) => Value::Text(rest.remove(0)),
            _ => Value::List(rest),
        },
    );
}

/// How many names of one import are kept.
const IMPORTED: usize = limits::CODE_TERMS;

/// `import a.b as c`, `from a import b, c as d`.
fn import(program: &mut Program<'_>, at: usize) {
    let from = (at.saturating_sub(IMPORTED)..at)
        .rev()
        .take_while(|before| matches!(program.token(*before), Some(Token::Name(_) | Token::Dot)))
        .find(|before| program.name(*before) == Some("from"));
    let module = from.and_then(|_| program.name(at - 1));
    let mut last = None;
    for next in at + 1..at + 1 + IMPORTED {
        match program.token(next) {
            Some(Token::Name(name)) if *name == "as" => {}
            Some(Token::Name(name)) => {
                let name = *name;
                let renames = program.name(next - 1) == Some("as");
                let meant = module.or(last.filter(|_| renames));
                if let Some(original) = last.filter(|_| renames && module.is_some()) {
                    program.rename(name, original);
                }
                if let Some(meant) = meant {
                    program.set(name, Value::Module(meant.to_owned()));
                }
                last = Some(name);
            }
            Some(Token::Dot | Token::Mark(',' | '(' | ')')) => {}
            Some(Token::Mark('*')) => {
                program.stars.extend(module);
                return;
            }
            _ => return,
        }
    }
}

/// `import a from "m"`, `import { a, b as c } from "m"`.
fn import_from_text(program: &mut Program<'_>, at: usize) {
    let Some(Token::Text(_)) = program.token(at + 1) else {
        return;
    };
    let module = program.literal(at + 1).literal().unwrap_or_default();
    for before in (at.saturating_sub(IMPORTED)..at).rev() {
        match program.name(before) {
            Some("import") => return,
            Some(name) => program.set(name, Value::Module(module.clone())),
            None => {}
        }
    }
}

/// `const { a, b: c } = require("m")`.
pub(super) fn unpack(program: &mut Program<'_>, at: usize) {
    let close = at
        .checked_sub(1)
        .filter(|close| program.is_mark(*close, '}'));
    let Some((open, close)) = close.and_then(|close| Some((program.partner(close)?, close))) else {
        return;
    };
    if let (Value::Module(module), _) = program.expression(at + 1, 0) {
        for inside in open..close.min(open + IMPORTED) {
            if let Some(name) = program.name(inside) {
                program.set(name, Value::Module(module.clone()));
                if let Some(other) = program.name(inside + 2)
                    && program.is_mark(inside + 1, ':')
                {
                    program.rename(other, name);
                }
            }
        }
    }
}
