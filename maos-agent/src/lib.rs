//! A subagent begins and ends its turn. It may do so again: a message resumes
//! an agent that has stopped, with the same id and workspace.

mod bring;
mod forecast;
mod meta;

use maos_shared::guard::is_secret_file;
use maos_shared::hook::{Answer, Call, Error};
use maos_shared::journal::rfc3339;
use maos_shared::notify;
use maos_shared::project::Kind;
use maos_shared::state::Session;
use maos_shared::state::agents::{Agent, Held, Launch, Outcome, Stage, fact};
use maos_shared::tooling::{self, AtStop};
use maos_shared::workspace::{self, Workspace};

/// Answers SubagentStart: the agent is registered, active when it has a
/// workspace. Its type is known here for the first time, so its branch gets
/// its full name now.
///
/// # Errors
/// When state or the branch cannot be written.
pub fn start(call: &Call<'_>) -> Result<Answer, Error> {
    let agent = agent(call)?;
    let session = call.state()?.session(&call.input.session_id);
    let mut own = session.fact::<Workspace>(&agent.agent_id, fact::WORKSPACE)?;
    if own.is_none() && claim(call, &session, &agent.agent_id)? {
        own = session.fact(&agent.agent_id, fact::WORKSPACE)?;
    }
    let stage = if own.is_some() {
        Stage::Active
    } else {
        Stage::Pending
    };
    session.bring(&agent, stage)?;
    if let Some(own) = own {
        let named = workspace::rename_branch(&own, &agent.agent_type)?;
        if named != own {
            session.record(&agent.agent_id, fact::WORKSPACE, &named)?;
        }
    }
    Ok(Answer::Silence)
}

/// Gives the agent the workspace that it starts in, where that was made for an
/// agent whose id was not known yet.
fn claim(call: &Call<'_>, session: &Session, id: &str) -> Result<bool, Error> {
    let project = call.project()?;
    let folder = project.checkout.file_name().unwrap_or_default();
    Ok(project.is_workspace() && session.claim(&folder.to_string_lossy(), id, fact::WORKSPACE)?)
}

/// Answers SubagentStop: what the agent left is committed on its branch, and
/// comes back to the checkout that it started from where it disturbs nothing;
/// the result is kept for whoever launched it, and the agent counts as completed.
/// Silent, but for what a tool has found in its files and it has not heard: an
/// answer here makes the agent go on, which is meant once.
///
/// Safe at any kill: the commit is git's own step; the result is written whole;
/// the work comes back with all its files or none; the transition comes last, so an agent that is not completed yet is
/// completed, with all of that, by its next stop.
///
/// # Errors
/// When state cannot be written. Work that cannot be committed is no error: it
/// stays in the workspace, and the result says so.
pub fn stop(call: &Call<'_>) -> Result<Answer, Error> {
    let agent = agent(call)?;
    match tooling::at_stop(call)? {
        AtStop::SendBack(why) => return Ok(Answer::send_back(why)),
        AtStop::Tell(found) => return Ok(Answer::tell(call.event, found)),
        AtStop::Nothing => {}
    }
    let session = call.state()?.session(&call.input.session_id);
    if let Some(own) = own(call, &session, &agent.agent_id)? {
        let launch = session.fact_if_whole::<Launch>(&agent.agent_id, fact::LAUNCH);
        let description = match launch {
            Some(launch) => launch.description,
            None => meta::description(call, &agent.agent_id).unwrap_or_default(),
        };
        let outcome = settle(&own, &message(&agent, &description));
        session.record(&agent.agent_id, fact::RESULT, &outcome)?;
        if !outcome.files.is_empty() {
            session.is_to_be_told_of(&agent.agent_id)?;
        }
        bring::back(call, &agent.agent_id, &own, &outcome)?;
        if let Err(error) = forecast::start(call, &agent.agent_id, &own, &outcome) {
            log::warn!("forecast: {error}");
        }
    } else if call.project()?.kind == Kind::Folder {
        session.release_leases_of(Some(&agent.agent_id))?;
    }
    session.bring(&agent, Stage::Completed)?;
    if let Err(error) = tooling::pass_on(call, &agent.agent_id) {
        log::warn!("findings: {error}");
    }
    Ok(said(call, &session, &agent)?.map_or(Answer::Silence, Answer::ring))
}

/// Returns the workspace of an agent. Where the state was deleted, as by `git clean
/// -fdx`, it is the one that the agent stands in, by its marker.
fn own(call: &Call<'_>, session: &Session, id: &str) -> Result<Option<Workspace>, Error> {
    let known = session.fact::<Workspace>(id, fact::WORKSPACE)?;
    if known.is_some() || !call.project()?.is_workspace() {
        return Ok(known);
    }
    let own = Workspace::of_agent(&call.project()?.checkout, id)?;
    if let Some(own) = &own {
        session.record(id, fact::WORKSPACE, own)?;
    }
    Ok(own)
}

/// Calls the person, if they want that, and returns what the terminal is sent,
/// which no model reads: the agent has ended, or its work does not fit to what
/// others have done.
fn said(call: &Call<'_>, session: &Session, agent: &Agent) -> Result<Option<String>, Error> {
    let id = &agent.agent_id;
    let held = session.fact_if_whole::<Held>(id, fact::HELD);
    let result = session.fact::<Outcome>(id, fact::RESULT)?;
    // A resumed agent may have ended better than before.
    let kind = match (&held, &result) {
        (Some(held), Some(result)) if held.commit == result.commit && !held.files.is_empty() => {
            notify::Kind::Conflict
        }
        _ => notify::Kind::SubagentDone,
    };
    let notice = notify::Notice {
        kind,
        agent: Some(&agent.agent_type),
        text: None,
    };
    Ok(notify::call(call, &notice, None))
}

/// Commits what the agent left and looks at all that it did.
fn settle(own: &Workspace, message: &str) -> Outcome {
    let committed = workspace::checkpoint(&own.path, message, &is_secret_file);
    let changes = workspace::changes(&own.path, &own.base);
    let trouble = committed.as_ref().err().or(changes.as_ref().err());
    let trouble = trouble.map(ToString::to_string);
    let left = committed.map(|done| done.left).unwrap_or_default();
    match changes {
        Ok(changes) => Outcome {
            // A detached `HEAD` has no branch; its commit names the work as well.
            branch: changes.branch.unwrap_or_else(|| changes.commit.clone()),
            commit: changes.commit,
            commits: changes.commits,
            files: changes.files,
            left,
            trouble,
        },
        Err(_) => Outcome {
            branch: own.branch.clone(),
            commit: String::new(),
            commits: 0,
            files: Vec::new(),
            left,
            trouble,
        },
    }
}

fn message(agent: &Agent, description: &str) -> String {
    let title = if description.is_empty() {
        "work of an agent"
    } else {
        description
    };
    format!(
        "{}: {title}\n\nAgent: {}\n",
        agent.agent_type, agent.agent_id
    )
}

fn agent(call: &Call<'_>) -> Result<Agent, Error> {
    let id = call
        .input
        .agent()
        .ok_or_else(|| Error::input("the event names no agent (`agent_id` is missing)"))?;
    let agent_type = call.input.agent_type.as_deref().unwrap_or("agent");
    Ok(Agent {
        agent_id: id.to_owned(),
        agent_type: agent_type.to_owned(),
        registered: rfc3339(call.now),
        client: call.client(),
    })
}
