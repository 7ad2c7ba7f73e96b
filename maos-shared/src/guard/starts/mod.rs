//! What a command starts: the command that a wrapper runs (`sudo rm x`), the
//! text that a shell or another interpreter is given (`bash -c '…'`,
//! `python3 -c '…'`), the arguments that come from a stream (`xargs`).
//!
//! One step only: the parser of [`super::shell`] asks again for each command
//! that it finds this way, and bounds how deep that goes.

use std::borrow::Cow;

use super::arguments::{self, Argument, leading_text};
use super::list::{Mark, Names};
use super::shell::{Command, Part, Stdin, Word};

mod applets;
mod code;
pub(super) mod elsewhere;
mod git;
mod git_settings;
mod later;
mod lines;
mod listed;
mod make;
mod make_variables;
mod makefile;
mod npm;
mod openers;
mod parallel;
pub(super) mod shells;
mod streams;
mod taken;
mod terminals;
#[cfg(test)]
pub(super) mod testing;
mod variables;
mod words;
mod wrappers;

pub(super) use code::Foreign;
pub(super) use git_settings::variables as git_variables;
pub(super) use later::system_crontab;
pub(super) use variables::{is_command, of_options as option_variables};
pub(super) use words::{expansion, in_quotes, quoted};

/// Something that a command starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Started {
    /// What runs.
    pub(super) what: What,
    /// The folder that it runs in, where that is another than the command's
    /// (`env -C DIR`, `git -C DIR submodule foreach …`).
    pub(super) folder: Option<Word>,
}

/// The kinds of what a command starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A program with its arguments.
    Program {
        /// `words[0]` is the program.
        words: Vec<Word>,
        /// `NAME=value` that the wrapper sets for it (`env X=1 rm y`).
        assignments: Vec<(String, Word)>,
        /// More arguments come from a stream that is not known.
        more_arguments: bool,
    },
    /// Shell text that the same shell reads: what it changes lasts (`eval`).
    Here(Word),
    /// Shell text that a shell of its own reads (`bash -c`, `ssh host`).
    Shell {
        /// The text.
        text: Word,
        /// Its `$0`, `$1`, …
        arguments: Vec<Word>,
    },
    /// Nothing yet: it writes a text to a file, which may run afterwards.
    File {
        /// Where.
        path: Word,
        /// What.
        text: Word,
        /// It adds the text to what is there.
        appends: bool,
    },
}

/// Returns the text that a file holds, where that is known.
type TextOf<'a> = &'a dyn Fn(&Word) -> Option<Word>;

/// Returns what `command` starts, in order. `stdin` is the text on its standard
/// input, as far as that is known, `text_of` that of a file.
pub(super) fn of(command: &Command, stdin: Option<&Word>, text_of: TextOf<'_>) -> Vec<Started> {
    let mut started = variables::started(command, &|file| match shells::is_stdin(file) {
        true => stdin.cloned(),
        false => text_of(file),
    });
    let command = variables::with_options(command);
    if let Some(line) = Line::of(&command, stdin, text_of) {
        for family in FAMILIES.iter().filter(|family| family.knows(&line)) {
            started.extend((family.started)(&line));
        }
    }
    started
}

/// Returns what a file with this text starts when it is run as a program by
/// these words: the interpreter of its first line reads it, else a shell.
pub(super) fn script(text: &Word, words: &[Word]) -> Option<Started> {
    let (file, arguments) = words.split_first()?;
    let first = leading_text(text).lines().next().unwrap_or_default();
    let interpreter = first.strip_prefix("#!").unwrap_or_default().trim();
    let name = super::paths::base_name(interpreter.split(' ').next().unwrap_or_default());
    if name.is_empty() || shells::is_shell_name(name) {
        let mut given = vec![file.clone()];
        given.extend_from_slice(arguments);
        return Some(Started::of(What::Shell {
            text: text.clone(),
            arguments: given,
        }));
    }
    let mut line = words::split(&words::word(interpreter));
    line.extend_from_slice(words);
    Some(Started::program(line))
}

/// Returns what the code prints that an interpreter is given, as far as that is
/// known: each `print` of it once, for each line that it gets.
pub(super) fn printed(
    command: &Command,
    stdin: Option<&Word>,
    text_of: TextOf<'_>,
) -> Option<Word> {
    let line = Line::of(command, stdin, text_of)?;
    match line.program() {
        "parallel" => parallel::printed(&line),
        _ => code::printed(&line),
    }
}

/// Returns where that comes from which the code of an interpreter prints, where
/// it fetches or decodes it.
pub(super) fn printed_from(command: &Command) -> Option<Foreign> {
    let stdin = match &command.stdin {
        Stdin::Text(text) => Some(text),
        Stdin::Inherited | Stdin::Pipe(_) => None,
    };
    code::printed_from(&Line::of(command, stdin, &|_| None)?)
}

/// Where a command takes the code from that it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Code {
    /// From these words of its line: texts, or what commands give out
    /// (`bash <(…)`).
    Words(Vec<Word>),
    /// From this file.
    File(Word),
    /// From its standard input.
    Input,
}

/// Returns where a shell or an interpreter takes its code from.
pub(super) fn code(command: &Command) -> Option<Code> {
    let line = Line::of(command, None, &|_| None)?;
    shells::code(&line).or_else(|| code::code(&line))
}

