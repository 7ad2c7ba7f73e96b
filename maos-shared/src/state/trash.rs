//! The trash: what was removed lies in `.maos/trash/` until a job deletes it.
//!
//! Why this is safe: a thing comes here by one rename, and from then on nobody
//! uses it. Deleting that is killed leaves a part, which the next time takes.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::{State, atomic};

impl State {
    /// Returns the folder that removed things are moved to; it is made.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn trash(&self) -> io::Result<PathBuf> {
        self.make(Path::new("trash"))
    }

    /// Deletes all that lies in the trash and returns how many things those
    /// were. Blocks until it is done: for jobs.
    ///
    /// # Errors
    /// What the system says about the last thing that could not be deleted; all
    /// others are gone.
    pub fn empty_trash(&self) -> io::Result<usize> {
        let trash = self.root().join("trash");
        atomic::check_dir(&trash)?;
        let mut deleted = 0;
        let mut trouble = Ok(());
        for entry in fs::read_dir(&trash)? {
            let entry = entry?;
            let gone = match entry.file_type()?.is_dir() {
                true => delete(&entry.path()),
                false => fs::remove_file(entry.path()),
            };
            match gone {
                Ok(()) => deleted += 1,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => {
                    let text = format!("{}: {error}", entry.path().display());
                    trouble = Err(io::Error::new(error.kind(), text));
                }
            }
        }
        trouble.map(|()| deleted)
    }
}

/// Deletes a folder, also where some in it cannot be written to: it is nobody's.
fn delete(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            unlock(folder)?;
            fs::remove_dir_all(folder)
        }
        deleted => deleted,
    }
}

/// Lets the owner change a folder, and all below it. No link is followed.
fn unlock(folder: &Path) -> io::Result<()> {
    if !folder.symlink_metadata()?.is_dir() {
        return Ok(());
    }
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    for entry in fs::read_dir(folder)? {
        unlock(&entry?.path())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;
    use std::time::SystemTime;

    #[test]
    fn all_in_the_trash_goes_and_nothing_that_it_leads_to() {
        let dir = tempfile::tempdir().unwrap();
        let state = State::at(dir.path().join(".maos"), SystemTime::UNIX_EPOCH);
        let trash = state.trash().unwrap();
        let kept = dir.path().join("kept");
        fs::create_dir(&kept).unwrap();
        atomic::replace(&kept.join("file"), b"x").unwrap();
        fs::create_dir(trash.join("a")).unwrap();
        symlink(&kept, trash.join("a/link")).unwrap();
        symlink(&kept, trash.join("link")).unwrap();
        atomic::replace(&trash.join("file"), b"x").unwrap();
        assert_eq!(state.empty_trash().unwrap(), 3);
        assert_eq!(fs::read_dir(&trash).unwrap().count(), 0);
        assert!(kept.join("file").exists());
    }

    #[test]
    fn a_folder_that_cannot_be_written_to_goes_too() {
        let dir = tempfile::tempdir().unwrap();
        let inner = dir.path().join("a/b");
        fs::create_dir_all(&inner).unwrap();
        atomic::replace(&inner.join("file"), b"x").unwrap();
        symlink("/", inner.join("link")).unwrap();
        for folder in [&inner, &dir.path().join("a")] {
            fs::set_permissions(folder, fs::Permissions::from_mode(0o500)).unwrap();
        }
        unlock(&dir.path().join("a")).unwrap();
        let mode = inner.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
        delete(&dir.path().join("a")).unwrap();
        assert!(!inner.exists());
    }

    #[test]
    fn a_link_in_the_place_of_the_trash_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let state = State::at(dir.path().join(".maos"), SystemTime::UNIX_EPOCH);
        state.prepare().unwrap();
        let kept = dir.path().join("kept");
        fs::create_dir_all(kept.join("a")).unwrap();
        symlink(&kept, state.root().join("trash")).unwrap();
        assert!(state.empty_trash().is_err());
        assert!(kept.join("a").exists());
    }
}
