//! Gathers what is known of a project from its state and its journals' ends.

use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

use maos_shared::hook::Event;
use maos_shared::jobs::{self, Job};
use maos_shared::journal::rfc3339;
use maos_shared::project::Project;
use maos_shared::state::agents::{Agent, Held, Launch, Outcome, Returned, Stage, fact};
use maos_shared::state::{Session, State};
use maos_shared::workspace::Workspace;

use super::{
    AgentView, BlockedView, Contents, Crew, JobView, LeaseView, Overview, ReservationView,
    SessionView, Work, conflicts, merged,
};
use crate::journal::{self, Line, Wanted, tail};

/// The time that blocked calls are counted over (24 h).
const BLOCKED_WITHIN: Duration = Duration::from_secs(24 * 60 * 60);

/// How many of them are named, the newest.
const BLOCKED_NAMED: usize = 3;

/// How much is looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Looked {
    /// How many sessions, the newest.
    pub(crate) sessions: usize,
    /// How much of each journal's end, in bytes.
    pub(crate) window: u64,
}

/// Returns what is known of a project. What is damaged is shown as far as it
/// can be read. With `contents`, git is asked what became of work that waits,
/// and whether it fits, and what those at work have changed, which takes it some starts; else only which branches are
/// merged as they are, which takes one, and none while nothing moves.
///
/// # Errors
/// What the system says about the state's folders.
pub(crate) fn overview(
    project: &Project,
    state: &State,
    looked: Looked,
    contents: Option<&mut Contents>,
) -> io::Result<Overview> {
    let leases = lease_views(state)?;
    let reservations = state.reservations()?;
    let last = last_calls(state, looked.window)?;
    let crew = crew(project, state, looked.sessions, &leases, &last, contents)?;
    let jobs = jobs::list(state)?.into_iter().filter(Job::is_alive);
    let blocked = blocked(state, looked.window)?;
    Ok(Overview {
        jobs: jobs.map(JobView::from).collect(),
        project: project.main.display().to_string(),
        conflicts: crew.conflicts,
        sessions: crew.sessions,
        older_sessions: crew.older_sessions,
        leases,
        reservations: reservations
            .into_iter()
            .map(ReservationView::from)
            .collect(),
        blocked: blocked.len(),
        last_blocked: blocked
            .into_iter()
            .rev()
            .take(BLOCKED_NAMED)
            .map(BlockedView::from)
            .collect(),
    })
}

/// Returns the agents of the newest `sessions` alone, by state and without their
/// last calls: what a status line needs, in the time that it has.
///
/// # Errors
/// As [`overview`].
pub(crate) fn agents(project: &Project, state: &State, sessions: usize) -> io::Result<Crew> {
    let leases = lease_views(state)?;
    crew(project, state, sessions, &leases, &BTreeMap::new(), None)
}

fn crew(
    project: &Project,
    state: &State,
    count: usize,
    leases: &[LeaseView],
    last: &BTreeMap<String, Line>,
    mut contents: Option<&mut Contents>,
) -> io::Result<Crew> {
    let (sessions, older_sessions) = newest_sessions(state, count)?;
    let mut sessions: Vec<SessionView> = sessions
        .into_iter()
        .map(|session| session_view(&session, last, leases))
        .collect::<io::Result<_>>()?;
    mark_merged(&mut sessions, project, state, contents.as_deref_mut());
    if let Some(contents) = contents.as_deref_mut() {
        let agents = sessions.iter_mut().flat_map(|session| &mut session.agents);
        let at_work =
            |agent: &&mut AgentView| matches!(agent.work, Work::InProgress | Work::Halted);
        contents.touch(agents.filter(at_work).collect());
    }
    for session in &mut sessions {
        session.agents.sort_by_key(|agent| agent.work);
    }
    let agents = sessions.iter().flat_map(|session| &session.agents);
    let conflicts = conflicts::among(agents, contents);
    let agents = sessions.iter_mut().flat_map(|session| &mut session.agents);
    for agent in agents {
        let own = conflicts.iter();
        let own = own.filter(|it| it.agents.contains(&agent.id));
        let (certain, possible): (Vec<_>, Vec<_>) = own.partition(|it| it.clash.is_some());
        (agent.conflicts, agent.sharing) = (certain.len(), possible.len());
    }
    Ok(Crew {
        sessions,
        older_sessions,
        conflicts,
    })
}

