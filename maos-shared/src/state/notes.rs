//! Texts that one program of a session leaves for another to tell, which does not
//! know more than a name.
//!
//! ```text
//! notes/<name>/<n>.json     a text for whoever asks for them first
//! notes/<name>/<n>.taken    one that is being told
//! ```
//!
//! Why this is safe: a file appears whole. Who tells a note has its folder locked
//! until the text has gone out ([`Note`]), so nobody else tells it meanwhile, and
//! only then removes the files that it had read. A kill on the way frees the lock
//! and leaves the files: the text is told by the next who asks, once more at worst.
//! A text is renamed before it is read, so a newer one of the same name that comes
//! meanwhile is not removed with it. Who leaves a text in a folder that was just
//! removed finds no place for it there and makes the folder anew.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::PathBuf;

use super::agents::read_json;
use super::layout::Session;
use super::lock::Lock;
use super::{SafeName, atomic};

const NOTES: &str = "notes";
/// The text of a note that a newer one replaces.
const ONLY: &str = "note";
/// How the file of a text ends.
const LEFT: &str = "json";
/// How the file of a text ends that is being told.
const TAKEN: &str = "taken";
/// How the file of a text ends that nobody can read.
const DAMAGED: &str = "damaged";
/// How often the folder of a note is made anew for a text.
const TRIES: usize = 100;

/// Returns the name of the note for an agent, or for the main agent, which is
/// delivered with the next tool call.
#[must_use]
pub fn note_for(agent: Option<&str>) -> String {
    agent.map_or_else(|| "to-main".to_owned(), |id| format!("to-agent-{id}"))
}

/// A note that is being told: nobody else tells it meanwhile. One that is dropped
/// stays for the next who asks.
#[derive(Debug)]
pub struct Note {
    text: String,
    folder: PathBuf,
    files: Vec<PathBuf>,
    lock: Lock,
}

impl Note {
    /// Returns what it says, a paragraph for each text, the oldest first.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Removes what has been told. What cannot be removed is told once more.
    pub fn is_told(self) {
        for file in &self.files {
            let _ = fs::remove_file(file);
        }
        // It stays where another text has come meanwhile.
        let _ = fs::remove_dir(&self.folder);
        self.lock.free();
    }
}

impl Session {
    /// Leaves a text under `name`, in place of an older one that was left so.
    ///
    /// # Errors
    /// What the system says.
    pub fn leave_note(&self, name: &str, text: &str) -> io::Result<()> {
        self.leave_in_note(name, ONLY, text)
    }

    /// Adds a paragraph to what was left under `name`, if anything was.
    ///
    /// # Errors
    /// What the system says.
    pub fn add_to_note(&self, name: &str, text: &str) -> io::Result<()> {
        self.leave_in_note(name, &atomic::unique(), text)
    }

    /// Adds the paragraph `paragraph` to what was left under `name`, in place of an
    /// older one of that name.
    ///
    /// # Errors
    /// What the system says.
    pub fn leave_in_note(&self, name: &str, paragraph: &str, text: &str) -> io::Result<()> {
        let place = format!("{NOTES}/{}", SafeName::new(name));
        let mut tries = 0;
        loop {
            match self.leave(&place, paragraph, &text) {
                // Removed since it was made.
                Err(error) if error.kind() == io::ErrorKind::NotFound && tries < TRIES => {
                    tries += 1;
                }
                left => return left,
            }
        }
    }

    /// Returns what was left under `name`, to be told; `None` where nothing was, or
    /// another tells it at this moment. Where there is nothing, that costs one call
    /// of the system.
    ///
    /// # Errors
    /// What the system says, or when a file is damaged, which is then put aside.
    pub fn note(&self, name: &str) -> io::Result<Option<Note>> {
        let folder = self.dir().join(NOTES).join(SafeName::new(name).to_string());
        let Some(lock) = Lock::try_folder(&folder)? else {
            return Ok(None);
        };
        let mut files = BTreeSet::new();
        for entry in fs::read_dir(&folder)? {
            let file = entry?.path();
            match file.extension().and_then(|end| end.to_str()) {
                Some(LEFT) => {
                    let taken = file.with_extension(TAKEN);
                    match atomic::rename(&file, &taken) {
                        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                        moved => moved.map(|()| files.insert(taken)).map(drop)?,
                    }
                }
                Some(TAKEN) => drop(files.insert(file)),
                _ => {}
            }
        }
        let mut texts = Vec::new();
        for file in files {
            let left = fs::symlink_metadata(&file)?.modified()?;
            let text = read_json::<String>(&file).inspect_err(|error| {
                if error.kind() == io::ErrorKind::InvalidData {
                    let _ = atomic::rename(&file, &file.with_extension(DAMAGED));
                }
            })?;
            texts.extend(text.map(|text| (left, file, text)));
        }
        crate::order::sort_by(&mut texts, &Ord::cmp);
        let (files, texts): (Vec<_>, Vec<_>) = texts
            .into_iter()
            .map(|(_, file, text)| (file, text))
            .unzip();
        Ok((!texts.is_empty()).then(|| Note {
            text: texts.join("\n\n"),
            folder,
            files,
            lock,
        }))
    }

