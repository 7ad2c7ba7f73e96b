//! Reading files that somebody else wrote: a person, a repository, git.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Component, Path, PathBuf};

use nix::fcntl::OFlag;

/// Returns the first `limit` bytes of a regular file; links are followed, since
/// people keep their files behind links. Never waits: a pipe is opened without
/// blocking, and refused.
///
/// # Errors
/// When it cannot be read, or is no regular file.
pub fn read_start(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let (file, length) = open(path)?;
    read(file, length, limit)
}

/// Returns the last `limit` bytes of a regular file, as [`read_start`] does the
/// first.
///
/// # Errors
/// When it cannot be read, or is no regular file.
pub fn read_end(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let (mut file, length) = open(path)?;
    file.seek(SeekFrom::Start(length.saturating_sub(limit)))?;
    read(file, length, limit)
}

/// Returns `path` (absolute) without `.`, `..` and links, as
/// [`Path::canonicalize`] does. `known` is such a path, of a folder: names that
/// both begin with are not looked up again.
///
/// # Errors
/// What the system says, where something on the way is not there.
pub fn real_path(path: &Path, known: &Path) -> io::Result<PathBuf> {
    let mut real = PathBuf::with_capacity(path.as_os_str().len());
    for component in path.components() {
        match component {
            Component::RootDir => real.push("/"),
            Component::Normal(name) => {
                real.push(name);
                if !leads_to(&real, known) && real.symlink_metadata()?.is_symlink() {
                    return path.canonicalize();
                }
            }
            Component::ParentDir if leads_to(&real, known) => drop(real.pop()),
            _ => return path.canonicalize(),
        }
    }
    Ok(real)
}

/// Returns whether a path is `folder` or one above it. Both are absolute and hold
/// nothing that could be left out, so that a look at their bytes tells.
#[must_use]
pub fn leads_to(path: &Path, folder: &Path) -> bool {
    let (path, folder) = (path.as_os_str().as_bytes(), folder.as_os_str().as_bytes());
    let rest = folder.strip_prefix(path);
    rest.is_some_and(|rest| path == b"/" || matches!(rest, [] | [b'/', ..]))
}

fn open(path: &Path) -> io::Result<(File, u64)> {
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(OFlag::O_NONBLOCK.bits())
        .open(path)?;
    let found = file.metadata()?;
    if !found.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    Ok((file, found.len()))
}

/// Reads a file of this length, in one call where it is short. One without a
/// length, as those of `/proc` are, is read to its end.
pub(crate) fn read(file: File, length: u64, limit: u64) -> io::Result<Vec<u8>> {
    let most = if length == 0 {
        limit
    } else {
        length.min(limit)
    };
    let known = usize::try_from(length.min(limit)).unwrap_or_default();
    let mut bytes = Vec::with_capacity(known);
    file.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn a_real_path_is_the_systems() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        let known = root.join("a/b");
        std::fs::create_dir_all(known.join("c")).unwrap();
        symlink("a/b", root.join("link")).unwrap();
        crate::state::atomic::replace(&root.join("file"), b"").unwrap();
        for path in [
            "a/b",
            "a/b/c",
            "a/b/./c//",
            "a/b/../b/../..",
            "link",
            "link/..",
            "a/../link/c",
            "file",
            "file/..",
            "file/x",
            "none",
            "none/..",
            "a/none",
        ] {
            let path = root.join(path);
            let (real, expected) = (real_path(&path, &known), path.canonicalize());
            assert_eq!(real.ok(), expected.ok(), "{path:?}");
        }
        assert_eq!(real_path(Path::new("/"), &known).unwrap(), Path::new("/"));
        assert!(real_path(Path::new("/a\0b"), &known).is_err());
    }

    #[test]
    fn a_name_that_goes_on_is_another() {
        let leads = |path: &str, folder: &str| leads_to(Path::new(path), Path::new(folder));
        for (path, folder) in [("/", "/a"), ("/", "/"), ("/a", "/a/b"), ("/a/b", "/a/b")] {
            assert!(leads(path, folder), "{path} {folder}");
        }
        for (path, folder) in [("/a", "/ab"), ("/a/b", "/a"), ("/b", "/a/b")] {
            assert!(!leads(path, folder), "{path} {folder}");
        }
    }

    #[test]
    fn a_pipe_is_refused_and_a_link_followed() {
        let dir = tempfile::tempdir().unwrap();
        let pipe = dir.path().join("pipe");
        nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).unwrap();
        assert!(read_start(&pipe, 10).is_err());
        assert!(read_start(dir.path(), 10).is_err());
        let file = dir.path().join("file");
        crate::state::atomic::replace(&file, b"12345").unwrap();
        symlink("file", dir.path().join("link")).unwrap();
        assert_eq!(read_start(&dir.path().join("link"), 3).unwrap(), b"123");
        assert_eq!(read_end(&file, 3).unwrap(), b"345");
        assert_eq!(read_end(&file, 10).unwrap(), b"12345");
        crate::state::atomic::replace(&file, b"").unwrap();
        assert_eq!(read_start(&file, 3).unwrap(), b"");
    }
}
