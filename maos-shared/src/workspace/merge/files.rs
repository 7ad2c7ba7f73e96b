//! Files below a root, reached folder by folder.
//!
//! Each folder on the way is opened without following a link and is held open,
//! so nothing that is done to a name in it can end up elsewhere, whatever is
//! put in its place meanwhile. The only place that changes the files of a
//! checkout.

use nix::errno::Errno;
use nix::fcntl::{AtFlags, OFlag, openat, readlinkat, renameat};
use nix::sys::stat::{FileStat, Mode, SFlag, fstatat, mkdirat};
use nix::unistd::{UnlinkatFlags, linkat, unlinkat};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::ffi::{OsStr, OsString};
use std::fs::{File, OpenOptions, Permissions};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

/// How a folder is opened: itself, never through a link.
const FOLDER: OFlag = OFlag::O_RDONLY
    .union(OFlag::O_DIRECTORY)
    .union(OFlag::O_NOFOLLOW)
    .union(OFlag::O_CLOEXEC);

/// Which bits of a mode are the type, and what they are of a file and of a folder.
const TYPE: u32 = 0o170_000;
const FILE: u32 = 0o100_000;
const DIRECTORY: u32 = 0o040_000;

/// An open folder.
#[derive(Debug)]
pub(super) struct Folder(OwnedFd);

/// A name in an open folder, whether or not something is there.
#[derive(Debug)]
pub(super) struct Spot {
    folder: Folder,
    name: OsString,
}

/// What was seen at a spot. Equal twice: it is the same file, unchanged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Seen {
    /// Device and inode.
    pub(super) identity: String,
    /// Type and permissions, octal.
    mode: String,
    /// SHA-256 of a file's bytes or a link's text; empty for anything else.
    content: String,
}

impl Folder {
    /// Opens the folder at `path`, which is real.
    ///
    /// # Errors
    /// When it is no folder, or what the system says.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new()
            .read(true)
            .custom_flags(FOLDER.bits())
            .open(path)?;
        Ok(Self(file.into()))
    }

    /// Returns the spot of `path`, which is relative and without `..`; nothing
    /// when a folder above it is missing.
    ///
    /// # Errors
    /// `NotADirectory` where a link or a file stands in the place of a folder.
    pub(super) fn spot(&self, path: &Path) -> io::Result<Option<Spot>> {
        match self.walk(path, Self::enter) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            found => found.map(Some),
        }
    }

    /// Returns the spot of `path`; folders above it that are missing are made,
    /// for whoever the process's umask lets in, as git makes them.
    ///
    /// # Errors
    /// As [`Folder::spot`].
    pub(super) fn spot_made(&self, path: &Path) -> io::Result<Spot> {
        self.walk(path, |folder, name| match folder.enter(name) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                match mkdirat(&folder.0, name, Mode::from_bits_truncate(0o777)) {
                    Ok(()) | Err(Errno::EEXIST) => folder.enter(name),
                    Err(errno) => Err(errno.into()),
                }
            }
            entered => entered,
        })
    }

    /// Returns how many of the folders above `path` are missing.
    ///
    /// # Errors
    /// As [`Folder::spot`].
    pub(super) fn missing_above(&self, path: &Path) -> io::Result<usize> {
        let mut missing = 0;
        for folder in path.ancestors().skip(1) {
            if folder.as_os_str().is_empty() || self.spot(&folder.join("x"))?.is_some() {
                break;
            }
            missing += 1;
        }
        Ok(missing)
    }

    fn walk(
        &self,
        path: &Path,
        step: impl Fn(&Self, &OsStr) -> io::Result<Self>,
    ) -> io::Result<Spot> {
        let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
        let mut folder = Self(self.0.try_clone()?);
        for above in path.parent().into_iter().flat_map(Path::components) {
            folder = step(&folder, above.as_os_str())?;
        }
        Ok(Spot {
            folder,
            name: name.to_owned(),
        })
    }

    fn enter(&self, name: &OsStr) -> io::Result<Self> {
        match openat(&self.0, name, FOLDER, Mode::empty()) {
            Ok(folder) => Ok(Self(folder)),
            // What some systems say of a link.
            Err(Errno::ELOOP | Errno::EMLINK) => Err(Errno::ENOTDIR.into()),
            Err(errno) => Err(errno.into()),
        }
    }

    /// Removes the folders above `path` from the lowest up, as far as they are
    /// empty, `most` of them.
    pub(super) fn prune_above(&self, path: &Path, most: usize) {
        let above = path.ancestors().skip(1).take(most);
        for folder in above.filter(|path| !path.as_os_str().is_empty()) {
            let Ok(Some(spot)) = self.spot(folder) else {
                return;
            };
            if unlinkat(&spot.folder.0, &*spot.name, UnlinkatFlags::RemoveDir).is_err() {
                return;
            }
        }
    }
}

