//! What `maos status` and `maos top` both show.

use std::time::SystemTime;

use crate::output::{Text, Tone};
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
        .then(counted(
            overview.conflicts.len(),
            "sharing files",
            Tone::Warn,
        ))
        .then(counted(overview.blocked, "blocked in 24h", Tone::Bad))
}

/// Returns the cells of an agent's row: name, state, age, last tool, files, task.
pub(crate) fn cells(agent: &AgentView, now: SystemTime) -> [Text; 6] {
    [
        agent.name().into(),
        agent.work.word(),
        when::age(&agent.registered, now).into(),
        last_tool(agent, now),
        files(agent),
        agent.description.as_str().into(),
    ]
}

fn files(agent: &AgentView) -> Text {
    match agent.files.len() {
        0 => Text::default(),
        count => count.to_string().into(),
    }
}

fn last_tool(agent: &AgentView, now: SystemTime) -> Text {
    let (Some(tool), Some(seen)) = (&agent.last_tool, &agent.last_seen) else {
        return Text::default();
    };
    Text::from(tool).then(Tone::Faint.of(format!(" {}", when::age(seen, now))))
}
