//! What a checkout has that its commit has not.

use super::git::{Checkout, Git, GitError};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// One path that differs from the commit: in the index, in the files, or both.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Change {
    /// The path, relative to the checkout.
    pub(super) path: PathBuf,
    /// It is staged.
    pub(super) is_staged: bool,
    /// It is staged that it is gone.
    pub(super) is_removed: bool,
    /// It is in conflict.
    pub(super) is_unmerged: bool,
    /// It is the folder of another repository, of which git adds nothing.
    pub(super) is_repository: bool,
    /// It is a submodule in which something is not committed, of which git adds
    /// nothing either.
    pub(super) is_open_inside: bool,
}

/// A checkout as it is at one moment.
#[derive(Debug, Default)]
pub(super) struct Status {
    /// The checked out commit, in full; nothing on a branch without one.
    pub(super) head: Option<String>,
    /// Every path that differs, untracked files one by one, ignored ones not at
    /// all.
    pub(super) changes: Vec<Change>,
}

/// What counts as a change of a submodule.
#[derive(Clone, Copy, Debug)]
pub(super) enum Submodules {
    /// Another commit.
    Commits,
    /// Any difference in it.
    All,
}

/// Returns every path that differs, with any difference of a submodule.
///
/// # Errors
/// When git fails.
pub(super) fn changes(checkout: &Checkout) -> Result<Vec<Change>, GitError> {
    look(Git::reading(checkout), Submodules::All).map(|status| status.changes)
}

/// Returns how the checkout of a git that reads differs from its commit.
///
/// # Errors
/// When git fails.
pub(super) fn look(git: Git, submodules: Submodules) -> Result<Status, GitError> {
    let ignored = match submodules {
        Submodules::Commits => "--ignore-submodules=dirty",
        Submodules::All => "--ignore-submodules=none",
    };
    let status = [
        "status",
        "--porcelain=v2",
        "--branch",
        "-z",
        "--untracked-files=all",
        "--no-renames",
        ignored,
    ];
    let text = git.run(&status)?;
    let mut status = Status::default();
    for line in text.split(|byte| *byte == 0) {
        if let Some(commit) = line.strip_prefix(b"# branch.oid ") {
            let commit = String::from_utf8_lossy(commit).into_owned();
            status.head = Some(commit).filter(|commit| commit != "(initial)");
        } else {
            status.changes.extend(Change::parse(line));
        }
    }
    Ok(status)
}

impl Change {
    /// Reads one line (`git-status(1)`, "Porcelain Format Version 2"): behind
    /// its kind, states, modes and ids, the path is its last field.
    fn parse(line: &[u8]) -> Option<Self> {
        let fields = match line.first()? {
            b'1' => 9,
            b'u' => 11,
            b'?' => 2,
            _ => return None,
        };
        let fields: Vec<&[u8]> = line.splitn(fields, |byte| *byte == b' ').collect();
        let (kind, path) = (*fields.first()?, *fields.last()?);
        let bare = path.strip_suffix(b"/");
        Some(Self {
            path: PathBuf::from(OsStr::from_bytes(bare.unwrap_or(path))),
            is_staged: kind != b"?" && !fields.get(1)?.starts_with(b"."),
            is_removed: kind == b"1" && fields.get(1)?.starts_with(b"D"),
            is_unmerged: kind == b"u",
            is_repository: bare.is_some(),
            // `S<commit><modified><untracked>`.
            is_open_inside: kind != b"?"
                && matches!(fields.get(2), Some([b'S', _, rest @ ..]) if rest != b".."),
        })
    }
}

/// Returns the files, relative to the checkout, that git was told not to look
/// at and that are there all the same: a change of one shows nowhere.
///
/// # Errors
/// When git fails.
pub(super) fn hidden(checkout: &Checkout) -> Result<Vec<PathBuf>, GitError> {
    let list = ["ls-files", "-v", "-z", "--cached"];
    let text = Git::reading(checkout).run(&list)?;
    let lines = text.split(|byte| *byte == 0);
    // `H a.txt`: a small letter is `assume-unchanged`, S is `skip-worktree`.
    let hidden = lines.filter_map(|line| match line.split_first_chunk::<2>()? {
        ([b'a'..=b'z' | b'S', b' '], path) => Some(PathBuf::from(OsStr::from_bytes(path))),
        _ => None,
    });
    let is_there = |path: &PathBuf| checkout.folder.join(path).symlink_metadata().is_ok();
    Ok(hidden.filter(is_there).collect())
}

/// Returns the operation that is unfinished in a checkout, as one says it.
pub(super) fn operation(git_dir: &Path, changes: &[Change]) -> Option<&'static str> {
    let signs = [
        ("rebase-merge", "a rebase"),
        ("rebase-apply", "a rebase"),
        ("MERGE_HEAD", "a merge"),
        ("CHERRY_PICK_HEAD", "a cherry-pick"),
        ("REVERT_HEAD", "a revert"),
    ];
    let found = signs
        .iter()
        .find(|(sign, _)| git_dir.join(sign).symlink_metadata().is_ok());
    let conflict = || changes.iter().any(|change| change.is_unmerged);
    found
        .map(|(_, operation)| *operation)
        .or_else(|| conflict().then_some("a conflict"))
}