impl Spot {
    /// Returns what is there, or nothing. Reads a file whole.
    ///
    /// # Errors
    /// What the system says.
    pub(super) fn look(&self) -> io::Result<Option<Seen>> {
        let stat = match fstatat(&self.folder.0, &*self.name, AtFlags::AT_SYMLINK_NOFOLLOW) {
            Ok(stat) => stat,
            Err(Errno::ENOENT) => return Ok(None),
            Err(errno) => return Err(errno.into()),
        };
        let kind = SFlag::from_bits_truncate(stat.st_mode) & SFlag::S_IFMT;
        let content = if kind == SFlag::S_IFREG {
            self.hash()?
        } else if kind == SFlag::S_IFLNK {
            let text = readlinkat(&self.folder.0, &*self.name)?;
            format!("{:x}", Sha256::digest(text.as_bytes()))
        } else {
            String::new()
        };
        Ok(Some(Seen::of(&stat, content)))
    }

    fn hash(&self) -> io::Result<String> {
        let flags = OFlag::O_RDONLY | OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK | OFlag::O_CLOEXEC;
        let file = openat(&self.folder.0, &*self.name, flags, Mode::empty())?;
        let mut hash = Sha256::new();
        io::copy(&mut File::from(file), &mut hash)?;
        Ok(format!("{:x}", hash.finalize()))
    }

    /// Gives what is here a second name at `to`.
    ///
    /// # Errors
    /// `AlreadyExists` when something is there, and what the system says, also
    /// where a file system has no hard links.
    pub(super) fn link(&self, to: &Self) -> io::Result<()> {
        let (from, into) = (&self.folder.0, &to.folder.0);
        Ok(linkat(
            from,
            &*self.name,
            into,
            &*to.name,
            AtFlags::empty(),
        )?)
    }

    /// Moves what is here to `to`, over what is there.
    ///
    /// # Errors
    /// What the system says.
    pub(super) fn move_to(&self, to: &Self) -> io::Result<()> {
        let (from, into) = (&self.folder.0, &to.folder.0);
        Ok(renameat(from, &*self.name, into, &*to.name)?)
    }

    /// Puts what is here to `to` and what is there here, in one step. Where the
    /// system cannot do that, as [`Spot::move_to`].
    ///
    /// # Errors
    /// What the system says.
    pub(super) fn swap(&self, to: &Self) -> io::Result<()> {
        use rustix::fs::{RenameFlags, renameat_with};
        use rustix::io::Errno;
        let (from, into) = (&self.folder.0, &to.folder.0);
        match renameat_with(from, &*self.name, into, &*to.name, RenameFlags::EXCHANGE) {
            Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => self.move_to(to),
            swapped => Ok(swapped?),
        }
    }

    /// Sets the permissions of the regular file that is here, and has no other name.
    ///
    /// # Errors
    /// What the system says.
    pub(super) fn set_mode(&self, mode: u32) -> io::Result<()> {
        let flags = OFlag::O_RDONLY | OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK | OFlag::O_CLOEXEC;
        let file = openat(&self.folder.0, &*self.name, flags, Mode::empty())?;
        File::from(file).set_permissions(Permissions::from_mode(mode))
    }

    /// Removes the name; what it names may have others.
    ///
    /// # Errors
    /// What the system says; none when it is gone already.
    pub(super) fn remove(&self) -> io::Result<()> {
        match unlinkat(&self.folder.0, &*self.name, UnlinkatFlags::NoRemoveDir) {
            Ok(()) | Err(Errno::ENOENT) => Ok(()),
            Err(errno) => Err(errno.into()),
        }
    }
}

