//! The last lines of a file that may be long.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use memchr::memrchr;
use nix::fcntl::OFlag;

/// How much of a file's end is looked at by default, in bytes (8 MiB).
pub(crate) const WINDOW: u64 = 8 * 1024 * 1024;

/// How much of a file is looked at where all of it counts, in bytes (64 MiB):
/// more than a journal has before a new one is begun.
pub(crate) const WHOLE: u64 = 64 * 1024 * 1024;

/// Returns the last `count` whole lines of the file at `path`, without their
/// line ends; fewer when it holds fewer within its last `window` bytes, none
/// when it is missing. A link or a pipe at `path` is not followed and does not
/// block.
///
/// # Errors
/// What the system says about the file.
pub(crate) fn last_lines(path: &Path, count: usize, window: u64) -> io::Result<Vec<Vec<u8>>> {
    let end = end(path, window)?;
    let lines: Vec<&[u8]> = whole_lines(&end).collect();
    let first = lines.len().saturating_sub(count);
    Ok(lines[first..].iter().map(|line| line.to_vec()).collect())
}

/// Returns the last `window` bytes of the file at `path`, from the start of a
/// line on; none when it is missing.
///
/// # Errors
/// What the system says about the file.
pub(super) fn end(path: &Path, window: u64) -> io::Result<Vec<u8>> {
    match open(path)? {
        Some(mut file) => end_of(&mut file, window).map_err(|error| naming(&error, path)),
        None => Ok(Vec::new()),
    }
}

/// Returns the lines without their line ends. What follows the last of these is
/// empty, or still being written.
pub(super) fn whole_lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let whole = memrchr(b'\n', text).map_or(0, |last| last + 1);
    text[..whole]
        .split_inclusive(|byte| *byte == b'\n')
        .map(|line| &line[..line.len() - 1])
}

/// Opens a journal; `None` when it is missing.
pub(super) fn open(path: &Path) -> io::Result<Option<File>> {
    let opened = File::options()
        .read(true)
        .custom_flags((OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK).bits())
        .open(path);
    match opened {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(naming(&error, path)),
    }
}

/// Returns the file's last bytes, from the start of a line on.
fn end_of(file: &mut File, window: u64) -> io::Result<Vec<u8>> {
    let length = file.metadata()?.len();
    let start = length.saturating_sub(window);
    file.seek(SeekFrom::Start(start))?;
    let mut bytes = Vec::with_capacity(usize::try_from(length - start).unwrap_or_default());
    file.take(window).read_to_end(&mut bytes)?;
    if start > 0 {
        let line = bytes.iter().position(|byte| *byte == b'\n');
        bytes.drain(..=line.unwrap_or(bytes.len().saturating_sub(1)));
    }
    Ok(bytes)
}

pub(super) fn naming(error: &io::Error, path: &Path) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods, reason = "tests lay out files")]

    use std::fs;

    use super::*;

    fn last(content: &[u8], count: usize) -> Vec<Vec<u8>> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jsonl");
        fs::write(&path, content).unwrap();
        last_lines(&path, count, WINDOW).unwrap()
    }

    #[test]
    fn whole_lines_from_the_end() {
        assert_eq!(last(b"1\n2\n3\n", 2), [b"2", b"3"]);
        assert_eq!(last(b"1\n2\nhal", 5), [b"1", b"2"]);
        assert_eq!(last(b"", 5), Vec::<Vec<u8>>::new());
    }

    #[test]
    fn only_the_end_of_a_long_file_is_read() {
        let mut content = vec![b'x'; usize::try_from(WINDOW).unwrap()];
        content.extend_from_slice(b"\n1\n2\n");
        assert_eq!(last(&content, 5), [b"1", b"2"]);
    }

    #[test]
    fn missing_is_empty_and_a_link_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jsonl");
        assert!(last_lines(&path, 5, WINDOW).unwrap().is_empty());
        std::os::unix::fs::symlink("/etc/passwd", &path).unwrap();
        assert!(last_lines(&path, 5, WINDOW).is_err());
    }
}
