//! Whether somebody uses a workspace, by what the system knows of it.

use crate::workspace::git::{Checkout, GitError};
use crate::workspace::registry::Entry;
use crate::workspace::{Error, status};
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// Returns for how long none of the files of a workspace that are not committed
/// has changed.
pub(super) fn changed_for(checkout: &Checkout, now: SystemTime) -> Result<Duration, GitError> {
    let changes = status::changes(checkout)?;
    let paths = changes
        .iter()
        .map(|change| checkout.folder.join(&change.path));
    let found = paths.filter_map(|path| path.symlink_metadata().ok()?.modified().ok());
    let newest = found.max().unwrap_or(SystemTime::UNIX_EPOCH);
    Ok(now.duration_since(newest).unwrap_or_default())
}

/// Returns for how long nobody has used a workspace, by when git last wrote
/// something of it, and its root changed.
pub(super) fn idle_for(entry: &Entry, folder: &Path, now: SystemTime) -> Result<Duration, Error> {
    let git_dir = &entry.git_dir;
    let signs = ["", "HEAD", "index", "logs/HEAD"].map(|name| git_dir.join(name));
    let mut newest = SystemTime::UNIX_EPOCH;
    for path in signs.iter().map(PathBuf::as_path).chain([folder]) {
        match fs::symlink_metadata(path).and_then(|found| found.modified()) {
            Ok(changed) => newest = newest.max(changed),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(Error::io("look at", path)(error)),
        }
    }
    Ok(now.duration_since(newest).unwrap_or_default())
}

/// Returns a process whose current folder is a workspace or lies in it, such as a
/// person's shell; nothing where the system does not tell.
pub(super) fn inhabitant(folder: &Path) -> Option<String> {
    let processes = fs::read_dir("/proc").ok()?.flatten();
    let mut names = processes.map(|entry| entry.file_name());
    let own = std::process::id().to_string();
    let is_inside = |name: &OsString| {
        let cwd = fs::read_link(Path::new("/proc").join(name).join("cwd"));
        *name != *own && cwd.is_ok_and(|cwd| cwd.starts_with(folder))
    };
    names
        .find(is_inside)
        .map(|name| name.to_string_lossy().into_owned())
}
