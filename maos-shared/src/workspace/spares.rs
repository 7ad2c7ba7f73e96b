//! Spare workspaces: worktrees with all their files that nobody was given yet.
//! Handing one out is a rename, a branch, and the update of what differs.
//!
//! A spare is ready when its note lies in its git directory. Whoever wants it
//! renames the note, which one process alone can; from then on it is in the
//! making like any new workspace, with the same lock. What a kill leaves is no
//! spare and no workspace, and the next keeping of spares clears it away.

use super::create::{self, lock};
use super::filters::Filters;
use super::git::{Checkout, Git};
use super::registry::{self, Entry};
use super::{Error, base, checkout_of, name, open};
use crate::config::WorkspaceSettings;
use crate::config::limits::{SPARES_ROOM, STATE_FILE_BYTES};
use crate::project::Project;
use crate::state::atomic::{self, TEMPORARY};
use crate::state::lock::Lock;
use nix::sys::statvfs::statvfs;
use serde::{Deserialize, Serialize};
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

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
        let git = || {
            let held = lock
                .share()
                .map_err(Error::io("hold the lock of", &git_dir))?;
            Ok::<_, Error>(Git::writing(&self.checkout).patient().holding(held))
        };
        // From here on it is known what a kill leaves: which branch, and where.
        let note = note_of(base, self.spare.is_filtered)?;
        write(TAKEN, &note)?;
        let reference = format!("refs/heads/{branch}");
        let none = "0".repeat(base.len());
        git()?.run(&["symbolic-ref", "-m", "maos: workspace", "HEAD", &reference])?;
        git()?.run(&["update-ref", &reference, base, &none])?;
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

