//! Renaming a workspace's branch once the agent's type is known: the client
//! asks for the worktree before it says which agent will work there.

use super::git::{Checkout, Git};
use super::marker::Marker;
use super::{Error, Workspace, create, name, open};
use crate::state::lock::Lock;
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
    let lock = create::lock(common_dir)?;
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
    let renaming = Renaming {
        old: format!("refs/heads/{}", marker.branch),
        new: format!("refs/heads/{renamed}"),
        checkout: &checkout,
        lock,
    };
    if !renaming.carry_out()? {
        return Ok(current);
    }
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

/// The renaming of one branch, under the lock on creations. What writes holds
/// that too, so that it ends before another call looks, also where this process
/// is killed.
struct Renaming<'a> {
    checkout: &'a Checkout,
    lock: Lock,
    old: String,
    new: String,
}

impl Renaming<'_> {
    /// Takes every step that is missing but the marker's. Returns whether the
    /// new branch is checked out.
    fn carry_out(&self) -> Result<bool, Error> {
        let head = self.reading().find(&["symbolic-ref", "-q", "HEAD"])?;
        if head.as_ref() == Some(&self.old) {
            if !self.is_made()? {
                return Ok(false);
            }
            let checkout = ["symbolic-ref", "-m", "maos: rename", "HEAD", &self.new];
            self.writing()?.run(&checkout)?;
        } else if head.as_ref() != Some(&self.new) {
            return Ok(false);
        }
        self.drop_old()?;
        Ok(true)
    }

    /// Makes the new branch where the old one is. Returns whether it is there: a
    /// call that was killed may have made it, but then nobody works on it.
    fn is_made(&self) -> Result<bool, Error> {
        let tip = self.reading().line(&["rev-parse", "--verify", &self.old])?;
        let none = "0".repeat(tip.len());
        let update = ["update-ref", &self.new, &tip, &none];
        if self.writing()?.run(&update).is_ok() {
            return Ok(true);
        }
        let format = "--format=%(objectname) %(worktreepath)";
        let found = self.reading().line(&["for-each-ref", format, &self.new])?;
        Ok(found.trim_end() == tip)
    }

    /// Deletes the old branch, unless it has what the new one has not.
    fn drop_old(&self) -> Result<(), Error> {
        let find = ["rev-parse", "--verify", "--quiet", &self.old];
        let Some(tip) = self.reading().find(&find)? else {
            return Ok(());
        };
        let contained = ["merge-base", "--is-ancestor", &tip, &self.new];
        if self.reading().find(&contained)?.is_some() {
            self.writing()?
                .run(&["update-ref", "-d", &self.old, &tip])?;
        }
        Ok(())
    }

    fn reading(&self) -> Git {
        Git::reading(self.checkout)
    }

    fn writing(&self) -> Result<Git, Error> {
        let held = self
            .lock
            .share()
            .map_err(Error::io("hold the lock of", &self.checkout.git_dir))?;
        Ok(Git::writing(self.checkout).patient().holding(held))
    }
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