impl Seen {
    fn of(stat: &FileStat, content: String) -> Self {
        Self {
            identity: format!("{}:{}", stat.st_dev, stat.st_ino),
            mode: format!("{:o}", stat.st_mode),
            content,
        }
    }

    /// Returns the permissions, where it is a regular file.
    pub(super) fn file_mode(&self) -> Option<u32> {
        let mode = u32::from_str_radix(&self.mode, 8).ok()?;
        (mode & TYPE == FILE).then_some(mode & 0o777)
    }

    /// Returns whether it is a folder.
    pub(super) fn is_folder(&self) -> bool {
        let mode = u32::from_str_radix(&self.mode, 8).unwrap_or_default();
        mode & TYPE == DIRECTORY
    }

    /// Returns whether this is the same file, whatever it holds.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.identity == other.identity
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::atomic::replace;
    use std::fs;
    use std::os::unix::fs::symlink;

    #[test]
    fn no_way_leads_through_a_link() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join("out/deep")).unwrap();
        fs::create_dir(dir.path().join("in")).unwrap();
        symlink("../out", dir.path().join("in/link")).unwrap();
        let root = Folder::open(&dir.path().join("in")).unwrap();
        for path in ["link/file", "link/deep/file"] {
            for found in [
                root.spot(Path::new(path)).map(drop),
                root.spot_made(Path::new(path)).map(drop),
            ] {
                assert_eq!(found.unwrap_err().kind(), io::ErrorKind::NotADirectory);
            }
        }
        assert!(Folder::open(&dir.path().join("in/link")).is_err());
    }

    #[test]
    fn a_folder_that_is_swapped_for_a_link_leads_nowhere_else() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        fs::create_dir_all(at("root/a")).unwrap();
        fs::create_dir(at("out")).unwrap();
        replace(&at("root/new"), b"x").unwrap();
        let root = Folder::open(&at("root")).unwrap();
        let target = root.spot(Path::new("a/file")).unwrap().unwrap();
        crate::state::atomic::rename(&at("root/a"), &at("root/b")).unwrap();
        symlink("../out", at("root/a")).unwrap();
        let new = root.spot(Path::new("new")).unwrap().unwrap();
        new.link(&target).unwrap();
        assert!(at("root/b/file").exists());
        assert_eq!(fs::read_dir(at("out")).unwrap().count(), 0);
    }

    #[test]
    fn the_same_file_unchanged_is_seen_alike_and_anything_else_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        let root = Folder::open(dir.path()).unwrap();
        let spot = |name: &str| root.spot(Path::new(name)).unwrap().unwrap();
        replace(&at("a"), b"one").unwrap();
        let before = spot("a").look().unwrap().unwrap();
        spot("a").link(&spot("b")).unwrap();
        assert_eq!(spot("b").look().unwrap(), Some(before.clone()));
        replace(&at("a"), b"one").unwrap();
        assert_ne!(spot("a").look().unwrap(), Some(before), "another file");
        assert_eq!(spot("none").look().unwrap(), None);
        symlink("x", at("link")).unwrap();
        let link = spot("link").look().unwrap();
        fs::remove_file(at("link")).unwrap();
        symlink("y", at("link")).unwrap();
        assert_ne!(spot("link").look().unwrap(), link);
    }

    #[test]
    fn empty_folders_go_and_others_stay() {
        let dir = tempfile::tempdir().unwrap();
        let root = Folder::open(dir.path()).unwrap();
        root.spot_made(Path::new("a/b/c/file")).unwrap();
        replace(&dir.path().join("a/kept"), b"x").unwrap();
        root.prune_above(Path::new("a/b/c/file"), 1);
        assert!(dir.path().join("a/b").exists());
        assert!(!dir.path().join("a/b/c").exists());
        root.prune_above(Path::new("a/b/c/file"), usize::MAX);
        root.prune_above(Path::new("a/b/file"), usize::MAX);
        assert!(!dir.path().join("a/b").exists());
        assert!(dir.path().join("a/kept").exists());
    }
}
