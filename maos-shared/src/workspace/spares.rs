//! Spare workspaces: worktrees with all their files that nobody was given yet.
//! Handing one out is a rename, a branch, and the update of what differs.
//!
//! A spare is ready when its note lies in its git directory. Whoever wants it
//! renames the note, which one process alone can; from then on it is in the
//! making like any new workspace, with the same lock. What a kill leaves is no
//! spare and no workspace, and the next keeping of spares clears it away.

mod keeping;

pub use keeping::keep;

use super::Error;
use super::git::{Checkout, Git};
use super::registry::{self, Entry};
use super::unfinished::{Unfinished, making, place};
use crate::config::WorkspaceSettings;
use crate::config::limits::STATE_FILE_BYTES;
use crate::project::Project;
use crate::state::atomic;
use crate::state::lock::Lock;
use serde::{Deserialize, Serialize};
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// The note that a spare is ready, in its git directory.
const READY: &str = "maos-spare.json";
/// The same note once somebody has taken the spare.
const TAKEN: &str = "maos-taken.json";
/// How the folders of spares are called, with something unique behind it.
const NAME: &str = "spare-";
/// Why git must not prune one.
const REASON: &str = "maos spare";

/// A spare that is ready, or was before it was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Spare {
    /// The commit whose files it has.
    pub(super) base: String,
    /// Some of them have a filter.
    pub(super) is_filtered: bool,
}

/// A spare that this process has taken and nobody else can.
pub(super) struct Taken {
    pub(super) checkout: Checkout,
    pub(super) spare: Spare,
    /// Says that somebody is at work on it.
    pub(super) making: Lock,
}

/// Takes a spare, rather one with the files of `wanted`; nothing when none is
/// ready. The lock on creations must be held.
///
/// Killed behind that, the spare is nobody's and is cleared away.
///
/// # Errors
/// When git's files cannot be read.
pub(super) fn take(
    entries: &[Entry],
    worktrees: &Path,
    wanted: &str,
) -> Result<Option<Taken>, Error> {
    let mut ready: Vec<(&Entry, Spare)> = entries
        .iter()
        .filter_map(|entry| Some((entry, read(&entry.git_dir.join(READY))?)))
        .collect();
    ready.sort_by_key(|(_, spare)| spare.base != wanted);
    for (entry, spare) in ready {
        let Some(checkout) = place(entry, worktrees)? else {
            continue;
        };
        // It is being brought up to date.
        let Some(making) = making(entry)? else {
            continue;
        };
        let (note, taken) = (entry.git_dir.join(READY), entry.git_dir.join(TAKEN));
        match atomic::rename(&note, &taken) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(Error::io("take the spare of", note)(error)),
            Ok(()) => {
                return Ok(Some(Taken {
                    checkout,
                    spare,
                    making,
                }));
            }
        }
    }
    Ok(None)
}

impl Taken {
    /// Gives the spare the folder, the branch and the reason of a workspace. The
    /// lock on creations must be held.
    ///
    /// # Errors
    /// With git's or the system's reason; the spare is then nobody's.
    pub(super) fn become_workspace(
        &mut self,
        folder: &Path,
        branch: &str,
        base: &str,
        reason: &str,
        lock: &Lock,
    ) -> Result<(), Error> {
        let git_dir = self.checkout.git_dir.clone();
        let write = |name: &str, text: &[u8]| {
            atomic::replace(&git_dir.join(name), text).map_err(Error::io("write to", &git_dir))
        };
        write("locked", reason.as_bytes())?;
        // From here on it is known what a kill leaves: which branch, and where.
        let note = note_of(base, self.spare.is_filtered)?;
        write(TAKEN, &note)?;
        let reference = format!("refs/heads/{branch}");
        let none = "0".repeat(base.len());
        self.point_head(&reference, lock)?;
        self.git(lock)?.run(&[
            "update-ref",
            "-m",
            "maos: workspace",
            &reference,
            base,
            &none,
        ])?;
        let told = atomic::read(&git_dir.join("gitdir"), STATE_FILE_BYTES)
            .map_err(Error::io("read in", &git_dir))?;
        // Before the folder has its new name: until then it is known by its old
        // one that it is a spare's.
        write("gitdir", &renamed(&told, folder))?;
        atomic::rename(&self.checkout.folder, folder)
            .map_err(Error::io("rename", &self.checkout.folder))?;
        self.checkout.folder = folder.into();
        Ok(())
    }
}

