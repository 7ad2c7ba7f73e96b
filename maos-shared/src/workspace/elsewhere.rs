//! Whether work has been merged: by what it changes, not by its commits alone,
//! since a squash or a rebase leaves none of those.

use super::git::{Checkout, Git, GitError};
use super::{merge, name};

/// What the remote has of the branch that is checked out, as one asks git for it.
const REMOTE: [&str; 2] = ["@{upstream}", "refs/remotes/origin/HEAD"];

/// Returns whether what a commit changed since `base` is somewhere else: the
/// commit is in a branch that is no agent's, or to merge it into the branch of
/// the checkout, or into what the remote has of that, would change nothing. A `HEAD`
/// on no branch holds nothing: a person looks at something, and goes on. `own` is
/// the branch that the work is on, if the agent has made one.
/// Nothing that is not in one of them certainly counts as merged. Blocks while
/// git works.
///
/// # Errors
/// When git fails.
pub(super) fn is_merged(
    checkout: &Checkout,
    base: &str,
    tip: &str,
    own: Option<&str>,
) -> Result<bool, GitError> {
    if is_in_a_branch(checkout, tip, own)? {
        return Ok(true);
    }
    let is_a_persons = |branch: &String| {
        let name = branch.strip_prefix("refs/heads/");
        name.is_some_and(|name| !name::is_ours(name) && Some(name) != own)
    };
    let branch = Git::reading(checkout).find(&["symbolic-ref", "-q", "HEAD"])?;
    let branch = branch.filter(is_a_persons);
    let targets = branch.iter().map(String::as_str).chain(REMOTE);
    let start = merge::start(checkout, base, tip)?;
    for target in targets {
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
        if merge::is_in(checkout, &start, tip, &target)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Returns whether a branch that is no agent's has the commit. An agent's branch
/// that was pushed is an agent's.
fn is_in_a_branch(checkout: &Checkout, tip: &str, own: Option<&str>) -> Result<bool, GitError> {
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
        branch.is_some_and(|branch| name::is_ours(branch) || Some(branch) == own)
    };
    Ok(names.lines().any(|name| !is_an_agents(name)))
}

#[cfg(test)]
mod tests;
