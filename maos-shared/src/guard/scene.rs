//! Where the words of a script's commands point, as far as the text tells.

use std::borrow::Cow;
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::Surroundings;
use super::arguments::{leading_text, program};
use super::glob::Pattern;
use super::list::List;
use super::paths;
use super::place::{Name, Place};
use super::shell::{Command, Part, Script, Word};
use super::speech::only_speaks;
use super::starts::elsewhere;

/// How many `cd` before a command are followed; before that, the folder is
/// unknown.
const FOLLOWED_DIRS: usize = 64;

/// Stands for the name that `mktemp` makes up.
pub(super) const FRESH: &str = "tmp.XXXXXXXXXX";

/// How many commands are looked at for one that reads a variable: time stays in
/// proportion to the script's length.
const SEARCHED: usize = 1_000;

/// How many wrappers around a command are looked at.
const STARTERS: usize = 16;

/// Builtins that read a variable from their input.
const READERS: [&str; 3] = ["read", "mapfile", "readarray"];

/// Where a shell keeps what was typed.
const HISTORY: &str = ".bash_history";

/// What a word is resolved with.
pub(super) struct Scene<'a> {
    pub(super) script: &'a Script,
    pub(super) around: &'a Surroundings<'a>,
    /// The commands that rules look at, and whether each starts another.
    judged: Vec<(&'a Command, bool)>,
    /// The folder that the script starts in.
    cwd: Place,
}

/// What stands for the pieces of a word that are known only when it runs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Filling {
    /// Something.
    Some,
    /// Nothing: the variable is unset, the output empty.
    Empty,
}

impl<'a> Scene<'a> {
    pub(super) fn of(script: &'a Script, around: &'a Surroundings<'a>) -> Self {
        let commands = script.commands.iter().zip(script.starters());
        Self {
            script,
            around,
            judged: commands.filter(|(one, _)| !only_speaks(one)).collect(),
            cwd: Place::of_path(around.cwd),
        }
    }

