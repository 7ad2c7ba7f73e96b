//! What a piece of shell text would run: the types that the parser returns and
//! the rules read.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

/// Everything that a text would run, in the order in which the shell starts it.
///
/// Branches of `if`, `case`, `&&` and loops count as taken; the body of a
/// function counts where it is called, and where none of the text calls it,
/// where it is defined. A command without words is redirections or assignments
/// alone, or, without anything, one that does not count.
#[derive(Clone, Debug, Default)]
pub struct Script {
    /// The simple commands, those inside substitutions before the command that
    /// uses them, those that a wrapper (`sudo`, `bash -c`, `xargs`, …) starts
    /// after the wrapper.
    pub commands: Vec<Command>,
    /// Redirections that stand on no simple command (`> file`, `{ …; } < f`).
    pub redirections: Vec<Redirection>,
    /// The words of the tests (`[[ … ]]`) that are no commands.
    pub tests: Vec<Word>,
    /// The values that variables are given anywhere in the text; of each, the
    /// first few. A function or a trap may use one that is given later.
    pub assigned: HashMap<String, Vec<Setting>>,
}

/// A value that a variable is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The value.
    pub value: Word,
    /// It is given in the body of a function or in a trap, as it was defined.
    pub deferred: bool,
}

impl Script {
    /// Returns for each command whether it starts another one of the script, or
    /// calls a function of it.
    #[must_use]
    pub fn starters(&self) -> Vec<bool> {
        let calls = self.commands.iter().map(|one| one.calls_function);
        let mut starters: Vec<bool> = calls.collect();
        for wrapper in self.commands.iter().filter_map(|one| one.started_by) {
            if let Some(starts) = starters.get_mut(wrapper) {
                *starts = true;
            }
        }
        starters
    }
}

/// A simple command: words after expansion, as far as they are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Command {
    /// `words[0]` is the program.
    pub words: Vec<Word>,
    /// `NAME=value` in front of the program.
    pub assignments: Vec<(String, Word)>,
    /// Its own redirections.
    pub redirections: Vec<Redirection>,
    /// Where its standard input comes from.
    pub stdin: Stdin,
    /// The folders that `cd` or `pushd` went to before it in the same shell,
    /// oldest first, from the last absolute one on; empty where it runs in the
    /// folder that the text starts in.
    pub dirs: Rc<[Word]>,
    /// The wrapper that starts it, as an index into [`Script::commands`].
    pub started_by: Option<usize>,
    /// Some of its arguments come from a stream (`xargs`, `find -exec … {}`).
    pub more_arguments: bool,
    /// It calls a function that the text surely defines: what that does with the
    /// arguments is in the commands of its body.
    pub calls_function: bool,
    /// It stands in the body of a function or in a trap, as it was defined: it
    /// runs later, and variables may have other values by then.
    pub deferred: bool,
    /// The files that it names, or reads commands from unnamed (`Makefile`),
    /// which the text wrote before, each with the commands of
    /// [`Script::commands`] that did.
    pub written: Vec<(Word, Range<usize>)>,
    /// The words, and the text on its input, that came of substitutions, each
    /// with the commands of [`Script::commands`] that printed it: what they
    /// print may be known, and stand in the word as text.
    pub outputs: Vec<(Word, Range<usize>)>,
    /// Its text, in bytes of the text that was parsed; of the outermost wrapper
    /// for a command found inside another's argument.
    pub span: Range<usize>,
}

/// Where a command's standard input comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Stdin {
    /// Nothing in the text says: the terminal, or the caller's.
    #[default]
    Inherited,
    /// A heredoc or here-string.
    Text(Word),
    /// The output of these commands of [`Script::commands`]; none where another
    /// process writes it (`>(bash)`).
    Pipe(Range<usize>),
}

/// A redirection to or from a file; descriptors (`2>&1`) and heredocs are none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirection {
    /// As written: `<`, `>`, `>>`, `>|`, `<>`, `&>`, `&>>`, `>&`.
    pub operator: &'static str,
    /// The file.
    pub target: Word,
    /// As in [`Command::dirs`].
    pub dirs: Rc<[Word]>,
}

