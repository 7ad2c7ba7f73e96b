//! Keeping what is on no branch: a commit of all files as they are, under
//! `refs/maos/rescue/`. It is built with an index of its own; the workspace, its
//! index and its branch stay as they are.

use super::commit::{add_all, commit, head, tree};
use super::git::{Checkout, Git, GitError};
use super::index::Index;
use super::status;
use super::{Error, merge};
use std::collections::BTreeSet;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// Where the references lie that keep rescued work.
pub(super) const RESCUE: &str = "refs/maos/rescue";
/// How much of a commit's id is in a reference's name, characters.
pub(super) const SHORT: usize = 12;

/// Returns a new commit that holds the files of a checkout as they are, also
/// those that git was told not to look at, without
/// what git ignores and without `excluded`; nothing when that is what its
/// commit holds. What is staged and differs from both is its second parent.
///
/// # Errors
/// When git fails, for example at a file that cannot be read.
pub(super) fn snapshot(
    checkout: &Checkout,
    message: &str,
    excluded: &[&Path],
) -> Result<Option<String>, Error> {
    let index = Index::copy(checkout)?;
    let git = || index.git(checkout);
    let head = head(checkout)?;
    let before = head.as_ref().map(|head| tree(checkout, head)).transpose()?;
    // An index in conflict is no tree; the files hold both sides.
    let staged = git().line(&["write-tree"]).ok();
    reveal(checkout, git)?;
    add_all(git(), excluded)?;
    let files = git().line(&["write-tree"])?;

    let mut parents: Vec<String> = head.iter().cloned().collect();
    let is_lost = |tree: &String| Some(tree) != before.as_ref() && *tree != files;
    if let Some(staged) = staged.filter(is_lost) {
        parents.push(commit(checkout, &staged, &parents, message)?);
    } else if Some(&files) == before.as_ref() {
        return Ok(None);
    }
    Ok(Some(commit(checkout, &files, &parents, message)?))
}

/// Lets git look at every file that is there, in this index.
fn reveal(checkout: &Checkout, git: impl Fn() -> Git) -> Result<(), GitError> {
    let hidden = status::hidden(checkout)?;
    if hidden.is_empty() {
        return Ok(());
    }
    let mut paths = Vec::new();
    for path in hidden {
        paths.extend_from_slice(path.as_os_str().as_bytes());
        paths.push(0);
    }
    for look in ["--no-assume-unchanged", "--no-skip-worktree"] {
        let update = ["update-index", look, "-z", "--stdin"];
        git().input(paths.clone()).run(&update)?;
    }
    Ok(())
}

/// Keeps a commit under a reference that is named after the workspace, and
/// returns its name. Another rescue of the same files is taken for this one.
///
/// # Errors
/// When git fails.
pub(super) fn keep(checkout: &Checkout, commit: &str) -> Result<(String, String), GitError> {
    let name = checkout.folder.file_name().unwrap_or_default();
    let name = super::name::component(&name.to_string_lossy());
    let git = || Git::reading(checkout);
    let format = "--format=%(objectname) %(refname) %(tree) %(parent)";
    let known = git().line(&["for-each-ref", format, &format!("{RESCUE}/{name}-*")])?;
    let shape = git().line(&["log", "-1", "--format=%T %P", commit, "--"])?;
    for line in known.lines() {
        let mut words = line.splitn(3, ' ');
        if let (Some(commit), Some(reference), Some(found)) =
            (words.next(), words.next(), words.next())
            && found.trim_end() == shape
        {
            return Ok((commit.to_owned(), reference.to_owned()));
        }
    }
    let short = &commit[..commit.len().min(SHORT)];
    let reference = format!("{RESCUE}/{name}-{short}");
    let update = ["update-ref", "-m", "maos: rescue", &reference, commit];
    Git::writing(checkout).run(&update)?;
    Ok((commit.to_owned(), reference))
}

/// Returns the reference that keeps the checked out commit when it is on no
/// branch, tag or remote, and nothing when it is.
///
/// # Errors
/// When git fails.
pub(super) fn keep_detached(checkout: &Checkout) -> Result<Option<String>, GitError> {
    let on_branch = Git::reading(checkout).find(&["symbolic-ref", "-q", "HEAD"])?;
    let (None, Some(head)) = (on_branch, head(checkout)?) else {
        return Ok(None);
    };
    let contains = format!("--contains={head}");
    let list = [
        "for-each-ref",
        "--count=1",
        "--format=%(refname)",
        &contains,
    ];
    let list = [
        &list[..],
        &["refs/heads", "refs/tags", "refs/remotes", RESCUE],
    ]
    .concat();
    let held = Git::reading(checkout).line(&list)?;
    match held.is_empty() {
        true => keep(checkout, &head).map(|(_, reference)| Some(reference)),
        false => Ok(Some(held).filter(|held| held.starts_with(RESCUE))),
    }
}

/// Keeps the commits that were checked out here and that an agent has left behind,
/// by a reset, an amendment or a rebase, as far as they hold what the checked out
/// one does not; returns a reference that keeps one. They are on no branch, and the
/// log that names them goes with the workspace. `base` is where the work began.
///
/// # Errors
/// When git fails.
pub(super) fn keep_left_behind(checkout: &Checkout, base: &str) -> Result<Option<String>, Error> {
    let git = || Git::reading(checkout).without_index();
    let Some(head) = head(checkout)? else {
        return Ok(None);
    };
    let seen = git().line(&["log", "-g", "--format=%H", "HEAD", "--"])?;
    let known = ["--not", "--branches", "--tags", "--remotes"];
    let ours = format!("--glob={RESCUE}");
    let list = [&["rev-list", "--stdin"], &known[..], &[&ours, &head, base]].concat();
    let lost = git().input(seen.clone()).line(&list)?;
    let seen: BTreeSet<&str> = seen.lines().collect();
    let lost: Vec<&str> = lost
        .lines()
        .filter(|commit| seen.contains(commit))
        .collect();
    if lost.is_empty() {
        return Ok(None);
    }
    let tips = [&["merge-base", "--independent"], &lost[..]].concat();
    let mut kept = None;
    for tip in git().line(&tips)?.lines() {
        let start = merge::start(checkout, base, tip)?;
        if !merge::is_in(checkout, &start, tip, &head)? {
            kept = Some(keep(checkout, tip)?.1);
        }
    }
    Ok(kept)
}

#[cfg(test)]
mod tests;
