//! Code from elsewhere: what a download gives, or what is readable only once it
//! is decoded, must not run unread.

use std::ops::Range;

use super::super::arguments::{is_streamed, leading_text, program};
use super::super::list::List;
use super::super::paths::is_connection;
use super::super::scene::Scene;
use super::super::shell::{Command, Part, Redirection, Stdin, Word};
use super::super::starts::{self, Code};
use super::Denial;
use connection::of_connection;
use origin::{Origin, origin};

mod connection;
mod origin;

/// Returns the objections to what the shells and interpreters of a script read.
pub(super) fn judge(scene: &Scene<'_>) -> Vec<Denial> {
    let commands = scene.commands();
    commands
        .filter_map(|command| {
            of_code(scene, command)
                .or_else(|| of_connection(scene, command))
                .or_else(|| of_encoded(command))
        })
        .map(deny)
        .collect()
}

/// Returns the origin of the code that a command reads, where that is not the
/// user's.
fn of_code(scene: &Scene<'_>, command: &Command) -> Option<Origin> {
    let in_container =
        |one: &Command| program(one).is_some_and(|name| starts::elsewhere::CONTAINERS.has(&name));
    if scene.starters(command).any(in_container) {
        return None;
    }
    if let Some(program) = command.words.first()
        && let Some(origin) = of_file(scene, command, program)
    {
        return Some(origin);
    }
    if keeps_commands(command) {
        return of_input(scene, command, FOLLOWED);
    }
    let mut lines = starts::files_of_lines(command).into_iter();
    if let Some(origin) = lines.find_map(|file| of_file(scene, command, &file)) {
        return Some(origin);
    }
    match starts::code(command)? {
        Code::Words(words) => words.iter().find_map(|word| {
            of_word(scene, word)
                .or_else(|| of_read_variable(scene, word))
                .or_else(|| of_input(scene, command, FOLLOWED).filter(|_| is_streamed(word)))
                .or_else(|| of_outputs(scene, command, word))
        }),
        Code::File(file) => of_file(scene, command, &file),
        Code::Input => of_input(scene, command, FOLLOWED),
    }
}

/// Returns the origin of a file that the text itself wrote.
fn of_file(scene: &Scene<'_>, command: &Command, file: &Word) -> Option<Origin> {
    let text = leading_text(file);
    if text.starts_with("https://") || text.starts_with("http://") {
        return Some(Origin::Download);
    }
    let writers = command.writers_of(file)?;
    of_commands(scene, writers, FOLLOWED)
}

/// Returns whether a program takes commands from its input, to run them later
/// or in a format of its own.
fn keeps_commands(command: &Command) -> bool {
    let has = |expected: &str| {
        let mut words = command.words.iter().skip(1);
        words.any(|word| word.literal().as_deref() == Some(expected))
    };
    match program(command).as_deref() {
        Some("at" | "batch") => !has("-f") && !has("-l"),
        Some("crontab") => has("-"),
        Some("make" | "gmake") => has("-") || has("-f-") || has("/dev/stdin"),
        Some("parallel") => command.words.len() == 1,
        _ => false,
    }
}

/// Returns the origin of what a loop reads into a variable
/// (`while read l; do eval "$l"; done`).
fn of_read_variable(scene: &Scene<'_>, word: &Word) -> Option<Origin> {
    let Some(Part::Variable { name, .. }) = word.parts.first() else {
        return None;
    };
    of_input(scene, scene.reader(name)?, FOLLOWED)
}

/// Returns whether the code in a word, or on the input, is text that commands
/// within the line have decoded.
fn of_outputs(scene: &Scene<'_>, command: &Command, code: &Word) -> Option<Origin> {
    let commands = &scene.script.commands;
    let made = command.outputs_in(code);
    let mut by = made.filter_map(|by| commands.get(by.clone())).flatten();
    by.any(|one| matches!(origin(one), Some(Origin::Decoded)))
        .then_some(Origin::Decoded)
}

/// Returns whether a PowerShell is given its text encoded.
fn of_encoded(command: &Command) -> Option<Origin> {
    const POWERSHELLS: List = List("powershell powershell.exe pwsh pwsh.exe");
    program(command).filter(|name| POWERSHELLS.has(name))?;
    let is_encoded = |word: &Word| {
        let option = leading_text(word).to_ascii_lowercase();
        option.starts_with("-en") && "-encodedcommand".starts_with(&option)
    };
    command
        .words
        .iter()
        .any(is_encoded)
        .then_some(Origin::Decoded)
}

