//! Why a workspace could not be made, kept or removed. The texts are shown to
//! the model and to the user, so each says what to do.

use super::git::GitError;
use crate::project;
use std::io;
use std::path::PathBuf;

/// Why an operation on a workspace failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The folder has no git repository.
    #[error(
        "{0:?} is not in a git repository, so no agent can have a workspace there; \
         run `git init` and make a first commit, or let the agents share the folder"
    )]
    NoGit(PathBuf),
    /// The repository has no commit to start from.
    #[error(
        "the checkout {0:?} has no commit yet, so a workspace has nothing to start from; \
         make one, for example `git commit --allow-empty -m start`"
    )]
    NoCommit(PathBuf),
    /// The settings name a base that git does not know.
    #[error(
        "{0:?} names no commit here, so a workspace has nothing to start from; \
         mend `workspace.base` in maos.toml, or fetch that commit"
    )]
    NoBase(String),
    /// The base is to come from a checkout of another repository.
    #[error("{0:?} is no checkout of this project's repository; start from one that is")]
    OtherRepository(PathBuf),
    /// Every name for the workspace is taken.
    #[error("every name for a workspace like {0:?} is taken; remove some of the old ones")]
    NoName(String),
    /// The folder of workspaces leads elsewhere.
    #[error(
        "{0:?} does not lie where its name says, a link leads elsewhere; \
         workspaces are made in real folders only: remove the link"
    )]
    Link(PathBuf),
    /// The folder is no workspace.
    #[error(
        "{0:?} is not a workspace: no worktree of its own is there; \
         work in the folder that the agent was given"
    )]
    NotWorkspace(PathBuf),
    /// The folder is not removed, as it is no workspace of this program's.
    #[error("{path:?} is not removed: {problem}")]
    NotOurs {
        /// The folder.
        path: PathBuf,
        /// What is missing for it to be one.
        problem: &'static str,
    },
    /// A merge, rebase or the like is unfinished in the workspace.
    #[error(
        "{operation} is unfinished in {path:?}, so nothing was committed on its branch; \
         all its files as they are were kept as commit {commit} under {kept}; \
         finish it there, or take the files from that commit"
    )]
    Unfinished {
        /// The workspace.
        path: PathBuf,
        /// `a merge`, `a rebase`, …
        operation: &'static str,
        /// The commit that holds every file.
        commit: String,
        /// The reference that keeps it.
        kept: String,
    },
    /// Another process kept the workspace's index locked.
    #[error(
        "the index of {path:?} stayed locked, so nothing was committed on its branch; \
         all its files as they are were kept as commit {commit} under {kept}; \
         remove the file `index.lock` in {git_dir:?} when no git runs there"
    )]
    IndexLocked {
        /// The workspace.
        path: PathBuf,
        /// The folder of the lock.
        git_dir: PathBuf,
        /// The commit that holds every file.
        commit: String,
        /// The reference that keeps it.
        kept: String,
    },
    /// The workspace holds repositories of its own, which no commit can keep.
    #[error(
        "{path:?} is not removed: it holds the repository {inner:?}, which would be lost; \
         move that elsewhere, or delete it"
    )]
    InnerRepository {
        /// The workspace.
        path: PathBuf,
        /// The first such repository, relative to it.
        inner: PathBuf,
    },
    /// Nothing was rescued under a name.
    #[error("nothing was rescued under the name {0:?}; `maos rescue` lists what was")]
    NoRescue(String),
    /// More than one name begins like this.
    #[error("{0:?} is the beginning of several names; `maos rescue` lists them")]
    ManyRescues(String),
    /// A branch cannot be called that.
    #[error("git takes {0:?} for no name of a branch; choose another")]
    BranchName(String),
    /// There is such a branch.
    #[error("the branch {0:?} is not made: there is one already; choose another name")]
    BranchExists(String),
    /// A merge, rebase or the like is unfinished in the checkout that is to be
    /// merged into.
    #[error("{operation} is unfinished in {path:?}; finish it there, or abort it, then try again")]
    InTheWay {
        /// `a merge`, `a rebase`, …
        operation: &'static str,
        /// The checkout.
        path: PathBuf,
    },
    /// Files stand in the way of a merge that no commit has.
    #[error("nothing was changed: {reason}: {files}; move that away, then try again")]
    Obstructed {
        /// Why they stand in the way.
        reason: String,
        /// The files.
        files: String,
    },
    /// Git refused.
    #[error(transparent)]
    Git(#[from] GitError),
    /// The project could not be told.
    #[error(transparent)]
    Project(#[from] project::Error),
    /// The system refused.
    #[error("failed to {action} {path:?}: {source}")]
    Io {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
}

impl Error {
    /// Makes an [`Error::Io`] of a system's reason.
    pub(super) fn io(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io {
            action,
            path,
            source,
        }
    }
}
