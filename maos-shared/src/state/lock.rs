//! A lock between processes that the system frees when its holder dies.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use nix::fcntl::OFlag;

/// First pause between two tries; each next one doubles, up to `LONGEST_PAUSE`.
const FIRST_PAUSE: Duration = Duration::from_micros(200);
/// Longest pause between two tries.
const LONGEST_PAUSE: Duration = Duration::from_millis(20);

/// An exclusive lock on a file, held until it is dropped or its process ends.
#[derive(Debug)]
pub struct Lock {
    file: File,
}

impl Lock {
    /// Takes the lock on `path` (created, mode 0600), blocking at most `wait`.
    ///
    /// # Errors
    /// `TimedOut` with path and time when another process still holds it, or
    /// what the system says about the file.
    pub fn acquire(path: &Path, wait: Duration) -> io::Result<Self> {
        let file = open(path)?;
        let deadline = Instant::now() + wait;
        let mut pause = FIRST_PAUSE;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { file }),
                Err(TryLockError::Error(error)) => return Err(naming(&error, path)),
                Err(TryLockError::WouldBlock) => {}
            }
            let now = Instant::now();
            if now >= deadline {
                return Err(io::Error::new(
                    io::ErrorKind::TimedOut,
                    format!(
                        "{}: still locked by another process after {} ms",
                        path.display(),
                        wait.as_millis()
                    ),
                ));
            }
            thread::sleep(pause.min(deadline - now));
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
}

impl Lock {
    /// Takes the lock on `path` (created, mode 0600) if it is free; `None` when
    /// somebody holds it. Never waits. Who holds it may remove the file: another
    /// who had it open then makes a new one, and does not lock one that is gone.
    ///
    /// # Errors
    /// What the system says about the file.
    pub fn try_acquire(path: &Path) -> io::Result<Option<Self>> {
        loop {
            let file = open(path)?;
            match file.try_lock() {
                Ok(()) if is_at(&file, path)? => return Ok(Some(Self { file })),
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(error)) => return Err(naming(&error, path)),
            }
        }
    }

    /// Takes the lock on the folder `path`; `None` when somebody holds it, or there is
    /// no such folder. Never waits, and creates nothing. Who holds it may remove the
    /// folder.
    ///
    /// # Errors
    /// What the system says about the folder; `NotADirectory` for a link.
    pub fn try_folder(path: &Path) -> io::Result<Option<Self>> {
        let flags = (OFlag::O_NOFOLLOW | OFlag::O_DIRECTORY).bits();
        let opened = OpenOptions::new().read(true).custom_flags(flags).open(path);
        let file = match opened {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(naming(&error, path)),
        };
        match file.try_lock() {
            Ok(()) => Ok(is_at(&file, path)?.then_some(Self { file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(naming(&error, path)),
        }
    }

    /// Takes the lock on `path` (created, mode 0600) together with others who only
    /// look; `None` when somebody has it alone. Never waits.
    ///
    /// # Errors
    /// What the system says about the file.
    pub fn try_share(path: &Path) -> io::Result<Option<Self>> {
        let file = open(path)?;
        match file.try_lock_shared() {
            Ok(()) => Ok(Some(Self { file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(naming(&error, path)),
        }
    }

    /// Returns whether a process holds the lock on `path`; nobody does where
    /// there is no such file. Never waits, and creates nothing.
    ///
    /// # Errors
    /// What the system says about the file.
    pub fn is_held(path: &Path) -> io::Result<bool> {
        let flags = (OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK).bits();
        let opened = OpenOptions::new().read(true).custom_flags(flags).open(path);
        let file = match opened {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(naming(&error, path)),
        };
        // Shared, so that two who look do not see each other.
        match file.try_lock_shared() {
            Ok(()) => Ok(false),
            Err(TryLockError::WouldBlock) => Ok(true),
            Err(TryLockError::Error(error)) => Err(naming(&error, path)),
        }
    }

    /// Frees the lock before it is dropped, also where a child shares it.
    pub fn free(&self) {
        // It is freed at the end of the process at the latest.
        let _ = self.file.unlock();
    }

    /// Returns the locked file once more, to be handed to a child: the lock is
    /// then held until that has ended too.
    ///
    /// # Errors
    /// What the system says when there are too many open files.
    pub fn share(&self) -> io::Result<File> {
        self.file.try_clone()
    }
}

impl AsFd for Lock {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .custom_flags(OFlag::O_NOFOLLOW.bits())
        .open(path)
        .map_err(|error| naming(&error, path))
}

/// Returns whether the open file is the one at `path`.
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    let open = file.metadata()?;
    match path.symlink_metadata() {
        Ok(found) => Ok((found.dev(), found.ino()) == (open.dev(), open.ino())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(naming(&error, path)),
    }
}

fn naming(error: &io::Error, path: &Path) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_holder_waits_and_is_told_for_how_long() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lock");
        let first = Lock::acquire(&path, Duration::ZERO).unwrap();
        let error = Lock::acquire(&path, Duration::from_millis(5)).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert!(error.to_string().contains("after 5 ms"), "{error}");
        drop(first);
        Lock::acquire(&path, Duration::ZERO).unwrap();
    }

    #[test]
    fn those_who_look_share_it_and_keep_out_who_wants_it_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lock");
        let looking = [(); 2].map(|()| Lock::try_share(&path).unwrap().unwrap());
        assert!(Lock::acquire(&path, Duration::ZERO).is_err());
        drop(looking);
        let _alone = Lock::acquire(&path, Duration::ZERO).unwrap();
        assert!(Lock::try_share(&path).unwrap().is_none());
    }

    #[test]
    fn a_file_that_its_holder_removed_is_not_locked_by_the_next() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lock");
        let first = Lock::try_acquire(&path).unwrap().unwrap();
        assert!(Lock::try_acquire(&path).unwrap().is_none());
        assert!(Lock::is_held(&path).unwrap());
        std::fs::remove_file(&path).unwrap();
        let second = Lock::try_acquire(&path).unwrap().unwrap();
        assert!(is_at(&second.file, &path).unwrap());
        assert!(!is_at(&first.file, &path).unwrap());
        second.free();
        assert!(!Lock::is_held(&path).unwrap());
    }
}
