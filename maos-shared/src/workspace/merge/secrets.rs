//! Files that may hold secrets, which an agent committed all the same: they stay on
//! its branch.

use crate::guard::is_secret_file;
use crate::workspace::Error;
use crate::workspace::difference;
use crate::workspace::git::Checkout;
use crate::workspace::index::Index;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

/// Returns a commit or tree that holds what `tip` changed since `base`, but for files
/// that may hold secrets, which are as they were; and which files these are.
///
/// # Errors
/// When git does not know one of them.
pub(super) fn without(
    checkout: &Checkout,
    base: &str,
    tip: &str,
) -> Result<(String, Vec<PathBuf>), Error> {
    let changes = difference::between(checkout, base, tip)?;
    let secret = changes.iter().filter(|change| is_secret_file(&change.path));
    let mut lines = Vec::new();
    let mut paths = Vec::new();
    for change in secret {
        let (mode, id) = match (&change.old, &change.new) {
            (Some(old), _) => (&*old.mode, &*old.id),
            // Mode 0 takes it out, whatever the id.
            (None, Some(new)) => ("0", &*new.id),
            (None, None) => continue,
        };
        lines.extend_from_slice(format!("{mode} {id}\t").as_bytes());
        lines.extend_from_slice(change.path.as_os_str().as_bytes());
        lines.push(0);
        paths.push(change.path.clone());
    }
    if paths.is_empty() {
        return Ok((tip.to_owned(), paths));
    }
    let index = Index::empty(checkout);
    let git = || index.git(checkout);
    git().run(&["read-tree", tip])?;
    let update = ["update-index", "-z", "--index-info"];
    git().input(lines).run(&update)?;
    Ok((git().line(&["write-tree"])?, paths))
}
