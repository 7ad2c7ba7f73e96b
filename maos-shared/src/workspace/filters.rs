//! Files that programs of the user's translate between a commit and a checkout
//! (`gitattributes(5)`, "filter"), such as those of git-lfs and git-crypt.

use super::git::{Checkout, Git, GitError};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// Returns those of some paths, relative to the checkout, that have a filter.
///
/// # Errors
/// When git fails.
pub(super) fn filtered(checkout: &Checkout, paths: &[&Path]) -> Result<Vec<PathBuf>, GitError> {
    let mut input = Vec::new();
    for path in paths {
        input.extend_from_slice(path.as_os_str().as_bytes());
        input.push(0);
    }
    let check = ["check-attr", "--stdin", "-z", "filter"];
    let text = Git::reading(checkout).input(input).run(&check)?;
    let fields: Vec<&[u8]> = text.split(|byte| *byte == 0).collect();
    // Path, attribute, value.
    let has_filter = |fields: &&[&[u8]]| ![&b"unspecified"[..], b"unset"].contains(&fields[2]);
    let rows = fields.chunks_exact(3).filter(has_filter);
    Ok(rows
        .map(|fields| PathBuf::from(OsStr::from_bytes(fields[0])))
        .collect())
}
