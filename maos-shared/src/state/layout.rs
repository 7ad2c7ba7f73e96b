//! Every path below `.maos`. Other modules ask here and build none themselves.

use std::borrow::Cow;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime};

use super::{SafeName, atomic, sha256_hex};

/// A project's state folder at one moment.
#[derive(Clone, Debug)]
pub struct State {
    root: PathBuf,
    now: SystemTime,
    began: Option<Instant>,
    has_clock: bool,
}

/// A session's part of the state.
#[derive(Clone, Debug)]
pub struct Session {
    dir: PathBuf,
    now: SystemTime,
    began: Option<Instant>,
}

impl State {
    /// Returns the state in the folder `root` (`.maos`); nothing is created.
    #[must_use]
    pub const fn at(root: PathBuf, now: SystemTime) -> Self {
        Self {
            root,
            now,
            began: None,
            has_clock: false,
        }
    }

    /// Returns this state for a hook that began at `began`: its journals then
    /// say how long the hook has taken up to each line.
    #[must_use]
    pub const fn for_hook(mut self, began: Instant) -> Self {
        self.began = Some(began);
        self
    }

    /// Returns this state with the system's clock at hand; without, there is one
    /// time for all that is done with it.
    #[must_use]
    pub const fn with_clock(mut self) -> Self {
        self.has_clock = true;
        self
    }

    /// Returns the wall time at this very moment, for what has to be decided by
    /// a clock that others may have set meanwhile.
    pub(super) fn this_moment(&self) -> SystemTime {
        match self.has_clock {
            true => SystemTime::now(),
            false => self.now,
        }
    }

    /// Returns how long the hook has taken so far, in microseconds; `None`
    /// where no hook is at work.
    #[must_use]
    pub fn hook_us(&self) -> Option<u128> {
        self.began.map(|began| began.elapsed().as_micros())
    }

    /// Returns the folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Returns the wall time that operations on this state use.
    #[must_use]
    pub const fn now(&self) -> SystemTime {
        self.now
    }

    /// Makes the folder and the `.gitignore` that keeps all of it out of git.
    ///
    /// Safe at any kill: each step is one call, and the next caller takes the
    /// steps that are missing.
    ///
    /// # Errors
    /// When the folder cannot be made, or is a link.
    pub fn prepare(&self) -> io::Result<()> {
        atomic::ensure_dir(&self.root, Path::new(""))?;
        let ignore = self.root.join(".gitignore");
        if fs::symlink_metadata(&ignore).is_ok() {
            return Ok(());
        }
        match atomic::write_new(&ignore, b"*\n") {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            other => other,
        }
    }

    /// Makes the folder `relative` below `.maos`, and that where it is not there.
    ///
    /// # Errors
    /// When it cannot be made, or a link stands in its way.
    pub(super) fn make(&self, relative: &Path) -> io::Result<PathBuf> {
        self.prepare()?;
        atomic::ensure_below(&self.root, relative)
    }

    /// Returns an event's journal; its folder is made.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn log(&self, event: &str) -> io::Result<PathBuf> {
        let dir = atomic::ensure_dir(&self.root, Path::new("logs"))?;
        Ok(dir.join(format!("{event}.jsonl")))
    }

    /// Returns the folder of the event journals.
    #[must_use]
    pub fn logs(&self) -> PathBuf {
        self.root.join("logs")
    }

    /// Returns the journal of refusals.
    #[must_use]
    pub fn audit(&self) -> PathBuf {
        self.root.join("audit.jsonl")
    }

    /// Returns the folder of the leases; it is made.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn locks(&self) -> io::Result<PathBuf> {
        self.make(Path::new("locks"))
    }

    /// Returns the place of the lease on `file`, a path below the root of its
    /// checkout; nothing is made. See `leases` for its name.
    #[must_use]
    pub(super) fn lease(&self, file: &str) -> PathBuf {
        let name = format!("{}.lock", sha256_hex(self.key(file).as_bytes()));
        self.root.join("locks").join(name)
    }

    /// Returns the place of the lease on the copy of `file` in `checkout`.
    #[must_use]
    pub(super) fn lease_on_copy(&self, file: &str, checkout: &Path) -> PathBuf {
        let mut key = self.key(file).into_owned().into_bytes();
        key.push(0);
        key.extend_from_slice(checkout.as_os_str().as_bytes());
        let name = format!("{}.lock", sha256_hex(&key));
        self.root.join("locks").join(name)
    }

    /// Returns a path by which every spelling of one file is known: where the
    /// file system takes upper and lower case for the same, so does this. Looks
    /// whether `locks` has another spelling, so that has to be there already.
    #[must_use]
    pub(super) fn key<'a>(&self, file: &'a str) -> Cow<'a, str> {
        match fs::symlink_metadata(self.root.join("LOCKS")).is_ok() {
            // Some letters are one only when they are written large.
            true => file.to_uppercase().to_lowercase().into(),
            false => file.into(),
        }
    }

    /// Returns the folder of the reservations; it need not exist.
    #[must_use]
    pub(super) fn reservations_dir(&self) -> PathBuf {
        self.root.join("reservations")
    }

    /// Returns the lock of changes to reservations. It lies outside of their
    /// folder, so that this can go with the last one.
    #[must_use]
    pub(super) fn reserving(&self) -> PathBuf {
        self.root.join(".reserving")
    }

    /// Returns the folder of what an earlier MAOS left, kept as it was.
    #[must_use]
    pub(super) fn legacy(&self) -> PathBuf {
        self.root.join("legacy")
    }

    /// Returns the file that tells that what an earlier MAOS left has been taken
    /// over.
    #[must_use]
    pub(super) fn taken_over(&self) -> PathBuf {
        self.root.join("taken-over.json")
    }

    /// Returns the lock of taking over.
    #[must_use]
    pub(super) fn taking_over(&self) -> PathBuf {
        self.root.join(".taking-over")
    }

    /// Returns the file that tells when the last clean-up began.
    #[must_use]
    pub fn cleaned(&self) -> PathBuf {
        self.root.join("cleaned.json")
    }

    /// Returns the file that keeps which branches git said are merged.
    #[must_use]
    pub fn merged(&self) -> PathBuf {
        self.root.join("merged.json")
    }

    /// Returns the lock of clean-ups.
    #[must_use]
    pub fn cleaning(&self) -> PathBuf {
        self.root.join(".cleaning")
    }

    /// Returns the folder of the jobs; it is made.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn jobs(&self) -> io::Result<PathBuf> {
        self.make(Path::new("jobs"))
    }

    /// Returns the folder of what was said to the person; it is made.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn notices(&self) -> io::Result<PathBuf> {
        self.make(Path::new("notices"))
    }

    /// Returns a session's part; nothing is created.
    #[must_use]
    pub fn session(&self, id: &str) -> Session {
        Session {
            dir: self.sessions().join(SafeName::new(id).as_str()),
            now: self.now,
            began: self.began,
        }
    }

    /// Returns every session's part, sorted by name. Lists a folder: not for
    /// hooks on the hot path.
    ///
    /// # Errors
    /// What the system says about the folder; none when it is absent.
    pub fn all_sessions(&self) -> io::Result<Vec<Session>> {
        let dirs = super::agents::list(&self.sessions())?;
        let session = |dir| Session {
            dir,
            now: self.now,
            began: self.began,
        };
        Ok(dirs.into_iter().map(session).collect())
    }

    /// Returns the folder of all sessions.
    #[must_use]
    pub fn sessions(&self) -> PathBuf {
        self.root.join("sessions")
    }
}

