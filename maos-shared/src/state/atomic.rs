//! The only place that writes state files and renames.
//!
//! A file appears whole: it is written under a temporary name beside its place
//! (a dot in front, so that listings skip it) and then linked or renamed. A
//! process killed in between leaves only that temporary file, which no reader
//! takes for state. Nothing is synced to disk: state has to survive killed
//! processes, not a power cut; after one, a file may be empty, which readers
//! report as damaged and leave alone.
#![expect(
    clippy::disallowed_methods,
    reason = "this file owns renames and raw writes"
)]

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use nix::fcntl::OFlag;
use rustix::fs::{AtFlags, CWD, Timespec, Timestamps, utimensat};

use crate::files;

/// Mode of the files written here: the owner alone.
const FILE_MODE: u32 = 0o600;
/// How temporary names begin. What has one and is old was left by a kill.
pub const TEMPORARY: &str = ".tmp-";
/// Mode of the folders made here: the owner alone.
const DIR_MODE: u32 = 0o700;

/// Creates `path` with `bytes`, whole or not at all, mode 0600.
///
/// Safe against kills and races: the link that makes it visible succeeds for
/// exactly one caller.
///
/// # Errors
/// `AlreadyExists` when the path exists (also as a dangling link), and what the
/// system says about the folder. Does not block beyond the writes.
pub fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let aside = write_aside(path, bytes)?;
    let linked = match fs::hard_link(&aside, path) {
        Err(error) if no_hard_links(&error) => link_by_rename(&aside, path),
        other => other,
    };
    // Gone already when it was renamed; a leftover is swept with the folder.
    let _ = fs::remove_file(&aside);
    linked.map_err(|error| naming(error, path))
}

/// Creates or replaces `path` with `bytes`, mode 0600. A reader sees the old
/// content or the new one.
///
/// # Errors
/// What the system says, with the path.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let aside = write_aside(path, bytes)?;
    fs::rename(&aside, path).map_err(|error| {
        let _ = fs::remove_file(&aside);
        naming(error, path)
    })
}

/// Replaces the file at `path`, whose mode stays, by `bytes`, if `is_still`
/// holds when they are written aside; returns whether it did.
///
/// # Errors
/// What the system says, with the path.
pub fn replace_if(path: &Path, bytes: &[u8], is_still: impl FnOnce() -> bool) -> io::Result<bool> {
    let mode = fs::symlink_metadata(path)?.permissions();
    let aside = write_aside(path, bytes)?;
    let replaced = fs::set_permissions(&aside, mode).and_then(|()| {
        let is_wanted = is_still();
        if is_wanted {
            fs::rename(&aside, path)?;
        }
        Ok(is_wanted)
    });
    if !matches!(replaced, Ok(true)) {
        let _ = fs::remove_file(&aside);
    }
    replaced.map_err(|error| naming(error, path))
}

/// Creates the file `path`, mode 0600, whose name is all that it says where it
/// lies: `bytes` count where it gets a second name ([`link`]).
///
/// # Errors
/// `AlreadyExists` when the path exists, and what the system says, with the path.
pub fn mark(path: &Path, bytes: &[u8]) -> io::Result<()> {
    create(path, bytes).map_err(|error| {
        if error.kind() != io::ErrorKind::AlreadyExists {
            let _ = fs::remove_file(path);
        }
        naming(error, path)
    })
}

/// Gives the file `path` a second name in one step, which succeeds for exactly one
/// caller.
///
/// # Errors
/// `AlreadyExists` when there is something of that name (also a dangling link),
/// `Unsupported` where the file system gives no second names, or the two lie on
/// different ones, and what the system says.
pub fn link(path: &Path, name: &Path) -> io::Result<()> {
    fs::hard_link(path, name).map_err(|error| {
        if no_hard_links(&error) || error.kind() == io::ErrorKind::CrossesDevices {
            return naming(io::Error::from(io::ErrorKind::Unsupported), name);
        }
        naming(error, name)
    })
}

/// Keeps in the time of the file `path` that it is in use now, in nanoseconds: two
/// uses never have the same. Returns whether the file is there. One call, and nothing
/// of the file changes by it.
///
/// # Errors
/// What the system says.
pub fn touch(path: &Path) -> io::Result<bool> {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let now = Timespec::try_from(now).map_err(io::Error::other)?;
    let times = Timestamps {
        last_access: now,
        last_modification: now,
    };
    match utimensat(CWD, path, &times, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(()) => Ok(true),
        Err(rustix::io::Errno::NOENT) => Ok(false),
        Err(error) => Err(naming(error.into(), path)),
    }
}

