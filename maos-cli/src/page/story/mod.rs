//! What happened in a session, by its journals: the lives of its agents, their
//! calls, the leases that they held.

mod holds;
mod life;

use std::io;
use std::time::{Duration, SystemTime};

use maos_shared::state::Session;
use serde::Deserialize;

use crate::journal::{Line, tail};
use crate::overview::SessionView;
pub(super) use holds::Hold;
pub(super) use life::{Kind, Life};

/// A session from its first to its last event.
#[derive(Debug)]
pub(super) struct Story {
    /// From the first event to the last one, some time at least.
    pub(super) whole: Span,
    /// The main agent first, then the others by their begin.
    pub(super) lives: Vec<Life>,
    /// Each time that somebody held a file, by file.
    pub(super) holds: Vec<Hold>,
}

/// A time from one moment to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    /// Its begin.
    pub(super) from: SystemTime,
    /// Its end, not before that.
    pub(super) to: SystemTime,
}

impl Span {
    pub(super) fn until(from: SystemTime, to: SystemTime) -> Self {
        Self {
            from,
            to: to.max(from),
        }
    }

    /// Returns how long it is.
    pub(super) fn length(self) -> Duration {
        self.to.duration_since(self.from).unwrap_or_default()
    }

    /// Returns where a moment lies between begin and end, 0 to 100.
    pub(super) fn percent(self, at: SystemTime) -> f64 {
        let since = at.duration_since(self.from).unwrap_or_default();
        (since.as_secs_f64() / self.length().as_secs_f64() * 100.0).min(100.0)
    }
}

/// Returns what happened in a session: `lines` are its calls, oldest first.
///
/// # Errors
/// What the system says about its journals.
pub(super) fn story(session: &Session, view: &SessionView, lines: &[Line]) -> io::Result<Story> {
    let steps: Vec<life::Step> = read(session, "agent_lifecycle.jsonl")?;
    let leases: Vec<holds::Step> = read(session, "file_locks.jsonl")?;
    let times = steps.iter().map(|step| &step.time);
    let times = times.chain(lines.iter().map(|line| &line.time));
    let times = times.chain(leases.iter().map(|step| &step.time));
    let times = times.chain(&view.started).chain(&view.ended);
    let returned = view.agents.iter().filter_map(|it| it.returned.as_ref());
    let times = times.chain(returned).filter_map(|time| moment(time));
    let times: Vec<SystemTime> = times.collect();
    let begin = times.iter().min().copied();
    let begin = begin.unwrap_or(SystemTime::UNIX_EPOCH);
    let end = times.iter().max().copied().unwrap_or(begin);
    let whole = Span::until(begin, end.max(begin + Duration::from_millis(1)));
    let agents = view.agents.iter();
    let lives = agents.map(|agent| life::of_agent(agent, &steps, whole, lines));
    let mut lives: Vec<Life> = lives.collect();
    lives.sort_by_key(|life| life.spans.first().map(|span| span.from));
    lives.insert(0, life::of_main(view, whole, lines));
    Ok(Story {
        whole,
        lives,
        holds: holds::holds(&leases, whole.to),
    })
}

/// Returns the lines of a journal of the session's own that can be read.
fn read<T: for<'de> Deserialize<'de>>(session: &Session, name: &str) -> io::Result<Vec<T>> {
    let lines = tail::last_lines(&session.dir().join(name), usize::MAX, tail::WINDOW)?;
    let lines = lines.iter();
    Ok(lines
        .filter_map(|line| serde_json::from_slice(line).ok())
        .collect())
}

fn moment(time: &str) -> Option<SystemTime> {
    humantime::parse_rfc3339(time).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn at(second: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(second)
    }
}
