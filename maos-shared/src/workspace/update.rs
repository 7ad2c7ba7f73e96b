//! Bringing the files of a spare from one commit to another where few of them
//! differ.
//!
//! Git's own way (`read-tree -m -u`) reads, compares and writes an index of all
//! files, which takes 100 ms where there are 30,000. Here git writes the files
//! that differ, with a small index that holds only those, and so with all that
//! the person has set up for them; their entries are then put into the
//! worktree's own index (`index_file.rs`), under git's own lock on it. That index
//! is read, and put together but for what git will know of the files, while git
//! says what differs and who has which branch, so that nobody waits for it.
//!
//! Nobody else works in a spare that is taken, and a kill leaves one that is
//! cleared away, so half an update is never handed out.

use super::Error;
use super::below::Folder;
use super::difference::Change;
use super::filters::filtered;
use super::git::{Checkout, Git, GitError};
use super::index::Index;
use super::index_file::{self, Draft, IndexFile};
use crate::config::limits::{FILES_UPDATED, INDEX_BYTES};
use crate::state::atomic;
use crate::state::lock::Lock;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::panic::resume_unwind;
use std::path::{Component, Path, PathBuf};
use std::thread;

/// What there is to do to a spare.
pub(super) enum Update {
    /// Nothing: it has these files.
    None,
    /// This.
    Ready(Box<Ready>),
    /// What is for git itself. Nothing was changed.
    Left,
}

/// An update that is worked out, as far as that goes before a file is written. The
/// index is locked for it.
pub(super) struct Ready {
    /// By their paths.
    changes: Vec<Change>,
    locked: Locked,
    /// An index of what the changes leave.
    small: Vec<u8>,
    /// The index as it will be.
    draft: Draft,
}

/// Works out how a spare, which nobody else may be at work on, is brought to a
/// commit that differs from its own by the changes that `look` finds, where that
/// is a moderate number of ordinary files. Nothing is changed. Blocks while git
/// works.
///
/// # Errors
/// With git's or the system's reason.
pub(super) fn prepare(
    checkout: &Checkout,
    look: impl FnOnce() -> Result<Vec<Change>, GitError> + Send,
) -> Result<Update, Error> {
    let Some(locked) = Locked::index_of(checkout)? else {
        return Ok(Update::Left);
    };
    thread::scope(|scope| {
        let look = scope.spawn(look);
        let (text, time) = locked.read()?;
        let index = IndexFile::parse(&text);
        let looked = look.join().unwrap_or_else(|panic| resume_unwind(panic));
        let mut changes = looked?;
        changes.sort_by(|one, other| bytes(&one.path).cmp(bytes(&other.path)));
        if changes.len() > FILES_UPDATED || !changes.iter().all(is_ordinary) {
            return Ok(Update::Left);
        }
        let worked_out = index.filter(|index| is_safe(index, &changes));
        let worked_out = worked_out.and_then(|index| {
            let small = index_file::of_changes(&changes)?;
            let removed = removed(&changes).into_iter().map(bytes).collect();
            let draft = index.with(&IndexFile::parse(&small)?, &removed, time)?;
            Some((small, draft))
        });
        Ok(match worked_out {
            None => Update::Left,
            Some((small, draft)) => Update::Ready(Box::new(Ready {
                changes,
                locked,
                small,
                draft,
            })),
        })
    })
}

impl Ready {
    /// Brings the files and the index of the spare there; git holds the lock
    /// `making` meanwhile. Returns whether some of the files have a filter. Blocks
    /// while git works.
    ///
    /// # Errors
    /// With git's or the system's reason; some of the files may be new then.
    pub(super) fn carry_out(self, checkout: &Checkout, making: &Lock) -> Result<bool, Error> {
        let removed = removed(&self.changes);
        remove(checkout, &removed)?;
        let written = paths(&self.changes, |change| change.new.is_some());
        thread::scope(|scope| {
            let look = || filtered(Git::reading(checkout).without_index(), &written);
            let look = (!written.is_empty()).then(|| scope.spawn(look));
            let small = match written.is_empty() {
                true => self.small,
                false => write(checkout, making, &self.small)?,
            };
            let damaged =
                || Error::io("update", &self.locked.index)(io::ErrorKind::InvalidData.into());
            let small = IndexFile::parse(&small).ok_or_else(damaged)?;
            let merged = self.draft.finish(&small).ok_or_else(damaged)?;
            self.locked.replace(&merged)?;
            // Where that cannot be said, all files are looked at.
            Ok(look.is_some_and(|look| !matches!(look.join(), Ok(Ok(found)) if found.is_empty())))
        })
    }
}

/// Returns the paths at which nothing is left.
fn removed(changes: &[Change]) -> Vec<&Path> {
    paths(changes, |change| change.new.is_none())
}

