//! Files below a folder, reached step by step from it and never through a link:
//! a repository may hold links that lead anywhere.

use crate::config::limits::PATH_BYTES;
use nix::fcntl::{OFlag, openat, readlinkat};
use nix::sys::stat::{Mode, mkdirat};
use nix::unistd::{UnlinkatFlags, symlinkat, unlinkat};
use std::ffi::{OsStr, OsString};
use std::fs::{File, Metadata, OpenOptions, Permissions};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Component, Path};

/// An open folder.
pub(super) struct Folder(OwnedFd);

impl Folder {
    /// Opens a folder; links above it are followed, it is none itself.
    ///
    /// # Errors
    /// What the system says.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let flags = OFlag::O_DIRECTORY | OFlag::O_NOFOLLOW;
        let opened = OpenOptions::new()
            .read(true)
            .custom_flags(flags.bits())
            .open(path)?;
        Ok(Self(opened.into()))
    }

    /// Opens the folder above `path` and returns it with the last name.
    ///
    /// # Errors
    /// When the path is not a plain one, a link or a file stands in its way, or
    /// it is not there.
    pub(super) fn above<'a>(&self, path: &'a Path) -> io::Result<(Self, &'a OsStr)> {
        self.walk(path, false)
    }

    /// As [`Folder::above`], but makes the folders that are missing, with the
    /// usual mode.
    ///
    /// # Errors
    /// As [`Folder::above`].
    pub(super) fn make_above<'a>(&self, path: &'a Path) -> io::Result<(Self, &'a OsStr)> {
        self.walk(path, true)
    }

    fn walk<'a>(&self, path: &'a Path, makes: bool) -> io::Result<(Self, &'a OsStr)> {
        let odd = || io::Error::from(io::ErrorKind::InvalidInput);
        let name = path.file_name().ok_or_else(odd)?;
        let mut at = Self(self.0.try_clone()?);
        for component in path.parent().ok_or_else(odd)?.components() {
            let Component::Normal(folder) = component else {
                return Err(odd());
            };
            if makes {
                match mkdirat(&at.0, folder, Mode::from_bits_truncate(0o777)) {
                    Ok(()) | Err(nix::Error::EEXIST) => {}
                    Err(error) => return Err(error.into()),
                }
            }
            at = at.folder(folder)?;
        }
        Ok((at, name))
    }

    fn folder(&self, name: &OsStr) -> io::Result<Self> {
        let flags = OFlag::O_DIRECTORY | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
        Ok(Self(openat(&self.0, name, flags, Mode::empty())?))
    }

    /// Makes the folder `name`, which must not be there, and opens it.
    ///
    /// # Errors
    /// What the system says.
    pub(super) fn make(&self, name: &OsStr) -> io::Result<Self> {
        mkdirat(&self.0, name, Mode::from_bits_truncate(0o777))?;
        self.folder(name)
    }

    /// Opens the regular file `name` to read.
    ///
    /// # Errors
    /// When it is a link (`FilesystemLoop` on most systems) or no regular file.
    pub(super) fn file(&self, name: &OsStr) -> io::Result<(File, Metadata)> {
        let flags = OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK | OFlag::O_CLOEXEC;
        let file = File::from(openat(&self.0, name, flags, Mode::empty())?);
        let found = file.metadata()?;
        match found.is_file() {
            true => Ok((file, found)),
            false => Err(io::Error::other("it is not a regular file")),
        }
    }

    /// Makes the file `name`, which must not be there, a copy of `source` with
    /// its permissions. Where the file system can, the two share their bytes.
    ///
    /// # Errors
    /// What the system says; half a file may be left.
    pub(super) fn copy(&self, name: &OsStr, source: &mut File, of: &Metadata) -> io::Result<()> {
        let flags =
            OFlag::O_WRONLY | OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
        let mut file = File::from(openat(&self.0, name, flags, Mode::S_IRUSR | Mode::S_IWUSR)?);
        // On Linux this is one `copy_file_range`, which clones where it can.
        io::copy(source, &mut file)?;
        file.set_permissions(Permissions::from_mode(of.mode() & 0o777))
    }

    /// Deletes the file `name`.
    ///
    /// # Errors
    /// What the system says.
    pub(super) fn remove(&self, name: &OsStr) -> io::Result<()> {
        Ok(unlinkat(&self.0, name, UnlinkatFlags::NoRemoveDir)?)
    }

    /// Returns where the link `name` leads.
    ///
    /// # Errors
    /// When it is no link.
    pub(super) fn link(&self, name: &OsStr) -> io::Result<OsString> {
        let target = readlinkat(&self.0, name)?;
        match target.len() > PATH_BYTES {
            true => Err(io::Error::from(io::ErrorKind::InvalidData)),
            false => Ok(target),
        }
    }

    /// Makes the link `name`, which must not be there.
    ///
    /// # Errors
    /// What the system says.
    pub(super) fn make_link(&self, name: &OsStr, target: &OsStr) -> io::Result<()> {
        Ok(symlinkat(target, &self.0, name)?)
    }
}