    /// Returns the commands that rules look at, in order: none that only speaks.
    pub(super) fn commands(&self) -> impl Iterator<Item = &'a Command> {
        self.judged.iter().map(|(command, _)| *command)
    }

    /// Returns the same commands, each with whether it starts another one.
    pub(super) fn starting_commands(&self) -> impl Iterator<Item = (&'a Command, bool)> {
        self.judged.iter().copied()
    }

    /// Returns the command that reads a variable from its input (`read -r x`).
    pub(super) fn reader(&self, variable: &str) -> Option<&'a Command> {
        let is = |word: &Word, expected: &str| matches!(word.parts.as_slice(), [Part::Text(text)] if text == expected);
        let mut commands = self.script.commands.iter().rev().take(SEARCHED);
        commands.find(|command| {
            let (program, words) = match command.words.split_first() {
                Some((program, words)) => (program, words),
                None => return false,
            };
            let reads = READERS.iter().any(|reader| is(program, reader));
            reads && words.iter().any(|word| is(word, variable))
        })
    }

    /// Returns the commands that start a command, the nearest first, as far as
    /// they are followed.
    pub(super) fn starters(&self, command: &'a Command) -> impl Iterator<Item = &'a Command> {
        let commands = &self.script.commands;
        let starter = |one: &&'a Command| commands.get(one.started_by?);
        std::iter::successors(Some(command), starter)
            .skip(1)
            .take(STARTERS)
    }

    /// Returns whether a command runs on another machine.
    pub(super) fn is_on_machine(&self, command: &'a Command) -> bool {
        let starters = self.starters(command);
        let started = std::iter::once(command).chain(self.starters(command));
        let mut pairs = starters.zip(started);
        pairs.any(|(starter, started)| elsewhere::runs_on_machine(starter, started))
    }

    /// Returns the commands whose output a command gets as arguments: through a
    /// stream, with all the filters on its way, in place of a word, through a
    /// variable.
    pub(super) fn sources(&self, command: &'a Command) -> impl Iterator<Item = Range<usize>> {
        let of_words = command
            .words
            .iter()
            .filter_map(|word| match word.parts.first()? {
                Part::Output { commands, .. } => Some(commands.clone()),
                Part::Variable { name, .. } => self.reader(name)?.piped(),
                _ => None,
            });
        let wrapper = self.starters(command).next();
        let wrapper = wrapper.filter(|_| command.more_arguments);
        let first = wrapper.and_then(Command::piped).into_iter();
        first
            .chain(of_words)
            .flat_map(move |range| self.upstream(range))
    }

    /// Returns these commands, and those before them in a pipe, as far as they are
    /// followed.
    pub(super) fn upstream(&self, range: Range<usize>) -> impl Iterator<Item = Range<usize>> {
        let before = |range: &Range<usize>| {
            let commands = self.script.commands.get(range.clone())?;
            let before = commands.first()?.piped()?;
            (before.start < range.start).then_some(before)
        };
        std::iter::successors(Some(range), before).take(STARTERS)
    }

    /// Returns the folder that a command runs in after these `cd`.
    pub(super) fn folder(&self, dirs: &[Word]) -> Cow<'_, Place> {
        let unfollowed = dirs.len().saturating_sub(FOLLOWED_DIRS);
        let mut folder = match unfollowed {
            0 => Cow::Borrowed(&self.cwd),
            _ => Cow::Owned(Place::unknown()),
        };
        for dir in &dirs[unfollowed..] {
            folder = Cow::Owned(match dir.known().as_deref() {
                Some("-") => Place::unknown(),
                _ => self.place(dir, &folder),
            });
        }
        folder
    }

    /// Returns where `word` points for a command in `folder`.
    pub(super) fn place(&self, word: &Word, folder: &Place) -> Place {
        self.fill(word, folder, Filling::Some)
    }

    /// Returns where `word` points if what is not known about it turns out
    /// empty; `None` where nothing of it can.
    pub(super) fn place_if_empty(&self, word: &Word, folder: &Place) -> Option<Place> {
        let start = word.parts.first().and_then(|part| self.start(part, folder));
        let open = word.parts.iter().skip(usize::from(start.is_some()));
        let mut empty = open.filter(|part| self.may_be_empty(part)).peekable();
        empty.peek()?;
        let promised = empty.all(is_promised);
        let place = self.fill(word, folder, Filling::Empty);
        Some(Place { promised, ..place })
    }

    fn fill(&self, word: &Word, folder: &Place, filling: Filling) -> Place {
        let mut name = Pattern::default();
        let (mut place, parts) = self.split_start(&word.parts, folder, filling, &mut name);
        for part in parts {
            match part {
                Part::Text(text) => {
                    let mut names = text.split('/');
                    name.push_text(names.next().unwrap_or_default());
                    for next in names {
                        place.push(std::mem::take(&mut name));
                        name.push_text(next);
                    }
                }
                // Only an extended pattern (`!(a|b)`) has a parenthesis.
                Part::Glob(pattern) if pattern.contains('(') => name.push_any(),
                Part::Glob(pattern) => name.push_pattern(pattern),
                Part::Tilde(user) => name.push_text(&format!("~{user}")),
                Part::Variable { .. }
                | Part::Output { .. }
                | Part::Process { .. }
                | Part::Streamed
                | Part::Unknown { .. } => {
                    if filling == Filling::Some {
                        name.push_any();
                        place.promised |= is_promised(part);
                    }
                }
            }
        }
        place.push(name);
        place
    }

    /// Returns the folder that a word begins at and the parts that lead on from
    /// there; `name` receives what they continue.
    fn split_start<'p>(
        &self,
        parts: &'p [Part],
        folder: &Place,
        filling: Filling,
        name: &mut Pattern,
    ) -> (Place, &'p [Part]) {
        let Some((first, rest)) = parts.split_first() else {
            return (folder.clone(), parts);
        };
        if let Some(mut start) = self.start(first, folder) {
            if goes_on(rest)
                && let Some(Name::Known(last)) = start.names.last()
            {
                name.push_text(last);
                start.names.pop();
            }
            return (start, rest);
        }
        match first {
            Part::Text(text) if text.starts_with('/') => (Place::root(), parts),
            Part::Text(_) | Part::Glob(_) | Part::Tilde(_) => (folder.clone(), parts),
            _ if filling == Filling::Empty => self.split_start(rest, folder, filling, name),
            _ if goes_on(rest) => (folder.clone(), parts),
            _ if is_promised(first) => (Place::promised(), rest),
            _ => (Place::unknown(), rest),
        }
    }

    /// Returns the folder that a part at the start of a word surely means.
    fn start(&self, part: &Part, folder: &Place) -> Option<Place> {
        match part {
            Part::Tilde(user) if user == "+" => Some(folder.clone()),
            Part::Tilde(user) if user == "-" => Some(Place::unknown()),
            Part::Tilde(user) => Some(Place::of_path(&paths::home_of(user, self.around.home))),
            Part::Variable { name, .. } => match plain_name(name) {
                "HOME" => Some(Place::of_path(&paths::home_of("", self.around.home))),
                "HISTFILE" => {
                    let mut history = Place::of_path(&paths::home_of("", self.around.home));
                    history.names.push(Name::Known(HISTORY.into()));
                    Some(history)
                }
                "PWD" => Some(folder.clone()),
                "TMPDIR" | "TMP" | "TEMP" | "TEMPDIR" => Some(self.temp()),
                "CLAUDE_PROJECT_DIR" => Some(Place::of_path(self.around.project)),
                _ => None,
            },
            Part::Output { commands, .. } => {
                let commands = self.script.commands.get(commands.clone())?;
                if all_run(commands, &["mktemp"]) {
                    let mut fresh = self.temp();
                    fresh.names.push(Name::Known(FRESH.into()));
                    Some(fresh)
                } else if all_run(commands, &["pwd"]) {
                    Some(folder.clone())
                } else if all_run(commands, &["git", "rev-parse", "--show-toplevel"]) {
                    Some(Place::of_path(self.around.project))
                } else {
                    self.given_by(commands.last()?)
                }
            }
            Part::Text(_)
            | Part::Glob(_)
            | Part::Process { .. }
            | Part::Streamed
            | Part::Unknown { .. } => None,
        }
    }

    /// Returns the path that a command gives out: of a program that it looks for,
    /// of what it resolves, of the folder above.
    fn given_by(&self, command: &Command) -> Option<Place> {
        let words = command.words.get(1..)?;
        let named = words
            .iter()
            .rfind(|word| !leading_text(word).starts_with('-'))?;
        let place = || self.place(named, &self.folder(&command.dirs));
        let has = |options: List| words.iter().any(|word| options.has(leading_text(word)));
        match &*program(command)? {
            "which" => Some(Place::somewhere(&named.literal()?)),
            "command" if has(const { List("-v") }) => Some(Place::somewhere(&named.literal()?)),
            "type" if has(const { List("-p -P") }) => Some(Place::somewhere(&named.literal()?)),
            "readlink" if has(const { List("-e -f -m") }) => Some(place()),
            "realpath" => Some(place()),
            "dirname" => Some(place().parent()),
            _ => None,
        }
    }

    /// Returns whether a part may turn out to be nothing.
    fn may_be_empty(&self, part: &Part) -> bool {
        match part {
            Part::Variable { name, .. } => !is_demanded(name) && !has_default(name),
            Part::Output { commands, .. } => {
                let last = self.script.commands.get(commands.clone());
                let last = last.and_then(<[Command]>::last);
                !last.is_some_and(|last| all_run(std::slice::from_ref(last), &["pwd"]))
            }
            Part::Streamed | Part::Unknown { .. } => true,
            Part::Text(_) | Part::Glob(_) | Part::Tilde(_) | Part::Process { .. } => false,
        }
    }

    fn temp(&self) -> Place {
        let first = self.around.temp.first().map(PathBuf::as_path);
        Place::of_path(first.unwrap_or(Path::new("/tmp")))
    }
}

