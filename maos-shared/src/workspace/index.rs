//! A second index for a checkout, so that git can gather its files without a
//! change to the index that the user works with.

use super::Error;
use super::git::{Checkout, Git};
use crate::config::limits::{INDEX_BYTES, INDEX_COPY_AGE};
use crate::state::atomic::{self, TEMPORARY};
use std::ffi::OsString;
use std::fs::{self, DirEntry, File};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A copy of a checkout's index, gone when it is dropped. What a killed process
/// leaves of one is deleted by the next copy that is made an hour later.
pub(super) struct Index {
    path: PathBuf,
}

impl Index {
    /// Copies a checkout's index. Git replaces that file whole, so the copy is
    /// of one moment.
    ///
    /// # Errors
    /// When the git directory cannot be written to.
    pub(super) fn copy(checkout: &Checkout) -> Result<Self, Error> {
        sweep(&checkout.git_dir);
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

    /// Returns an index for which there is no file yet.
    pub(super) fn empty(checkout: &Checkout) -> Self {
        let path = atomic::temporary_name(&checkout.git_dir.join("index"));
        Self { path }
    }

    /// Writes an index of its own for a checkout.
    ///
    /// # Errors
    /// When the git directory cannot be written to.
    pub(super) fn of(checkout: &Checkout, bytes: &[u8]) -> Result<Self, Error> {
        let path = atomic::temporary_name(&checkout.git_dir.join("index"));
        atomic::write_new(&path, bytes).map_err(Error::io("write", &path))?;
        Ok(Self { path })
    }

    /// Returns what the file holds now.
    ///
    /// # Errors
    /// When it cannot be read, or is too long.
    pub(super) fn read(&self) -> Result<Vec<u8>, Error> {
        atomic::read(&self.path, INDEX_BYTES).map_err(Error::io("read", &self.path))
    }

    /// Returns a git that works on the checkout with this index. The index
    /// stays in one piece, as the other piece would lie in the git directory.
    pub(super) fn git(&self, checkout: &Checkout) -> Git {
        Git::writing(checkout)
            .setting("core.splitIndex=false")
            .index(&self.path)
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
        // What stays is swept.
        let _ = fs::remove_file(&self.path);
        let _ = fs::remove_file(lock);
    }
}

/// Deletes the copies that killed processes left, and the registrations of
/// worktrees that they had taken away or not yet put in place. A copy has the time of its
/// index, so what counts is when the file itself came to be.
fn sweep(git_dir: &Path) {
    let entries = fs::read_dir(git_dir).into_iter().flatten().flatten();
    let is_copy = |entry: &DirEntry| {
        let name = entry.file_name();
        name.as_encoded_bytes().starts_with(TEMPORARY.as_bytes())
    };
    for entry in entries.filter(|entry| is_copy(entry) && is_old(entry)) {
        // Another process may have been faster.
        let path = entry.path();
        let _ = fs::remove_file(&path).or_else(|_| fs::remove_dir_all(&path));
    }
}

fn is_old(entry: &DirEntry) -> bool {
    let changed = entry.metadata().map(|found| found.ctime()).ok();
    let changed = changed.and_then(|seconds| u64::try_from(seconds).ok());
    let changed = changed.map(|seconds| UNIX_EPOCH + Duration::from_secs(seconds));
    let age = changed.and_then(|changed| SystemTime::now().duration_since(changed).ok());
    age.is_some_and(|age| age > INDEX_COPY_AGE)
}
