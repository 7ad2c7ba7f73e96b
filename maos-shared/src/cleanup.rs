//! Removing what nobody uses any more: workspaces whose work is elsewhere, what
//! is left of sessions, leases and jobs; and beginning new journals.
//!
//! A session's begin and end order it as a job, once an hour at most; a person
//! does the same by `maos clean`. What was removed stands in
//! `.maos/logs/cleanup.jsonl`, a line each.
//!
//! Why this is safe: one is at work at a time, by a lock that the system frees.
//! Each removal is safe for itself and looks again at what it removes; one that
//! is killed is finished by the next.

mod leases;

pub use leases::release_merged;

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use serde::Serialize;

use crate::config::CleanUpSettings;
use crate::config::limits::{CLEAN_UP_INTERVAL, JOURNAL_BYTES, JOURNALS_KEPT};
use crate::jobs::{self, Kind, Order};
use crate::journal::{rfc3339, rotate};
use crate::project::Project;
use crate::state::agents::{list, read_json};
use crate::state::leases::Lease;
use crate::state::lock::Lock;
use crate::state::{State, Swept, atomic};
use crate::workspace::{self, Elsewhere, Fate, Judged};

/// The journal of what was removed.
const JOURNAL: &str = "cleanup";
/// Journals that a session has.
const OF_SESSIONS: [&str; 2] = ["agent_lifecycle.jsonl", "file_locks.jsonl"];

/// What a clean-up did.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Report {
    /// What went, or would go.
    pub removed: Vec<Removed>,
    /// The workspaces that stay.
    pub stays: Vec<Staying>,
    /// What went wrong, a line each.
    pub troubles: Vec<String>,
}

/// Something that went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Removed {
    /// When, RFC 3339.
    pub time: String,
    /// `workspace`, `session`, `agent`, `lease`, `job`, …
    pub what: &'static str,
    /// Which one.
    pub name: String,
    /// Why a workspace went: `unchanged`, `merged`, `returned` or `overdue`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<&'static str>,
    /// The branch or reference that keeps its work.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<String>,
}

/// A workspace that stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Staying {
    /// Its root.
    pub path: PathBuf,
    /// Why.
    pub reason: String,
}

/// Orders a clean-up as a job, unless the last one was less than an hour ago or
/// the person does not want that. Reads one small file when there is nothing to
/// do.
///
/// # Errors
/// As [`jobs::start`].
pub fn order(project: &Project, state: &State, settings: &CleanUpSettings) -> io::Result<()> {
    if !settings.auto || !is_due(state) {
        return Ok(());
    }
    let order = Order {
        kind: Kind::CleanUp,
        about: "",
        session: None,
    };
    let (project, state, ttl) = (project.clone(), state.clone(), settings.ttl);
    let work = {
        let state = state.clone();
        move || match run(&project, &state, ttl) {
            Ok(report) => report.map_or_else(|| Ok(String::new()), |report| report.summary()),
            Err(error) => Err(error.to_string()),
        }
    };
    jobs::start(&state, &order, work)
}

/// Whether the last clean-up is long enough ago. A clock that went back counts
/// as that.
fn is_due(state: &State) -> bool {
    let last = read_json::<String>(&state.cleaned()).ok().flatten();
    let last = last.and_then(|last| humantime::parse_rfc3339(&last).ok());
    let since = last.and_then(|last| state.now().duration_since(last).ok());
    since.is_none_or(|since| since >= CLEAN_UP_INTERVAL)
}

/// Puts the next clean-up off for an hour, as if there had just been one: also for
/// state that goes before that.
///
/// # Errors
/// When the state cannot be written.
pub fn put_off(state: &State) -> io::Result<()> {
    state.prepare()?;
    let last = serde_json::to_vec(&rfc3339(state.now()))?;
    atomic::replace(&state.cleaned(), &last)
}

/// Cleans up, if an hour has passed since the last time; as the job does it.
fn run(project: &Project, state: &State, ttl: Duration) -> io::Result<Option<Report>> {
    // Another session's may have been faster.
    match is_due(state) {
        true => clean(project, state, ttl).map(Some),
        false => Ok(None),
    }
}

/// Removes what is past its time. `ttl` is how long things are kept that nobody
/// uses. Blocks while git looks at workspaces and files are deleted.
///
/// # Errors
/// When another clean-up is at work, or the state cannot be written. What goes
/// wrong with one thing is in the report, and all others are done.
pub fn clean(project: &Project, state: &State, ttl: Duration) -> io::Result<Report> {
    state.prepare()?;
    let lock = Lock::try_acquire(&state.cleaning())?;
    let _lock = lock.ok_or_else(|| {
        let text = "another clean-up is at work; `maos jobs` shows it";
        io::Error::new(io::ErrorKind::WouldBlock, text)
    })?;
    put_off(state)?;
    let mut work = Work {
        state,
        report: Report::default(),
    };
    work.workspaces(project, ttl);
    if project.git_common_dir.is_some()
        && let Err(trouble) = release_merged(project, state)
    {
        work.report.troubles.push(trouble);
    }
    let (swept, trouble) = state.sweep(ttl);
    work.swept(swept);
    work.told(trouble);
    let jobs = jobs::sweep(state, ttl).map(|ids| {
        let job = |name| Swept { what: "job", name };
        work.swept(ids.into_iter().map(job).collect());
    });
    work.told(jobs);
    work.journals();
    work.told(state.empty_trash().map(drop));
    Ok(work.report)
}

