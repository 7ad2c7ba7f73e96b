//! What is appended to journals from now on.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

use super::tail::{naming, open};
use super::{Line, Wanted};

/// The most that is read of one journal at a time, in bytes (1 MiB): a journal
/// that grows faster is read in several steps.
const STEP: u64 = 1024 * 1024;
/// The longest line that is waited for to end, in bytes (64 KiB). No hook
/// writes such a line.
const LONGEST: usize = 64 * 1024;

/// Reads what is appended to some journals, also to those that are not there
/// yet, and to the new file where one was moved away.
#[derive(Debug)]
pub(crate) struct Follower {
    journals: Vec<Followed>,
}

#[derive(Debug)]
struct Followed {
    path: PathBuf,
    file: Option<File>,
    /// The start of a line that is still being written.
    rest: Vec<u8>,
}

impl Follower {
    /// Returns a follower that begins at the journals' present ends.
    ///
    /// # Errors
    /// What the system says about a journal.
    pub(crate) fn new(journals: Vec<PathBuf>) -> io::Result<Self> {
        let follow = |path: PathBuf| {
            let mut file = open(&path)?;
            if let Some(file) = &mut file {
                file.seek(SeekFrom::End(0))?;
            }
            Ok(Followed {
                path,
                file,
                rest: Vec::new(),
            })
        };
        let journals: io::Result<_> = journals.into_iter().map(follow).collect();
        Ok(Self {
            journals: journals?,
        })
    }

    /// Returns the wanted lines that were appended since the last call, oldest
    /// first. Does not wait for any.
    ///
    /// # Errors
    /// What the system says about a journal.
    pub(crate) fn next(&mut self, wanted: &Wanted) -> io::Result<Vec<Line>> {
        let mut lines = Vec::new();
        for journal in &mut self.journals {
            let read = journal.next();
            lines.extend(read.map_err(|error| naming(&error, &journal.path))?);
        }
        lines.retain(|line| wanted.takes(line));
        lines.sort_by(|a: &Line, b: &Line| a.time.cmp(&b.time));
        Ok(lines)
    }
}

impl Followed {
    fn next(&mut self) -> io::Result<Vec<Line>> {
        let mut read = self.rest_of_file()?;
        if read.is_empty() && self.was_moved()? {
            self.file = open(&self.path)?;
            self.rest.clear();
            read = self.rest_of_file()?;
        }
        self.rest.extend(read);
        let ends = self.rest.iter().rposition(|byte| *byte == b'\n');
        let Some(end) = ends else {
            if self.rest.len() > LONGEST {
                self.rest.clear();
            }
            return Ok(Vec::new());
        };
        let whole: Vec<u8> = self.rest.drain(..=end).collect();
        let lines = whole.split(|byte| *byte == b'\n');
        Ok(lines.filter_map(Line::parse).collect())
    }

    fn rest_of_file(&mut self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        if let Some(file) = &mut self.file {
            file.take(STEP).read_to_end(&mut bytes)?;
        }
        Ok(bytes)
    }

    /// Returns whether another file than the one that is read has the path.
    fn was_moved(&self) -> io::Result<bool> {
        let Some(file) = &self.file else {
            return Ok(true);
        };
        let held = file.metadata()?;
        let Ok(there) = std::fs::symlink_metadata(&self.path) else {
            return Ok(false);
        };
        Ok((held.dev(), held.ino()) != (there.dev(), there.ino()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods, reason = "tests lay out files")]

    use std::fs;

    use super::*;
    use maos_shared::state::atomic;

    fn line(event: &str) -> Vec<u8> {
        format!("{{\"time\":\"T\",\"event\":\"{event}\"}}\n").into_bytes()
    }

    fn events(follower: &mut Follower) -> Vec<String> {
        let lines = follower.next(&Wanted::default()).unwrap();
        lines.into_iter().map(|line| line.event).collect()
    }

    #[test]
    fn only_whole_new_lines_are_told_also_of_a_new_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.jsonl");
        let later = dir.path().join("b.jsonl");
        atomic::append(&path, &line("old")).unwrap();
        let mut follower = Follower::new(vec![path.clone(), later.clone()]).unwrap();
        assert_eq!(events(&mut follower), Vec::<String>::new());
        let (half, rest) = (&line("one")[..10], &line("one")[10..]);
        fs::write(&path, [&line("old"), half].concat()).unwrap();
        assert_eq!(events(&mut follower), Vec::<String>::new());
        fs::write(&path, [&line("old"), half, rest].concat()).unwrap();
        atomic::append(&later, &line("two")).unwrap();
        assert_eq!(events(&mut follower), ["one", "two"]);
        atomic::append(&path, &line("three")).unwrap();
        atomic::rename(&path, &dir.path().join("a.1")).unwrap();
        atomic::append(&path, &line("four")).unwrap();
        assert_eq!(events(&mut follower), ["three"]);
        assert_eq!(events(&mut follower), ["four"]);
    }
}
