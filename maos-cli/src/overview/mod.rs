//! Who works in a project, and what waits for the person: what `maos status`,
//! `maos top`, `maos statusline` and `maos report` show.

mod agent;
mod conflicts;
mod contents;
mod gather;
mod merged;

use maos_shared::jobs::{Job, Status};
use maos_shared::state::leases::Lease;
use maos_shared::state::reservations::Reservation;
use schemars::JsonSchema;
use serde::Serialize;

use crate::journal::Line;

pub(crate) use agent::{AgentView, Work};
pub(crate) use conflicts::Conflict;
pub(crate) use contents::Contents;
pub(crate) use gather::{Looked, agents, overview};

/// A project at one moment.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Overview {
    /// The main checkout.
    pub(crate) project: String,
    /// The newest sessions, oldest first.
    pub(crate) sessions: Vec<SessionView>,
    /// How many older sessions are not among them.
    pub(crate) older_sessions: usize,
    /// Files that somebody is changing.
    pub(crate) leases: Vec<LeaseView>,
    /// Files that somebody is about to change.
    pub(crate) reservations: Vec<ReservationView>,
    /// Slow work beside the agents that waits or runs.
    pub(crate) jobs: Vec<JobView>,
    /// Agents whose work, not merged yet, does not fit, or may not.
    pub(crate) conflicts: Vec<Conflict>,
    /// How many calls were denied in the last 24 hours.
    pub(crate) blocked: usize,
    /// The last of them, newest first, three at most.
    pub(crate) last_blocked: Vec<BlockedView>,
}

/// The agents of a project at one moment.
#[derive(Debug)]
pub(crate) struct Crew {
    /// The newest sessions, oldest first.
    sessions: Vec<SessionView>,
    /// How many older sessions are not among them.
    older_sessions: usize,
    /// Agents whose work, not merged yet, does not fit, or may not.
    pub(crate) conflicts: Vec<Conflict>,
}

/// A session of the client.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct SessionView {
    /// The client's id, as the name of its folder.
    pub(crate) id: String,
    /// RFC 3339; `null` where nobody saw it begin.
    pub(crate) started: Option<String>,
    /// RFC 3339; `null` while it goes on.
    pub(crate) ended: Option<String>,
    /// The client's word for why it ended.
    pub(crate) end_reason: Option<String>,
    /// Its agents, those at work first.
    pub(crate) agents: Vec<AgentView>,
}

/// A lease on a file.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct LeaseView {
    /// The file, relative to the repository.
    pub(crate) file: String,
    /// The holder's session.
    pub(crate) session: String,
    /// The holder's id; `null` for the main agent.
    pub(crate) agent: Option<String>,
    /// The holder's type.
    pub(crate) agent_type: Option<String>,
    /// The tool that it is held for.
    pub(crate) purpose: String,
    /// RFC 3339.
    pub(crate) since: String,
    /// RFC 3339; it ends by itself then.
    pub(crate) until: String,
}

/// Files that somebody is about to change.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ReservationView {
    /// Which files, relative to the repository.
    pub(crate) pattern: String,
    /// Others may change them as well.
    pub(crate) shared: bool,
    /// The holder's session; empty for a person at a terminal.
    pub(crate) session: String,
    /// The holder's id; `null` for the main agent, and for a person.
    pub(crate) agent: Option<String>,
    /// The holder's type.
    pub(crate) agent_type: Option<String>,
    /// What for.
    pub(crate) why: String,
    /// RFC 3339.
    pub(crate) since: String,
    /// RFC 3339; it ends by itself then.
    pub(crate) until: String,
}

/// A job.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct JobView {
    /// Its id: `maos jobs stop ID`.
    pub(crate) id: String,
    /// What it does.
    pub(crate) kind: String,
    /// What it works on.
    pub(crate) about: String,
    /// Whether it runs; else it waits for its turn.
    pub(crate) running: bool,
    /// When it was ordered, RFC 3339.
    pub(crate) ordered: String,
}

/// A call that was denied.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct BlockedView {
    /// Its id: `maos why ID`.
    pub(crate) id: String,
    /// RFC 3339.
    pub(crate) time: String,
    /// The id of the agent that asked; `null` for the main agent.
    pub(crate) agent: Option<String>,
    /// The agent's type.
    pub(crate) agent_type: Option<String>,
    /// The rule that objected.
    pub(crate) rule: String,
    /// What was called, as far as it was written down.
    pub(crate) call: String,
}

impl From<Line> for BlockedView {
    fn from(line: Line) -> Self {
        let subject = line.subject();
        let tool = line.tool.unwrap_or(line.event);
        Self {
            call: format!("{tool} {subject}").trim_end().to_owned(),
            id: line.id.unwrap_or_default(),
            time: line.time,
            agent: line.agent,
            agent_type: line.agent_type,
            rule: line.rule.unwrap_or_default(),
        }
    }
}

impl From<Job> for JobView {
    fn from(job: Job) -> Self {
        Self {
            running: matches!(job.status, Status::Running { .. }),
            id: job.id,
            kind: job.kind,
            about: job.about,
            ordered: job.ordered,
        }
    }
}

impl From<Lease> for LeaseView {
    fn from(lease: Lease) -> Self {
        Self {
            file: lease.file,
            session: lease.owner.session,
            agent: lease.owner.agent,
            agent_type: lease.owner.agent_type,
            purpose: lease.purpose,
            since: lease.since,
            until: lease.until,
        }
    }
}

impl From<Reservation> for ReservationView {
    fn from(one: Reservation) -> Self {
        Self {
            pattern: one.pattern.as_str().to_owned(),
            shared: one.shared,
            session: one.owner.session,
            agent: one.owner.agent,
            agent_type: one.owner.agent_type,
            why: one.why,
            since: one.since,
            until: one.until,
        }
    }
}

impl Overview {
    /// Returns how many pairs of agents certainly do not fit.
    pub(crate) fn clashes(&self) -> usize {
        let certain = |conflict: &&Conflict| conflict.clash.is_some();
        self.conflicts.iter().filter(certain).count()
    }

    /// Returns how many agents have work of this kind.
    pub(crate) fn count(&self, work: Work) -> usize {
        count(&self.sessions, work)
    }
}

impl Crew {
    /// Returns how many agents have work of this kind.
    pub(crate) fn count(&self, work: Work) -> usize {
        count(&self.sessions, work)
    }
}

fn count(sessions: &[SessionView], work: Work) -> usize {
    let agents = sessions.iter().flat_map(|session| &session.agents);
    agents.filter(|agent| agent.work == work).count()
}
