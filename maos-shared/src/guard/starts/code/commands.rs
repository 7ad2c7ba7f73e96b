//! The command that a call stands for: a removal becomes the `rm` that does the
//! same, a file that is read the `cat` that shows it, one that is written the
//! `tee` that fills it.

use super::super::super::arguments::leading_text;
use super::super::super::shell::{Part, Word};
use super::super::Started;
use super::super::words::{self, is_known, word};
use super::arguments::Argument;
use super::foreign;
use super::program::Program;
use super::tables::Does;
use super::values::{Value, tilde};

/// Returns what is started in the place of a call that `does` this with these
/// arguments. `interpreter` and its option begin the command that runs code.
pub(super) fn of_call(
    program: &mut Program<'_>,
    does: Does,
    arguments: Vec<Argument<'_>>,
    interpreter: &[&str],
) -> Option<Started> {
    let foreign = match does {
        Does::Shell | Does::Code => foreign::of_argument(program, &arguments),
        Does::Run | Does::Exec { .. } => foreign::of_command(program, &arguments),
        _ => None,
    };
    if let Some(foreign) = foreign {
        let known = first_text(arguments).filter(|_| !matches!(does, Does::Code));
        return Some(foreign.started_with(known.unwrap_or_default()));
    }
    match does {
        Does::Shell | Does::Template => each_text(arguments).map(Started::shell),
        Does::Run => run(program, arguments),
        Does::Exec { after } => exec(arguments, after),
        Does::Like("tee", _) if is_nothing(arguments.get(1)) => emptied(arguments),
        Does::Like(command, count) => like(command, positional(arguments, count)),
        Does::LikeOr(command, default) => like(command, positional(arguments, 1))
            .or_else(|| like(command, vec![Value::Text(word(default))])),
        Does::LikePath(command) => {
            let first = arguments.first().map(|one| &one.value);
            let is_path = matches!(first, Some(Value::Text(text)) if leading_text(text)
                .starts_with(['/', '.', '~']) || !matches!(text.parts.as_slice(), [Part::Text(_)]));
            is_path.then(|| like(command, positional(arguments, 1)))?
        }
        Does::Remove => {
            let recursive = arguments
                .first()
                .is_some_and(|first| is_recursive(program, first.at));
            let command = if recursive { "rm -rf" } else { "rm -f" };
            like(command, positional(arguments, 1))
        }
        Does::Open => open(arguments),
        Does::OpenByMode => {
            let command = if writes(&arguments) { "tee" } else { "cat" };
            like(command, positional(arguments, 1))
        }
        Does::Code => first_text(arguments).map(|code| {
            let mut words: Vec<Word> = interpreter.iter().copied().map(word).collect();
            words.push(code);
            Started::program(words)
        }),
        Does::LikeOption(command, name) => {
            let first = arguments.first()?.at;
            like(command, vec![option(program, first, name)?])
        }
        Does::LikeMethod(_) | Does::ShellMethod => None,
    }
}

/// The command that leaves a file with nothing in it.
pub(super) const EMPTYING: &str = "truncate -s 0";

/// Returns the command that leaves the file in the first argument with nothing
/// in it; one that is only read stays as it is.
pub(super) fn emptied(arguments: Vec<Argument<'_>>) -> Option<Started> {
    let empties = is_nothing(arguments.get(1)) || writes(&arguments);
    let command = if empties { EMPTYING } else { "cat" };
    like(command, positional(arguments, 1))
}

/// Returns whether an argument surely is an empty text.
pub(super) fn is_nothing(argument: Option<&Argument<'_>>) -> bool {
    match argument.map(|one| &one.value) {
        Some(Value::Text(text)) => text.parts.is_empty(),
        _ => false,
    }
}

