//! Does a command that can change files name a folder that is out of bounds?

use std::borrow::Cow;
use std::path::{Component, Path, PathBuf};

use super::Surroundings;
use super::arguments::{before, leading_text, path_candidates, program};
use super::effect;
use super::list::List;
use super::place::{Name, Place};
use super::scene::Scene;
use super::shell::{Command, Part, Redirection, Script, Stdin, Word};
use super::starts::{self, Code};
use written::written;

mod computed;
mod names;
mod written;

/// Builtins that set variables: those of git say where it works.
const DECLARING: List = List("declare export local readonly typeset");

/// Programs, beside the interpreters, whose arguments hold commands of their
/// own that write files.
const SCRIPTED: List = List(
    "awk ed emacs ex expect gawk gdb gsed mawk mysql nawk nvim osascript psql sed sqlite3 vi vim",
);

/// What ends a path in the code of another language.
const ENDS: [char; 17] = [
    '\'', '"', '`', '(', ')', '[', ']', '{', '}', ',', ';', '=', '<', '>', '|', '&', '+',
];

/// Returns the first path of the script that is `root` or lies below it, but
/// not in the caller's own checkout ([`Surroundings::project`]): in a command
/// that can change files its folder, a program, an argument or an option's
/// value, a text in the code of an interpreter, the folder that its names are
/// searched in (`find root | xargs rm`); the target of a redirection that writes;
/// the folder that git is to work on (`-C`, `--git-dir`, `--work-tree`, `GIT_DIR`,
/// `GIT_WORK_TREE`). A path that is computed to lead out of the checkout counts
/// (`${PWD%/.claude/*}`). What a command only reads is free, also the sources of a
/// copy.
///
/// `real` returns an absolute path without `..` and links, also where its end
/// is not there yet; it is asked for each path that looks harmless.
#[must_use]
pub fn command_paths_into(
    script: &Script,
    around: &Surroundings<'_>,
    root: &Path,
    real: &dyn Fn(&Path) -> PathBuf,
) -> Option<String> {
    let reach = Reach {
        scene: Scene::of(script, around),
        root,
        real,
    };
    let mut commands = script.commands.iter().zip(script.starters());
    let in_commands = commands.find_map(|(command, starts)| reach.of_command(command, starts));
    in_commands
        .or_else(|| reach.of_redirections(&script.redirections))
        .or_else(|| reach.of_variables())
}

struct Reach<'a> {
    scene: Scene<'a>,
    root: &'a Path,
    real: &'a dyn Fn(&Path) -> PathBuf,
}

