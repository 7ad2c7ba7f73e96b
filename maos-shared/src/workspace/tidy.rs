//! Which workspaces may go: those whose work is certainly elsewhere, at once;
//! all others when nobody has used them for a while, with their work kept.
//!
//! A workspace is never touched while somebody may work in it: while the client
//! of its session runs, even when its agent has ended, since that can be
//! resumed. One that no session knows of counts as used until it was idle for
//! the same while. What is then removed is looked at once more by `remove.rs`,
//! which keeps what it finds there.

use super::git::{Checkout, Git, GitError};
use super::marker::Marker;
use super::registry::{self, Entry};
use super::remove::{self, Checked};
use super::{Error, Removal, checkout_of, merged, open, rescue, status};
use crate::project::Project;
use crate::state::{State, Use};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// What may become of a workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It stays, for this reason.
    Stays(String),
    /// It goes, for this reason; nothing is lost with it.
    Goes(Elsewhere),
    /// Nobody has used it for a while: it goes, and its work is kept.
    Overdue,
}

/// Why nothing is lost with a workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Elsewhere {
    /// Nothing was changed in it.
    Unchanged,
    /// Its work is merged.
    Merged,
}

/// A workspace, and what may become of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// Its root.
    pub path: PathBuf,
    /// Its branch, without `refs/heads/`.
    pub branch: String,
    /// What may become of it.
    pub fate: Fate,
    /// The commit of its branch when that was judged.
    tip: Option<String>,
}

/// Returns what may become of each workspace of agents in a project. `idle` is
/// after how long one counts as not used any more. Blocks while git looks at
/// the files of those that nobody works in.
///
/// # Errors
/// Without git, when the worktrees cannot be listed, and when a state file is
/// damaged. What goes wrong with one workspace is why that one stays.
pub fn judge(project: &Project, state: &State, idle: Duration) -> Result<Vec<Judged>, Error> {
    let main = checkout_of(&project.main_checkout()?)?;
    let common_dir = &main.git_dir;
    let entries =
        registry::read(common_dir).map_err(Error::io("list the worktrees of", common_dir))?;
    let used = state
        .folders_in_use(idle)
        .map_err(Error::io("read the state of", state.root()))?;
    let judge = Judge {
        project,
        main: &main,
        used,
        now: state.now(),
        idle,
    };
    let mut judged: Vec<Judged> = entries.iter().filter_map(|entry| judge.entry(entry)).collect();
    judged.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(judged)
}

/// Removes a workspace that goes or is overdue; its folder moves to the trash.
/// Nothing happens to one that stays. Blocks while git works.
///
/// # Errors
/// As [`super::remove`].
pub fn carry_out(project: &Project, judged: &Judged, trash: &Path) -> Result<Removal, Error> {
    match &judged.fate {
        Fate::Stays(_) => Ok(Removal::default()),
        Fate::Overdue => super::remove(project, &judged.path, trash),
        Fate::Goes(_) => {
            let checked = judged.tip.as_deref().map(Checked::at);
            remove::remove_checked(project, &judged.path, trash, checked)
        }
    }
}
