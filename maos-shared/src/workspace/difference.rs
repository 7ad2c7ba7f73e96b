//! What differs between two trees, path by path.

use super::git::{Checkout, Git, GitError};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

/// One path that two trees hold differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Change {
    /// The path from the root of the tree. As hostile as the tree is.
    pub(super) path: PathBuf,
    /// What the first tree has there.
    pub(super) old: Option<Entry>,
    /// What the second tree has there.
    pub(super) new: Option<Entry>,
}

/// What a tree holds at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// The mode as git writes it, such as `100644`.
    pub(super) mode: String,
    /// The object's id.
    pub(super) id: String,
}

impl Entry {
    /// Returns whether it is a file or a link.
    pub(super) fn is_file(&self) -> bool {
        matches!(&*self.mode, "100644" | "100755" | "120000")
    }

    /// Returns whether it is a file and no link.
    pub(super) fn is_regular(&self) -> bool {
        self.mode.starts_with("100")
    }

    /// Returns whether it is a file that can be run.
    pub(super) fn is_executable(&self) -> bool {
        self.mode == "100755"
    }

    /// Returns whether it is the commit of a submodule.
    pub(super) fn is_submodule(&self) -> bool {
        self.mode == "160000"
    }
}

/// Returns what differs from the tree (or commit) `from` to `to`; a rename is a
/// deletion and an addition. Blocks while git works.
///
/// # Errors
/// When git does not know one of them.
pub(super) fn between(checkout: &Checkout, from: &str, to: &str) -> Result<Vec<Change>, GitError> {
    let diff = [
        "diff-tree",
        "-r",
        "-z",
        "--raw",
        "--no-abbrev",
        "--no-renames",
        "--end-of-options",
        from,
        to,
        "--",
    ];
    let text = Git::reading(checkout).without_index().run(&diff)?;
    let mut fields = text.split(|byte| *byte == 0);
    let mut changes = Vec::new();
    while let (Some(line), Some(path)) = (fields.next(), fields.next()) {
        changes.extend(Change::parse(line, path));
    }
    Ok(changes)
}

impl Change {
    /// Reads `:old-mode new-mode old-id new-id status` (`git-diff-tree(1)`, "Raw
    /// output format").
    fn parse(line: &[u8], path: &[u8]) -> Option<Self> {
        let line = std::str::from_utf8(line).ok()?.strip_prefix(':')?;
        let mut words = line.split(' ');
        let mut next = || words.next();
        let (old_mode, new_mode, old_id, new_id) = (next()?, next()?, next()?, next()?);
        let entry = |mode: &str, id: &str| {
            (mode != "000000").then(|| Entry {
                mode: mode.to_owned(),
                id: id.to_owned(),
            })
        };
        Some(Self {
            path: PathBuf::from(OsStr::from_bytes(path)),
            old: entry(old_mode, old_id),
            new: entry(new_mode, new_id),
        })
    }
}
