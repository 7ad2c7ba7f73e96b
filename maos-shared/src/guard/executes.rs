//! What a command takes as a program to execute: a text among its arguments, a
//! file, or its standard input.

use super::arguments::{Argument, Options, program, read};
use super::list::List;
use super::shell::{Command, Word};
use super::starts::shells;

/// A program that a command executes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Code<'a> {
    /// What comes on its standard input.
    Stdin,
    /// The text of an argument (`bash -c TEXT`, `eval TEXT`).
    Text(&'a Word),
    /// The file that an argument names (`bash FILE`, `source <(…)`).
    File(&'a Word),
}

/// An interpreter's command line.
struct Interpreter {
    programs: List,
    options: Options,
    /// The options whose value is a program, by letter and long name.
    texts: &'static [(char, &'static str)],
    /// The options that mean that something else is executed.
    others: &'static [(char, &'static str)],
}

/// Stands for no letter.
const NONE: char = '\0';

const INTERPRETERS: [Interpreter; 8] = [
    Interpreter {
        programs: List("python python2 python3 pypy pypy3"),
        options: Options {
            short: "cmWXQ",
            long: List("check-hash-based-pycs"),
        },
        texts: &[('c', "")],
        others: &[('m', ""), ('V', "version"), ('h', "help")],
    },
    Interpreter {
        programs: List("perl"),
        options: Options {
            short: "eEIMmFiCDl0x",
            long: List(""),
        },
        texts: &[('e', ""), ('E', "")],
        others: &[('v', ""), ('V', "")],
    },
    Interpreter {
        programs: List("ruby jruby"),
        options: Options {
            short: "eIrCEFKWTx",
            long: List("encoding external-encoding internal-encoding"),
        },
        texts: &[('e', "")],
        others: &[('v', "version"), ('h', "help")],
    },
    Interpreter {
        programs: List("node nodejs"),
        options: Options {
            short: "eprC",
            long: List("eval print require import loader conditions env-file input-type"),
        },
        texts: &[('e', "eval"), ('p', "print")],
        others: &[('v', "version"), ('h', "help"), (NONE, "test")],
    },
    Interpreter {
        programs: List("php"),
        options: Options {
            short: "rfdcBREFStz",
            long: List(
                "run file define process-begin process-code process-end process-file server",
            ),
        },
        texts: &[
            ('r', "run"),
            ('B', "process-begin"),
            ('R', "process-code"),
            ('E', "process-end"),
        ],
        others: &[
            ('v', "version"),
            ('i', "info"),
            ('m', "modules"),
            ('S', "server"),
        ],
    },
    Interpreter {
        programs: List("lua luajit lua5.1 lua5.2 lua5.3 lua5.4"),
        options: Options {
            short: "el",
            long: List(""),
        },
        texts: &[('e', "")],
        others: &[('v', "")],
    },
    Interpreter {
        programs: List("osascript"),
        options: Options {
            short: "els",
            long: List(""),
        },
        texts: &[('e', "")],
        others: &[],
    },
    Interpreter {
        programs: List("tclsh wish Rscript pwsh"),
        options: Options {
            short: "eEfc",
            long: List(""),
        },
        texts: &[('e', ""), ('c', "")],
        others: &[],
    },
];

/// Returns what `command` executes.
pub(super) fn code(command: &Command) -> Vec<Code<'_>> {
    let Some((_, words)) = command.words.split_first() else {
        return Vec::new();
    };
    let Some(program) = program(command) else {
        return Vec::new();
    };
    match program.as_str() {
        "eval" => words.iter().map(Code::Text).collect(),
        "." | "source" => words.first().map(file).into_iter().collect(),
        "deno" | "bun" => of_runner(words),
        name if shells::is_name(name) => of_shell(words, command.more_arguments),
        name => match interpreter(name) {
            Some(interpreter) => of_interpreter(interpreter, words),
            None => Vec::new(),
        },
    }
}

/// Returns the interpreter of this name; a version behind it (`python3.12`)
/// makes no difference.
fn interpreter(name: &str) -> Option<&'static Interpreter> {
    let plain = match name.split_once('.') {
        Some((name, version)) if version.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => name,
    };
    INTERPRETERS
        .iter()
        .find(|one| one.programs.has(name) || one.programs.has(plain))
}

fn of_shell(words: &[Word], fed: bool) -> Vec<Code<'_>> {
    let line = shells::read(words);
    match line.operands.first() {
        Some(text) if line.has_text => vec![Code::Text(text)],
        Some(script) if !line.reads_stdin => vec![file(script)],
        // `xargs sh -c` executes what it is fed.
        None if line.has_text && !fed => Vec::new(),
        _ => vec![Code::Stdin],
    }
}

fn of_interpreter<'a>(interpreter: &Interpreter, words: &'a [Word]) -> Vec<Code<'a>> {
    let has = |argument: &Argument<'_>, options: &[(char, &str)]| {
        options.iter().any(|(letter, long)| match argument {
            Argument::Flag(name) | Argument::Valued(name, _) => match name.strip_prefix("--") {
                Some(given) => !long.is_empty() && given == *long,
                None => name
                    .strip_prefix('-')
                    .is_some_and(|given| given.chars().eq([*letter])),
            },
            Argument::Operand(_) => false,
        })
    };
    for argument in read(words, &interpreter.options) {
        match argument {
            _ if has(&argument, interpreter.others) => return Vec::new(),
            // Its value is judged by what it starts.
            Argument::Valued(..) if has(&argument, interpreter.texts) => {
                return texts(interpreter, words);
            }
            Argument::Operand(script) => return vec![file(script)],
            Argument::Flag(_) | Argument::Valued(..) => {}
        }
    }
    vec![Code::Stdin]
}

/// Returns the words that follow an option whose value is a program.
fn texts<'a>(interpreter: &Interpreter, words: &'a [Word]) -> Vec<Code<'a>> {
    let is_option = |word: &Word| {
        let text = word.literal().unwrap_or_default();
        let letters = text.strip_prefix('-').unwrap_or_default();
        interpreter
            .texts
            .iter()
            .any(|(letter, _)| !letters.starts_with('-') && letters.ends_with(*letter))
    };
    words
        .windows(2)
        .filter(|pair| is_option(&pair[0]))
        .map(|pair| Code::Text(&pair[1]))
        .collect()
}

/// `deno run FILE`, `bun FILE`, `deno eval TEXT`.
fn of_runner(words: &[Word]) -> Vec<Code<'_>> {
    let literal = |word: &Word| word.literal().unwrap_or_default();
    let mut operands = words.iter().filter(|word| !literal(word).starts_with("--"));
    match operands.next() {
        Some(word) if literal(word) == "eval" => {
            operands.next().map(Code::Text).into_iter().collect()
        }
        Some(word) if literal(word) == "run" => operands.next().map(file).into_iter().collect(),
        Some(word) if literal(word) == "-" => vec![Code::Stdin],
        _ => Vec::new(),
    }
}

fn file(word: &Word) -> Code<'_> {
    match shells::is_stdin(word) {
        true => Code::Stdin,
        false => Code::File(word),
    }
}