impl Reach<'_> {
    fn of_command(&self, command: &Command, starts: bool) -> Option<String> {
        let folder = self.folder(&command.dirs);
        let git = command.assignments.iter();
        let mut git = git.filter(|(name, _)| name.starts_with("GIT_"));
        let in_git = git.find_map(|(_, value)| self.of_word(value, &folder));
        in_git
            .or_else(|| self.of_arguments(command, starts, &folder))
            .or_else(|| self.of_redirections(&command.redirections))
    }

    /// Looks at what variables of git are set to by themselves.
    fn of_variables(&self) -> Option<String> {
        let folder = Place::of_path(self.scene.around.cwd);
        let assigned = self.scene.script.assigned.iter();
        let mut git = assigned.filter(|(name, _)| name.starts_with("GIT_"));
        git.find_map(|(_, given)| {
            given
                .iter()
                .find_map(|one| self.of_word(&one.value, &folder))
        })
    }

    fn of_arguments(&self, command: &Command, starts: bool, folder: &Place) -> Option<String> {
        let name = program(command).unwrap_or_default();
        if DECLARING.has(&name) {
            let mut words = command.words.iter();
            return words.find_map(|word| {
                let sets_git = leading_text(word).starts_with("GIT_");
                sets_git.then(|| self.of_word(word, folder)).flatten()
            });
        }
        if effect::only_reads(command, starts) {
            return None;
        }
        let in_code = || {
            let mut texts = code_of(command, &name);
            texts.find_map(|text| self.of_code(&text, folder))
        };
        let written = written(command, &name);
        self.of_folder(folder, &command.dirs)
            .or_else(|| written.iter().find_map(|word| self.of_word(word, folder)))
            .or_else(|| self.of_given_names(command, &name, &written))
            .or_else(in_code)
    }

    fn of_redirections(&self, redirections: &[Redirection]) -> Option<String> {
        let mut writing = redirections.iter().filter(|one| one.operator != "<");
        writing.find_map(|redirection| {
            let folder = self.folder(&redirection.dirs);
            let relative = || {
                let text = leading_text(&redirection.target);
                let elsewhere = text.starts_with('/') || is_sink(text);
                (!elsewhere).then(|| self.of_folder(&folder, &redirection.dirs))?
            };
            self.of_word(&redirection.target, &folder).or_else(relative)
        })
    }

    /// Returns the folder that a command changes something in, where it is out of
    /// bounds, or the way there by which it may be.
    fn of_folder(&self, folder: &Place, dirs: &[Word]) -> Option<String> {
        let unknown = || match folder.anchored {
            true => None,
            // Nobody knows where a `cd -` leads back to.
            false => dirs
                .iter()
                .rev()
                .take_while(|dir| leading_text(dir) != "-")
                .find_map(|dir| self.leads_out(dir)),
        };
        self.out_of_bounds(folder).or_else(unknown)
    }

    /// Returns the folder after these `cd`. The shell came from `root` perhaps:
    /// there is where a first `cd -` leads.
    fn folder(&self, dirs: &[Word]) -> Cow<'_, Place> {
        let Some((first, rest)) = dirs.split_first() else {
            return self.scene.folder(dirs);
        };
        let first = match first.literal().as_deref() {
            Some("-") => self.root_word(),
            _ => self.rooted(first),
        };
        let dirs: Vec<Word> = [first].into_iter().chain(rest.iter().cloned()).collect();
        self.scene.folder(&dirs)
    }

    fn of_code(&self, text: &str, folder: &Place) -> Option<String> {
        let ends = |c: char| c.is_whitespace() || ENDS.contains(&c);
        let mut paths = text.split(ends).filter(|piece| piece.contains('/'));
        paths.find_map(|path| {
            let parts = vec![Part::Text(path.to_owned())];
            self.of_candidate(&Word { parts }, folder)
        })
    }

    fn of_word(&self, word: &Word, folder: &Place) -> Option<String> {
        let mut candidates = path_candidates(word).into_iter();
        // What stands behind a path is another one: `docker run -v "$PWD":/src`.
        candidates.find_map(|candidate| self.of_candidate(&before(&candidate, &[':']), folder))
    }

    fn of_candidate(&self, word: &Word, folder: &Place) -> Option<String> {
        let word = &self.rooted(word);
        let place = self.scene.place(word, folder);
        if let Some(path) = self.out_of_bounds(&place) {
            return Some(path);
        }
        let written = match word.literal() {
            Some(text) if is_known(folder) => in_folder(&text, Path::new(&folder.to_string())),
            // The folder of a process that the text does not name.
            None if is_folder_of_process(word) => return Some(place.to_string()),
            _ if is_known(&place) => PathBuf::from(place.to_string()),
            _ => return self.leads_out(word),
        };
        self.out_of_bounds(&Place::of_path(&(self.real)(&written)))
    }

    /// Returns the word with the variables that lead to `root` as that.
    fn rooted(&self, word: &Word) -> Word {
        let mut word = word.clone();
        if let Some(first) = word.parts.first_mut() {
            let leads_there = match first {
                Part::Variable { name, .. } => {
                    matches!(name.as_str(), "CLAUDE_PROJECT_DIR" | "OLDPWD")
                }
                Part::Tilde(name) => name == "-",
                _ => false,
            };
            if leads_there {
                *first = self.root_part();
            }
        }
        word
    }

    fn root_word(&self) -> Word {
        Word {
            parts: vec![self.root_part()],
        }
    }

    fn root_part(&self) -> Part {
        Part::Text(self.root.to_string_lossy().into_owned())
    }

    fn out_of_bounds(&self, place: &Place) -> Option<String> {
        let own = place.is_within(self.scene.around.project);
        (place.may_be_within(self.root) && !own).then(|| place.to_string())
    }
}

/// Returns the code that a command runs, where it is no shell's, and what else
/// has commands of its own in it.
fn code_of<'a>(command: &'a Command, name: &str) -> impl Iterator<Item = String> + 'a {
    let input = match &command.stdin {
        Stdin::Text(word) => Some(word.clone()),
        _ => None,
    };
    let words = match starts::code(command) {
        Some(Code::Words(words)) => words,
        Some(Code::Input) => input.into_iter().collect(),
        Some(Code::File(_)) => Vec::new(),
        None if SCRIPTED.has(name) => command.words.iter().skip(1).cloned().chain(input).collect(),
        None => Vec::new(),
    };
    words.into_iter().map(|word| {
        let texts = word.parts.iter().map(|part| match part {
            Part::Text(text) | Part::Glob(text) => text.as_str(),
            _ => "\"",
        });
        texts.collect()
    })
}

/// Returns whether a redirection's target is no file of a folder's.
fn is_sink(target: &str) -> bool {
    target.is_empty()
        || target
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'-')
}

fn is_known(place: &Place) -> bool {
    let known = |name: &Name| matches!(name, Name::Known(_));
    place.anchored && place.names.iter().all(known)
}

/// Returns where a text leads from a folder, which is also what a process of
/// the command finds as its own.
fn in_folder(text: &str, folder: &Path) -> PathBuf {
    let mut names = Path::new(text).components();
    let begin: Vec<_> = names.by_ref().take(4).collect();
    match begin.as_slice() {
        [Component::RootDir, proc, _, cwd]
            if proc.as_os_str() == "proc" && cwd.as_os_str() == "cwd" =>
        {
            folder.join(names.as_path())
        }
        _ => folder.join(text),
    }
}

/// Returns whether a word is `/proc/$$/cwd/…`.
fn is_folder_of_process(word: &Word) -> bool {
    let goes_there = |part: &Part| matches!(part, Part::Text(text) if text.starts_with("/cwd"));
    leading_text(word).starts_with("/proc/") && word.parts.iter().any(goes_there)
}