/// Returns whether the mode of an `open`, its second argument or the one of
/// that name, is one to write (`w`, `a`, `x`, `r+`).
fn writes(arguments: &[Argument<'_>]) -> bool {
    let mode = arguments
        .iter()
        .enumerate()
        .find(|(at, one)| one.name == Some("mode") || (*at == 1 && one.name.is_none()));
    match mode {
        Some((
            _,
            Argument {
                value: Value::Text(mode),
                ..
            },
        )) => mode
            .literal()
            .is_some_and(|mode| mode.contains(['w', 'a', 'x', '+'])),
        _ => false,
    }
}

/// Returns the values of the first arguments that have no name; behind the
/// first one, those of which something is known.
fn positional(arguments: Vec<Argument<'_>>, count: usize) -> Vec<Value> {
    let values = arguments.into_iter().filter(|one| one.name.is_none());
    let mut values: Vec<Value> = values.map(|one| one.value).take(count).collect();
    let end = values.iter().skip(1).position(|one| *one == Value::Unknown);
    values.truncate(end.map_or(values.len(), |end| end + 1));
    values
}

/// Returns what a shell is given: each text, one after the other, that the variable
/// of a loop stands for.
fn each_text(arguments: Vec<Argument<'_>>) -> Option<Word> {
    match &arguments.first()?.value {
        Value::List(words) => Some(lines(words)),
        _ => first_text(arguments),
    }
}

fn lines(words: &[Word]) -> Word {
    words::join(words, "\n")
}

/// Returns the first argument, where something is known of it.
fn first_text(arguments: Vec<Argument<'_>>) -> Option<Word> {
    match arguments.into_iter().next()?.value {
        Value::Text(text) => Some(text).filter(is_known),
        _ => None,
    }
}

/// Returns the command that does the same with these values. A read of what is
/// not known at all is none.
pub(super) fn like(command: &str, values: Vec<Value>) -> Option<Started> {
    let mut words: Vec<Word> = command.split(' ').map(word).collect();
    let own = words.len();
    for value in values {
        match value {
            Value::List(listed) => words.extend(listed),
            Value::Rows(rows) => words.extend(rows.into_iter().flatten()),
            value => words.push(tilde(&value.into_word())),
        }
    }
    if let [copies, from, to] = words.as_slice()
        && copies.known().is_some_and(|name| name == "cp")
        && is_address(from)
    {
        let words = [word("curl"), word("-o"), to.clone(), from.clone()];
        return Some(Started::program(words.to_vec()));
    }
    let removes = command.starts_with("rm");
    let given = &words[own..];
    let says = given.iter().any(is_known) || (removes && !given.is_empty());
    says.then(|| Started::program(words))
}

fn is_address(word: &Word) -> bool {
    let text = leading_text(word);
    text.starts_with("https://") || text.starts_with("http://")
}

/// Returns what runs: a list is a program with its arguments, so are several
/// strings; a single one is a text for a shell.
fn run(program: &mut Program<'_>, arguments: Vec<Argument<'_>>) -> Option<Started> {
    let options = arguments.last().map(|last| last.at);
    let is_shell =
        |one: &Argument<'_>| one.name == Some("shell") && program.name(one.at) == Some("True");
    let says_shell = arguments.iter().any(is_shell);
    let has_blanks = |word: &Word| leading_text(word).contains(' ');
    let is_command = |one: &Argument<'_>| matches!(one.name, None | Some("args" | "cmd"));
    let mut values = arguments.into_iter().filter(is_command);
    let mut words = match values.next()?.value {
        Value::List(words) if says_shell && words.iter().any(has_blanks) => {
            return Some(Started::shell(lines(&words)));
        }
        Value::List(words) => return listed(words),
        Value::Text(text) => vec![text],
        Value::Rows(_) | Value::Module(_) | Value::Unknown => return None,
    };
    for value in values.map(|one| one.value) {
        match value {
            Value::List(more) => {
                words.extend(more);
                return listed(words);
            }
            Value::Text(more) => words.push(more),
            other if words.len() > 1 => words.push(other.into_word()),
            Value::Rows(_) | Value::Module(_) | Value::Unknown => break,
        }
    }
    words.extend(
        options
            .and_then(|at| arguments_option(program, at))
            .unwrap_or_default(),
    );
    match words.as_slice() {
        [text] => is_known(text).then(|| Started::shell(text.clone())),
        _ => listed(words),
    }
}

fn listed(words: Vec<Word>) -> Option<Started> {
    words.iter().any(is_known).then(|| Started::program(words))
}

/// How many tokens of a call's options are looked at.
const OPTION_TOKENS: usize = 32;

/// Returns the list in `{ args: […] }`.
fn arguments_option(program: &mut Program<'_>, at: usize) -> Option<Vec<Word>> {
    match option(program, at, "args")? {
        Value::List(words) => Some(words),
        _ => None,
    }
}

/// Returns the value of an option in `{ name: value }`.
fn option(program: &mut Program<'_>, at: usize, name: &str) -> Option<Value> {
    let close = program.partner(at).filter(|_| program.is_mark(at, '{'))?;
    let mut inside = at..close.min(at + OPTION_TOKENS);
    let named = inside.find(|at| program.name(*at) == Some(name))?;
    Some(program.expression(named + 2, 0).0)
}

/// Returns whether the arguments that begin at a token say `recursive`.
fn is_recursive(program: &Program<'_>, start: usize) -> bool {
    let ends = |at: usize| {
        program.is_mark(at, ')') && program.partner(at).is_some_and(|open| open < start)
    };
    let mut options = (start..start + OPTION_TOKENS).take_while(|at| !ends(*at));
    let said = options.find(|at| program.name(*at) == Some("recursive"));
    said.is_some_and(|at| !matches!(program.name(at + 2), Some("false" | "FALSE" | "F")))
}

/// Returns the program behind `after` arguments; the name that it is to have
/// comes first in its list.
fn exec(arguments: Vec<Argument<'_>>, after: usize) -> Option<Started> {
    let mut values = arguments.into_iter().map(|one| one.value).skip(after);
    let mut words = vec![values.next()?.into_word()];
    let named = values.flat_map(|value| match value {
        Value::List(listed) => listed,
        value => vec![value.into_word()],
    });
    words.extend(named.skip(1));
    listed(words)
}

/// Returns what `open` of Perl or Ruby opens: `"cmd |"`, `"| cmd"`,
/// `"-|", "cmd"`, `"<", "file"`, `"file"`.
fn open(arguments: Vec<Argument<'_>>) -> Option<Started> {
    let texts = arguments.into_iter().filter_map(|one| match one.value {
        Value::Text(text) if is_known(&text) => Some(text),
        _ => None,
    });
    let mut texts: Vec<Word> = texts.collect();
    let first = texts.first()?.literal().unwrap_or_default();
    let trimmed = first.trim();
    if let ("-|" | "|-", [_, command @ ..]) = (trimmed, texts.as_slice()) {
        return match command {
            [text] => Some(Started::shell(text.clone())),
            command => listed(command.to_vec()),
        };
    }
    if let Some(command) = trimmed.strip_prefix('|').or(trimmed.strip_suffix('|')) {
        return Some(Started::shell(word(command)));
    }
    let mode = trimmed.starts_with(['<', '>', '+']);
    let file = match texts.len() {
        1 if mode => word(trimmed.trim_start_matches(['<', '>', '+', ' '])),
        _ => texts.swap_remove(usize::from(mode && texts.len() > 1)),
    };
    Some(Started::program(vec![word("cat"), file]))
}
