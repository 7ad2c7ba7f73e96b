//! Names that a command gets from another one, to change what they name: they lie
//! where that one looked for them.

use std::ops::Range;

use super::super::arguments::{leading_text, program};
use super::super::find;
use super::super::list::List;
use super::super::place::Place;
use super::super::shell::{Command, Part, Stdin, Word};
use super::written::{COPIERS, names_target};
use super::{Reach, is_known};

/// Programs whose words are the names that they give out, or the folders of these.
const NAMING: List = List("dir echo ls printf realpath readlink");

/// Programs that search the folders behind a pattern.
const SEARCHING: List = List("ag egrep fd fdfind fgrep gfind grep rg zgrep");

impl Reach<'_> {
    /// Returns the first folder out of bounds that names come from in these words of
    /// a command, which are what it changes.
    pub(super) fn of_given_names(
        &self,
        command: &Command,
        name: &str,
        changed: &[&Word],
    ) -> Option<String> {
        let of_words = changed
            .iter()
            .find_map(|word| self.of_outputs(command, word));
        of_words.or_else(|| {
            let streamed = self.is_given(command, name, changed);
            streamed.then(|| self.of_stream(command)).flatten()
        })
    }

    /// Returns whether the names that a command gets from a stream are what it changes.
    fn is_given(&self, command: &Command, name: &str, changed: &[&Word]) -> bool {
        let takes = |one: &Command| one.more_arguments;
        if command.words.iter().any(is_open) {
            let is_started = takes(command) || self.scene.starters(command).any(takes);
            return is_started && changed.iter().any(|word| is_open(word));
        }
        takes(command) && !(COPIERS.has(name) && names_target(command, name))
    }

    /// Looks at the commands whose output a word is made of.
    fn of_outputs(&self, command: &Command, word: &Word) -> Option<String> {
        let of_part = |part: &Part| match part {
            Part::Output { commands, .. } => self.of_range(commands),
            Part::Variable { name, .. } => self.of_reader(name),
            _ => None,
        };
        let mut outputs = command.outputs_in(word);
        let first = word.parts.first().and_then(of_part);
        first.or_else(|| outputs.find_map(|range| self.of_range(range)))
    }

    /// Looks at what a variable is read from: `find … | while read x`.
    fn of_reader(&self, variable: &str) -> Option<String> {
        let reader = self.scene.reader(variable)?;
        if let Some(range) = reader.piped() {
            return self.of_range(&range);
        }
        // The loop around it has its input.
        let mut given = self.scene.script.redirections.iter();
        given.find_map(|one| match one.target.parts.first() {
            Some(Part::Process { commands }) => self.of_range(commands),
            _ => None,
        })
    }

    /// Looks at what the starters of a command give it as arguments.
    fn of_stream(&self, command: &Command) -> Option<String> {
        let mut commands = std::iter::once(command).chain(self.scene.starters(command));
        commands.find_map(|one| {
            let searched = || self.searched(one);
            let piped = || self.of_range(&one.piped()?);
            let said = || match &one.stdin {
                Stdin::Text(text) => self.of_code(&whole_text(text), &self.folder(&one.dirs)),
                _ => None,
            };
            searched().or_else(piped).or_else(said)
        })
    }

    /// Looks at commands whose output is names, and at those before them in a pipe.
    fn of_range(&self, range: &Range<usize>) -> Option<String> {
        let mut ranges = self.scene.upstream(range.clone());
        ranges.find_map(|range| {
            let commands = self.scene.script.commands.get(range)?;
            commands.iter().find_map(|one| self.searched(one))
        })
    }

    /// Returns the first folder out of bounds that a command searches to give out
    /// the names of what it finds.
    fn searched(&self, command: &Command) -> Option<String> {
        let words = command.words.get(1..)?;
        let name = program(command)?;
        let folder = self.folder(&command.dirs);
        let roots: Vec<&Word> = match &*name {
            "find" | "gfind" => find::read(words).roots,
            "fd" | "fdfind" => words.iter().collect(),
            name if SEARCHING.has(name) && words.iter().any(names_files) => words.iter().collect(),
            name if NAMING.has(name) => words.iter().collect(),
            _ => return None,
        };
        roots.into_iter().find_map(|root| {
            self.of_word(root, &folder)
                .or_else(|| self.holds_root(&self.scene.place(root, &folder)))
        })
    }

    /// Returns a folder that is surely above the checkout that is out of bounds.
    fn holds_root(&self, place: &Place) -> Option<String> {
        (is_known(place) && place.may_hold(self.root)).then(|| place.to_string())
    }
}

/// Returns whether a word may hold a name from a stream.
fn is_open(word: &Word) -> bool {
    let is = |part: &Part| matches!(part, Part::Streamed | Part::Unknown { .. });
    word.parts.iter().any(is)
}

/// Returns whether an option says that the names of files are given out.
fn names_files(word: &Word) -> bool {
    let text = leading_text(word);
    let letters = text.strip_prefix('-').filter(|rest| !rest.starts_with('-'));
    text.starts_with("--files") || letters.is_some_and(|letters| letters.contains(['l', 'L']))
}

fn whole_text(word: &Word) -> String {
    let texts = word.parts.iter().map(|part| match part {
        Part::Text(text) => text.as_str(),
        _ => "\"",
    });
    texts.collect()
}
