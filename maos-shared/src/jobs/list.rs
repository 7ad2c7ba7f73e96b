//! The jobs of a project: who waits, who runs, how they ended; and ending them.

use std::io;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, killpg};
use nix::unistd::{Pid, getpgid};
use serde::Serialize;

use super::folder::{End, Folder, How, Ordered};
use super::offspring::Offspring;
use super::turn;
use crate::config::limits::JOB_STOP_WAIT;
use crate::journal::rfc3339;
use crate::state::{State, agents};

/// The pause between two looks at whether a process has ended.
const PAUSE: Duration = Duration::from_millis(5);

/// A job.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Job {
    /// Its id.
    pub id: String,
    /// The name of its kind.
    pub kind: String,
    /// What it works on.
    pub about: String,
    /// The session that ordered it, where it is of no use after that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// When it was ordered, RFC 3339.
    pub ordered: String,
    /// Where it is in its life.
    #[serde(flatten)]
    pub status: Status,
    /// What it wrote.
    pub log: PathBuf,
}

/// Where a job is in its life.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "state", rename_all = "lowercase")]
pub enum Status {
    /// Its turn has not come.
    Waiting,
    /// It is at work.
    Running {
        /// Since when, RFC 3339.
        since: String,
    },
    /// It is over.
    Ended(End),
}

impl Job {
    /// Returns whether its process lives.
    #[must_use]
    pub const fn is_alive(&self) -> bool {
        !matches!(self.status, Status::Ended(_))
    }

    fn load(folder: &Folder) -> io::Result<Option<Self>> {
        // Made aside, or removed at this moment.
        let Some(ordered) = folder.ordered()? else {
            return Ok(None);
        };
        Ok(Some(Self {
            status: status(folder)?,
            id: folder.id(),
            kind: ordered.kind,
            about: ordered.about,
            session: ordered.session,
            ordered: ordered.at,
            log: folder.log(),
        }))
    }
}

/// Its lock is looked at first: the result is written before that is freed.
fn status(folder: &Folder) -> io::Result<Status> {
    let is_alive = folder.is_alive()?;
    if let Some(end) = folder.result()? {
        return Ok(Status::Ended(end));
    }
    if !is_alive {
        return Ok(Status::Ended(End {
            how: How::Died,
            at: None,
            text: String::new(),
        }));
    }
    Ok(match folder.running()? {
        Some(running) => Status::Running {
            since: running.since,
        },
        None => Status::Waiting,
    })
}

/// Returns the jobs of a project, oldest first; damaged ones are passed over
/// with a warning under `MAOS_LOG`. Lists a folder.
///
/// # Errors
/// What the system says about the folder; none when it is absent.
pub fn list(state: &State) -> io::Result<Vec<Job>> {
    let mut jobs = Vec::new();
    for path in agents::list(&state.root().join("jobs"))? {
        match Job::load(&Folder::at(path)) {
            Ok(job) => jobs.extend(job),
            Err(error) => log::warn!("{error}"),
        }
    }
    crate::order::sort_by(&mut jobs, &|a, b| a.ordered.cmp(&b.ordered));
    Ok(jobs)
}

/// Ends the job `id` with all of its process group, and returns whether it was
/// alive. Blocks until it has ended, 2 s at most.
///
/// # Errors
/// `NotFound` when there is no such job; what the system says.
pub fn stop(state: &State, id: &str) -> io::Result<bool> {
    let jobs = list(state)?;
    let job = jobs.into_iter().find(|job| job.id == id);
    let job = job.ok_or_else(|| {
        let text = format!("there is no job {id:?}; `maos jobs` lists them");
        io::Error::new(io::ErrorKind::NotFound, text)
    })?;
    end(state, &job)
}

/// Ends the jobs at work that are of no use any more, now that `session` has
/// ended, and returns how many those were. One that waits looks by itself, when
/// its turn comes, whether anybody still wants it. Blocks as [`stop`] does, for
/// each.
///
/// # Errors
/// What the system says.
pub fn end_with_session(state: &State, session: &str) -> io::Result<usize> {
    let mut ended = 0;
    for job in list(state)? {
        let is_running = matches!(job.status, Status::Running { .. });
        if is_running && is_unwanted(state, &job, session)? {
            ended += usize::from(end(state, &job)?);
        }
    }
    Ok(ended)
}

/// Returns whether `session` was the last one that wanted the job.
fn is_unwanted(state: &State, job: &Job, session: &str) -> io::Result<bool> {
    let running = folder_of(state, &job.id).running()?;
    Ok(running.is_some_and(|running| {
        running.sessions.iter().any(|it| it == session) && running.is_unwanted(state)
    }))
}

/// Removes the record of jobs that ended longer ago than `ttl`; returns their
/// ids. Lists a folder.
///
/// # Errors
/// What the system says.
pub fn sweep(state: &State, ttl: Duration) -> io::Result<Vec<String>> {
    let mut swept = Vec::new();
    let jobs = state.root().join("jobs");
    for job in list(state)? {
        let folder = jobs.join(&job.id);
        // Its result was the last file that came to be in it.
        if !job.is_alive() && state.age(&folder)? >= ttl {
            state.discard(&folder)?;
            swept.push(job.id);
        }
    }
    turn::sweep(&jobs)?;
    Ok(swept)
}

fn folder_of(state: &State, id: &str) -> Folder {
    Folder::at(state.root().join("jobs").join(id))
}

/// All that a job does is safe at any kill, so it is not asked first.
fn end(state: &State, job: &Job) -> io::Result<bool> {
    let folder = folder_of(state, &job.id);
    let deadline = Instant::now() + JOB_STOP_WAIT;
    let mut is_sent = false;
    while folder.is_alive()? {
        is_sent = is_sent || kill(&folder)?;
        if Instant::now() >= deadline {
            let text = format!("job {} does not end", job.id);
            return Err(io::Error::new(io::ErrorKind::TimedOut, text));
        }
        thread::sleep(PAUSE);
    }
    if is_sent {
        folder.end(&End {
            how: How::Stopped,
            at: Some(rfc3339(state.now())),
            text: String::new(),
        })?;
    }
    Ok(is_sent)
}

/// Kills the job's process group and what has left that, if its process is still
/// in it: a number in a file is not believed without a look.
fn kill(folder: &Folder) -> io::Result<bool> {
    let Some(Ordered { pid, group, .. }) = folder.ordered()? else {
        return Ok(false);
    };
    let is_safe = pid > 1 && group > 1;
    let group = Pid::from_raw(group);
    if !is_safe || getpgid(Some(Pid::from_raw(pid))) != Ok(group) {
        return Ok(false);
    }
    // Once the job has ended, nothing tells any more what belonged to it.
    let offspring = Offspring::of(pid.unsigned_abs());
    let is_killed = killpg(group, Signal::SIGKILL).is_ok();
    offspring.kill();
    Ok(is_killed)
}
