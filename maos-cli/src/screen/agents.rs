//! Agents in one line each, and all of them in one.

use std::path::Path;
use std::time::SystemTime;

use crate::output::{Column, Text, Tone};
use crate::overview::{AgentView, Overview, Work};
use crate::when;

/// Returns the line that says what a person came for: how many work, and what
/// waits.
pub(crate) fn headline(overview: &Overview) -> Text {
    let working = overview.count(Work::InProgress) + overview.count(Work::Reading);
    let name = overview.project.rsplit('/').next().unwrap_or_default();
    let counted = |count: usize, what: &str, tone: Tone| match count {
        0 => Text::default(),
        _ => Text::from("  ").then(tone.of(format!("{count} {what}"))),
    };
    let working = match working {
        0 => Tone::Faint.of("  nobody at work"),
        _ => counted(working, "at work", Tone::Live),
    };
    Tone::Strong
        .of(name)
        .then(working)
        .then(counted(
            overview.count(Work::Unmerged),
            "to merge",
            Tone::Warn,
        ))
        .then(counted(
            overview.count(Work::Uncommitted),
            "stuck",
            Tone::Bad,
        ))
        .then(counted(overview.count(Work::Halted), "halted", Tone::Warn))
        .then(counted(overview.clashes(), "in conflict", Tone::Bad))
        .then(counted(
            overview.conflicts.len() - overview.clashes(),
            "sharing files",
            Tone::Warn,
        ))
        .then(counted(overview.blocked, "blocked in 24h", Tone::Bad))
}

/// Returns the columns of a table of agents.
pub(super) fn columns() -> [Column; 7] {
    [
        Column::left("AGENT").giving_way_in_front(),
        Column::left("STATE"),
        Column::right("AGE"),
        Column::left("LAST TOOL"),
        Column::right("FILES"),
        Column::right("CLASH"),
        Column::left("TASK").giving_way(),
    ]
}

/// Returns the cells of an agent's row: name, state, age, last tool, files, with
/// how many others it conflicts, task.
pub(super) fn cells(agent: &AgentView, now: SystemTime) -> [Text; 7] {
    [
        name(agent),
        agent.work.word(),
        when::age(&agent.registered, now).into(),
        last_tool(agent, now),
        count(agent.files.len(), Tone::Plain),
        clash(agent),
        agent.description.as_str().into(),
    ]
}

/// Returns why an agent's work is not where it should be.
pub(super) fn notes(agent: &AgentView) -> impl Iterator<Item = Text> {
    let name = agent.name();
    let stuck = agent.trouble.as_ref();
    let stuck = stuck.map(|why| Tone::Bad.of(format!("  {name} is not committed: {why}")));
    let held = agent.held.as_ref();
    let held = held.map(|why| Tone::Warn.of(format!("  {name} did not come back: {why}")));
    stuck.into_iter().chain(held)
}

/// Returns the agent's name, which leads to the folder that it works in.
fn name(agent: &AgentView) -> Text {
    let name = Text::from(agent.name());
    match &agent.workspace {
        Some(folder) => name.leading_to(Path::new(folder)),
        None => name,
    }
}

/// Returns a number, and nothing for none.
fn count(count: usize, tone: Tone) -> Text {
    match count {
        0 => Text::default(),
        count => tone.of(count.to_string()),
    }
}

/// Returns with how many others an agent's work conflicts, or may.
fn clash(agent: &AgentView) -> Text {
    match (agent.conflicts, agent.sharing) {
        (0, 0) => Text::default(),
        (0, possible) => Tone::Warn.of(format!("{possible}?")),
        (certain, _) => Tone::Bad.of(certain.to_string()),
    }
}

fn last_tool(agent: &AgentView, now: SystemTime) -> Text {
    let (Some(tool), Some(seen)) = (&agent.last_tool, &agent.last_seen) else {
        return Text::default();
    };
    Text::from(tool).then(Tone::Faint.of(format!(" {}", when::age(seen, now))))
}
