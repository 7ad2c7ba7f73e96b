//! What a workspace has that its commit has not.

use super::git::{Checkout, Git, GitError};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// One path that differs from the commit: in the index, in the files, or both.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Change {
    /// The path, relative to the workspace.
    pub(super) path: PathBuf,
    /// It is staged.
    pub(super) is_staged: bool,
    /// It is in conflict.
    pub(super) is_unmerged: bool,
    /// It is the folder of another repository, of which git adds nothing.
    pub(super) is_repository: bool,
}

/// Returns every path that differs, untracked files one by one, ignored ones
/// not at all.
///
/// # Errors
/// When git fails.
pub(super) fn changes(checkout: &Checkout) -> Result<Vec<Change>, GitError> {
    let status = [
        "status",
        "--porcelain=v1",
        "-z",
        "--untracked-files=all",
        "--no-renames",
        "--ignore-submodules=none",
    ];
    let text = Git::reading(checkout).run(&status)?;
    let lines = text.split(|byte| *byte == 0);
    Ok(lines.filter_map(Change::parse).collect())
}

impl Change {
    /// Reads one line, `XY path` (`git-status(1)`, "Short Format").
    fn parse(line: &[u8]) -> Option<Self> {
        let (&[index, files, _], path) = line.split_first_chunk::<3>()?;
        let unmerged = [b"DD", b"AU", b"UD", b"UA", b"DU", b"AA", b"UU"];
        let bare = path.strip_suffix(b"/");
        Some(Self {
            path: PathBuf::from(OsStr::from_bytes(bare.unwrap_or(path))),
            is_staged: !matches!(index, b' ' | b'?'),
            is_unmerged: unmerged.contains(&&[index, files]),
            is_repository: bare.is_some(),
        })
    }
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
