//! Keeping what is on no branch: a commit of all files as they are, under
//! `refs/maos/rescue/`. It is built with an index of its own; the workspace, its
//! index and its branch stay as they are.

use super::Error;
use super::git::{Checkout, Git, GitError};
use crate::state::atomic;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// Where the references lie that keep rescued work.
pub(super) const RESCUE: &str = "refs/maos/rescue";
/// How much of a commit's id is in a reference's name, characters.
const SHORT: usize = 12;
/// Who commits where the user has not said who they are.
const NAME: &str = "user.name=MAOS agent";
const EMAIL: &str = "user.email=maos@localhost";

/// Returns a new commit that holds the files of a checkout as they are, without
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
    let git = || Git::writing(checkout).index(&index.path);
    let head = head(checkout)?;
    let before = head.as_ref().map(|head| tree(checkout, head)).transpose()?;
    // An index in conflict is no tree; the files hold both sides.
    let staged = git().line(&["write-tree"]).ok();
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

/// Adds every file that git does not ignore, and every deletion, to the index.
///
/// # Errors
/// When git fails.
pub(super) fn add_all(git: Git, excluded: &[&Path]) -> Result<(), GitError> {
    let mut paths = b":(top)\0".to_vec();
    for path in excluded {
        paths.extend_from_slice(b":(top,exclude,literal)");
        paths.extend_from_slice(path.as_os_str().as_bytes());
        paths.push(0);
    }
    let add = [
        "add",
        "--all",
        "--pathspec-from-file=-",
        "--pathspec-file-nul",
    ];
    git.input(paths).run(&add).map(drop)
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
    if !Git::reading(checkout).line(&list)?.is_empty() {
        return Ok(None);
    }
    keep(checkout, &head).map(|(_, reference)| Some(reference))
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
fn missing_identity(checkout: &Checkout) -> Result<Vec<&'static str>, GitError> {
    let get = [
        "config",
        "--name-only",
        "--get-regexp",
        r"^user\.(name|email)$",
    ];
    let known = Git::reading(checkout).find(&get)?.unwrap_or_default();
    let is_missing = |setting: &&str| {
        let key = setting.split('=').next().unwrap_or_default();
        !known.lines().any(|line| line == key)
    };
    Ok([NAME, EMAIL].into_iter().filter(is_missing).collect())
}

/// A copy of a checkout's index, gone when it is dropped.
struct Index {
    path: PathBuf,
}

impl Index {
    fn copy(checkout: &Checkout) -> Result<Self, Error> {
        let source = checkout.git_dir.join("index");
        let copy = Self {
            path: atomic::temporary_name(&source),
        };
        match copy.fill(&source) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(Error::io("copy the index", source)(error))
            }
            // Without an index git starts an empty one.
            _ => Ok(copy),
        }
    }

    /// Git takes a file for changed, whatever its size and time say, when it is
    /// as new as the index; so the copy must not look newer than it is.
    fn fill(&self, source: &Path) -> io::Result<()> {
        let time = source.metadata()?.modified()?;
        fs::copy(source, &self.path)?;
        File::options()
            .write(true)
            .open(&self.path)?
            .set_modified(time)
    }
}

impl Drop for Index {
    fn drop(&mut self) {
        let mut lock = OsString::from(&self.path);
        lock.push(".lock");
        // What stays goes with the workspace's git directory.
        let _ = fs::remove_file(&self.path);
        let _ = fs::remove_file(lock);
    }
}

#[cfg(test)]
mod tests;
