//! Whether work has been merged: by what it changes, not by its commits alone,
//! since a squash or a rebase leaves none of those.

use super::git::{Checkout, Git, GitError};
use super::name;

/// The commits that work is merged into, as one asks git for them: what is
/// checked out, and what the remote has of it.
const TARGETS: [&str; 3] = ["HEAD", "@{upstream}", "refs/remotes/origin/HEAD"];

/// Returns whether what a commit changed since `base` is somewhere else: the
/// commit is in a branch that is no agent's, or to merge it into the branch of
/// the checkout, or into what the remote has of that, would change nothing.
/// Nothing that is not in one of them certainly counts as merged. Blocks while
/// git works.
///
/// # Errors
/// When git fails.
pub(super) fn is_merged(checkout: &Checkout, base: &str, tip: &str) -> Result<bool, GitError> {
    if is_in_a_branch(checkout, tip)? {
        return Ok(true);
    }
    for target in TARGETS {
        let target = format!("{target}^{{commit}}");
        let find = [
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &target,
        ];
        // Without a remote, git fails in more ways than one.
        let Ok(Some(target)) = Git::reading(checkout).find(&find) else {
            continue;
        };
        if adds_nothing(checkout, base, tip, &target)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Returns whether a branch that is no agent's has the commit. An agent's branch
/// that was pushed is an agent's.
fn is_in_a_branch(checkout: &Checkout, tip: &str) -> Result<bool, GitError> {
    let contains = format!("--contains={tip}");
    let list = [
        "for-each-ref",
        "--format=%(refname)",
        &contains,
        "refs/heads",
        "refs/remotes",
    ];
    let names = Git::reading(checkout).line(&list)?;
    let is_an_agents = |reference: &str| {
        let local = reference.strip_prefix("refs/heads/");
        let remote = || reference.strip_prefix("refs/remotes/")?.split_once('/');
        let branch = local.or_else(|| remote().map(|(_, branch)| branch));
        branch.is_some_and(name::is_ours)
    };
    Ok(names.lines().any(|name| !is_an_agents(name)))
}

/// Returns whether the target stays as it is when what was changed from `base`
/// to `tip` is merged into it. A conflict is an answer: no.
fn adds_nothing(
    checkout: &Checkout,
    base: &str,
    tip: &str,
    target: &str,
) -> Result<bool, GitError> {
    let base = format!("--merge-base={base}");
    let merge = ["merge-tree", "--write-tree", &base, target, tip];
    let merged = match Git::writing(checkout).line(&merge) {
        Ok(tree) => tree,
        // In conflict, or a git that cannot do this.
        Err(GitError::Failed { code: Some(_), .. }) => return Ok(false),
        Err(error) => return Err(error),
    };
    let tree = format!("{target}^{{tree}}");
    Ok(merged == Git::reading(checkout).line(&["rev-parse", "--verify", &tree])?)
}

#[cfg(test)]
mod tests;