/// Returns what [`clean`] would do to workspaces, and does nothing.
///
/// # Errors
/// As [`workspace::judge`].
pub fn look(project: &Project, state: &State, ttl: Duration) -> Result<Report, workspace::Error> {
    let mut report = Report::default();
    if project.git_common_dir.is_none() {
        return Ok(report);
    }
    for judged in workspace::judge(project, state, ttl)? {
        match &judged.fate {
            Fate::Stays(reason) => report.stay(&judged, reason.clone()),
            fate => {
                let removed = Removed::workspace(state, &judged, fate, Vec::new());
                report.removed.push(removed);
            }
        }
    }
    Ok(report)
}

/// A clean-up at work.
struct Work<'a> {
    state: &'a State,
    report: Report,
}

impl Work<'_> {
    fn workspaces(&mut self, project: &Project, ttl: Duration) {
        if project.git_common_dir.is_none() {
            return;
        }
        let judged = match workspace::judge(project, self.state, ttl) {
            Ok(judged) => judged,
            Err(error) => return self.report.troubles.push(error.to_string()),
        };
        for judged in judged {
            match &judged.fate {
                Fate::Stays(reason) => self.report.stay(&judged, reason.clone()),
                fate => self.workspace(project, &judged, fate),
            }
        }
    }

    fn workspace(&mut self, project: &Project, judged: &Judged, fate: &Fate) {
        let removed = self.state.trash().map_err(|error| error.to_string());
        let removed = removed.and_then(|trash| {
            let removal = workspace::carry_out(project, judged, &trash);
            removal.map_err(|error| error.to_string())
        });
        match removed {
            Ok(removal) => {
                let is_there = |lease: &Lease| lease.owner.checkout == judged.path;
                self.told(self.state.release_leases(is_there).map(drop));
                let kept = removal.branch.into_iter().chain(removal.rescue).collect();
                self.removed(Removed::workspace(self.state, judged, fate, kept));
            }
            Err(reason) => self.report.stay(judged, reason),
        }
    }

    fn swept(&mut self, swept: Vec<Swept>) {
        for Swept { what, name } in swept {
            self.removed(Removed {
                time: rfc3339(self.state.now()),
                what,
                name,
                why: None,
                kept: Vec::new(),
            });
        }
    }

    fn removed(&mut self, removed: Removed) {
        let written = serde_json::to_vec(&removed).map_err(io::Error::from);
        let written = written.and_then(|mut line| {
            line.push(b'\n');
            atomic::append(&self.state.log(JOURNAL)?, &line)
        });
        self.told(written);
        self.report.removed.push(removed);
    }

    /// Begins new journals where they have become long.
    fn journals(&mut self) {
        let logs = list(&self.state.logs()).unwrap_or_default();
        let sessions = self.state.all_sessions().unwrap_or_default();
        let of_sessions = sessions
            .iter()
            .flat_map(|session| OF_SESSIONS.map(|name| session.dir().join(name)));
        let is_journal = |path: &PathBuf| path.extension().is_some_and(|end| end == "jsonl");
        for path in logs
            .into_iter()
            .filter(is_journal)
            .chain([self.state.audit()])
            .chain(of_sessions)
        {
            self.told(rotate(&path, JOURNAL_BYTES, JOURNALS_KEPT).map(drop));
        }
    }

    fn told(&mut self, result: io::Result<()>) {
        match result {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                self.report.troubles.push(error.to_string());
            }
            _ => {}
        }
    }
}

impl Report {
    fn stay(&mut self, judged: &Judged, reason: String) {
        self.stays.push(Staying {
            path: judged.path.clone(),
            reason,
        });
    }

    /// Returns what was done in one line; as an error where something went
    /// wrong.
    fn summary(&self) -> Result<String, String> {
        let (removed, stays) = (self.removed.len(), self.stays.len());
        match self.troubles.first() {
            None => Ok(format!("{removed} removed, {stays} workspaces stay")),
            Some(trouble) => Err(format!("{removed} removed; {trouble}")),
        }
    }
}

impl Removed {
    fn workspace(state: &State, judged: &Judged, fate: &Fate, kept: Vec<String>) -> Self {
        let name = judged.path.file_name().unwrap_or_default();
        Self {
            time: rfc3339(state.now()),
            what: "workspace",
            name: name.to_string_lossy().into_owned(),
            why: Some(match fate {
                Fate::Goes(Elsewhere::Unfinished) => "unfinished",
                Fate::Goes(Elsewhere::Unchanged) => "unchanged",
                Fate::Goes(Elsewhere::Merged) => "merged",
                Fate::Goes(Elsewhere::Returned) => "returned",
                Fate::Overdue | Fate::Stays(_) => "overdue",
            }),
            kept,
        }
    }
}

#[cfg(test)]
mod tests;
