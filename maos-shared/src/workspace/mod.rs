//! Workspaces: the worktrees that agents work in, from their creation to their
//! removal. Nothing that an agent made is lost on the way: it is on its branch,
//! or under `refs/maos/rescue/`.

mod base;
mod below;
mod changes;
mod checkpoint;
mod commit;
mod committed;
mod create;
mod difference;
mod elsewhere;
mod error;
mod filters;
mod git;
mod ignored;
mod include;
mod index;
mod index_file;
mod link;
mod marker;
pub mod merge;
mod merged;
mod name;
mod register;
mod registry;
mod remove;
mod rename;
mod rescue;
mod restore;
#[cfg(test)]
pub(crate) mod scratch;
mod snapshot;
pub mod spares;
mod standing;
mod status;
mod submodules;
mod tidy;
mod unfinished;
mod update;

pub use changes::{Changes, Touched, changes, touched};
pub use checkpoint::{Checkpoint, checkpoint};
pub use committed::{Committed, committed};
pub use create::{Request, create, create_named};
pub use error::Error;
pub use git::GitError;
pub use merged::{is_merged, merged_branches};
pub use registry::registered;
pub use remove::{Removal, remove};
pub use rename::rename_branch;
pub use restore::{Rescued, Restore, drop_rescued, find_rescued, rescued, restore, show_rescued};
pub use tidy::{Elsewhere, Fate, Judged, carry_out, judge};

use crate::project::Project;
use git::Checkout;
use marker::Marker;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// A worktree that one agent works in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workspace {
    /// Its root, a real path.
    pub path: PathBuf,
    /// The branch that was made for it, without `refs/heads/`.
    pub branch: String,
    /// The commit that it started from, in full.
    pub base: String,
    /// The root of the checkout that it started from, where its work comes back
    /// to; nothing where that was not written down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<PathBuf>,
}

impl Workspace {
    /// Returns the workspace whose root is `path`, or nothing when there is
    /// none that this program made.
    ///
    /// # Errors
    /// When git's files or the marker cannot be read.
    pub fn load(path: &Path) -> Result<Option<Self>, Error> {
        Ok(marked(path)?.map(|(workspace, _)| workspace))
    }

    /// As [`Workspace::load`], where it was made for this agent.
    ///
    /// # Errors
    /// As [`Workspace::load`].
    pub fn of_agent(path: &Path, id: &str) -> Result<Option<Self>, Error> {
        let key = name::agent_key(id);
        let found = Self::with_agent(path)?.filter(|(_, agent)| *agent == key);
        Ok(found.map(|(workspace, _)| workspace))
    }

    /// As [`Workspace::load`], where it was made for an agent; with the name that
    /// state knows the agent by.
    ///
    /// # Errors
    /// As [`Workspace::load`].
    pub fn with_agent(path: &Path) -> Result<Option<(Self, String)>, Error> {
        Ok(marked(path)?.and_then(|(workspace, agent)| Some((workspace, agent?))))
    }
}

/// Returns the workspace whose root is `path`, and for which agent it was made.
fn marked(path: &Path) -> Result<Option<(Workspace, Option<String>)>, Error> {
    let Some((project, checkout)) = open(path)? else {
        return Ok(None);
    };
    let marker = Marker::load(&checkout.git_dir)
        .map_err(Error::io("read the marker of", &checkout.folder))?;
    Ok(marker.map(|marker| {
        let workspace = Workspace {
            path: project.checkout,
            branch: marker.branch,
            base: marker.base,
            from: marker.from,
        };
        (workspace, marker.agent)
    }))
}

/// Returns the project and the checkout of the workspace whose root is `path`,
/// or nothing when the path is no linked worktree in the folder of workspaces.
fn open(path: &Path) -> Result<Option<(Project, Checkout)>, Error> {
    let Ok(real) = path.canonicalize() else {
        return Ok(None);
    };
    let project = Project::find(&real, None, None)?;
    if project.checkout != real || !project.is_workspace() {
        return Ok(None);
    }
    let checkout = checkout_of(&project)?;
    Ok(Some((project, checkout)))
}

/// Returns whether a path, relative to its checkout, lies in what MAOS keeps of its
/// own there.
fn is_owned(path: &Path) -> bool {
    path.starts_with(".maos") || path.starts_with(".claude/worktrees")
}

/// Returns the project's checkout as git is told of it.
fn checkout_of(project: &Project) -> Result<Checkout, Error> {
    let git_dir = project.git_dir.clone();
    let git_dir = git_dir.ok_or_else(|| Error::NoGit(project.checkout.clone()))?;
    Ok(Checkout {
        git_dir,
        folder: project.checkout.clone(),
    })
}