impl Taken {
    /// Points the spare's `HEAD` to a branch that is still to be made. Where it
    /// is a file that holds a commit's id, that is one write; other kinds of
    /// repositories keep it elsewhere.
    fn point_head(&self, reference: &str, lock: &Lock) -> Result<(), Error> {
        let head = self.checkout.git_dir.join("HEAD");
        let found = atomic::read(&head, STATE_FILE_BYTES).map_err(Error::io("read", &head))?;
        if is_id(found.trim_ascii_end()) {
            let text = format!("ref: {reference}\n");
            return atomic::replace(&head, text.as_bytes()).map_err(Error::io("write", head));
        }
        let point = ["symbolic-ref", "-m", "maos: workspace", "HEAD", reference];
        Ok(self.git(lock)?.run(&point).map(drop)?)
    }

    /// Returns a git that holds the lock on creations for as long as it runs.
    fn git(&self, lock: &Lock) -> Result<Git, Error> {
        let held = lock
            .share()
            .map_err(Error::io("hold the lock of", &self.checkout.git_dir))?;
        Ok(Git::writing(&self.checkout).patient().holding(held))
    }
}

/// Returns whether a text is an object's id.
fn is_id(text: &[u8]) -> bool {
    matches!(text.len(), 40 | 64) && text.iter().all(u8::is_ascii_hexdigit)
}

/// Returns the text of a `gitdir` file for a worktree that was renamed in its
/// folder: absolute or relative as before.
fn renamed(told: &[u8], folder: &Path) -> Vec<u8> {
    let old = Path::new(OsStr::from_bytes(told.trim_ascii_end()));
    let above = old.parent().and_then(Path::parent).unwrap_or(Path::new(""));
    let name = folder.file_name().unwrap_or_default();
    let mut text = above
        .join(name)
        .join(".git")
        .into_os_string()
        .into_encoded_bytes();
    text.push(b'\n');
    text
}

/// Returns whether a spare was taken by somebody who did not get so far as to
/// give it a workspace's folder.
pub(super) fn is_half_taken(entry: &Entry) -> bool {
    let name = entry.folder.as_deref().and_then(Path::file_name);
    let has_old_name = name.is_none_or(|name| name.as_bytes().starts_with(NAME.as_bytes()));
    is_left(entry) && has_old_name
}

/// Returns whether a spare was taken and is no workspace: somebody is at work on
/// it, or was killed.
fn is_left(entry: &Entry) -> bool {
    entry.git_dir.join(TAKEN).exists() && entry.is_unfinished(registry::REASON)
}

/// Takes out of the way what killed creations left: spares that they had taken,
/// whose files the next keeping deletes, and registrations that never got a
/// folder. Returns whether there was any. The lock on creations must be held.
///
/// # Errors
/// When it cannot be moved.
pub(super) fn clear_left(entries: &[Entry], unfinished: &Unfinished<'_>) -> Result<bool, Error> {
    let is_without_folder = |entry: &Entry| {
        let folder = entry.folder.as_deref();
        let is_there = folder.is_some_and(|folder| folder.symlink_metadata().is_ok());
        !is_there && entry.is_unfinished(registry::REASON)
    };
    let mut is_any = false;
    for entry in entries
        .iter()
        .filter(|it| is_left(it) || is_without_folder(it))
    {
        unfinished.set_aside(entry, &unfinished.place_aside())?;
        is_any = true;
    }
    Ok(is_any)
}

/// Returns the commit of a spare that was taken, by its note.
pub(super) fn base_of_taken(git_dir: &Path) -> Option<String> {
    read(&git_dir.join(TAKEN)).map(|spare| spare.base)
}

/// Forgets that a workspace was a spare, now that it has its marker.
pub(super) fn forget(git_dir: &Path) {
    // Beside a marker it means nothing.
    let _ = fs::remove_file(git_dir.join(TAKEN));
}

/// Returns whether there is a spare, ready or not, or a number of them is
/// wanted: whether [`keep`] has something to do.
#[must_use]
pub fn are_wanted(project: &Project, settings: &WorkspaceSettings) -> bool {
    let entries = project.git_common_dir.as_deref().map(registry::read);
    let entries = entries.and_then(Result::ok).unwrap_or_default();
    let ready = entries.iter().filter(|entry| is_ready(entry)).count();
    ready != settings.spares()
}

/// Returns the text of a note.
fn note_of(base: &str, is_filtered: bool) -> Result<Vec<u8>, Error> {
    let note = Spare {
        base: base.to_owned(),
        is_filtered,
    };
    serde_json::to_vec(&note)
        .map_err(io::Error::other)
        .map_err(Error::io("write a note on", NAME))
}

/// Returns whether it is a spare that is ready.
pub(super) fn is_ready(entry: &Entry) -> bool {
    read(&entry.git_dir.join(READY)).is_some()
}

/// Returns what a note says; nothing when there is none, or a damaged one.
fn read(note: &Path) -> Option<Spare> {
    let bytes = atomic::read(note, STATE_FILE_BYTES).ok()?;
    let spare: Spare = serde_json::from_slice(&bytes).ok()?;
    is_id(spare.base.as_bytes()).then_some(spare)
}

#[cfg(test)]
mod tests;
