//! The end of an agent whose SubagentStop was killed, or failed: it is taken again
//! when the client says that the agent has ended.
//!
//! Safe at any kill, as that event is: each of its steps is, and the last one makes
//! the agent completed, so that nothing is left to be done here.

use std::path::Path;

use serde::Serialize;

use crate::hook::{Call, Error, Event};
use crate::sibling;
use crate::state::Session;
use crate::state::agents::{Stage, fact};
use crate::workspace::Workspace;

/// The event, as the client would have written it. It says that the agent was sent
/// back before: now it cannot be.
#[derive(Serialize)]
struct Request<'a> {
    session_id: &'a str,
    transcript_path: Option<&'a Path>,
    cwd: &'a Path,
    hook_event_name: &'a str,
    agent_id: &'a str,
    agent_type: &'a str,
    stop_hook_active: bool,
}

/// Completes the agent `id`, which the client says has ended, unless it is. One look
/// at the file system where it is; else as long as the stop of an agent takes.
///
/// # Errors
/// Why it could not be completed: then its work is where it was.
pub fn complete(call: &Call<'_>, session: &Session, id: &str) -> Result<(), Error> {
    if session.stage_is(id, Stage::Completed) {
        return Ok(());
    }
    let agent_type = match session.agent(id) {
        Ok(Some(agent)) => agent.agent_type,
        Ok(None) => return Ok(()),
        Err(error) => {
            log::warn!("{error}");
            "agent".to_owned()
        }
    };
    let own = session.fact::<Workspace>(id, fact::WORKSPACE)?;
    let own = own.map(|own| own.path).filter(|path| path.is_dir());
    let event = Event::SubagentStop;
    let request = Request {
        session_id: &call.input.session_id,
        transcript_path: call.input.transcript_path.as_deref().map(Path::new),
        cwd: own.as_deref().unwrap_or(call.input.cwd()),
        hook_event_name: event.name(),
        agent_id: id,
        agent_type: &agent_type,
        stop_hook_active: true,
    };
    sibling::ask(event, &request)
}
