//! What happened in a session, by its journals: the lives of its agents, their
//! calls, the leases that they held.

use std::collections::BTreeMap;
use std::io;
use std::time::{Duration, SystemTime};

use maos_shared::state::Session;
use serde::Deserialize;

use crate::journal::{Line, tail};
use crate::overview::{AgentView, SessionView};

/// Tools that change a file.
const EDITS: [&str; 4] = ["Edit", "MultiEdit", "NotebookEdit", "Write"];
/// The rules that make an agent wait for another.
const WAITS: &str = "leases.";

/// A session from its first to its last event.
#[derive(Debug)]
pub(super) struct Story {
    /// When the first event was.
    pub(super) begin: SystemTime,
    /// How long until the last one; never zero.
    pub(super) length: Duration,
    /// The main agent first, then the others by their begin.
    pub(super) lives: Vec<Life>,
    /// Each time that somebody held a file, by file.
    pub(super) holds: Vec<Hold>,
}

/// One agent's life.
#[derive(Debug)]
pub(super) struct Life {
    /// The agent; `None` for the main one.
    pub(super) agent: Option<AgentView>,
    /// When it was at work.
    pub(super) spans: Vec<Span>,
    /// What it did.
    pub(super) marks: Vec<Mark>,
}

/// A time from one moment to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    /// Its begin.
    pub(super) from: SystemTime,
    /// Its end.
    pub(super) to: SystemTime,
}

/// A call, or what became of the work, at a moment.
#[derive(Debug)]
pub(super) struct Mark {
    /// The moment.
    pub(super) at: SystemTime,
    /// What it is.
    pub(super) kind: Kind,
    /// What a person reads of it.
    pub(super) text: String,
}

/// What a mark is on the timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A file was changed.
    Edit,
    /// The guard said no.
    Block,
    /// Another agent held the file.
    Wait,
    /// Its work came into a checkout.
    Merge,
    /// Any other call.
    Call,
}

/// A file that somebody held.
#[derive(Debug)]
pub(super) struct Hold {
    /// The file.
    pub(super) file: String,
    /// Who held it: an agent's id; `None` for the main agent.
    pub(super) agent: Option<String>,
    /// From when to when.
    pub(super) span: Span,
}

/// A line of the journal of transitions.
#[derive(Deserialize)]
struct Step {
    time: String,
    agent: String,
    to: String,
}

/// A line of the journal of leases.
#[derive(Deserialize)]
struct LeaseStep {
    time: String,
    step: String,
    /// Nothing where all files of an agent, or of the session, were given back.
    #[serde(default)]
    file: Option<String>,
    #[serde(default)]
    agent: Option<String>,
}

impl Span {
    fn until(from: SystemTime, to: SystemTime) -> Self {
        Self {
            from,
            to: to.max(from),
        }
    }
}

/// Returns what happened in a session: `lines` are its calls, oldest first.
///
/// # Errors
/// What the system says about its journals.
pub(super) fn story(session: &Session, view: &SessionView, lines: &[Line]) -> io::Result<Story> {
    let steps: Vec<Step> = read(session, "agent_lifecycle.jsonl")?;
    let leases: Vec<LeaseStep> = read(session, "file_locks.jsonl")?;
    let times = steps.iter().map(|step| &step.time);
    let times = times.chain(lines.iter().map(|line| &line.time));
    let times = times.chain(leases.iter().map(|step| &step.time));
    let times = times.chain(&view.started).chain(&view.ended);
    let returned = view
        .agents
        .iter()
        .filter_map(|agent| agent.returned.as_ref());
    let times = times.chain(returned);
    let times: Vec<SystemTime> = times.filter_map(|time| moment(time)).collect();
    let begin = times
        .iter()
        .min()
        .copied()
        .unwrap_or(SystemTime::UNIX_EPOCH);
    let end = times.iter().max().copied().unwrap_or(begin);
    let length = end.duration_since(begin).unwrap_or_default();
    let mut lives: Vec<Life> = view
        .agents
        .iter()
        .map(|agent| life(Some(agent), &steps, lines, end))
        .collect();
    lives.sort_by_key(|life| life.spans.first().map(|span| span.from));
    lives.insert(0, life(None, &[], lines, end));
    Ok(Story {
        begin,
        length: length.max(Duration::from_millis(1)),
        lives,
        holds: holds(&leases, end),
    })
}

