//! Whose branch a workspace is on.
//!
//! An agent may check out any branch: its own, one that it made, or one that a
//! person has, with `--ignore-other-worktrees` even the one of the main checkout.
//! To move that on would change what is committed under the person's hands.

use super::Error;
use super::git::{Checkout, Git, GitError};
use super::marker::Marker;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Returns whether a commit in a workspace may move the branch that it is on: it is
/// the one that was made for it, or was made since and is checked out nowhere else.
/// A `HEAD` on no branch moves alone.
///
/// # Errors
/// When git fails, or the marker cannot be read.
pub(super) fn may_move_branch(checkout: &Checkout) -> Result<bool, Error> {
    let find = ["symbolic-ref", "-q", "HEAD"];
    let Some(head) = Git::reading(checkout).without_index().find(&find)? else {
        return Ok(true);
    };
    let marker = Marker::load(&checkout.git_dir)
        .map_err(Error::io("read the marker of", &checkout.folder))?;
    let Some(marker) = marker else {
        return Ok(false);
    };
    if head.strip_prefix("refs/heads/") == Some(&marker.branch) {
        return Ok(true);
    }
    let made = humantime::parse_rfc3339(&marker.created).ok();
    Ok(is_alone_on(checkout, &head)? && made.is_some_and(|made| is_since(checkout, &head, made)))
}

/// Returns whether no other worktree has the branch checked out.
fn is_alone_on(checkout: &Checkout, head: &str) -> Result<bool, GitError> {
    let list = ["worktree", "list", "--porcelain", "-z"];
    let list = Git::reading(checkout).without_index().run(&list)?;
    let line = format!("branch {head}");
    let on_it = list.split(|byte| *byte == 0);
    Ok(on_it.filter(|found| *found == line.as_bytes()).count() <= 1)
}

/// Returns whether a branch has moved only since `made`, by its log. One without a
/// log may be of any age; one without a commit is new.
fn is_since(checkout: &Checkout, head: &str, made: SystemTime) -> bool {
    let git = || Git::reading(checkout).without_index();
    if git()
        .run(&["rev-parse", "--verify", "--quiet", head])
        .is_err()
    {
        return true;
    }
    let log = ["reflog", "show", "--date=unix", "--format=%gd", head];
    let Ok(log) = git().line(&log) else {
        return false;
    };
    // `refs/heads/fix@{1700000000}`, the oldest last.
    let oldest = log.lines().last().and_then(|line| {
        let time = line.rsplit_once("@{")?.1.strip_suffix('}')?;
        time.parse().ok().map(Duration::from_secs)
    });
    // A log knows whole seconds.
    oldest.is_some_and(|oldest| UNIX_EPOCH + oldest + Duration::from_secs(1) > made)
}
