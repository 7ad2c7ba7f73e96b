//! Renaming a workspace's branch once the agent's type is known: the client
//! asks for the worktree before it says which agent will work there.

use super::git::{Checkout, Git, GitError};
use super::marker::Marker;
use super::{Error, Workspace, create, name, open};
use std::path::Path;

/// Returns the workspace with its branch named after the agent's type:
/// `agent/<type>/<short id>`. The folder keeps its name. Where the branch is
/// not `agent/agent/…`, is not checked out any more, or the new name is taken,
/// the workspace is returned as it is.
///
/// Safe at any kill: the new branch is made, checked out, the old one deleted,
/// and last the marker tells. Until then the next call finds the old name in
/// the marker and takes the steps that are missing.
///
/// # Errors
/// When the path is not a workspace of this program's, and with git's reason.
pub fn rename_branch(workspace: &Workspace, kind: &str) -> Result<Workspace, Error> {
    let Some((project, checkout)) = open(&workspace.path)? else {
        return Err(Error::NotWorkspace(workspace.path.clone()));
    };
    let common_dir = project
        .git_common_dir
        .as_deref()
        .unwrap_or(&checkout.git_dir);
    let _lock = create::lock(common_dir)?;
    let Some(marker) = load(&checkout.git_dir, &workspace.path)? else {
        return Err(Error::NotWorkspace(workspace.path.clone()));
    };
    let current = Workspace {
        branch: marker.branch.clone(),
        base: marker.base.clone(),
        ..workspace.clone()
    };
    let Some(renamed) = renamed(&marker.branch, kind) else {
        return Ok(current);
    };
    let (old, new) = (
        format!("refs/heads/{}", marker.branch),
        format!("refs/heads/{renamed}"),
    );
    let git = || Git::writing(&checkout);
    let head = git().find(&["symbolic-ref", "-q", "HEAD"])?;
    if head.as_ref() == Some(&old) {
        if !is_made(&checkout, &old, &new)? {
            return Ok(current);
        }
        git().run(&["symbolic-ref", "-m", "maos: rename", "HEAD", &new])?;
    } else if head.as_ref() != Some(&new) {
        return Ok(current);
    }
    drop_old(&checkout, &old, &new)?;
    let marker = Marker {
        branch: renamed.clone(),
        ..marker
    };
    marker
        .replace(&checkout.git_dir)
        .map_err(Error::io("write the marker of", &workspace.path))?;
    Ok(Workspace {
        branch: renamed,
        ..current
    })
}

/// Makes the new branch where the old one is. Returns whether it is there: a
/// call that was killed may have made it, but then nobody works on it.
fn is_made(checkout: &Checkout, old: &str, new: &str) -> Result<bool, GitError> {
    let tip = Git::reading(checkout).line(&["rev-parse", "--verify", old])?;
    let none = "0".repeat(tip.len());
    let update = ["update-ref", new, &tip, &none];
    if Git::writing(checkout).run(&update).is_ok() {
        return Ok(true);
    }
    let format = "--format=%(objectname) %(worktreepath)";
    let found = Git::reading(checkout).line(&["for-each-ref", format, new])?;
    Ok(found.trim_end() == tip)
}

/// Deletes the old branch, unless it has what the new one has not.
fn drop_old(checkout: &Checkout, old: &str, new: &str) -> Result<(), GitError> {
    let git = || Git::writing(checkout);
    let Some(tip) = git().find(&["rev-parse", "--verify", "--quiet", old])? else {
        return Ok(());
    };
    let contained = ["merge-base", "--is-ancestor", &tip, new];
    if git().find(&contained)?.is_some() {
        git().run(&["update-ref", "-d", old, &tip])?;
    }
    Ok(())
}

/// Returns the name that a branch gets, if it is one that waits for a type.
fn renamed(branch: &str, kind: &str) -> Option<String> {
    let unknown = name::safe_kind("");
    let kind = name::safe_kind(kind);
    let short = branch.strip_prefix(&name::agent_branch(&unknown, ""))?;
    (kind != unknown).then(|| name::agent_branch(&kind, short))
}

fn load(git_dir: &Path, path: &Path) -> Result<Option<Marker>, Error> {
    Marker::load(git_dir).map_err(Error::io("read the marker of", path))
}

#[cfg(test)]
mod tests;