fn life(agent: Option<&AgentView>, steps: &[Step], lines: &[Line], end: SystemTime) -> Life {
    let id = agent.map(|agent| agent.id.as_str());
    let mut spans = Vec::new();
    let mut since = None;
    for step in steps.iter().filter(|step| Some(step.agent.as_str()) == id) {
        let Some(at) = moment(&step.time) else {
            continue;
        };
        if step.to != "completed" {
            since = since.or(Some(at));
        } else if let Some(from) = since.take() {
            spans.push(Span::until(from, at));
        }
    }
    spans.extend(since.map(|from| Span::until(from, end)));
    let mine = lines.iter().filter(|line| line.agent.as_deref() == id);
    let marks = mine.filter_map(mark).chain(agent.and_then(merge));
    Life {
        agent: agent.cloned(),
        spans,
        marks: marks.collect(),
    }
}

/// Returns the mark of an agent's work that came into a checkout.
fn merge(agent: &AgentView) -> Option<Mark> {
    let word = agent.work.word().plain();
    Some(Mark {
        at: moment(agent.returned.as_ref()?)?,
        kind: Kind::Merge,
        text: format!("its work came back ({word})"),
    })
}

fn mark(line: &Line) -> Option<Mark> {
    let tool = line.tool.as_deref()?;
    let is_wait = line
        .rule
        .as_ref()
        .is_some_and(|rule| rule.starts_with(WAITS));
    let kind = match (line.outcome.as_str(), is_wait) {
        (_, true) => Kind::Wait,
        ("deny", _) => Kind::Block,
        _ if EDITS.contains(&tool) => Kind::Edit,
        _ => Kind::Call,
    };
    let mut text = format!("{tool} {}", line.subject());
    if let Some(rule) = &line.rule {
        text.push_str(&format!(" ({rule})"));
    }
    Some(Mark {
        at: line.at()?,
        kind,
        text,
    })
}

fn holds(steps: &[LeaseStep], end: SystemTime) -> Vec<Hold> {
    let mut open: BTreeMap<(&str, &Option<String>), SystemTime> = BTreeMap::new();
    let mut holds = Vec::new();
    for step in steps {
        let Some(at) = moment(&step.time) else {
            continue;
        };
        let Some(file) = step.file.as_deref() else {
            let is_meant = |agent: &Option<String>| match step.step.as_str() {
                "ended" => true,
                "released-all" => *agent == step.agent,
                _ => false,
            };
            let given_back = open.extract_if(.., |(_, agent), _| is_meant(agent));
            holds.extend(given_back.map(|(who, from)| hold(who, Span::until(from, at))));
            continue;
        };
        let who = (file, &step.agent);
        if step.step == "acquired" {
            open.entry(who).or_insert(at);
        } else if let Some(from) = open.remove(&who) {
            holds.push(hold(who, Span::until(from, at)));
        }
    }
    holds.extend(
        open.into_iter()
            .map(|(who, from)| hold(who, Span::until(from, end))),
    );
    holds.sort_by(|a, b| (&a.file, a.span.from).cmp(&(&b.file, b.span.from)));
    holds
}

fn hold((file, agent): (&str, &Option<String>), span: Span) -> Hold {
    Hold {
        file: file.to_owned(),
        agent: agent.clone(),
        span,
    }
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

    fn at(second: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(second)
    }

    fn lease(second: u64, step: &str, agent: &str) -> LeaseStep {
        LeaseStep {
            time: humantime::format_rfc3339_millis(at(second)).to_string(),
            step: step.to_owned(),
            file: Some("a.rs".to_owned()),
            agent: Some(agent.to_owned()),
        }
    }

    fn all(second: u64, step: &str, agent: Option<&str>) -> LeaseStep {
        LeaseStep {
            file: None,
            agent: agent.map(ToOwned::to_owned),
            ..lease(second, step, "")
        }
    }

    #[test]
    fn a_file_is_held_from_the_first_taking_to_the_release() {
        let steps = [
            lease(1, "acquired", "a"),
            lease(2, "acquired", "a"),
            lease(3, "released", "a"),
            lease(4, "released", "a"),
            lease(5, "acquired", "b"),
            all(6, "released-all", Some("c")),
            all(7, "released-all", Some("b")),
            lease(8, "acquired", "c"),
            all(9, "ended", None),
        ];
        let holds = holds(&steps, at(99));
        let spans: Vec<_> = holds
            .iter()
            .map(|hold| (hold.span.from, hold.span.to))
            .collect();
        assert_eq!(spans, [(at(1), at(3)), (at(5), at(7)), (at(8), at(9))]);
    }
}