/// How many pipes and wrappers before a command are followed.
const FOLLOWED: usize = 16;

/// Returns the origin of a text in which what commands give out begins a
/// command.
fn of_word(scene: &Scene<'_>, word: &Word) -> Option<Origin> {
    let mut begins = true;
    word.parts.iter().find_map(|part| match part {
        Part::Text(text) => {
            let text = text.trim_end_matches([' ', '\t']);
            begins = match text.chars().next_back() {
                Some(last) => matches!(last, '\n' | ';' | '&' | '|' | '('),
                None => begins,
            };
            None
        }
        Part::Output { commands, .. } | Part::Process { commands } if begins => {
            of_commands(scene, commands, FOLLOWED)
        }
        _ => {
            begins = false;
            None
        }
    })
}

/// Returns the origin of what a command reads on its standard input, its own or
/// that of the wrapper that starts it.
fn of_input(scene: &Scene<'_>, command: &Command, depth: usize) -> Option<Origin> {
    let depth = depth.checked_sub(1)?;
    if let Some(origin) = of_redirections(scene, &command.redirections) {
        return Some(origin);
    }
    match &command.stdin {
        Stdin::Pipe(range) => of_commands(scene, range, depth),
        Stdin::Text(text) => of_word(scene, text).or_else(|| of_outputs(scene, command, text)),
        Stdin::Inherited => {
            let wrapper = scene.script.commands.get(command.started_by?)?;
            of_input(scene, wrapper, depth)
        }
    }
}

fn of_redirections(scene: &Scene<'_>, redirections: &[Redirection]) -> Option<Origin> {
    let mut inputs = redirections
        .iter()
        .filter(|one| matches!(one.operator, "<" | "<>"));
    inputs.find_map(|input| match is_connection(leading_text(&input.target)) {
        true => Some(Origin::Download),
        false => of_word(scene, &input.target),
    })
}

/// Returns the origin of what commands give out: their own, or that of what
/// they hand on.
fn of_commands(scene: &Scene<'_>, range: &Range<usize>, depth: usize) -> Option<Origin> {
    if range.is_empty() {
        return Some(Origin::Hidden);
    }
    let commands = scene.script.commands.get(range.clone())?;
    let own = commands.iter().find_map(origin);
    own.or_else(|| {
        let last = commands.last()?;
        of_said(scene, last).or_else(|| of_input(scene, last, depth))
    })
}

/// Returns the origin of a text that a command says again
/// (`echo "$(curl …)" | sh`).
fn of_said(scene: &Scene<'_>, command: &Command) -> Option<Origin> {
    match &*program(command)? {
        "echo" | "printf" => command.words[1..]
            .iter()
            .find_map(|word| of_word(scene, word)),
        name if READERS.has(name) => command.words[1..]
            .iter()
            .find_map(|word| of_word(scene, word).or_else(|| of_file(scene, command, word))),
        _ => None,
    }
}

/// Programs that give out what is in files.
const READERS: List = List("awk cat grep head sed sort tac tail");

fn deny(origin: Origin) -> Denial {
    let (rule, reason, instead) = match origin {
        Origin::Download => (
            "remote.pipe-to-shell",
            "This runs what a download gives before anybody has read it.",
            "Download it with `curl -fsSLo install.sh https://example.com/install.sh`, read it, and \
             run the file when it does what you need.",
        ),
        Origin::Decoded => (
            "remote.decode-to-shell",
            "This runs text that is readable only once it is decoded.",
            "Decode it into a file with `base64 -d payload.txt > script.sh`, read it, and run the \
             file when it does what you need.",
        ),
        Origin::Hidden => (
            "remote.hidden-to-shell",
            "This runs text that a shell is handed behind another command's back.",
            "Write it into a file, such as /tmp/script.sh, read it, and run the file when it does \
             what you need.",
        ),
    };
    Denial {
        rule: rule.into(),
        reason: reason.to_owned(),
        instead: instead.to_owned(),
    }
}
