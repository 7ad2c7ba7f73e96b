//! Reading the journals: `.maos/logs/<event>.jsonl` and `.maos/audit.jsonl`.

mod count;
mod follow;
mod line;
pub(crate) mod tail;

use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use maos_shared::config::limits::JOURNALS_KEPT;
use maos_shared::hook::Event;
use maos_shared::journal::earlier;
use maos_shared::state::State;

pub(crate) use count::denials;
pub(crate) use follow::Follower;
pub(crate) use line::{Line, short, who};

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
        lines.extend(End::of(journal, wanted, count, window)?.lines);
    }
    Ok(last(lines, count))
}

/// Returns the newest `count` lines that are wanted, oldest first, from the
/// journals and from the earlier ones that are kept: as many of these as it
/// takes.
///
/// # Errors
/// What the system says about a journal.
pub(crate) fn newest_ever(
    journals: &[PathBuf],
    wanted: &Wanted,
    count: usize,
) -> io::Result<Vec<Line>> {
    let mut lines = Vec::new();
    for journal in journals {
        let mut missing = count;
        for path in generations(journal) {
            let end = End::of(&path, wanted, missing, tail::WHOLE)?;
            missing -= end.lines.len();
            lines.extend(end.lines);
            if missing == 0 || end.is_older {
                break;
            }
        }
    }
    Ok(last(lines, count))
}

/// Returns a journal and the earlier ones that may be kept of it, newest first.
pub(crate) fn generations(journal: &Path) -> impl Iterator<Item = PathBuf> {
    let before = (1..=JOURNALS_KEPT).map(|number| earlier(journal, number));
    [journal.to_owned()].into_iter().chain(before)
}

/// What is wanted of the end of one journal.
struct End {
    lines: Vec<Line>,
    /// It goes back to before what is wanted.
    is_older: bool,
}

impl End {
    fn of(journal: &Path, wanted: &Wanted, count: usize, window: u64) -> io::Result<Self> {
        let mut end = Self {
            lines: Vec::new(),
            is_older: false,
        };
        let read = tail::last_lines(journal, usize::MAX, window)?;
        for line in read.iter().rev().filter_map(|bytes| Line::parse(bytes)) {
            if end.lines.len() == count {
                break;
            }
            end.is_older |= wanted.since.is_some_and(|since| line.at() < Some(since));
            if wanted.takes(&line) {
                end.lines.push(line);
            }
        }
        Ok(end)
    }
}

/// Returns the last `count` lines in the order of their times.
fn last(mut lines: Vec<Line>, count: usize) -> Vec<Line> {
    lines.sort_by(|a, b| a.time.cmp(&b.time));
    lines.drain(..lines.len().saturating_sub(count));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use maos_shared::state::atomic;

    fn write(path: &Path, minutes: std::ops::Range<u32>) {
        for minute in minutes {
            let line = format!("{{\"time\":\"2026-01-01T00:{minute:02}:00Z\"}}\n");
            atomic::append(path, line.as_bytes()).unwrap();
        }
    }

    #[test]
    fn earlier_journals_are_read_as_far_as_it_takes() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.jsonl");
        write(&earlier(&path, 3), 0..10);
        // A kill has left no second one.
        write(&earlier(&path, 1), 10..20);
        write(&path, 20..30);
        let minutes = |count: usize, since: Option<&str>| -> Vec<u32> {
            let wanted = Wanted {
                since: since.map(|since| humantime::parse_rfc3339(since).unwrap()),
                ..Wanted::default()
            };
            let lines = newest_ever(std::slice::from_ref(&path), &wanted, count).unwrap();
            lines
                .iter()
                .map(|line| line.time[14..16].parse().unwrap())
                .collect()
        };
        assert_eq!(minutes(3, None), [27, 28, 29]);
        assert_eq!(minutes(25, None), (5..30).collect::<Vec<_>>());
        assert_eq!(minutes(99, None).len(), 30);
        let since = Some("2026-01-01T00:12:00Z");
        assert_eq!(minutes(99, since), (12..30).collect::<Vec<_>>());
        let now = newest(&[path], &Wanted::default(), 99, tail::WINDOW).unwrap();
        assert_eq!(now.len(), 10, "the present one alone");
    }
}
