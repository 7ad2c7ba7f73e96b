//! Making commits: no hook runs, nothing is signed, and no name needs to be
//! configured.

use super::filters;
use super::git::{Checkout, Git, GitError};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// Who commits where the user has not said who they are.
const NAME: &str = "user.name=MAOS agent";
const EMAIL: &str = "user.email=maos@localhost";

/// Adds every file that git does not ignore, and every deletion, to the index.
///
/// # Errors
/// When git fails, for example at a file that cannot be read.
pub(super) fn add_all(git: Git, excluded: &[&Path]) -> Result<(), GitError> {
    add(git, &["--all"], excluded)
}

/// As [`add_all`], but a file that cannot be added, because it cannot be read
/// or a filter fails, stays as it is in the index, and all others are added, of which
/// `paths` have changed. Returns git's words about the files that were left out.
///
/// # Errors
/// When git fails in another way.
pub(super) fn add_what_can_be(
    checkout: &Checkout,
    git: &dyn Fn() -> Git,
    paths: &[&Path],
    excluded: &[&Path],
) -> Result<Option<GitError>, GitError> {
    let add = |excluded: &[&Path]| match add(git(), &["--all", "--ignore-errors"], excluded) {
        Err(error @ GitError::Failed { .. }) if !error.is_contention() => Ok(Some(error)),
        added => added.map(|()| None),
    };
    let Some(error) = add(excluded)? else {
        return Ok(None);
    };
    // It stops at the first file whose filter fails.
    let filtered = filters::filtered(Git::reading(checkout), paths)?;
    let filtered = filtered.iter().map(PathBuf::as_path);
    let excluded: Vec<&Path> = excluded.iter().copied().chain(filtered).collect();
    add(&excluded)?;
    Ok(Some(error))
}

fn add(git: Git, options: &[&str], excluded: &[&Path]) -> Result<(), GitError> {
    let mut paths = b":(top)\0".to_vec();
    for path in excluded {
        paths.extend_from_slice(b":(top,exclude,literal)");
        paths.extend_from_slice(path.as_os_str().as_bytes());
        paths.push(0);
    }
    // Files outside a sparse checkout are files.
    let from = ["--sparse", "--pathspec-from-file=-", "--pathspec-file-nul"];
    let add = [&["add"], options, &from].concat();
    git.input(paths).run(&add).map(drop)
}

/// Brings paths in the index to what the checkout has of them, added, changed or
/// gone. Git looks at no others, which is faster than [`add_all`] by a look at
/// every file.
///
/// # Errors
/// When git fails, for example at a file that cannot be read; the index is as it
/// was then.
pub(super) fn add_these(git: Git, paths: &[&Path]) -> Result<(), GitError> {
    let mut input = Vec::new();
    for path in paths {
        input.extend_from_slice(path.as_os_str().as_bytes());
        input.push(0);
    }
    let update = ["update-index", "--add", "--remove", "--replace"];
    let from = ["-z", "--stdin"];
    git.input(input)
        .run(&[&update[..], &from].concat())
        .map(drop)
}

/// Brings paths in the index back to what the checked out commit has of them,
/// also where they are in conflict.
///
/// # Errors
/// When git fails.
pub(super) fn unstage(git: Git, paths: &[&Path]) -> Result<(), GitError> {
    if paths.is_empty() {
        return Ok(());
    }
    let mut input = Vec::new();
    for path in paths {
        input.extend_from_slice(b":(top,literal)");
        input.extend_from_slice(path.as_os_str().as_bytes());
        input.push(0);
    }
    let reset = [
        "reset",
        "--quiet",
        "--pathspec-from-file=-",
        "--pathspec-file-nul",
    ];
    git.input(input).run(&reset).map(drop)
}

/// Returns a new commit of a tree. It is on no branch, runs no hook and is not
/// signed.
///
/// # Errors
/// When git fails.
pub(super) fn commit(
    checkout: &Checkout,
    tree: &str,
    parents: &[String],
    message: &str,
) -> Result<String, GitError> {
    let mut git = Git::writing(checkout)
        .setting("i18n.commitEncoding=UTF-8")
        .input(message.replace('\0', ""));
    for setting in missing_identity(checkout)? {
        git = git.setting(setting);
    }
    let mut arguments = vec!["commit-tree", tree, "-F", "-"];
    for parent in parents {
        arguments.extend(["-p", parent]);
    }
    git.line(&arguments)
}

/// Returns the checked out commit, or nothing on a branch without one.
///
/// # Errors
/// When git fails.
pub(super) fn head(checkout: &Checkout) -> Result<Option<String>, GitError> {
    Git::reading(checkout).find(&["rev-parse", "--verify", "--quiet", "HEAD^{commit}"])
}

/// Returns the tree of a commit.
///
/// # Errors
/// When git fails.
pub(super) fn tree(checkout: &Checkout, commit: &str) -> Result<String, GitError> {
    let tree = format!("{commit}^{{tree}}");
    Git::reading(checkout).line(&["rev-parse", "--verify", &tree])
}

/// Returns the settings that stand in for what the user has not configured.
pub(super) fn missing_identity(checkout: &Checkout) -> Result<Vec<&'static str>, GitError> {
    let get = ["config", "--get-regexp", r"^user\.(name|email)$"];
    let known = Git::reading(checkout).find(&get)?.unwrap_or_default();
    // The last one counts; git takes one without a value for none.
    let is_missing = |setting: &&str| {
        let key = setting.split('=').next().unwrap_or_default();
        let mut values = known.lines().filter_map(|line| line.strip_prefix(key));
        values
            .next_back()
            .is_none_or(|value| value.trim().is_empty())
    };
    Ok([NAME, EMAIL].into_iter().filter(is_missing).collect())
}