/// Returns the files whose lines a command runs, also those that it does not
/// name (`Makefile`).
pub(super) fn files_of_lines(command: &Command) -> Vec<Word> {
    let words = command.words.get(1..).unwrap_or_default();
    let program = arguments::program(command);
    program.map_or_else(Vec::new, |program| lines::files(&program, words))
}

/// Returns the arguments of a command without those that are code: what it
/// does is judged as the commands that it starts. Code that is not all known
/// stays: what is not may be a path in it.
pub(super) fn words_without_code(command: &Command) -> Vec<Word> {
    let code = match code(command) {
        Some(Code::Words(words)) => words,
        _ => Vec::new(),
    };
    let words = command.words.iter().skip(1);
    let rest = words.filter(|word| !code.contains(word) || word.literal().is_none());
    rest.cloned().collect()
}

/// Returns the settings that come with a call of git on its line and in its
/// environment, each as `NAME=VALUE`.
pub(super) fn git_settings(command: &Command) -> Vec<Word> {
    let globals = super::git_line::globals(command.words.get(1..).unwrap_or_default());
    let line = Line::of(command, None, &|_| None);
    line.map_or_else(Vec::new, |line| git_settings::of(&line, &globals))
}

/// Returns the word that is this text.
pub(super) fn word(text: &str) -> Word {
    words::word(text)
}

/// Returns what lies between separators in a word.
pub(super) fn pieces(word: &Word, separator: char) -> Vec<Word> {
    words::pieces(word, |c| c == separator)
}

/// Programs that start others in one way.
struct Family {
    /// Their names. Most commands are of no family: that is seen by these alone.
    programs: Names,
    /// Returns what one of them starts; nothing for any other program.
    started: fn(&Line<'_>) -> Vec<Started>,
}

/// All of them.
static FAMILIES: [&Family; 12] = [
    &wrappers::FAMILY,
    &shells::FAMILY,
    &streams::FAMILY,
    &git::FAMILY,
    &code::FAMILY,
    &terminals::FAMILY,
    &lines::FAMILY,
    &npm::FAMILY,
    &elsewhere::FAMILY,
    &applets::FAMILY,
    &taken::FAMILY,
    &listed::FAMILY,
];

impl Family {
    /// Returns whether the program may be one of this family.
    fn knows(&self, line: &Line<'_>) -> bool {
        let knows = line.marks.iter().any(|mark| self.programs.may_have(*mark));
        debug_assert!(knows || (self.started)(line).is_empty(), "{}", line.program);
        knows
    }
}

/// A command that a family is asked about.
struct Line<'a> {
    /// The base name of its program.
    program: Cow<'a, str>,
    /// The marks of that, as it is and without a version (`python3.12`).
    marks: [Mark; 2],
    /// The words after the program.
    words: &'a [Word],
    command: &'a Command,
    stdin: Option<&'a Word>,
    text_of: TextOf<'a>,
}

impl<'a> Line<'a> {
    /// Returns the command with its program, where that is known.
    fn of(command: &'a Command, stdin: Option<&'a Word>, text_of: TextOf<'a>) -> Option<Self> {
        let (first, words) = command.words.split_first()?;
        let program =
            arguments::program(command).or_else(|| is_own_shell(first).then(|| "sh".into()))?;
        let plain = code::without_version(&program);
        Some(Self {
            marks: [Mark::of(&program), Mark::of(plain)],
            program,
            words,
            command,
            stdin,
            text_of,
        })
    }

    /// Returns the text of a file that the line names, where that is known; the
    /// standard input has names too.
    fn text_of(&self, file: &Word) -> Option<Word> {
        match shells::is_stdin(file) {
            true => self.stdin.cloned(),
            false => (self.text_of)(file),
        }
    }

    /// Returns the base name of the program.
    fn program(&self) -> &str {
        &self.program
    }
}

/// Returns whether a word stands for the shell that the user works with.
fn is_own_shell(word: &Word) -> bool {
    let [Part::Variable { name, .. }] = word.parts.as_slice() else {
        return false;
    };
    matches!(name.as_str(), "SHELL" | "BASH" | "ZSH_NAME" | "0")
}

impl Started {
    /// A program with its arguments, in the command's folder.
    pub(super) fn program(words: Vec<Word>) -> Self {
        Self::of(What::Program {
            words,
            assignments: Vec::new(),
            more_arguments: false,
        })
    }

    /// A program whose further arguments come from a stream.
    fn fed_program(words: Vec<Word>) -> Self {
        Self::of(What::Program {
            words,
            assignments: Vec::new(),
            more_arguments: true,
        })
    }

    /// Text that a shell of its own reads, without arguments.
    fn shell(text: Word) -> Self {
        Self::of(What::Shell {
            text,
            arguments: Vec::new(),
        })
    }

    fn of(what: What) -> Self {
        Self { what, folder: None }
    }

    fn in_folder(self, folder: Option<Word>) -> Self {
        Self { folder, ..self }
    }
}

/// Returns the values of the options with one of these letters or long names.
fn values_of<'a>(
    arguments: &'a [Argument<'_>],
    options: &'a [(char, &str)],
) -> impl Iterator<Item = &'a Word> {
    arguments.iter().filter_map(|argument| match argument {
        Argument::Valued(_, value)
            if options
                .iter()
                .any(|(letter, long)| argument.is(Some(*letter), long)) =>
        {
            Some(value)
        }
        _ => None,
    })
}