    /// Returns what [`Session::note`] does, as told at once: for who keeps the text
    /// elsewhere.
    ///
    /// # Errors
    /// As there.
    pub fn take_note(&self, name: &str) -> io::Result<Option<String>> {
        Ok(self.note(name)?.map(|note| {
            let text = note.text.clone();
            note.is_told();
            text
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::State;
    use std::path::Path;
    use std::time::SystemTime;

    fn session(dir: &Path) -> Session {
        State::at(dir.join(".maos"), SystemTime::UNIX_EPOCH).session("s")
    }

    #[test]
    fn a_note_is_taken_once() {
        let dir = tempfile::tempdir().unwrap();
        let session = session(dir.path());
        assert_eq!(session.take_note("../n").unwrap(), None);
        session.leave_note("../n", "older").unwrap();
        session.leave_note("../n", "text\n").unwrap();
        assert_eq!(
            session.take_note("../n").unwrap().as_deref(),
            Some("text\n")
        );
        assert_eq!(session.take_note("../n").unwrap(), None);
        let left = fs::read_dir(session.dir().join(NOTES)).unwrap();
        assert_eq!(left.count(), 0, "nor does the next one list a folder");
    }

    #[test]
    fn while_one_tells_it_nobody_else_does_and_what_was_not_told_stays() {
        let dir = tempfile::tempdir().unwrap();
        let session = session(dir.path());
        session.leave_note("n", "first").unwrap();
        let telling = session.note("n").unwrap().unwrap();
        assert!(session.note("n").unwrap().is_none());
        // The one who tells it has died.
        drop(telling);
        session.add_to_note("n", "second").unwrap();
        let telling = session.note("n").unwrap().unwrap();
        assert_eq!(telling.text(), "first\n\nsecond");
        session.leave_note("n", "third").unwrap();
        telling.is_told();
        assert_eq!(session.take_note("n").unwrap().as_deref(), Some("third"));
        assert_eq!(session.take_note("n").unwrap(), None);
    }

    #[test]
    fn a_damaged_text_is_reported_once_and_left() {
        let dir = tempfile::tempdir().unwrap();
        let session = session(dir.path());
        let folder = session.make("notes/n").unwrap();
        atomic::write_new(&folder.join("note.json"), b"{").unwrap();
        let error = session.note("n").unwrap_err();
        assert!(
            error.to_string().contains("note.taken is damaged"),
            "{error}"
        );
        assert!(session.note("n").unwrap().is_none());
        assert_eq!(fs::read(folder.join("note.damaged")).unwrap(), b"{");
        session.leave_note("n", "text").unwrap();
        assert_eq!(session.take_note("n").unwrap().as_deref(), Some("text"));
    }

    #[test]
    fn many_add_to_a_note_that_is_taken_meanwhile_and_nothing_is_lost() {
        let dir = tempfile::tempdir().unwrap();
        let session = session(dir.path());
        let mut texts = String::new();
        std::thread::scope(|scope| {
            let writers: Vec<_> = (0..8)
                .map(|n| {
                    let session = &session;
                    let add = move |k| session.add_to_note("n", &format!("<{n}.{k}>"));
                    scope.spawn(move || (0..50).try_for_each(add).unwrap())
                })
                .collect();
            while !writers.iter().all(|writer| writer.is_finished()) {
                texts += &session.take_note("n").unwrap().unwrap_or_default();
            }
        });
        texts += &session.take_note("n").unwrap().unwrap_or_default();
        for (n, k) in (0..8).flat_map(|n| (0..50).map(move |k| (n, k))) {
            let times = texts.matches(&format!("<{n}.{k}>")).count();
            assert_eq!(times, 1, "<{n}.{k}>");
        }
    }
}
