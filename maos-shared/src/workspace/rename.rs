//! Renaming a workspace's branch once the agent's type is known: the client
//! asks for the worktree before it says which agent will work there.

use super::git::Git;
use super::marker::Marker;
use super::{Error, Workspace, create, name, open};
use std::path::Path;

/// Returns the workspace with its branch named after the agent's type:
/// `agent/<type>/<short id>`. The folder keeps its name. Where the branch is
/// not `agent/agent/…`, is not checked out any more, or the new name is taken,
/// the workspace is returned as it is. Killed at any moment, it leaves a
/// workspace on one of the two branches, both at the same commit.
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
    if git().find(&["symbolic-ref", "-q", "HEAD"])?.as_ref() != Some(&old) {
        return Ok(current);
    }
    let tip = git().line(&["rev-parse", "--verify", &old])?;
    let none = "0".repeat(tip.len());
    if git().run(&["update-ref", &new, &tip, &none]).is_err() {
        return Ok(current);
    }
    git().run(&["symbolic-ref", "-m", "maos: rename", "HEAD", &new])?;
    let marker = Marker {
        branch: renamed.clone(),
        ..marker
    };
    marker
        .replace(&checkout.git_dir)
        .map_err(Error::io("write the marker of", &workspace.path))?;
    git().run(&["update-ref", "-d", &old, &tip])?;
    Ok(Workspace {
        branch: renamed,
        ..current
    })
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
