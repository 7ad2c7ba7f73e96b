//! What is known of the thing in a row, beside what the row says.

use crate::journal::who;
use crate::output::{Text, Tone, counted};
use crate::overview::{AgentView, Conflict, JobView, LeaseView, Overview, ReservationView};
use crate::screen::Item;

/// Returns what is known of it, a line each.
pub(super) fn of(item: Item<'_>, overview: &Overview) -> Vec<Text> {
    match item {
        Item::Agent(agent) => of_agent(agent, overview),
        Item::Pair(pair) => of_pair(pair),
        Item::Lease(lease) => of_lease(lease),
        Item::Reservation(one) => of_reservation(one),
        Item::Job(job) => of_job(job),
        Item::Blocked(call) => vec![call.id.as_str().into()],
    }
}

fn of_agent(agent: &AgentView, overview: &Overview) -> Vec<Text> {
    let mut lines = vec![
        title(&format!("{} {}", agent.agent_type, agent.id)),
        agent.description.as_str().into(),
        Text::default(),
        fact("work", &agent.work.word().plain()),
    ];
    let facts = [
        ("branch", &agent.branch),
        ("folder", &agent.workspace),
        ("base", &agent.base),
        ("stuck", &agent.trouble),
        ("held", &agent.held),
    ];
    for (name, known) in facts {
        lines.extend(known.as_ref().map(|known| fact(name, known)));
    }
    let (commits, files) = (agent.commits, agent.files.len());
    let count = format!("{}, {}", counted(commits, "commit"), counted(files, "file"));
    listed(&mut lines, &count, agent.files.iter().map(String::as_str));
    let held = overview.leases.iter();
    let held = held.filter(|lease| lease.agent.as_ref() == Some(&agent.id));
    listed(&mut lines, "holds", held.map(|lease| lease.file.as_str()));
    let pairs = overview.conflicts.iter();
    let pairs = pairs.filter(|pair| pair.agents.contains(&agent.id));
    let others = pairs.flat_map(|pair| pair.names.iter().zip(&pair.agents));
    let others = others.filter(|(_, id)| **id != agent.id);
    let others = others.map(|(name, _)| name.as_str());
    listed(&mut lines, "changes the same files as", others);
    lines
}

fn of_pair(pair: &Conflict) -> Vec<Text> {
    let [one, other] = &pair.names;
    let mut lines = vec![title(one), title(other)];
    if let Some(clash) = &pair.clash {
        let clash = clash.iter().map(String::as_str);
        listed(&mut lines, "a merge of both conflicts in", clash);
    }
    let files = pair.files.iter().map(String::as_str);
    listed(&mut lines, "both change", files);
    lines
}

fn of_lease(lease: &LeaseView) -> Vec<Text> {
    vec![
        title(&lease.file),
        fact(
            "held by",
            &who(lease.agent.as_deref(), lease.agent_type.as_deref()),
        ),
        fact("session", &lease.session),
        fact("for", &lease.purpose),
        fact("since", &lease.since),
        fact("until", &lease.until),
    ]
}

fn of_reservation(one: &ReservationView) -> Vec<Text> {
    let by = match one.session.is_empty() {
        true => "a person".to_owned(),
        false => who(one.agent.as_deref(), one.agent_type.as_deref()),
    };
    vec![
        title(&one.pattern),
        fact("by", &by),
        fact("for", &one.why),
        fact("since", &one.since),
        fact("until", &one.until),
    ]
}

fn of_job(job: &JobView) -> Vec<Text> {
    vec![
        title(&job.id),
        fact("does", &job.kind),
        fact("about", &job.about),
        fact("ordered", &job.ordered),
    ]
}

fn title(text: &str) -> Text {
    Tone::Strong.of(text)
}

fn fact(name: &str, known: &str) -> Text {
    Tone::Faint.of(format!("{name:<8} ")).then(known)
}

/// Adds things below what they are; nothing where there are none.
fn listed<'a>(lines: &mut Vec<Text>, what: &str, things: impl Iterator<Item = &'a str>) {
    let things: Vec<Text> = things.map(|thing| format!("  {thing}").into()).collect();
    if !things.is_empty() {
        lines.extend([Text::default(), what.into()]);
        lines.extend(things);
    }
}