/// Returns a parameter's name, without a subscript, and its operator with what
/// stands behind it.
fn split_operator(name: &str) -> (&str, &str) {
    let is_in_name = |c: char| c == '_' || c.is_ascii_alphanumeric();
    let end = name.find(|c| !is_in_name(c)).unwrap_or(name.len());
    let (plain, rest) = name.split_at(end);
    let subscript = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    (plain, subscript.map_or(rest, |(_, operator)| operator))
}

/// Returns a parameter's name without a default (`:-`, `-`, `:=`, `=`) or the
/// demand that it be set (`:?`, `?`); with any other operator, all of it.
fn plain_name(name: &str) -> &str {
    let (plain, operator) = split_operator(name);
    match operator.trim_start_matches(':').chars().next() {
        None | Some('-' | '=' | '?') => plain,
        Some(_) => name,
    }
}

/// Returns whether somebody took care of what a part is.
fn is_promised(part: &Part) -> bool {
    match part {
        Part::Variable { name, chosen, .. } => *chosen || is_demanded(name) || has_default(name),
        _ => false,
    }
}

/// Returns whether a parameter must be set (`${DIR:?}`).
fn is_demanded(name: &str) -> bool {
    let (_, operator) = split_operator(name);
    operator.starts_with(":?") || operator.starts_with('?')
}

/// Returns whether a parameter has a default that is not empty: the text with
/// that default is a command of its own.
fn has_default(name: &str) -> bool {
    let (_, operator) = split_operator(name);
    let default = [":-", ":="]
        .iter()
        .find_map(|mark| operator.strip_prefix(mark));
    default.is_some_and(|default| !default.is_empty())
}

/// Returns whether these parts continue a name with characters that are known.
fn goes_on(rest: &[Part]) -> bool {
    matches!(rest.first(), Some(Part::Text(text)) if !text.starts_with('/'))
}

/// Returns whether there are commands and all of them begin with these words.
fn all_run(commands: &[Command], words: &[&str]) -> bool {
    let begins = |command: &Command| {
        let mut given = command.words.iter().map(Word::literal);
        words.iter().enumerate().all(|(at, expected)| {
            given.next().flatten().is_some_and(|word| match at {
                0 => paths::base_name(&word) == *expected,
                _ => word == *expected,
            })
        })
    };
    !commands.is_empty() && commands.iter().all(begins)
}
