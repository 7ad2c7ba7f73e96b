//! Paths that are known only when the command runs, and yet lead out of the
//! checkout: they are computed from where it lies, or from where git keeps what all
//! worktrees share.

use super::super::arguments::{leading_text, program};
use super::super::git_line;
use super::super::list::List;
use super::super::shell::{Command, Part, Word};
use super::Reach;

/// Variables with the folder that a command runs in, or one above it.
const FOLDERS: [&str; 3] = ["PWD", "OLDPWD", "CLAUDE_PROJECT_DIR"];

/// The folder above, which may well be in the checkout.
const PARENT: &str = "PWD%/*";

/// What `git rev-parse` tells of places that all worktrees share.
const SHARED: List = List(
    "--absolute-git-dir --git-common-dir --git-dir --git-path --show-superproject-working-tree",
);

/// How deep substitutions in substitutions are looked at.
const DEPTH: usize = 8;

impl Reach<'_> {
    /// Returns a word, as far as it is known, that is computed to lead out of the
    /// checkout.
    pub(super) fn leads_out(&self, word: &Word) -> Option<String> {
        let leads = match word.parts.first()? {
            Part::Variable { name, .. } if name == PARENT => {
                let parent = self.scene.folder(&[]).parent();
                self.out_of_bounds(&parent).is_some()
            }
            Part::Variable { name, .. } => is_shortened(name),
            Part::Output { commands, .. } => {
                let commands = self.scene.script.commands.get(commands.clone());
                let mut commands = commands.unwrap_or_default().iter();
                commands.any(|one| self.tells_shared(one, DEPTH))
            }
            _ => false,
        };
        leads.then(|| shown(word))
    }

    /// Returns whether a command gives out where something lies that all worktrees
    /// share, or the folder above one that does.
    fn tells_shared(&self, command: &Command, depth: usize) -> bool {
        let words = command.words.get(1..).unwrap_or_default();
        let named = || {
            words.iter().any(|word| match word.parts.first() {
                Some(Part::Output { commands, .. }) if depth > 0 => {
                    let inner = self.scene.script.commands.get(commands.clone());
                    let mut inner = inner.unwrap_or_default().iter();
                    inner.any(|one| self.tells_shared(one, depth - 1))
                }
                Some(Part::Variable { name, .. }) => is_shortened(name),
                _ => false,
            })
        };
        match program(command).as_deref() {
            Some("git") => tells_of_git(words),
            // The last part of a path is but a name.
            Some("basename") => false,
            _ => named(),
        }
    }
}

fn tells_of_git(words: &[Word]) -> bool {
    let Some((subcommand, rest)) = git_line::subcommand(words) else {
        return false;
    };
    match &*subcommand {
        "rev-parse" => rest.iter().any(|word| SHARED.has(leading_text(word))),
        "worktree" => rest
            .first()
            .is_some_and(|word| leading_text(word) == "list"),
        _ => false,
    }
}

/// Returns whether a parameter is the folder without its end: `PWD%/.claude/*`,
/// `PWD/\/.claude*`, `PWD:0:20`.
fn is_shortened(name: &str) -> bool {
    FOLDERS.iter().any(|folder| {
        let operator = name.strip_prefix(folder).unwrap_or_default();
        let is_default = [":-", ":=", ":?", ":+"];
        operator.starts_with(['%', '/', ':'])
            && !operator.starts_with("//")
            && !is_default.iter().any(|mark| operator.starts_with(mark))
    })
}

/// Returns a word as a person would know it again.
fn shown(word: &Word) -> String {
    let parts = word.parts.iter().map(|part| match part {
        Part::Text(text) | Part::Glob(text) => text.clone(),
        Part::Variable { name, .. } => format!("${{{name}}}"),
        _ => "$(…)".to_owned(),
    });
    parts.collect()
}
