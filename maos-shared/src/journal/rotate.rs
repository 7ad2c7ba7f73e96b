//! Beginning a new journal where one has become long.
//!
//! `x.jsonl` becomes `x.jsonl.1`, that `x.jsonl.2`, and so on; what would become
//! more than is kept goes. Why this is safe beside hooks that append: each step
//! is one rename. A hook that has the old journal open still writes its line
//! into that, under the new name; the next one makes a new journal. Killed in
//! between, one number is free, and the next time only the journals before that
//! move on.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::state::atomic;

/// Begins a new journal in the place of the one at `path` when that is longer
/// than `longest` bytes, and keeps `kept` earlier ones; returns whether it did.
/// Of several at once, each would move all on: one at a time.
///
/// # Errors
/// What the system says.
pub fn rotate(path: &Path, longest: u64, kept: usize) -> io::Result<bool> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_file() && found.len() > longest => {}
        Ok(_) => return Ok(false),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    }
    let is_free = |number: &usize| earlier(path, *number).symlink_metadata().is_err();
    // Where none is free, the last one is replaced.
    let free = (1..=kept).find(is_free).unwrap_or(kept);
    for number in (1..free).rev() {
        atomic::rename(&earlier(path, number), &earlier(path, number + 1))?;
    }
    atomic::rename(path, &earlier(path, 1))?;
    Ok(true)
}

/// Returns the path of a journal that came before the one at `path`, 1 for the
/// last one; it need not exist.
#[must_use]
pub fn earlier(path: &Path, number: usize) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{number}"));
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn append(path: &Path, line: &str) {
        atomic::append(path, format!("{line}\n").as_bytes()).unwrap();
    }

    fn text(path: &Path) -> String {
        fs::read_to_string(path).unwrap_or_default()
    }

    #[test]
    fn the_last_ones_are_kept_in_their_order() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.jsonl");
        assert!(!rotate(&path, 0, 3).unwrap(), "there is none");
        for number in 1..=5 {
            append(&path, &number.to_string());
            assert!(!rotate(&path, 2, 3).unwrap(), "it is not longer than that");
            assert!(rotate(&path, 1, 3).unwrap());
        }
        let kept = [1, 2, 3].map(|number| text(&earlier(&path, number)));
        assert_eq!(kept, ["5\n", "4\n", "3\n"]);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 3);
    }

    #[test]
    fn after_a_kill_none_goes_before_its_time() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.jsonl");
        for name in ["1", "3"] {
            append(&dir.path().join(format!("a.jsonl.{name}")), name);
        }
        append(&path, "0");
        assert!(rotate(&path, 1, 3).unwrap());
        let kept = [1, 2, 3].map(|number| text(&earlier(&path, number)));
        assert_eq!(kept, ["0\n", "1\n", "3\n"]);
    }

    #[test]
    fn beside_many_that_append_no_line_is_lost() {
        const EACH: usize = 200;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.jsonl");
        let done = std::sync::atomic::AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for writer in 0..4 {
                let (path, done) = (&path, &done);
                scope.spawn(move || {
                    for line in 0..EACH {
                        append(path, &format!("{writer} {line}"));
                    }
                    done.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                });
            }
            while done.load(std::sync::atomic::Ordering::Relaxed) < 4 {
                rotate(&path, 100, 100_000).unwrap();
            }
        });
        let files = fs::read_dir(dir.path()).unwrap();
        let texts = files.map(|file| text(&file.unwrap().path()));
        let mut lines: Vec<String> = texts
            .flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>())
            .collect();
        lines.sort();
        lines.dedup();
        assert_eq!(lines.len(), 4 * EACH);
    }
}