/// Takes out of the way what killed creations left of the spares that they had
/// taken; the next keeping deletes the files. Returns whether there was any. The
/// lock on creations must be held.
///
/// # Errors
/// When it cannot be moved.
pub(super) fn clear_taken(
    entries: &[Entry],
    common_dir: &Path,
    worktrees: &Path,
    from: &Checkout,
) -> Result<bool, Error> {
    let mut left = entries.iter().filter(|entry| is_left(entry)).peekable();
    if left.peek().is_none() {
        return Ok(false);
    }
    let keeping = Keeping {
        common_dir: common_dir.into(),
        worktrees: worktrees.into(),
        from: from.clone(),
        base: String::new(),
    };
    for entry in left {
        keeping.set_aside(entry)?;
    }
    Ok(true)
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

/// Keeps as many spares ready as the settings want, with the files that an agent
/// would get now which is launched in `from`; returns what it did, in one line.
/// None is made where the disk has no room for three more checkouts. Slow, and
/// meant for a process that nobody waits for.
///
/// Safe at any kill and beside other creations: a spare has its note only while
/// it is whole.
///
/// # Errors
/// Without git, and with git's or the system's reason.
pub fn keep(project: &Project, from: &Path, settings: &WorkspaceSettings) -> Result<String, Error> {
    let Some(common_dir) = project.git_common_dir.clone() else {
        return Err(Error::NoGit(project.checkout.clone()));
    };
    let from = checkout_of(&Project::find(from, None, None)?)?;
    let wanted = settings.base.clone().unwrap_or_default();
    let keeping = Keeping {
        base: base::of(&from, &wanted)?,
        worktrees: project.worktrees_dir(),
        common_dir,
        from,
    };
    let cleared = keeping.clear()?;
    let (mut ready, mut renewed, mut made) = (0, 0, 0);
    for entry in keeping.entries()?.iter().filter(|entry| is_ready(entry)) {
        if ready == settings.spares() {
            keeping.discard(entry)?;
            continue;
        }
        renewed += usize::from(keeping.renew(entry)?);
        ready += 1;
    }
    while ready < settings.spares() && keeping.has_room()? {
        keeping.make()?;
        ready += 1;
        made += 1;
    }
    Ok(format!(
        "{ready} ready, {made} made, {renewed} renewed, {cleared} cleared away"
    ))
}

/// One keeping of spares.
struct Keeping {
    common_dir: PathBuf,
    worktrees: PathBuf,
    from: Checkout,
    base: String,
}

impl Keeping {
    fn entries(&self) -> Result<Vec<Entry>, Error> {
        registry::read(&self.common_dir)
            .map_err(Error::io("list the worktrees of", &self.common_dir))
    }

    /// Clears away what kills left. Returns how much that was.
    fn clear(&self) -> Result<usize, Error> {
        let mut cleared = 0;
        for entry in self.entries()? {
            let is_spare = entry.is_unfinished(REASON) && !is_ready(&entry);
            let is_taken = is_left(&entry);
            if (is_spare || is_taken) && self.discard(&entry)? {
                cleared += 1;
            }
        }
        self.set_orphans_aside()?;
        let left = fs::read_dir(&self.worktrees)
            .into_iter()
            .flatten()
            .flatten();
        let is_aside = |name: &OsStr| name.as_bytes().starts_with(TEMPORARY.as_bytes());
        for entry in left.filter(|entry| is_aside(&entry.file_name())) {
            // Another process may be at it as well.
            let _ = fs::remove_dir_all(entry.path());
        }
        Ok(cleared)
    }

    /// Moves away the folders of spares whose registration is gone, or names
    /// the folder that they were to have.
    fn set_orphans_aside(&self) -> Result<(), Error> {
        let _lock = lock(&self.common_dir)?;
        let entries = self.entries()?;
        let is_known = |folder: &Path| {
            let mut known = entries.iter();
            known.any(|entry| entry.folder.as_deref() == Some(folder))
        };
        let registrations = self.common_dir.join("worktrees").join(NAME);
        let folders = fs::read_dir(&self.worktrees)
            .into_iter()
            .flatten()
            .flatten();
        for folder in folders.map(|entry| entry.path()) {
            let is_named = folder.file_name().unwrap_or_default().as_bytes();
            if !is_named.starts_with(NAME.as_bytes()) || is_known(&folder) {
                continue;
            }
            let Ok(link) = atomic::read(&folder.join(".git"), STATE_FILE_BYTES) else {
                continue;
            };
            let mut ours = b"gitdir: ".to_vec();
            ours.extend_from_slice(registrations.as_os_str().as_bytes());
            if link.starts_with(&ours) {
                let aside = atomic::temporary_name(&folder);
                atomic::rename(&folder, &aside).map_err(Error::io("move away", folder))?;
            }
        }
        Ok(())
    }

    /// Deletes a worktree that nobody was given, unless somebody is at work on
    /// it. Returns whether it did.
    fn discard(&self, entry: &Entry) -> Result<bool, Error> {
        let aside = {
            let _lock = lock(&self.common_dir)?;
            self.set_aside(entry)?
        };
        // What stays is deleted by the next keeping.
        Ok(aside.map(fs::remove_dir_all).is_some())
    }

    /// Makes git forget a worktree that nobody was given, unless somebody is at
    /// work on it, and returns where its folder is now. The lock on creations
    /// must be held.
    fn set_aside(&self, entry: &Entry) -> Result<Option<PathBuf>, Error> {
        let Some(_making) = making(entry)? else {
            return Ok(None);
        };
        let now = Entry::read(entry.git_dir.clone());
        // It became a workspace a moment ago.
        if now.marker.is_some() || !now.is_unfinished(registry::REASON) {
            return Ok(None);
        }
        self.forget_branch(&now)?;
        let aside = atomic::temporary_name(&self.worktrees.join(NAME));
        // Whatever else lies there now is not touched.
        if let Some(checkout) = place(&now, &self.worktrees).ok().flatten() {
            let folder = checkout.folder;
            atomic::rename(&folder, &aside).map_err(Error::io("move away", folder))?;
        }
        registry::discard(&self.common_dir, &now.git_dir)
            .map_err(Error::io("unregister", &now.git_dir))?;
        Ok(Some(aside))
    }

    /// Deletes the branch that a spare was given by somebody who was killed, if
    /// it is where the spare was and nobody has it checked out.
    fn forget_branch(&self, entry: &Entry) -> Result<(), Error> {
        let note = read(&entry.git_dir.join(TAKEN));
        let (Some(spare), Some(branch)) = (note, branch(&entry.git_dir)) else {
            return Ok(());
        };
        let mut others = self.entries()?;
        others.retain(|other| other.git_dir != entry.git_dir);
        let others = others.iter().map(|other| &other.git_dir);
        let is_in_use = others
            .chain([&self.common_dir])
            .any(|git_dir| self::branch(git_dir).as_ref() == Some(&branch));
        if !is_in_use {
            let delete = [
                "update-ref",
                "-d",
                &format!("refs/heads/{branch}"),
                &spare.base,
            ];
            // Where it has moved, it stays.
            let _ = Git::writing(&self.from).run(&delete);
        }
        Ok(())
    }

    /// Brings a spare to the files that are wanted now. Returns whether it had
    /// others.
    fn renew(&self, entry: &Entry) -> Result<bool, Error> {
        let note = entry.git_dir.join(READY);
        let is_current = read(&note).is_some_and(|spare| spare.base == self.base);
        let Some(checkout) = place(entry, &self.worktrees)?.filter(|_| !is_current) else {
            return Ok(false);
        };
        let Some(making) = making(entry)? else {
            return Ok(false);
        };
        match fs::remove_file(&note) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            removed => removed.map_err(Error::io("renew", note))?,
        }
        self.fill(&checkout, &making).map(|()| true)
    }

    /// Makes one spare.
    fn make(&self) -> Result<(), Error> {
        let unique = atomic::temporary_name(Path::new("/"));
        let unique = unique.file_name().unwrap_or_default().to_string_lossy();
        let name = format!("{NAME}{}", unique.trim_start_matches(TEMPORARY));
        let folder = self.worktrees.join(name);
        let (checkout, making) = {
            let lock = lock(&self.common_dir)?;
            let held = lock
                .share()
                .map_err(Error::io("hold the lock of", &self.common_dir))?;
            let add = [
                "worktree",
                "add",
                "--quiet",
                "--detach",
                "--no-checkout",
                "--lock",
                "--reason",
                REASON,
            ];
            let add = add.map(OsStr::new);
            let arguments = [&add[..], &[folder.as_os_str(), self.base.as_ref()]].concat();
            Git::writing(&self.from)
                .patient()
                .holding(held)
                .run(&arguments)?;
            create::begin_making(&folder)?
        };
        self.fill(&checkout, &making)
    }

    /// Writes the files of a spare, and the note last.
    fn fill(&self, checkout: &Checkout, making: &Lock) -> Result<(), Error> {
        let held = making
            .share()
            .map_err(Error::io("hold the lock of", &checkout.git_dir))?;
        let reset = [
            "reset",
            "--hard",
            "--quiet",
            "--no-recurse-submodules",
            &self.base,
            "--",
        ];
        let git = Git::writing(checkout).setting("checkout.workers=0");
        git.holding(held).run(&reset)?;
        let note = note_of(&self.base, Filters::of(checkout)?.are_in(checkout)?)?;
        atomic::write_new(&checkout.git_dir.join(READY), &note)
            .map_err(Error::io("write the note of", &checkout.folder))
    }

    /// Returns whether the disk has room for some more checkouts.
    fn has_room(&self) -> Result<bool, Error> {
        let list = [
            "ls-tree",
            "-r",
            "--format=%(objectsize)",
            "--end-of-options",
            &self.base,
        ];
        let sizes = Git::reading(&self.from).run(&list)?;
        let sizes = sizes.split(|byte| *byte == b'\n');
        let sizes = sizes.filter_map(|line| std::str::from_utf8(line).ok()?.parse::<u64>().ok());
        let disk = statvfs(&self.worktrees).map_err(io::Error::from);
        let disk = disk.map_err(Error::io("measure the disk of", &self.worktrees))?;
        #[expect(clippy::useless_conversion, reason = "the types differ by system")]
        let free = u64::from(disk.blocks_available()).saturating_mul(disk.fragment_size().into());
        Ok(free / SPARES_ROOM >= sizes.sum())
    }
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

fn is_ready(entry: &Entry) -> bool {
    read(&entry.git_dir.join(READY)).is_some()
}

/// Returns what a note says; nothing when there is none, or a damaged one.
fn read(note: &Path) -> Option<Spare> {
    let bytes = atomic::read(note, STATE_FILE_BYTES).ok()?;
    let spare: Spare = serde_json::from_slice(&bytes).ok()?;
    let is_commit = matches!(spare.base.len(), 40 | 64)
        && spare.base.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_commit.then_some(spare)
}

/// Returns the branch of ours that is checked out, without `refs/heads/`.
fn branch(git_dir: &Path) -> Option<String> {
    let head = atomic::read(&git_dir.join("HEAD"), STATE_FILE_BYTES).ok()?;
    let head = String::from_utf8(head).ok()?;
    let branch = head.trim_end().strip_prefix("ref: refs/heads/")?;
    name::is_ours(branch).then(|| branch.to_owned())
}

/// Takes the lock that says that somebody is at work; nothing while somebody is.
fn making(entry: &Entry) -> Result<Option<Lock>, Error> {
    let path = entry.git_dir.join(create::MAKING);
    match Lock::try_acquire(&path) {
        // It was discarded a moment ago.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        locked => locked.map_err(Error::io("lock", path)),
    }
}

/// Returns a spare's checkout, if it lies directly in the folder of workspaces
/// and is what git has registered.
fn place(entry: &Entry, worktrees: &Path) -> Result<Option<Checkout>, Error> {
    let folder = entry.folder.as_ref();
    let Some(folder) = folder.filter(|folder| folder.parent() == Some(worktrees)) else {
        return Ok(None);
    };
    let checkout = open(folder)?.map(|(_, checkout)| checkout);
    let is_same = |checkout: &Checkout| {
        checkout.git_dir.canonicalize().ok() == entry.git_dir.canonicalize().ok()
    };
    Ok(checkout.filter(is_same))
}

#[cfg(test)]
mod tests;
