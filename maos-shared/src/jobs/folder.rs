//! A job on disk: `.maos/jobs/<id>/`.
//!
//! ```text
//! job.json      what was ordered, and the job's process; there from the first
//!               moment on
//! alive         locked by that process for as long as it lives
//! running.json  there from when its turn has come
//! log           what it wrote
//! result.json   how it ended
//! ```
//!
//! Why this is safe: the folder is made aside, with `alive` locked, and renamed
//! into place, so a job is seen with its lock or not at all. The job's own process
//! makes it and keeps the lock, and the system frees that when the process has
//! died, however that was. Whoever sees it free reads the result after that;
//! where there is none, the job died before its end. `result.json` is written
//! once: of its own end, the deadline and whoever stops it, the first one counts.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::state::agents::read_json;
use crate::state::lock::Lock;
use crate::state::{State, atomic, sha256_hex};

const JOB: &str = "job.json";
const ALIVE: &str = "alive";
const RUNNING: &str = "running.json";
const LOG: &str = "log";
const RESULT: &str = "result.json";

/// How many hexadecimal digits tell jobs of one kind apart.
const DIGITS: usize = 8;
/// How often a name is looked for that no other job has.
const ATTEMPTS: usize = 8;

/// What was ordered.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Ordered {
    /// The kind's name.
    pub(super) kind: String,
    /// What it works on.
    pub(super) about: String,
    /// The session that ordered it, where it is of no use after that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) session: Option<String>,
    /// When, RFC 3339.
    pub(super) at: String,
    /// The job's process.
    pub(super) pid: i32,
    /// The process group of that.
    pub(super) group: i32,
}

/// When its turn came, and who wanted it then.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Running {
    /// RFC 3339.
    pub(super) since: String,
    /// The sessions after whose end it is of no use; none where it always is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) sessions: Vec<String>,
}

impl Running {
    /// Returns whether every session that wanted it is over.
    pub(super) fn is_unwanted(&self, state: &State) -> bool {
        let mut sessions = self.sessions.iter();
        !self.sessions.is_empty() && sessions.all(|session| state.session(session).is_over())
    }
}

/// How a job ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// It did what it was for.
    Done,
    /// It could not; the text says why.
    Failed,
    /// It was ended at its deadline.
    TooSlow,
    /// A person, or the end of its session, ended it.
    Stopped,
    /// Its turn did not come in time.
    NoTurn,
    /// Its process was killed, or crashed.
    Died,
}

/// A job's end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct End {
    /// How it ended.
    pub how: How,
    /// When, RFC 3339; unknown where its process died.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// What it has to say of that.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

/// A job's folder.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Makes the folder of a new job below `jobs`; returns it with the lock
    /// that says that it is alive, and its log.
    pub(super) fn make(jobs: &Path, ordered: &Ordered) -> io::Result<(Self, Lock, File)> {
        let aside = atomic::temporary_name(&jobs.join("x"));
        let name = aside.file_name().unwrap_or_default();
        atomic::ensure_dir(jobs, Path::new(name))?;
        let alive = Lock::try_acquire(&aside.join(ALIVE))?;
        let alive = alive.ok_or_else(|| io::Error::from(io::ErrorKind::WouldBlock))?;
        atomic::write_new(&aside.join(JOB), &json(ordered)?)?;
        let log = OpenOptions::new()
            .append(true)
            .create_new(true)
            .mode(0o600)
            .open(aside.join(LOG))?;
        for attempt in 0..ATTEMPTS {
            let seed = format!("{}{attempt}{}", name.to_string_lossy(), ordered.at);
            let digits = &sha256_hex(seed.as_bytes())[..DIGITS];
            let path = jobs.join(format!("{}-{digits}", ordered.kind));
            match atomic::rename(&aside, &path) {
                Ok(()) => return Ok((Self { path }, alive, log)),
                Err(error) if is_taken(&error) => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::Error::from(io::ErrorKind::AlreadyExists))
    }

    /// Returns the folder at `path`, whatever is in it.
    pub(super) const fn at(path: PathBuf) -> Self {
        Self { path }
    }

    /// Returns the job's id.
    pub(super) fn id(&self) -> String {
        let name = self.path.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }

    pub(super) fn log(&self) -> PathBuf {
        self.path.join(LOG)
    }

    /// Returns whether the job's process lives.
    pub(super) fn is_alive(&self) -> io::Result<bool> {
        Lock::is_held(&self.path.join(ALIVE))
    }

    pub(super) fn ordered(&self) -> io::Result<Option<Ordered>> {
        read_json(&self.path.join(JOB))
    }

    pub(super) fn running(&self) -> io::Result<Option<Running>> {
        read_json(&self.path.join(RUNNING))
    }

    /// Returns how the job ended, as far as it wrote that down.
    pub(super) fn result(&self) -> io::Result<Option<End>> {
        read_json(&self.path.join(RESULT))
    }

    pub(super) fn write_running(&self, running: &Running) -> io::Result<()> {
        atomic::write_new(&self.path.join(RUNNING), &json(running)?)
    }

    /// Writes down how the job ended, unless that is known already.
    pub(super) fn end(&self, end: &End) -> io::Result<()> {
        match atomic::write_new(&self.path.join(RESULT), &json(end)?) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            other => other,
        }
    }
}

fn is_taken(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::AlreadyExists
    )
}

fn json<T: Serialize>(value: &T) -> io::Result<Vec<u8>> {
    serde_json::to_vec(value).map_err(io::Error::from)
}