fn lease_views(state: &State) -> io::Result<Vec<LeaseView>> {
    let leases = state.leases()?;
    Ok(leases.into_iter().map(LeaseView::from).collect())
}

/// Returns the newest sessions, oldest first, and how many there are besides: the
/// newest of all, and else those first that have agents, since one without has
/// nothing to show. One whose own file is missing or damaged counts as the oldest.
fn newest_sessions(state: &State, count: usize) -> io::Result<(Vec<Session>, usize)> {
    let started = |session: &Session| {
        let began = session.began().unwrap_or_default();
        began.map(|fact| fact.started)
    };
    let mut sessions = state.all_sessions()?;
    sessions.sort_by_cached_key(started);
    let older = sessions.len().saturating_sub(count);
    if older > 0 {
        let newest = sessions.pop();
        sessions.sort_by_cached_key(has_agents);
        sessions.extend(newest);
        let mut shown = sessions.split_off(older);
        shown.sort_by_cached_key(started);
        return Ok((shown, older));
    }
    Ok((sessions, older))
}

fn has_agents(session: &Session) -> bool {
    let mut stages = Stage::ALL.iter();
    stages.any(|stage| {
        session
            .agents(*stage)
            .is_ok_and(|agents| !agents.is_empty())
    })
}

fn session_view(
    session: &Session,
    last: &BTreeMap<String, Line>,
    leases: &[LeaseView],
) -> io::Result<SessionView> {
    let name = session.dir().file_name().unwrap_or_default();
    let ended = session.ended().unwrap_or_default();
    let mut agents = Vec::new();
    for stage in Stage::ALL {
        for agent in session.agents(stage)? {
            let client = agent.client;
            let mut view = agent_view(session, stage, agent);
            if view.work.is_live()
                && (ended.is_some() || client.is_some_and(|client| !client.runs()))
            {
                view.work = Work::Halted;
            }
            if let Some(line) = last.get(&view.id) {
                view.last_tool.clone_from(&line.tool);
                view.last_seen = Some(line.time.clone());
            }
            if view.work.is_live() {
                let held = leases.iter();
                let held = held.filter(|lease| lease.agent.as_ref() == Some(&view.id));
                view.files.extend(held.map(|lease| lease.file.clone()));
                view.files.sort();
                view.files.dedup();
            }
            agents.push(view);
        }
    }
    Ok(SessionView {
        id: name.to_string_lossy().into_owned(),
        started: session.began().unwrap_or_default().map(|fact| fact.started),
        end_reason: ended.as_ref().map(|end| end.reason.clone()),
        ended: ended.map(|end| end.ended),
        agents,
    })
}