/// Moves `from` to `to` in one step. An existing file at `to` is replaced, an
/// existing folder that is not empty makes it fail.
///
/// # Errors
/// `NotFound` when another process was faster, and what the system says.
pub fn rename(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to).map_err(|error| naming(error, from))
}

/// Reads a state file of at most `limit` bytes; never through a link at its end.
///
/// # Errors
/// `NotFound`, `FileTooLarge`, or what the system says, with the path.
pub fn read(path: &Path, limit: usize) -> io::Result<Vec<u8>> {
    let file = OpenOptions::new()
        .read(true)
        .custom_flags((OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK).bits())
        .open(path)
        .map_err(|error| naming(error, path))?;
    let length = file.metadata().map_or(0, |found| found.len());
    let bytes = files::read(file, length, limit as u64 + 1).map_err(|error| naming(error, path))?;
    if bytes.len() > limit {
        let error = io::Error::new(
            io::ErrorKind::FileTooLarge,
            format!("longer than {limit} bytes"),
        );
        return Err(naming(error, path));
    }
    Ok(bytes)
}

/// Appends the line `bytes` to `path` in one write, creating it with mode 0600;
/// never through a link at its end. The system places each such write whole
/// behind the others, so lines of many processes do not mix. Behind half a line,
/// which a full disk or a kill can leave, it begins a new one.
///
/// # Errors
/// What the system says, with the path; a short write (disk full) is an error.
pub fn append(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .read(true)
        .append(true)
        .create(true)
        .mode(FILE_MODE)
        .custom_flags((OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK).bits())
        .open(path)
        .map_err(|error| naming(error, path))?;
    let mut mended = Vec::new();
    let mut bytes = bytes;
    if stays_half_a_line(&file).map_err(|error| naming(error, path))? {
        mended.push(b'\n');
        mended.extend_from_slice(bytes);
        bytes = &mended;
    }
    match file.write(bytes) {
        Ok(written) if written == bytes.len() => Ok(()),
        Ok(_) => Err(naming(io::Error::from(io::ErrorKind::WriteZero), path)),
        Err(error) => Err(naming(error, path)),
    }
}

/// Returns whether the file ends in half a line that nobody is writing: another's
/// write can be seen before it is whole. To set the mode that the file has changes
/// nothing, and waits for that write.
fn stays_half_a_line(file: &File) -> io::Result<bool> {
    /// Each can meet another write.
    const LOOKS: u32 = 20;
    for _ in 0..LOOKS {
        if !ends_in_half_a_line(file)? {
            return Ok(false);
        }
        file.set_permissions(Permissions::from_mode(FILE_MODE))?;
    }
    ends_in_half_a_line(file)
}

fn ends_in_half_a_line(file: &File) -> io::Result<bool> {
    let mut last = [b'\n'];
    if let Some(at) = file.metadata()?.len().checked_sub(1) {
        // What is no regular file has no length.
        file.read_at(&mut last, at)?;
    }
    Ok(last != *b"\n")
}

/// Makes the folder `base/relative`, one component after the other, mode 0700;
/// folders that are there already stay as they are.
///
/// # Errors
/// `NotADirectory` when a component, or `base` itself, is a link or a file: a
/// repository can carry such a link, and state must not leave its place
/// through it. Otherwise what the system says.
pub fn ensure_dir(base: &Path, relative: &Path) -> io::Result<PathBuf> {
    ensure_one(base)?;
    ensure_below(base, relative)
}

/// As [`ensure_dir`], where `base` has been looked at.
///
/// # Errors
/// As there, for all below `base`.
pub fn ensure_below(base: &Path, relative: &Path) -> io::Result<PathBuf> {
    let mut path = base.to_path_buf();
    for component in relative.components() {
        path.push(component);
        ensure_one(&path)?;
    }
    Ok(path)
}

