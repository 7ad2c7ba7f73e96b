//! Which work the main checkout's branch contains.

use super::{Error, checkout_of, elsewhere, git::Git};
use crate::project::Project;
use std::collections::BTreeSet;

/// Returns the branches, without `refs/heads/`, whose commits are all in the
/// branch that the project's main checkout is on. Starts git once, and blocks
/// while it works.
///
/// # Errors
/// When there is no repository, or no commit in it.
pub fn merged_branches(project: &Project) -> Result<BTreeSet<String>, Error> {
    let main = Project::find(&project.main, None, None)?;
    let git = Git::reading(&checkout_of(&main)?);
    let names = git.run(&[
        "for-each-ref",
        "--merged=HEAD",
        "--format=%(refname:lstrip=2)",
        "refs/heads/",
    ])?;
    let names = String::from_utf8_lossy(&names);
    Ok(names.lines().map(str::to_owned).collect())
}

/// Returns whether what `tip`, on the branch `own`, changed since `base` is in
/// a branch that is no agent's: by what it changes, so also behind a squash or a
/// rebase. Starts git some times, and blocks while it works.
///
/// # Errors
/// When there is no repository, and with git's own reason.
pub fn is_merged(
    project: &Project,
    base: &str,
    tip: &str,
    own: Option<&str>,
) -> Result<bool, Error> {
    let main = Project::find(&project.main, None, None)?;
    Ok(elsewhere::is_merged(&checkout_of(&main)?, base, tip, own)?)
}

#[cfg(test)]
mod tests {
    use super::super::scratch::Scratch;
    use super::*;

    #[test]
    fn a_branch_counts_once_its_commits_are_in() {
        let scratch = Scratch::with_repository();
        let workspace = scratch.workspace("a1");
        let folder = workspace.path.to_str().unwrap().to_owned();
        scratch.write(workspace.path.join("new.txt"), "x");
        scratch.git(&folder, &["add", "-A"]);
        scratch.git(&folder, &["commit", "-q", "-m", "work"]);
        let merged = || merged_branches(&scratch.project("main")).unwrap();
        assert!(!merged().contains(&workspace.branch));
        scratch.git("main", &["merge", "-q", &workspace.branch]);
        assert!(merged().contains(&workspace.branch), "{:?}", merged());
        let from_workspace = merged_branches(&scratch.project(&folder)).unwrap();
        assert_eq!(from_workspace, merged());
    }
}