/// Returns an agent; facts that are damaged count as absent.
fn agent_view(session: &Session, stage: Stage, agent: Agent) -> AgentView {
    let id = &agent.agent_id;
    let launch: Option<Launch> = session.fact(id, fact::LAUNCH).unwrap_or_default();
    let workspace: Option<Workspace> = session.fact(id, fact::WORKSPACE).unwrap_or_default();
    let outcome: Option<Outcome> = session.fact(id, fact::RESULT).unwrap_or_default();
    let returned: Option<Returned> = session.fact(id, fact::RETURNED).unwrap_or_default();
    let held: Option<Held> = session.fact(id, fact::HELD).unwrap_or_default();
    let written = session.fact_written(id, fact::RETURNED).unwrap_or_default();
    let is_back = |outcome: &Outcome| {
        let back = returned.as_ref();
        back.is_some_and(|returned| returned.commit == outcome.commit)
    };
    let work = match (stage, &outcome) {
        (Stage::Pending, _) => Work::Reading,
        (Stage::Active, _) => Work::InProgress,
        (Stage::Completed, Some(outcome)) if outcome.trouble.is_some() => Work::Uncommitted,
        (Stage::Completed, Some(outcome)) if is_back(outcome) => Work::Returned,
        (Stage::Completed, Some(outcome)) if !outcome.files.is_empty() => Work::Unmerged,
        (Stage::Completed, _) => Work::None,
    };
    let branch = outcome.as_ref().map(|outcome| outcome.branch.clone());
    let tip = outcome.as_ref().map(|outcome| outcome.commit.clone());
    let tip = tip.filter(|tip| !tip.is_empty());
    // Of work that came after that, it says nothing.
    let held = held.filter(|held| work == Work::Unmerged && Some(&held.commit) == tip.as_ref());
    AgentView {
        tip,
        merged: returned.as_ref().and_then(|back| back.merged.clone()),
        since: returned.map(|returned| returned.commit),
        returned: written.map(rfc3339),
        held: held.map(|held| held.reason),
        conflicts: 0,
        sharing: 0,
        description: launch.map(|launch| launch.description).unwrap_or_default(),
        state: stage,
        work,
        last_tool: None,
        last_seen: None,
        branch: branch.or_else(|| workspace.as_ref().map(|workspace| workspace.branch.clone())),
        base: workspace.as_ref().map(|workspace| workspace.base.clone()),
        workspace: workspace.map(|workspace| workspace.path.display().to_string()),
        commits: outcome.as_ref().map_or(0, |outcome| outcome.commits),
        trouble: outcome.as_ref().and_then(|outcome| outcome.trouble.clone()),
        files: outcome.map(|outcome| outcome.files).unwrap_or_default(),
        id: agent.agent_id,
        agent_type: agent.agent_type,
        registered: agent.registered,
    }
}

/// Finds out which work is merged: by what it changes, or only by its commits.
fn mark_merged(
    sessions: &mut [SessionView],
    project: &Project,
    state: &State,
    contents: Option<&mut Contents>,
) {
    let agents = sessions.iter_mut().flat_map(|session| &mut session.agents);
    let is_open = |agent: &&mut AgentView| matches!(agent.work, Work::Unmerged | Work::Returned);
    let open: Vec<&mut AgentView> = agents.filter(is_open).collect();
    if open.is_empty() {
        return;
    }
    let mut is_merged: Box<dyn FnMut(&AgentView) -> bool> = match contents {
        Some(contents) => {
            contents.refresh();
            Box::new(|agent| contents.is_merged(agent))
        }
        None => {
            let merged = merged::among(&open, project, state);
            Box::new(move |agent| agent.branch.as_ref().is_some_and(|it| merged.contains(it)))
        }
    };
    for agent in open {
        if is_merged(agent) {
            agent.work = Work::Merged;
        }
    }
}

/// Returns each agent's last call.
fn last_calls(state: &State, window: u64) -> io::Result<BTreeMap<String, Line>> {
    let journal = journal::journal(state, Event::PreToolUse.name());
    let lines = tail::last_lines(&journal, usize::MAX, window)?;
    let lines = lines.iter().filter_map(|bytes| Line::parse(bytes));
    Ok(lines
        .filter_map(|line| Some((line.agent.clone()?, line)))
        .collect())
}

/// Returns the calls that were denied of late, oldest first.
fn blocked(state: &State, window: u64) -> io::Result<Vec<Line>> {
    let wanted = Wanted {
        since: state.now().checked_sub(BLOCKED_WITHIN),
        ..Wanted::default()
    };
    let mut lines = journal::newest(&[state.audit()], &wanted, usize::MAX, window)?;
    lines.retain(Line::is_denial);
    Ok(lines)
}
