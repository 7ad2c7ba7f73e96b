//! Registering a worktree in one step.
//!
//! `git worktree add` writes a registration file by file. Another git that reads
//! the worktrees meanwhile, such as a person's `git gc`, finds half of one and
//! ends ("failed to read commondir"). Here it is put together aside, in the form
//! that `gitrepository-layout(5)` tells, and appears whole and locked by a rename.
//! Repositories that keep anything in another way are left to git.
//!
//! Killed between two steps, it leaves a registration without a folder or
//! without a commit, which is unfinished like any other that has no marker; and
//! what it had put together aside, which a later creation deletes.

use super::Error;
use super::git::{Checkout, Git};
use crate::config::limits::STATE_FILE_BYTES;
use crate::state::atomic;
use crate::state::lock::Lock;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// How often a registration is put in its place again, where git takes that away.
const TRIES: u32 = 100;

/// A worktree that is to be registered.
pub(super) struct Worktree<'a> {
    /// The checkout that git is started in.
    pub(super) from: &'a Checkout,
    pub(super) common_dir: &'a Path,
    /// Where its files are to be: nothing yet.
    pub(super) folder: &'a Path,
    /// The commit that it is at.
    pub(super) commit: &'a str,
    /// The branch to make for it, without `refs/heads/`; none leaves its `HEAD`
    /// detached.
    pub(super) branch: Option<&'a str>,
    /// Why git must not prune it.
    pub(super) reason: &'a str,
}

impl Worktree<'_> {
    /// Registers it, without files. The lock on registrations must be held; git
    /// holds it as well.
    ///
    /// # Errors
    /// With git's or the system's reason; the branch may have been made.
    pub(super) fn add(&self, lock: &Lock) -> Result<(), Error> {
        let name = self.folder.file_name().unwrap_or_default();
        let place = self.common_dir.join("worktrees").join(name);
        if !self.is_usual() || place.symlink_metadata().is_ok() {
            return self.add_by_git(lock);
        }
        self.appear(&place)
            .map_err(Error::io("register", self.folder))?;
        let made = self.make_branch(&place, lock);
        if made.is_err() {
            // The folder is empty but for git's link; what stays is unfinished.
            let _ = fs::remove_file(self.folder.join(".git"));
            let _ = fs::remove_dir(self.folder);
            let _ = super::registry::discard(self.common_dir, &place);
        }
        made
    }

    /// Returns whether the repository keeps references and settings where git
    /// always did, and this checkout has no part of its files.
    fn is_usual(&self) -> bool {
        let is_there = |path: PathBuf| path.symlink_metadata().is_ok();
        let settings = atomic::read(&self.common_dir.join("config"), STATE_FILE_BYTES);
        let is_plain = settings.is_ok_and(|text| {
            let text = text.to_ascii_lowercase();
            memchr::memmem::find(&text, b"[extensions").is_none()
        });
        is_plain
            && !is_there(self.common_dir.join("reftable"))
            && !is_there(self.common_dir.join("config.worktree"))
            && !is_there(self.from.git_dir.join("config.worktree"))
            && !is_there(self.from.git_dir.join("info/sparse-checkout"))
    }

    /// Puts the registration together and lets it appear, and then the folder: each
    /// whole or not at all.
    fn appear(&self, place: &Path) -> io::Result<()> {
        let aside = atomic::temporary_name(&self.common_dir.join("worktree"));
        fs::create_dir(&aside)?;
        let written = self
            .write(&aside)
            .and_then(|()| self.put_in_place(&aside, place));
        if written.is_err() {
            let _ = fs::remove_dir_all(&aside);
        }
        written?;
        self.make_folder(place)
    }

    /// Renames the registration to its place. A person's `git worktree prune`
    /// removes the folder of registrations while there is none in it.
    fn put_in_place(&self, aside: &Path, place: &Path) -> io::Result<()> {
        let mut tries = 0;
        loop {
            match fs::create_dir(self.common_dir.join("worktrees")) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
                _ => {}
            }
            match atomic::rename(aside, place) {
                Err(error) if error.kind() == io::ErrorKind::NotFound && tries < TRIES => {
                    tries += 1;
                }
                renamed => return renamed,
            }
        }
    }

    /// Lets the folder appear with the link to the registration in it.
    fn make_folder(&self, place: &Path) -> io::Result<()> {
        let aside = atomic::temporary_name(self.folder);
        let link = [b"gitdir: ", place.as_os_str().as_bytes(), b"\n"].concat();
        let made = fs::create_dir(&aside)
            .and_then(|()| atomic::write_new(&aside.join(".git"), &link))
            .and_then(|()| atomic::rename(&aside, self.folder));
        if made.is_err() {
            let _ = fs::remove_dir_all(&aside);
        }
        made
    }

    fn write(&self, aside: &Path) -> io::Result<()> {
        let head = match self.branch {
            Some(branch) => format!("ref: refs/heads/{branch}\n"),
            None => format!("{}\n", self.commit),
        };
        let link = self.folder.join(".git").into_os_string();
        let link = [link.as_bytes(), b"\n"].concat();
        let reason = format!("{}\n", self.reason);
        for (name, text) in [
            ("locked", reason.as_bytes()),
            ("commondir", b"../..\n"),
            ("gitdir", &link),
            ("HEAD", head.as_bytes()),
        ] {
            atomic::write_new(&aside.join(name), text)?;
        }
        Ok(())
    }

    /// Makes the branch, as seen from the worktree.
    fn make_branch(&self, place: &Path, lock: &Lock) -> Result<(), Error> {
        let Some(branch) = self.branch else {
            return Ok(());
        };
        let checkout = Checkout {
            git_dir: place.into(),
            folder: self.folder.into(),
        };
        let reference = format!("refs/heads/{branch}");
        let none = "0".repeat(self.commit.len());
        let update = [
            "update-ref",
            "-m",
            "maos: workspace",
            &reference,
            self.commit,
            &none,
        ];
        let git = Git::writing(&checkout).holding(self.held(lock)?);
        Ok(git.run(&update).map(drop)?)
    }

    /// Has git register it.
    fn add_by_git(&self, lock: &Lock) -> Result<(), Error> {
        let add = ["worktree", "add", "--quiet", "--no-checkout"];
        let locked = ["--lock", "--reason", self.reason];
        let branch = match self.branch {
            Some(branch) => vec!["--no-track", "-b", branch],
            None => vec!["--detach"],
        };
        let options = add.into_iter().chain(locked).chain(branch);
        let options = options.map(str::as_ref);
        let arguments = options.chain([self.folder.as_os_str(), self.commit.as_ref()]);
        let arguments: Vec<_> = arguments.collect();
        let git = Git::writing(self.from).holding(self.held(lock)?);
        Ok(git.run(&arguments).map(drop)?)
    }

    fn held(&self, lock: &Lock) -> Result<fs::File, Error> {
        lock.share()
            .map_err(Error::io("hold the lock of", self.common_dir))
    }
}