fn ensure_one(path: &Path) -> io::Result<()> {
    // It is there but for the first time.
    if fs::symlink_metadata(path).is_ok_and(|found| found.is_dir()) {
        return Ok(());
    }
    match DirBuilder::new().mode(DIR_MODE).create(path) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => check_dir(path),
        // A read-only file system may answer that before it looks for the name.
        Err(error) => check_dir(path).map_err(|_| naming(error, path)),
    }
}

/// Checks that `path` is a folder and not a link to one.
///
/// # Errors
/// `NotFound`, or `NotADirectory` for a link or a file.
pub fn check_dir(path: &Path) -> io::Result<()> {
    let found = fs::symlink_metadata(path).map_err(|error| naming(error, path))?;
    if found.is_dir() {
        return Ok(());
    }
    let error = io::Error::new(
        io::ErrorKind::NotADirectory,
        "a link or a file stands where MAOS keeps a folder; move it away",
    );
    Err(naming(error, path))
}

fn write_aside(path: &Path, bytes: &[u8]) -> io::Result<PathBuf> {
    let aside = temporary_name(path);
    create(&aside, bytes).map_err(|error| {
        if error.kind() != io::ErrorKind::AlreadyExists {
            let _ = fs::remove_file(&aside);
        }
        naming(error, path)
    })?;
    Ok(aside)
}

/// Creates a file that nobody looks at before it is whole.
fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file: File = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(FILE_MODE)
        .open(path)?;
    file.write_all(bytes)
}

/// Returns a name beside `path` that no other process uses; `create_new` would
/// notice a clash across pid namespaces.
#[must_use]
pub fn temporary_name(path: &Path) -> PathBuf {
    let name = format!("{TEMPORARY}{}", unique());
    path.parent().unwrap_or_else(|| Path::new("/")).join(name)
}

/// Returns a text that no process has had before, and none will: process id,
/// time in nanoseconds and a counter. Lower-case letters, digits and `-`.
#[must_use]
pub fn unique() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let nanos = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_nanos());
    format!("{}-{nanos:x}-{count}", std::process::id())
}

fn no_hard_links(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::PermissionDenied | io::ErrorKind::Unsupported
    )
}

/// For file systems without hard links: not exclusive against a race, and used
/// only where the winner does not matter.
fn link_by_rename(aside: &Path, path: &Path) -> io::Result<()> {
    if fs::symlink_metadata(path).is_ok() {
        return Err(io::Error::from(io::ErrorKind::AlreadyExists));
    }
    fs::rename(aside, path)
}

fn naming(error: io::Error, path: &Path) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};

    #[test]
    fn a_new_file_is_whole_private_and_never_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.json");
        write_new(&path, b"first").unwrap();
        let second = write_new(&path, b"second").unwrap_err();
        assert_eq!(second.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(read(&path, 100).unwrap(), b"first");
        let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "no leftover");
    }

    #[test]
    fn exactly_one_of_many_writers_creates() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        let winners: usize = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8u8)
                .map(|n| {
                    let path = &path;
                    scope.spawn(move || usize::from(write_new(path, &[n]).is_ok()))
                })
                .collect();
            threads.into_iter().map(|t| t.join().unwrap()).sum()
        });
        assert_eq!(winners, 1);
    }

    #[test]
    fn links_are_not_followed() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("target");
        fs::create_dir(&target).unwrap();
        let link = dir.path().join("link");
        symlink(&target, &link).unwrap();
        let error = ensure_dir(&link, Path::new("below")).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotADirectory);
        assert!(!target.join("below").exists());

        let file_link = dir.path().join("file-link");
        symlink(dir.path().join("elsewhere"), &file_link).unwrap();
        assert!(append(&file_link, b"x\n").is_err());
        assert!(read(&file_link, 10).is_err());
        assert!(!dir.path().join("elsewhere").exists());
    }

    #[test]
    fn half_a_line_spoils_no_other() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.jsonl");
        append(&path, b"1\n").unwrap();
        append(&path, b"2, cut").unwrap();
        append(&path, b"3\n").unwrap();
        append(&path, b"4\n").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"1\n2, cut\n3\n4\n");
    }

    #[test]
    fn a_long_file_is_refused_with_its_limit() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        replace(&path, b"12345").unwrap();
        assert_eq!(read(&path, 5).unwrap(), b"12345");
        let error = read(&path, 4).unwrap_err().to_string();
        assert!(error.contains("longer than 4 bytes"), "{error}");
    }
}
