//! Looking at agents' work without touching anything: what it changes, and what
//! it does not fit.

use super::join::Piece;
use super::three_way::{self, Conflict, Merged};
use crate::project::Project;
use crate::workspace::git::{Checkout, Git, GitError};
use crate::workspace::{Error, Workspace, changes, checkout_of, commit, open, snapshot, status};

/// Returns what a piece of work changes, as `git diff` writes it with these
/// options (`--stat`, `--name-only`, or none).
///
/// # Errors
/// With git's own reason.
pub fn diff(project: &Project, base: &str, tip: &str, options: &[&str]) -> Result<Vec<u8>, Error> {
    let checkout = checkout_of(project)?;
    let diff = ["diff", "--no-ext-diff", "--no-textconv", "--no-color"];
    let diff = [&diff[..], options, &["--end-of-options", base, tip, "--"]].concat();
    Ok(Git::reading(&checkout).run(&diff)?)
}

/// Returns the files that a piece of work changes, relative to the repository, each
/// by its name alone, sorted.
///
/// # Errors
/// With git's own reason.
pub fn changed_files(project: &Project, base: &str, tip: &str) -> Result<Vec<String>, Error> {
    let git = Git::reading(&checkout_of(project)?);
    Ok(changes::files_between(git, base, tip)?)
}

/// Returns the last commit of an agent's work: what its workspace has checked out,
/// on whatever branch or none. Where that is gone, or in the middle of a rebase or
/// the like, it is its branch, unless the agent stopped at a commit (`stopped`)
/// that this does not have. Nothing where there is none of them.
///
/// # Errors
/// With git's own reason.
pub fn tip(
    project: &Project,
    workspace: &Workspace,
    stopped: Option<&str>,
) -> Result<Option<String>, Error> {
    if let Some((_, inside)) = open(&workspace.path)?
        && status::operation(&inside.git_dir, &[]).is_none()
        && let Some(head) = commit::head(&inside)?
    {
        return Ok(Some(head));
    }
    let checkout = checkout_of(project)?;
    let git = || Git::reading(&checkout).without_index();
    let reference = format!("refs/heads/{}^{{commit}}", workspace.branch);
    let branch = git().find(&["rev-parse", "--verify", "--quiet", &reference])?;
    let (Some(branch), Some(stopped)) = (&branch, stopped) else {
        return Ok(branch.or_else(|| stopped.map(str::to_owned)));
    };
    let is_in = ["merge-base", "--is-ancestor", stopped, branch];
    let newest = match git().judge(&is_in) {
        Ok((false, _)) => stopped,
        // Or nobody has that commit any more.
        Ok((true, _)) | Err(GitError::Failed { .. }) => branch,
        Err(error) => return Err(error.into()),
    };
    Ok(Some(newest.to_owned()))
}

/// Returns a commit of the files of a workspace as they are, for comparisons: nothing
/// refers to it. Nothing where the workspace is gone. Blocks while git looks at the
/// files.
///
/// # Errors
/// With git's own reason.
pub fn files_of(workspace: &Workspace) -> Result<Option<String>, Error> {
    let Some((_, inside)) = open(&workspace.path)? else {
        return Ok(None);
    };
    Ok(Some(snapshot::of(&inside)?.commit))
}

/// Returns the commit that is checked out; nothing where there is none yet.
///
/// # Errors
/// With git's own reason.
pub fn head(project: &Project) -> Result<Option<String>, Error> {
    Ok(commit::head(&checkout_of(project)?)?)
}

/// Returns the paths at which a piece of work conflicts with what is checked
/// out; none where it fits.
///
/// # Errors
/// With git's own reason.
pub fn clash_here(project: &Project, piece: &Piece) -> Result<Vec<Conflict>, Error> {
    let checkout = checkout_of(project)?;
    let head = commit::head(&checkout)?;
    let head = head.ok_or_else(|| Error::NoCommit(checkout.folder.clone()))?;
    clash_with(&checkout, piece, &head)
}

/// Returns the paths at which a piece of work conflicts with the files of a
/// checkout as they are, uncommitted changes and all; none where it fits.
///
/// # Errors
/// With git's own reason.
pub fn clash_with_files(project: &Project, piece: &Piece) -> Result<Vec<Conflict>, Error> {
    let checkout = checkout_of(project)?;
    let files = snapshot::of(&checkout)?;
    clash_with(&checkout, piece, &files.tree)
}

/// Returns the paths at which two pieces of work conflict when the one is merged
/// into what is checked out and then the other; none where they fit.
///
/// # Errors
/// With git's own reason.
pub fn clash(project: &Project, one: &Piece, other: &Piece) -> Result<Vec<Conflict>, Error> {
    let checkout = checkout_of(project)?;
    let head = commit::head(&checkout)?;
    let head = head.ok_or_else(|| Error::NoCommit(checkout.folder.clone()))?;
    let with_one = match three_way::merge(&checkout, &one.base, &head, &one.tip)? {
        Merged::Clean(tree) => tree,
        // It does not fit there either; what counts is the two of them.
        Merged::Conflict { .. } => one.tip.clone(),
    };
    clash_with(&checkout, other, &with_one)
}

fn clash_with(checkout: &Checkout, piece: &Piece, ours: &str) -> Result<Vec<Conflict>, Error> {
    match three_way::merge(checkout, &piece.base, ours, &piece.tip)? {
        Merged::Clean(_) => Ok(Vec::new()),
        Merged::Conflict { conflicts, .. } => Ok(conflicts),
    }
}
