//! A subagent's command: where it runs, and what it must not reach.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use maos_shared::guard::shell::{Part, Word};
use maos_shared::guard::{Denial, Effect, Judgement, changes_shared_git, command_paths_into};
use maos_shared::hook::{Answer, Error};
use maos_shared::workspace::Workspace;

use super::{Placed, Subject, inside};
use crate::guard::{self, Ground};
use crate::location::{Location, real_path};
use crate::objection;

impl Subject<'_> {
    pub(super) fn command(
        &self,
        command: &str,
        judgement: Option<&Judgement>,
    ) -> Result<Placed, Error> {
        if judgement.is_some_and(merges_agents) {
            let denial = Denial {
                rule: "isolation.merge".into(),
                reason: "`maos merge` brings the work of agents together, which is for the main \
                         agent to decide."
                    .to_owned(),
                instead: "Say in your result what should be merged.".to_owned(),
            };
            return Ok(Placed::with(objection::refuse(
                self.call, &denial, judgement,
            )));
        }
        let modifies = judgement.is_none_or(|judged| judged.effect == Effect::Modifies);
        if !modifies {
            return match &self.known {
                // What the workspace does not have is read where it is.
                Some(own) if !self.is_in(own) && self.folder_in(own).is_dir() => {
                    self.run_in(own, command)
                }
                _ => Ok(Placed::as_asked()),
            };
        }
        let own = self.workspace()?;
        if let Some(judged) = judgement
            && let Ok(script) = &judged.script
        {
            let folder = self.folder_in(&own);
            let ground = Ground {
                cwd: &folder,
                project: &own.path,
                in_workspace: true,
                free: Vec::new(),
            };
            let denial = guard::surrounded_by(self.call, ground, |around| {
                let real = |path: &Path| real_path(path, &self.project.checkout);
                let reached = command_paths_into(script, around, &self.project.main, &real);
                reached
                    .map(|path| self.out_of_bounds(&own, &path))
                    .or_else(|| changes_shared_git(script, around))
            });
            if let Some(denial) = denial {
                return Ok(Placed::with(objection::refuse(
                    self.call, &denial, judgement,
                )));
            }
        }
        if self.is_in(&own) {
            return Ok(Placed::as_asked());
        }
        if let Err(error) = self.make_folder(&own) {
            let denial = Denial {
                rule: "isolation.command".into(),
                reason: format!(
                    "This command can change files, and the folder that it is for cannot be made \
                     in this agent's own worktree: {error}."
                ),
                instead: format!("Work in a folder below {}.", own.path.display()),
            };
            return Ok(Placed::with(objection::refuse(
                self.call, &denial, judgement,
            )));
        }
        self.run_in(&own, command)
    }

    /// Makes the folder of the workspace that corresponds to the agent's: a command
    /// must not run in another one. Git has none that is empty or ignored.
    fn make_folder(&self, own: &Workspace) -> io::Result<()> {
        let folder = self.folder_in(own);
        if folder.is_dir() {
            return Ok(());
        }
        if !real_path(&folder, &own.path).starts_with(&own.path) {
            return Err(io::Error::other("a link leads out of it"));
        }
        fs::create_dir_all(folder)
    }

    /// Returns the objection to a command that names `path`, with the path in
    /// the workspace that stands for it where there is one.
    fn out_of_bounds(&self, own: &Workspace, path: &str) -> Denial {
        let there = match Location::of(Path::new(path), self.project, Some(&own.path)) {
            Location::Shared(below) => inside(own, &below),
            _ => own.path.clone(),
        };
        Denial {
            rule: "isolation.command".into(),
            reason: format!(
                "This command can change files and names `{path}`, which is not in this agent's \
                 own worktree."
            ),
            instead: format!(
                "Use {} in its place: all work of this agent is done below {}.",
                there.display(),
                own.path.display()
            ),
        }
    }

    /// Lets the command run in the workspace, in the folder that corresponds
    /// to the agent's. Only one form of that needs no permission of its own:
    /// `cd` in front of a plain `&&` chain. In every other command a part could
    /// run although the `cd` failed, so there a failure ends the shell first.
    fn run_in(&self, own: &Workspace, command: &str) -> Result<Placed, Error> {
        let folder = self.folder_in(own);
        let folder = folder
            .to_str()
            .ok_or_else(|| Error::input("the worktree's path is not UTF-8"))?;
        let enter = format!("cd '{}'", folder.replace('\'', r"'\''"));
        let there = if is_plain_chain(command) {
            format!("{enter} && {}", command.trim())
        } else {
            format!("{enter} || exit 1\n{command}")
        };
        let input = self.input.with(&[("command", &there)])?;
        Ok(Placed::with(Answer::rewrite(input)))
    }

    /// Returns the folder of the workspace that corresponds to the agent's, whether
    /// or not it is there.
    fn folder_in(&self, own: &Workspace) -> PathBuf {
        let cwd = real_path(self.call.input.cwd(), &self.project.checkout);
        if cwd.starts_with(&own.path) {
            return cwd;
        }
        let below = cwd.strip_prefix(&self.project.checkout);
        inside(own, below.unwrap_or(Path::new("")))
    }
}

/// Returns whether a command runs `maos merge`, by whatever path.
fn merges_agents(judgement: &Judgement) -> bool {
    let Ok(script) = &judgement.script else {
        return false;
    };
    let is_maos = |word: &Word| match word.parts.last() {
        Some(Part::Text(text)) => Path::new(text).ends_with("maos"),
        _ => false,
    };
    script.commands.iter().any(|command| {
        let words = command.words.split_first();
        words.is_some_and(|(program, words)| {
            let mut words = words.iter().map(Word::literal);
            is_maos(program) && words.any(|word| word.as_deref() == Some("merge"))
        })
    })
}

/// Returns whether the command is one line of commands joined by `&&` alone.
/// Text in quotes that looks like more counts as more.
fn is_plain_chain(command: &str) -> bool {
    let command = command.trim().replace("&&", "");
    !command.contains(['\n', ';', '|', '&', '(', ')', '{', '}', '`', '#', '!', '\\'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_chain_of_one_line_is_plain() {
        for plain in ["touch a", "touch a && echo 'b c' > d", " make "] {
            assert!(is_plain_chain(plain), "{plain}");
        }
        let others = [
            "a; b", "a || b", "a | b", "a & b", "a\nb", "(a)", "{ a; }", "a `b`", "a $(b)",
        ];
        for other in others {
            assert!(!is_plain_chain(other), "{other}");
        }
    }
}
