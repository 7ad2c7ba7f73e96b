//! Programs under other names: what a text copies, links or moves elsewhere, and
//! which of its files a program's name stands for.

use super::Shell;
use super::links::Kind;
use super::scope::{Value, text};
use super::written::operands;
use crate::config::limits;
use crate::guard::arguments::{Argument, Options, options, read};
use crate::guard::list::List;
use crate::guard::paths::base_name;
use crate::guard::shell::{Command, Error, Part, Word};
use crate::guard::starts::{self, Started};

/// The operators that fill a file with what a program prints.
const FILLING: List = List("> >|");

impl Shell {
    /// Keeps what `cp`, `mv`, `ln` and `install` put in other places: a text
    /// that is known, else which program it is.
    pub(super) fn keep_copies(&mut self, copier: &str, words: &[Word]) -> Result<(), Error> {
        const OPTIONS: Options = options("mogtS", "mode owner group target-directory suffix");
        let arguments = read(words, &OPTIONS);
        let links =
            |one: &Argument<'_>| one.is(Some('s'), "symbolic-link") || one.is(Some('l'), "link");
        let kind = match copier {
            "ln" => Some(Kind::Linked),
            "mv" => Some(Kind::Moved),
            "cp" if arguments.iter().any(links) => Some(Kind::Linked),
            _ => None,
        };
        let mut named: Vec<&Word> = operands(&arguments).collect();
        let folder = arguments.iter().find_map(|argument| match argument {
            Argument::Valued(_, folder) if argument.is(Some('t'), "target-directory") => {
                Some(folder)
            }
            _ => None,
        });
        let Some(to) = folder.or_else(|| named.pop()) else {
            return Ok(());
        };
        if folder.is_none()
            && let [from] = named.as_slice()
        {
            self.keep_copy(from, to)?;
            if let Some(kind) = kind.filter(|_| !ends_in_slash(to)) {
                self.keep_link(from, to, kind);
            }
        }
        for from in named {
            if let Some(name) = last_name(from) {
                let mut inside = to.clone();
                inside.push_text("/");
                inside.push_text(&name);
                self.keep_copy(from, &inside)?;
                if let Some(kind) = kind {
                    self.keep_link(from, &inside, kind);
                }
            }
        }
        Ok(())
    }

    /// Keeps which program it is that a `cat` copies.
    pub(super) fn keep_shown(&mut self, command: &Command) -> Result<(), Error> {
        let filled = command.redirections.iter();
        let mut filled = filled.filter(|one| FILLING.has(one.operator));
        match (command.words.as_slice(), filled.next()) {
            ([_, from], Some(to)) => self.keep_copy(from, &to.target),
            _ => Ok(()),
        }
    }

    fn keep_copy(&mut self, from: &Word, to: &Word) -> Result<(), Error> {
        if let Some(written) = self.written(from).cloned() {
            return self.keep_file(to, written.content, false, written.by);
        }
        if let Some(text) = self.text_of(from) {
            let at = self.script.commands.len().saturating_sub(1);
            return self.keep_file(to, Some(text), false, at..at + 1);
        }
        let (Some(name), Some(path)) = (last_name(from), self.path_of(to)) else {
            return Ok(());
        };
        let again = self.path_of(from).and_then(|from| self.copies.get(&from));
        let name = again.cloned().unwrap_or(name);
        if self.copies.len() < limits::SHELL_FILES && base_name(&path) != name {
            self.kept += 1;
            self.copies.insert(path, name);
        }
        Ok(())
    }

    /// Returns what a command starts whose program the text wrote or copied.
    pub(super) fn made_program(&self, command: &Command) -> Option<Started> {
        let (program, arguments) = command.words.split_first()?;
        let Some(path) = self.file_of_program(program) else {
            return self.extension(command);
        };
        if let Some(original) = self.copies.get(&path) {
            let mut words = vec![text(original)];
            words.extend_from_slice(arguments);
            let is_new = !self.starts_copy(command);
            return is_new.then(|| Started::program(words));
        }
        let text = self.files.get(&path)?.content.as_ref()?;
        starts::script(text, &command.words)
    }

    /// Returns the program that the text made which another one takes for its own:
    /// `git tidy` is `git-tidy`.
    fn extension(&self, command: &Command) -> Option<Started> {
        const EXTENDED: List = List("cargo docker gh git kubectl");
        let name = command.words.first()?.known()?;
        let (subcommand, arguments) = command.words.get(1..)?.split_first()?;
        if self.files.is_empty() || !EXTENDED.has(&name) {
            return None;
        }
        let mut words = vec![text(&format!("{name}-{}", subcommand.known()?))];
        words.extend_from_slice(arguments);
        self.file_of_program(&words[0])?;
        Some(Started::program(words))
    }

    /// Returns whether a command is itself what a copy stands for.
    fn starts_copy(&self, command: &Command) -> bool {
        let starter = command
            .started_by
            .and_then(|at| self.script.commands.get(at));
        let Some([name, arguments @ ..]) = starter.map(|one| one.words.as_slice()) else {
            return false;
        };
        let path = self.file_of_program(name);
        command.words.get(1..) == Some(arguments)
            && path.is_some_and(|path| self.copies.contains_key(&path))
    }

    /// Returns the path of the file, one that the text made, which a program's
    /// name stands for.
    fn file_of_program(&self, program: &Word) -> Option<String> {
        if self.files.is_empty() && self.copies.is_empty() {
            return None;
        }
        match program.known() {
            Some(name) if !name.contains('/') => self
                .found_by_path(program)
                .and_then(|file| self.path_of(&file))
                .or_else(|| self.in_usual_folder(&name)),
            _ => self.path_of(program).filter(|path| self.is_made(path)),
        }
    }

    fn is_made(&self, path: &str) -> bool {
        self.files.contains_key(path) || self.copies.contains_key(path)
    }

    /// Returns the file, one that the text made, that a program without a folder
    /// is found as by the `PATH` that the text sets.
    pub(super) fn found_by_path(&self, program: &Word) -> Option<Word> {
        let name = program.known().filter(|name| !name.contains('/'))?;
        self.scope.values("PATH").iter().find_map(|value| {
            let Value::Scalar(folders) = value else {
                return None;
            };
            let folders = starts::pieces(folders, ':').into_iter();
            let mut files = folders.map(|mut folder| {
                folder.push_text("/");
                folder.push_text(&name);
                folder
            });
            files.find(|file| self.path_of(file).is_some_and(|path| self.is_made(&path)))
        })
    }

    /// Returns a file that the text made in a folder which is on every `PATH`.
    fn in_usual_folder(&self, name: &str) -> Option<String> {
        const USUAL: List = List("/bin /usr/bin /usr/local/bin /usr/local/sbin ~/bin");
        let mut paths = self.files.keys().chain(self.copies.keys());
        let found = paths.find(|path| {
            let (folder, last) = path.rsplit_once('/').unwrap_or_default();
            last == name && (USUAL.has(folder) || folder.ends_with("/.local/bin"))
        });
        found.cloned()
    }
}

fn ends_in_slash(path: &Word) -> bool {
    matches!(path.parts.last(), Some(Part::Text(text)) if text.ends_with('/'))
}

/// Returns the last name of a path, where it is known.
fn last_name(file: &Word) -> Option<String> {
    let named = match file.known() {
        Some(path) => base_name(path.trim_end_matches('/')).to_owned(),
        None => match file.parts.last()? {
            Part::Text(end) => end.rsplit_once('/')?.1.to_owned(),
            _ => return None,
        },
    };
    Some(named).filter(|name| !name.is_empty())
}
