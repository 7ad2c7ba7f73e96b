//! The rows of the tables, a cell for each column.

use std::time::SystemTime;

use super::{Item, agents};
use crate::journal::who;
use crate::output::{Text, Tone};
use crate::overview::{BlockedView, Conflict, JobView, LeaseView, ReservationView};
use crate::when;

/// The most files that a row names.
const FILES_NAMED: usize = 3;

impl Item<'_> {
    /// Returns the cells of this row.
    pub(super) fn cells(&self, now: SystemTime) -> Vec<Text> {
        match self {
            Self::Agent(agent) => agents::cells(agent, now).into(),
            Self::Pair(pair) => of_pair(pair).into(),
            Self::Lease(lease) => of_lease(lease, now).into(),
            Self::Reservation(one) => of_reservation(one, now).into(),
            Self::Job(job) => of_job(job, now).into(),
            Self::Blocked(call) => of_blocked(call, now).into(),
        }
    }
}

fn of_pair(pair: &Conflict) -> [Text; 3] {
    let [one, other] = &pair.names;
    let files = match &pair.clash {
        Some(files) => Tone::Bad.of(named(files)),
        None => Tone::Warn.of(named(&pair.files)),
    };
    [one.into(), other.into(), files]
}

fn of_lease(lease: &LeaseView, now: SystemTime) -> [Text; 4] {
    let holder = who(lease.agent.as_deref(), lease.agent_type.as_deref());
    let since = when::age(&lease.since, now);
    [
        lease.file.as_str().into(),
        holder.into(),
        lease.purpose.as_str().into(),
        since.into(),
    ]
}

fn of_reservation(one: &ReservationView, now: SystemTime) -> [Text; 4] {
    let mut by = match one.session.is_empty() {
        true => "a person".to_owned(),
        false => who(one.agent.as_deref(), one.agent_type.as_deref()),
    };
    if one.shared {
        by.push_str(", shared");
    }
    [
        one.pattern.as_str().into(),
        by.into(),
        one.why.as_str().into(),
        when::left(&one.until, now).into(),
    ]
}

fn of_job(job: &JobView, now: SystemTime) -> [Text; 4] {
    let state = match job.running {
        true => Tone::Live.of("running"),
        false => Tone::Faint.of("waiting"),
    };
    let (id, age) = (job.id.as_str(), when::age(&job.ordered, now));
    [id.into(), state, age.into(), job.about.as_str().into()]
}

fn of_blocked(call: &BlockedView, now: SystemTime) -> [Text; 5] {
    let who = who(call.agent.as_deref(), call.agent_type.as_deref());
    [
        Tone::Bad.of(call.id.as_str()),
        who.into(),
        call.rule.as_str().into(),
        when::age(&call.time, now).into(),
        call.call.as_str().into(),
    ]
}

/// Returns the first files, and how many more there are.
pub(crate) fn named(files: &[String]) -> String {
    let first = files[..files.len().min(FILES_NAMED)].join(", ");
    match files.len().saturating_sub(FILES_NAMED) {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}
