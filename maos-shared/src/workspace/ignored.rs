//! Files of a workspace that git ignores.

use super::error::Error;
use super::git::{Checkout, Git};
use super::marker::Marker;
use std::ffi::OsStr;
use std::fs::{self, Metadata};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// How many are named.
const NAMED: usize = 20;

/// Returns ignored files and folders of a workspace in which something was made or
/// changed since it was handed out, the first of them: not the copies that it came
/// with. In each, looks at files until it finds one. Bytes that are no UTF-8 are
/// replaced.
///
/// # Errors
/// When git fails, or the marker is not there.
pub(super) fn own(checkout: &Checkout) -> Result<Vec<String>, Error> {
    let list = [
        "ls-files",
        "-z",
        "--others",
        "--ignored",
        "--exclude-standard",
        "--directory",
    ];
    let names = Git::reading(checkout).run(&list)?;
    let ready = Marker::written(&checkout.git_dir)
        .map_err(Error::io("look at the marker of", &checkout.folder))?;
    let is_own = |name: &&[u8]| {
        let path = checkout.folder.join(OsStr::from_bytes(name));
        !name.is_empty() && is_own(&path, &ready)
    };
    let own = names.split(|byte| *byte == 0).filter(is_own).take(NAMED);
    Ok(own
        .map(|name| String::from_utf8_lossy(name).into_owned())
        .collect())
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
