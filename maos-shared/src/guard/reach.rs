//! Does a command name a folder that is out of bounds?

use std::path::Path;

use super::Surroundings;
use super::arguments::{path_candidates, program};
use super::place::{Place, Scene};
use super::shell::{Command, Redirection, Script, Word};

/// Returns the first path of the script that is `root` or lies below it, but
/// not in the caller's own checkout ([`Surroundings::project`]): a program, an
/// argument or an option's value, the target of a redirection or of `cd`, the
/// folder that git is to work on (`-C`, `--git-dir`, `--work-tree`, `GIT_DIR`,
/// `GIT_WORK_TREE`). What `echo` and `printf` say is no path.
#[must_use]
pub fn command_paths_into(
    script: &Script,
    around: &Surroundings<'_>,
    root: &Path,
) -> Option<String> {
    let reach = Reach {
        scene: Scene { script, around },
        root,
    };
    let in_commands = script.commands.iter().find_map(|one| reach.of_command(one));
    in_commands.or_else(|| reach.of_redirections(&script.redirections))
}

struct Reach<'a> {
    scene: Scene<'a>,
    root: &'a Path,
}

impl Reach<'_> {
    fn of_command(&self, command: &Command) -> Option<String> {
        let folder = self.scene.folder(&command.dirs);
        if let Some(path) = self.out_of_bounds(&folder) {
            return Some(path);
        }
        let says = matches!(program(command).as_deref(), Some("echo" | "printf"));
        let words = command.words.iter().filter(|_| !says);
        let git = command.assignments.iter();
        let git = git.filter(|(name, _)| name.starts_with("GIT_"));
        words
            .chain(git.map(|(_, value)| value))
            .find_map(|word| self.of_word(word, &folder))
            .or_else(|| self.of_redirections(&command.redirections))
    }

    fn of_redirections(&self, redirections: &[Redirection]) -> Option<String> {
        redirections.iter().find_map(|redirection| {
            let folder = self.scene.folder(&redirection.dirs);
            self.of_word(&redirection.target, &folder)
        })
    }

    fn of_word(&self, word: &Word, folder: &Place) -> Option<String> {
        path_candidates(word)
            .iter()
            .find_map(|candidate| self.out_of_bounds(&self.scene.place(candidate, folder)))
    }

    fn out_of_bounds(&self, place: &Place) -> Option<String> {
        let own = place.is_within(self.scene.around.project);
        (place.may_be_within(self.root) && !own).then(|| place.to_string())
    }
}
