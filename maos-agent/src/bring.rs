//! The work of an agent that stops comes back by itself.

use std::path::{Path, PathBuf};

use maos_shared::config::Back;
use maos_shared::config::limits::AGENT_DEPTH;
use maos_shared::hook::{Call, Error};
use maos_shared::state::Session;
use maos_shared::state::agents::{Held, Outcome, Returned, Stage, fact};
use maos_shared::workspace::Workspace;
use maos_shared::workspace::merge::{self, Delivery, Return, Ticket};

/// Returns the checkout that an agent's work comes to: the one that it started from,
/// or where that is the workspace of an agent that has stopped since, the one that
/// that agent started from. Nobody would take it on from there.
fn home(session: &Session, own: &Workspace, main: &Path) -> Result<PathBuf, Error> {
    let mut into = own.from.clone().unwrap_or_else(|| main.to_owned());
    for _ in 0..AGENT_DEPTH {
        let Some((above, id)) = Workspace::with_agent(&into)? else {
            break;
        };
        if session.stage(&id) != Some(Stage::Completed) {
            break;
        }
        into = above.from.unwrap_or_else(|| main.to_owned());
    }
    Ok(into)
}

/// Brings what is new in an agent's work to the checkout that it started from,
/// unless the settings leave it on its branch. Where it does not come, the
/// reason becomes a fact; where all of it is there, the agent's leases end.
/// Blocks while git works.
///
/// # Errors
/// When state cannot be read or written.
pub(crate) fn back(
    call: &Call<'_>,
    agent: &str,
    own: &Workspace,
    outcome: &Outcome,
) -> Result<(), Error> {
    let project = call.project()?;
    let state = call.state()?;
    let session = state.session(&call.input.session_id);
    let back = call.settings().workspace().back.unwrap_or_default();
    // What is not on the branch could not come with the rest.
    if outcome.trouble.is_some() {
        return Ok(());
    }
    let last = session.fact_if_whole::<Returned>(agent, fact::RETURNED);
    // What came back before may have been undone since.
    if outcome.files.is_empty() && last.is_none() {
        return Ok(session.release_leases_of(Some(agent))?);
    }
    if back == Back::Branch {
        return Ok(());
    }
    let last = last.as_ref().map(|last| &*last.commit);
    let into = home(&session, own, &project.main)?;
    let deliver = || {
        let base = merge::since(project, &own.base, last, &outcome.commit)?;
        merge::bring_back(&Delivery {
            into: &into,
            base: &base,
            tip: &outcome.commit,
            ticket: Ticket {
                state: state.root().to_owned(),
                session: call.input.session_id.to_string(),
                agent: agent.to_owned(),
            },
        })
    };
    let held = match deliver() {
        Ok(Return::Held(held)) => held,
        Ok(Return::Nothing | Return::Applied(_)) => {
            return Ok(session.release_leases_of(Some(agent))?);
        }
        Err(error) => Held {
            commit: outcome.commit.clone(),
            reason: error.to_string(),
            files: Vec::new(),
            is_conflict: false,
        },
    };
    Ok(session.record(agent, fact::HELD, &held)?)
}
