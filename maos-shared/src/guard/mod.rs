//! Judges what a tool call would do. Pure: no file is read, no clock, no
//! environment; what a rule needs to know of them stands in its arguments.
//!
//! [`shell`] turns a text into the commands that would run, with [`starts`] for
//! what those start; [`rules`] object to some of them, [`policy`] says how
//! strongly that is meant; [`effect`] tells whether they only read, [`reach`]
//! whether they name a folder that is out of bounds.

use std::path::{Path, PathBuf};

mod arguments;
pub mod catalogue;
mod effect;
mod find;
mod git_line;
mod glob;
mod list;
mod listing;
mod own_pattern;
mod own_rule;
mod paths;
mod place;
mod policy;
mod programs;
mod reach;
mod rules;
mod scene;
mod secret_files;
mod sed;
pub mod shell;
mod speech;
mod starts;
mod structure;
mod verdict;

pub use effect::Effect;
pub(crate) use glob::Pattern;
pub use policy::Policy;
pub use reach::command_paths_into;
pub use secret_files::is_secret_file;
pub use verdict::{Denial, Verdict};

use crate::config::limits::JOURNAL_ITEMS;
use shell::Script;

/// Where a call would run: all that the guard knows of the machine. The paths
/// are absolute, without `.`, `..` and symlinks.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings<'a> {
    /// The folder that a command starts in and relative paths begin at.
    pub cwd: &'a Path,
    /// The user's home, where it is known.
    pub home: Option<&'a Path>,
    /// The root of the checkout that `cwd` lies in; `cwd` where it lies in none.
    pub project: &'a Path,
    /// That checkout is the workspace of one agent: what lies there uncommitted
    /// is nobody else's.
    pub in_workspace: bool,
    /// The temporary folders, such as `/tmp`.
    pub temp: &'a [PathBuf],
    /// The client's folder of settings, where it is known.
    pub settings: Option<&'a Path>,
}

/// What a file tool does with its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// It reads the file, or searches the folder.
    Read,
    /// It creates or changes the file.
    Write,
}

/// All that the guard finds out about a shell text.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// May it run.
    pub verdict: Verdict,
    /// All that rules have against it, whatever their level.
    pub objections: Vec<Denial>,
    /// Can it change a file; what is not known to read only counts as changing.
    pub effect: Effect,
    /// The base names of the first programs that would run, without arguments, as
    /// many as a journal keeps; `?` for one that is known only when it runs, or
    /// looks like none.
    pub programs: Vec<String>,
    /// The commands, or why the text could not be understood.
    pub script: Result<Script, shell::Error>,
}

impl Judgement {
    /// Returns the commands as programs and options, every other argument as
    /// `…`: what a journal may keep. Nothing for a text that was not understood.
    #[must_use]
    pub fn structure(&self) -> Vec<String> {
        self.script.as_ref().map(structure::of).unwrap_or_default()
    }
}

/// Returns the judgement on a shell text. A text that cannot be understood, or
/// that goes past a limit of [`shell`], is denied.
#[must_use]
pub fn judge_command(text: &str, around: &Surroundings<'_>, policy: &Policy) -> Judgement {
    let script = match shell::parse(text) {
        Ok(script) => script,
        Err(error) => {
            let objections = vec![unreadable(&error)];
            return Judgement {
                verdict: policy.decide(&objections),
                objections,
                effect: Effect::Modifies,
                programs: Vec::new(),
                script: Err(error),
            };
        }
    };
    let mut objections = rules::judge(&script, around);
    objections.extend(policy.judge_script(&script));
    Judgement {
        verdict: policy.decide(&objections),
        objections,
        effect: effect::of(&script),
        programs: script
            .commands
            .iter()
            .filter_map(structure::program)
            .take(JOURNAL_ITEMS)
            .collect(),
        script: Ok(script),
    }
}

/// Returns the objection to a script that changes, from the workspace of an agent
/// ([`Surroundings::project`]), what git shares between all worktrees: the stash,
/// settings, branches that are not the agent's.
#[must_use]
pub fn changes_shared_git(script: &Script, around: &Surroundings<'_>) -> Option<Denial> {
    rules::judge_shared(script, around)
}

/// Returns the verdict on a file tool's path, which may be relative, begin with
/// `~` and be spelled in any way.
#[must_use]
pub fn judge_file(
    path: &str,
    access: Access,
    around: &Surroundings<'_>,
    policy: &Policy,
) -> Verdict {
    let path = paths::resolve(path, around.cwd, around.home);
    let mut objections = rules::judge_file(&path, access, around);
    objections.extend(policy.judge_path(&path.to_string_lossy(), access));
    policy.decide(&objections)
}

fn unreadable(error: &shell::Error) -> Denial {
    let (rule, instead) = match error {
        shell::Error::Limit { .. } => (
            "guard.limit",
            "Run it in several shorter commands.".to_owned(),
        ),
        shell::Error::Syntax { .. } => (
            "guard.unreadable",
            "Check the quotes and brackets, or run it in several simpler commands.".to_owned(),
        ),
    };
    Denial {
        rule: rule.into(),
        reason: sentence(&error.to_string()),
        instead,
    }
}

/// Returns an error's text as a sentence.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => format!("{}{}.", first.to_uppercase(), chars.as_str()),
        None => String::new(),
    }
}