impl Session {
    /// Returns the folder.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Returns whether it is one: anything else may lie in the folder of sessions.
    #[must_use]
    pub(super) fn is_folder(&self) -> bool {
        fs::symlink_metadata(&self.dir).is_ok_and(|found| found.is_dir())
    }

    /// Returns the wall time that operations on this session use.
    #[must_use]
    pub const fn now(&self) -> SystemTime {
        self.now
    }

    /// Returns the folder of the marks of an agent's leases, or of the main
    /// thread's, where `agent` is nobody; it need not exist.
    #[must_use]
    pub(super) fn held_by(&self, agent: Option<&str>) -> PathBuf {
        // No agent's name begins like that.
        let main = || "_main".to_owned();
        let owner = agent.map_or_else(main, |id| SafeName::new(id).to_string());
        self.held().join(owner)
    }

    /// Returns the folder of the marks of the leases that they hold in one
    /// checkout.
    #[must_use]
    pub(super) fn held_in(&self, agent: Option<&str>, checkout: &Path) -> PathBuf {
        /// Enough to tell the checkouts of one owner apart.
        const DIGITS: usize = 16;
        let mut digits = sha256_hex(checkout.as_os_str().as_bytes());
        digits.truncate(DIGITS);
        self.held_by(agent).join(digits)
    }

    /// Returns the folder of the marks of all leases of the session.
    #[must_use]
    pub(super) fn held(&self) -> PathBuf {
        self.dir.join("held")
    }

    /// As [`State::hook_us`].
    #[must_use]
    pub fn hook_us(&self) -> Option<u128> {
        self.began.map(|began| began.elapsed().as_micros())
    }

    /// Returns the state that the session is a part of.
    pub(super) fn state(&self) -> Option<State> {
        let root = self.dir.parent()?.parent()?;
        Some(State::at(root.to_path_buf(), self.now))
    }

    /// Makes the folder `relative` below the session.
    ///
    /// # Errors
    /// When it cannot be made, or a link stands in its way.
    pub fn make(&self, relative: &str) -> io::Result<PathBuf> {
        let (Some(state), Some(name)) = (self.state(), self.dir.file_name()) else {
            return Err(io::Error::from(io::ErrorKind::InvalidInput));
        };
        state.make(&Path::new("sessions").join(name).join(relative))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preparing_ignores_the_folder_and_heals_a_killed_start() {
        let dir = tempfile::tempdir().unwrap();
        let state = State::at(dir.path().join(".maos"), SystemTime::UNIX_EPOCH);
        fs::create_dir(state.root()).unwrap();
        state.prepare().unwrap();
        state.prepare().unwrap();
        let ignore = fs::read_to_string(state.root().join(".gitignore")).unwrap();
        assert_eq!(ignore, "*\n");
    }

    #[test]
    fn a_hostile_session_id_stays_below_sessions() {
        let dir = tempfile::tempdir().unwrap();
        let state = State::at(dir.path().join(".maos"), SystemTime::UNIX_EPOCH);
        let session = state.session("../../../etc");
        assert_eq!(session.dir().parent(), Some(state.sessions().as_path()));
        let made = session.make("agents").unwrap();
        assert!(made.starts_with(state.sessions()), "{}", made.display());
    }

    #[test]
    fn a_planted_link_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let elsewhere = dir.path().join("elsewhere");
        fs::create_dir(&elsewhere).unwrap();
        let root = dir.path().join(".maos");
        std::os::unix::fs::symlink(&elsewhere, &root).unwrap();
        let state = State::at(root, SystemTime::UNIX_EPOCH);
        assert!(state.prepare().is_err());
        assert!(state.session("s").make("agents").is_err());
        assert_eq!(fs::read_dir(&elsewhere).unwrap().count(), 0);
    }
}
