//! Reading the journals: `.maos/logs/<event>.jsonl` and `.maos/audit.jsonl`.

mod follow;
mod line;
pub(crate) mod tail;

use std::io;
use std::path::PathBuf;
use std::time::SystemTime;

use maos_shared::hook::Event;
use maos_shared::state::State;

pub(crate) use follow::Follower;
pub(crate) use line::{Line, short};

/// Which lines are wanted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// Of this event alone.
    pub(crate) event: Option<String>,
    /// Of agents whose id begins so, or whose type it is.
    pub(crate) agent: Option<String>,
    /// Not older than this.
    pub(crate) since: Option<SystemTime>,
}

impl Wanted {
    /// Returns whether a line is wanted.
    pub(crate) fn takes(&self, line: &Line) -> bool {
        let event = self.event.as_ref().is_none_or(|event| line.event == *event);
        let agent = self.agent.as_ref().is_none_or(|agent| line.is_by(agent));
        let since = self.since.is_none_or(|since| line.at() >= Some(since));
        event && agent && since
    }

    /// Returns the journals of `state` that can hold wanted lines.
    pub(crate) fn journals(&self, state: &State) -> Vec<PathBuf> {
        let names = Event::ALL.map(Event::name).into_iter();
        let names = names.filter(|name| self.event.as_ref().is_none_or(|event| event == name));
        names.map(|name| journal(state, name)).collect()
    }
}

/// Returns the path of an event's journal; nothing is made.
pub(crate) fn journal(state: &State, event: &str) -> PathBuf {
    state.logs().join(format!("{event}.jsonl"))
}

/// Returns the newest `count` lines that are wanted, oldest first, as far as
/// they stand in the last `window` bytes of each journal. A line cut short by a
/// full disk is not worth the others: it is passed over.
///
/// # Errors
/// What the system says about a journal.
pub(crate) fn newest(
    journals: &[PathBuf],
    wanted: &Wanted,
    count: usize,
    window: u64,
) -> io::Result<Vec<Line>> {
    let mut lines = Vec::new();
    for journal in journals {
        let read = tail::last_lines(journal, usize::MAX, window)?;
        let parsed = read.iter().rev().filter_map(|bytes| Line::parse(bytes));
        lines.extend(parsed.filter(|line| wanted.takes(line)).take(count));
    }
    lines.sort_by(|a, b| a.time.cmp(&b.time));
    lines.drain(..lines.len().saturating_sub(count));
    Ok(lines)
}
