//! Files of a workspace that git ignores.

use super::error::Error;
use super::git::{Checkout, Git};
use super::marker::Marker;
use std::ffi::OsStr;
use std::fs::{self, Metadata};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Returns whether a workspace has ignored files that were made or changed since it
/// was handed out: not the copies that it came with. Looks at files until it finds
/// one.
///
/// # Errors
/// When git fails, or the marker is not there.
pub(super) fn has_own(checkout: &Checkout) -> Result<bool, Error> {
    let list = [
        "ls-files",
        "-z",
        "--others",
        "--ignored",
        "--exclude-standard",
        "--directory",
    ];
    let names = Git::reading(checkout).run(&list)?;
    let mut names = names.split(|byte| *byte == 0);
    let ready = Marker::written(&checkout.git_dir)
        .map_err(Error::io("look at the marker of", &checkout.folder))?;
    let path = |name: &[u8]| checkout.folder.join(OsStr::from_bytes(name));
    Ok(names.any(|name| !name.is_empty() && is_own(&path(name), &ready)))
}

/// Returns whether a file, or one below a folder, has changed since.
fn is_own(path: &Path, ready: &Metadata) -> bool {
    let Ok(found) = path.symlink_metadata() else {
        return false;
    };
    if found.is_dir() {
        let entries = fs::read_dir(path).into_iter().flatten().flatten();
        return entries
            .map(|entry| entry.path())
            .any(|it| is_own(&it, ready));
    }
    let changed = |of: &Metadata| (of.ctime(), of.ctime_nsec());
    changed(&found) > changed(ready)
}
