//! What an agent's work is counted from.
//!
//! That is the commit that it started from, as long as its history goes back to
//! it. An agent may rewrite that: `git checkout -b fix main` and `git reset --hard
//! main` leave the snapshot of what the person has not committed, and a rebase
//! copies it. Counted from the snapshot all the same, such work would take away
//! what the person has not committed. So what counts is what the history still
//! goes back to, unless all of the snapshot is in the work by its content.

use super::three_way;
use crate::project::Project;
use crate::workspace::git::{Checkout, Git, GitError};
use crate::workspace::{Error, checkout_of};

/// Who makes the commit without files: nobody, at no time, so that it is one.
const NOBODY: &str = "MAOS <maos@localhost> 0 +0000";

/// Returns the commit that the work up to `tip` is counted from, for an agent that
/// started at `base`. Starts git once where the history goes back to that.
///
/// # Errors
/// When git does not know one of them.
pub(in crate::workspace) fn start(
    checkout: &Checkout,
    base: &str,
    tip: &str,
) -> Result<String, GitError> {
    let shared = shared(checkout, base, tip)?;
    if shared == base || three_way::is_in(checkout, &shared, base, tip)? {
        return Ok(base.to_owned());
    }
    Ok(shared)
}

/// Returns the commit up to which the work up to `tip` is there already: `last`,
/// which came back, or where nothing has, [`start`]. What came back counts as long
/// as the work has it, or has put something else in its place since; not where the
/// agent began anew.
///
/// # Errors
/// When git does not know one of them.
pub fn since(
    project: &Project,
    base: &str,
    last: Option<&str>,
    tip: &str,
) -> Result<String, Error> {
    let checkout = checkout_of(project)?;
    let start = |tip: &str| start(&checkout, base, tip);
    Ok(match last {
        Some(last) if last == tip || shared(&checkout, last, tip)? == last => last.to_owned(),
        Some(last) => {
            let begun = start(tip)?;
            match begun == start(last)? {
                true => last.to_owned(),
                false => begun,
            }
        }
        None => start(tip)?,
    })
}

/// Returns the newest commit that both histories go back to; one without files
/// where there is none.
fn shared(checkout: &Checkout, one: &str, other: &str) -> Result<String, GitError> {
    if one == other {
        return Ok(one.to_owned());
    }
    let find = ["merge-base", "--end-of-options", one, other];
    match Git::reading(checkout).without_index().find(&find)? {
        Some(shared) => Ok(shared),
        None => nothing(checkout),
    }
}

/// Makes a commit without files, the same each time.
fn nothing(checkout: &Checkout) -> Result<String, GitError> {
    let git = || Git::writing(checkout).without_index();
    let tree = git().input("").line(&["mktree"])?;
    let text = format!("tree {tree}\nauthor {NOBODY}\ncommitter {NOBODY}\n\nno files\n");
    let write = ["hash-object", "-t", "commit", "-w", "--stdin"];
    git().input(text).line(&write)
}

#[cfg(test)]
mod tests;
