//! One agent's life: when it was at work, what it did, what it waited for.

use std::time::SystemTime;

use serde::Deserialize;

use super::{Span, moment};
use crate::journal::Line;
use crate::overview::{AgentView, SessionView};
use crate::when;

/// Tools that change a file.
const EDITS: [&str; 4] = ["Edit", "MultiEdit", "NotebookEdit", "Write"];
/// The rules that make an agent wait for another.
const WAITS: &str = "leases.";

/// One agent's life.
#[derive(Debug)]
pub(in crate::page) struct Life {
    /// The agent; `None` for the main one.
    pub(in crate::page) agent: Option<AgentView>,
    /// When it was at work.
    pub(in crate::page) spans: Vec<Span>,
    /// When it waited for a file that another held, until it could change it.
    pub(in crate::page) waits: Vec<Span>,
    /// What it did, in the order of time.
    pub(in crate::page) marks: Vec<Mark>,
}

/// A call, or what became of the work, at a moment.
#[derive(Debug)]
pub(in crate::page) struct Mark {
    /// The moment.
    pub(in crate::page) at: SystemTime,
    /// What it is.
    pub(in crate::page) kind: Kind,
    /// What a person reads of it.
    pub(in crate::page) text: String,
}

/// What a mark is on the timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::page) enum Kind {
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

/// A line of the journal of an agent's life.
#[derive(Deserialize)]
pub(super) struct Step {
    pub(super) time: String,
    agent: String,
    to: String,
}

/// Returns the life of the main agent: from the session's begin to its end.
pub(super) fn of_main(session: &SessionView, whole: Span, lines: &[Line]) -> Life {
    let ended = session.ended.as_deref().and_then(moment);
    Life::of(None, lines, |_| {
        vec![Span::until(whole.from, ended.unwrap_or(whole.to))]
    })
}

/// Returns the life of an agent.
pub(super) fn of_agent(agent: &AgentView, steps: &[Step], whole: Span, lines: &[Line]) -> Life {
    Life::of(Some(agent), lines, |id| {
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
        spans.extend(since.map(|from| Span::until(from, whole.to)));
        spans
    })
}

impl Life {
    fn of(
        agent: Option<&AgentView>,
        lines: &[Line],
        spans: impl FnOnce(Option<&str>) -> Vec<Span>,
    ) -> Self {
        let id = agent.map(|agent| agent.id.as_str());
        let mine = lines.iter().filter(|line| line.agent.as_deref() == id);
        let mine: Vec<&Line> = mine.filter(|line| line.tool.is_some()).collect();
        let (mut marks, mut waits) = (Vec::new(), Vec::new());
        for (n, line) in mine.iter().enumerate() {
            let Some(at) = line.at() else { continue };
            let kind = kind(line);
            let mut text = format!("{} {}", line.tool.as_deref().unwrap_or(""), line.subject());
            if let Some(rule) = &line.rule {
                text.push_str(&format!(" ({rule})"));
            }
            if kind == Kind::Wait
                && let Some(to) = got(line, &mine[n + 1..])
            {
                let wait = Span::until(at, to);
                text.push_str(&format!(", waited {}", when::length(wait.length())));
                waits.push(wait);
            }
            marks.push(Mark { at, kind, text });
        }
        marks.extend(agent.and_then(merge));
        marks.sort_by_key(|mark| mark.at);
        Self {
            spans: spans(id),
            agent: agent.cloned(),
            waits,
            marks,
        }
    }

    /// Returns how many marks are of a kind.
    pub(in crate::page) fn count(&self, kind: Kind) -> usize {
        self.marks.iter().filter(|mark| mark.kind == kind).count()
    }
}

fn kind(line: &Line) -> Kind {
    let is_wait = line
        .rule
        .as_ref()
        .is_some_and(|rule| rule.starts_with(WAITS));
    match line.outcome.as_str() {
        _ if is_wait => Kind::Wait,
        "deny" => Kind::Block,
        _ if EDITS.contains(&line.tool.as_deref().unwrap_or_default()) => Kind::Edit,
        _ => Kind::Call,
    }
}

/// Returns when the file could be changed after all that a call was refused; `None`
/// where it was not tried again with more luck.
fn got(refused: &Line, later: &[&Line]) -> Option<SystemTime> {
    let subject = refused.subject();
    let same = later.iter().filter(|line| line.subject() == subject);
    let mut passed = same.filter(|line| kind(line) == Kind::Edit);
    passed.next()?.at()
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

#[cfg(test)]
mod tests {
    use super::super::tests::at;
    use super::*;

    fn edit(second: u64, outcome: &str, file: &str) -> Line {
        let input = serde_json::json!({ "file_path": file });
        Line {
            time: humantime::format_rfc3339_millis(at(second)).to_string(),
            tool: Some("Edit".to_owned()),
            outcome: outcome.to_owned(),
            rule: (outcome == "deny").then(|| "leases.held".to_owned()),
            input: input.as_object().cloned().unwrap_or_default(),
            ..Line::default()
        }
    }

    #[test]
    fn a_wait_ends_when_the_file_can_be_changed() {
        let lines = [
            edit(1, "deny", "a.rs"),
            edit(2, "pass", "b.rs"),
            edit(3, "deny", "a.rs"),
            edit(7, "rewrite", "a.rs"),
            edit(8, "deny", "c.rs"),
        ];
        let life = Life::of(None, &lines, |_| Vec::new());
        let (one, other) = (Span::until(at(1), at(7)), Span::until(at(3), at(7)));
        assert_eq!(life.waits, [one, other]);
        assert_eq!(life.marks[0].text, "Edit a.rs (leases.held), waited 6s");
        assert_eq!(life.marks[4].text, "Edit c.rs (leases.held)");
        assert_eq!((life.count(Kind::Wait), life.count(Kind::Edit)), (3, 2));
    }
}