/// Returns whether a change is one of a file or link that says nothing about
/// others.
fn is_ordinary(change: &Change) -> bool {
    let mut both = change.old.iter().chain(&change.new);
    let name = change.path.file_name().unwrap_or_default();
    both.all(|blob| blob.is_file())
        && !name.eq_ignore_ascii_case(".gitattributes")
        && !name.eq_ignore_ascii_case(".gitmodules")
}

/// Returns whether git may be told to write the files without a check of its
/// own: their paths are in the index, so it has checked them, or are such that
/// no file system takes one for another.
fn is_safe(index: &IndexFile<'_>, changes: &[Change]) -> bool {
    let is_plain = |name: &[u8]| {
        name.is_ascii()
            && !name.iter().any(|byte| b"\\:~".contains(byte))
            && !name.to_ascii_lowercase().starts_with(b".git")
    };
    let is_plain =
        |part: Component<'_>| matches!(part, Component::Normal(name) if is_plain(name.as_bytes()));
    let is_safe =
        |change: &Change| index.has(bytes(&change.path)) || change.path.components().all(is_plain);
    changes.iter().all(is_safe)
}

/// Has git write all files of an index of its own; returns that index.
fn write(checkout: &Checkout, making: &Lock, small: &[u8]) -> Result<Vec<u8>, Error> {
    let held = making
        .share()
        .map_err(Error::io("hold the lock of", &checkout.git_dir))?;
    let small = Index::of(checkout, small)?;
    let write = ["checkout-index", "--all", "--force", "--index"];
    small.git(checkout).holding(held).run(&write)?;
    small.read()
}

/// Deletes files, and the folders that are empty then, as git does.
fn remove(checkout: &Checkout, paths: &[&Path]) -> Result<(), Error> {
    let root = Folder::open(&checkout.folder).map_err(Error::io("open", &checkout.folder))?;
    for path in paths {
        let removed = root
            .above(path)
            .and_then(|(above, name)| above.remove(name));
        match removed {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(Error::io("delete", checkout.folder.join(path))(error));
            }
            _ => {}
        }
        let mut above = path.ancestors().skip(1);
        // The first that holds something ends it.
        let _ = above.try_for_each(|folder| fs::remove_dir(checkout.folder.join(folder)));
    }
    Ok(())
}

fn paths(changes: &[Change], which: impl Fn(&Change) -> bool) -> Vec<&Path> {
    let which = changes.iter().filter(|change| which(change));
    which.map(|change| &*change.path).collect()
}

fn bytes(path: &Path) -> &[u8] {
    path.as_os_str().as_bytes()
}

/// The index of a checkout, locked as git locks it; free when it is dropped.
struct Locked {
    index: PathBuf,
    lock: PathBuf,
}

impl Locked {
    /// Locks it; nothing where another process has.
    fn index_of(checkout: &Checkout) -> Result<Option<Self>, Error> {
        let index = checkout.git_dir.join("index");
        let lock = checkout.git_dir.join("index.lock");
        match atomic::write_new(&lock, b"") {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(None),
            Err(error) => Err(Error::io("lock", index)(error)),
            Ok(()) => Ok(Some(Self { index, lock })),
        }
    }

    /// Returns the text, and its time in seconds and nanoseconds.
    fn read(&self) -> Result<(Vec<u8>, (u32, u32)), Error> {
        let found = self
            .index
            .metadata()
            .map_err(Error::io("read", &self.index))?;
        let text =
            atomic::read(&self.index, INDEX_BYTES).map_err(Error::io("read", &self.index))?;
        // Git keeps the lower half of both.
        let time = (found.mtime() as u32, found.mtime_nsec() as u32);
        Ok((text, time))
    }

    /// Replaces it, and frees the lock. The old one goes before: a file system
    /// that is told to put one file in the place of another (ext4) begins to write
    /// it to the disk at once, which takes as long as all of the rest. A kill
    /// between the two leaves a spare without an index, which is cleared away or
    /// filled anew like any other that is half done.
    fn replace(self, text: &[u8]) -> Result<(), Error> {
        let aside = atomic::temporary_name(&self.index);
        let replaced = atomic::write_new(&aside, text)
            .and_then(|()| fs::remove_file(&self.index))
            .and_then(|()| atomic::rename(&aside, &self.index));
        replaced.map_err(|error| {
            let _ = fs::remove_file(&aside);
            Error::io("write", &self.index)(error)
        })
    }
}

impl Drop for Locked {
    fn drop(&mut self) {
        // What cannot be removed stands in the way of the next, who says so.
        let _ = fs::remove_file(&self.lock);
    }
}

#[cfg(test)]
mod tests;
