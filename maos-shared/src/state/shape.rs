//! What stands in the place of a part of the state and is none: a file where a folder
//! should be, or the other way round. Nothing of it is touched; without that part
//! leases, journals or jobs are off, and somebody has to be told.

use std::fs;
use std::path::PathBuf;

use super::layout::{Session, State};

/// The folders of the state, and of a session.
const FOLDERS: [&str; 6] = ["locks", "logs", "jobs", "trash", "reservations", "notices"];
const SESSION_FOLDERS: [&str; 4] = ["held", "notes", "agents", "active_agents"];
/// The files.
const FILES: [&str; 2] = ["audit.jsonl", "locks/.lock"];
const SESSION_FILES: [&str; 1] = ["file_locks.jsonl"];

impl State {
    /// Returns what is in the way of this state with that session, mostly nothing. One
    /// look at the file system for each of its parts.
    #[must_use]
    pub fn in_the_way(&self, session: &Session) -> Vec<PathBuf> {
        let below = |names: &[&str], session_names: &[&str]| -> Vec<PathBuf> {
            let own = names.iter().map(|name| self.root().join(name));
            let theirs = session_names.iter().map(|name| session.dir().join(name));
            own.chain(theirs).collect()
        };
        let folders = below(&FOLDERS, &SESSION_FOLDERS);
        let files = below(&FILES, &SESSION_FILES);
        let is_other = |path: &PathBuf, is_meant: fn(&fs::Metadata) -> bool| {
            fs::symlink_metadata(path).is_ok_and(|found| !is_meant(&found))
        };
        let folders = folders
            .into_iter()
            .filter(|path| is_other(path, fs::Metadata::is_dir));
        let files = files
            .into_iter()
            .filter(|path| is_other(path, fs::Metadata::is_file));
        folders.chain(files).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::atomic;
    use std::time::SystemTime;

    #[test]
    fn what_is_in_the_way_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let state = State::at(dir.path().join(".maos"), SystemTime::UNIX_EPOCH);
        let session = state.session("s");
        assert_eq!(state.in_the_way(&session), [""; 0].map(PathBuf::from));
        state.locks().unwrap();
        session.make("held").unwrap();
        assert_eq!(state.in_the_way(&session), [""; 0].map(PathBuf::from));
        atomic::write_new(&state.root().join("logs"), b"").unwrap();
        fs::create_dir(state.root().join("locks/.lock")).unwrap();
        atomic::write_new(&session.dir().join("notes"), b"").unwrap();
        let expected = [
            state.root().join("logs"),
            session.dir().join("notes"),
            state.root().join("locks/.lock"),
        ];
        assert_eq!(state.in_the_way(&session), expected);
    }
}
