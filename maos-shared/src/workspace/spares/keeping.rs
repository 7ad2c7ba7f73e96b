//! Keeping spares ready: made, renewed and cleared away, by a process that
//! nobody waits for.

use super::{NAME, READY, REASON, is_left, is_ready, note_of, read};
use crate::config::WorkspaceSettings;
use crate::config::limits::{SPARES_ROOM, STATE_FILE_BYTES};
use crate::project::Project;
use crate::state::atomic::{self, TEMPORARY};
use crate::state::lock::Lock;
use crate::workspace::create::{self, lock};
use crate::workspace::filters::Filters;
use crate::workspace::git::{Checkout, Git};
use crate::workspace::register::Worktree;
use crate::workspace::registry::{self, Entry};
use crate::workspace::unfinished::{Unfinished, making, place};
use crate::workspace::{Error, base, checkout_of};
use nix::sys::statvfs::statvfs;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

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
    fn unfinished(&self) -> Unfinished<'_> {
        Unfinished {
            common_dir: &self.common_dir,
            worktrees: &self.worktrees,
            from: &self.from,
        }
    }

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
        for folder in self.set_orphans_aside()? {
            // Another process may be at it as well.
            let _ = fs::remove_dir_all(folder);
        }
        Ok(cleared)
    }

    /// Moves away the folders of spares whose registration is gone, or names
    /// the folder that they were to have. Returns all that is aside and to be
    /// deleted: while nobody registers a worktree, that is in nobody's use.
    fn set_orphans_aside(&self) -> Result<Vec<PathBuf>, Error> {
        let _lock = lock(&self.common_dir)?;
        let entries = self.entries()?;
        let is_known = |folder: &Path| {
            let mut known = entries.iter();
            known.any(|entry| entry.folder.as_deref() == Some(folder))
        };
        let registrations = self.common_dir.join("worktrees").join(NAME);
        let mut all_aside = Vec::new();
        let folders = fs::read_dir(&self.worktrees)
            .into_iter()
            .flatten()
            .flatten();
        for folder in folders.map(|entry| entry.path()) {
            let is_named = folder.file_name().unwrap_or_default().as_bytes();
            if is_named.starts_with(TEMPORARY.as_bytes()) {
                all_aside.push(folder);
                continue;
            }
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
                all_aside.push(aside);
            }
        }
        Ok(all_aside)
    }

    /// Deletes a worktree that nobody was given, unless somebody is at work on
    /// it. Returns whether it did.
    fn discard(&self, entry: &Entry) -> Result<bool, Error> {
        let aside = self.unfinished().place_aside();
        let is_aside = {
            let _lock = lock(&self.common_dir)?;
            self.unfinished().set_aside(entry, &aside)?
        };
        if is_aside {
            // What stays is deleted by the next keeping.
            let _ = fs::remove_dir_all(aside);
        }
        Ok(is_aside)
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
            let worktree = Worktree {
                from: &self.from,
                common_dir: &self.common_dir,
                folder: &folder,
                commit: &self.base,
                branch: None,
                reason: REASON,
            };
            worktree.add(&lock)?;
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
        let git = Git::writing(checkout)
            .patient()
            .setting("checkout.workers=0");
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
        let disk = statvfs(&self.worktrees).map_err(io::Error::from);
        let disk = disk.map_err(Error::io("measure the disk of", &self.worktrees))?;
        #[expect(clippy::useless_conversion, reason = "the types differ by system")]
        let free = u64::from(disk.blocks_available()).saturating_mul(disk.fragment_size().into());
        Ok(is_room(free, &sizes))
    }
}

/// Returns whether so many free bytes are room for some more checkouts, by the
/// sizes of the files, a line each. What has no size (`-`) takes no room.
pub(super) fn is_room(free: u64, sizes: &[u8]) -> bool {
    let sizes = sizes.split(|byte| *byte == b'\n');
    let sizes = sizes.filter_map(|line| std::str::from_utf8(line).ok()?.parse::<u64>().ok());
    free / SPARES_ROOM >= sizes.fold(0, u64::saturating_add)
}