/// One argument, after the expansions whose result is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Word {
    /// Its parts in order; none for an empty argument (`''`).
    pub parts: Vec<Part>,
}

/// A part of a [`Word`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Characters that mean themselves.
    Text(String),
    /// Unquoted pattern characters as written: `*`, `?`, `[a-z]`, `!(a|b)`.
    Glob(String),
    /// `~` (empty) or `~name`, unquoted at the start of a word.
    Tilde(String),
    /// A parameter whose value is not known here (`$HOME`, `$1`, `${x%.txt}`).
    Variable {
        /// Without `$` and braces; with its operator where it has one.
        name: String,
        /// In double quotes: stays one word.
        quoted: bool,
        /// A branch that may not have run gives it a value, or a test asked
        /// what it is: whoever wrote the text took care of it.
        chosen: bool,
    },
    /// The output of a command substitution.
    Output {
        /// Its commands in [`Script::commands`].
        commands: Range<usize>,
        /// In double quotes: stays one word.
        quoted: bool,
    },
    /// The name of a file that stands for what other commands give out or read:
    /// a process substitution.
    Process {
        /// Its commands in [`Script::commands`].
        commands: Range<usize>,
    },
    /// A name that comes from a stream, or a search: the `{}` of `find -exec`.
    Streamed,
    /// Anything else that is known only when it runs.
    Unknown {
        /// In double quotes: stays one word.
        quoted: bool,
    },
}

impl Part {
    /// Returns a parameter that no branch of the text gives a value.
    #[must_use]
    pub fn variable(name: &str, quoted: bool) -> Self {
        Self::Variable {
            name: name.to_owned(),
            quoted,
            chosen: false,
        }
    }
}

impl Command {
    /// Returns the commands whose output one of its words, or the text on its
    /// input, is made of.
    pub(in crate::guard) fn outputs_in<'a>(
        &'a self,
        word: &'a Word,
    ) -> impl Iterator<Item = &'a Range<usize>> {
        let outputs = self.outputs.iter();
        outputs.filter_map(move |(made, by)| (made == word).then_some(by))
    }

    /// Returns the commands whose output is on its standard input.
    pub(in crate::guard) fn piped(&self) -> Option<Range<usize>> {
        match &self.stdin {
            Stdin::Pipe(commands) => Some(commands.clone()),
            Stdin::Inherited | Stdin::Text(_) => None,
        }
    }

    /// Returns the commands that wrote a file that it names.
    pub(in crate::guard) fn writers_of(&self, file: &Word) -> Option<&Range<usize>> {
        let mut written = self.written.iter();
        written.find(|(named, _)| named == file).map(|(_, by)| by)
    }
}

impl Word {
    /// Returns the argument when every character of it is known and none is a
    /// pattern or a tilde.
    #[must_use]
    pub fn literal(&self) -> Option<String> {
        self.known().map(Cow::into_owned)
    }

    /// As [`Word::literal`]; borrowed where it is one text, as about all are.
    pub(in super::super) fn known(&self) -> Option<Cow<'_, str>> {
        fn text(part: &Part) -> Option<&str> {
            match part {
                Part::Text(known) => Some(known),
                _ => None,
            }
        }
        match self.parts.as_slice() {
            [part] => text(part).map(Cow::Borrowed),
            parts => parts
                .iter()
                .map(text)
                .collect::<Option<String>>()
                .map(Cow::Owned),
        }
    }

    /// Adds a part; texts that meet become one.
    pub(in crate::guard) fn push(&mut self, part: Part) {
        match (self.parts.last_mut(), part) {
            (Some(Part::Text(last)), Part::Text(text)) => last.push_str(&text),
            (Some(Part::Glob(last)), Part::Glob(pattern)) => last.push_str(&pattern),
            (_, Part::Text(text)) if text.is_empty() => {}
            (_, part) => self.parts.push(part),
        }
    }

    pub(in crate::guard) fn push_text(&mut self, text: &str) {
        match self.parts.last_mut() {
            Some(Part::Text(last)) => last.push_str(text),
            _ if text.is_empty() => {}
            _ => self.parts.push(Part::Text(text.to_owned())),
        }
    }
}
