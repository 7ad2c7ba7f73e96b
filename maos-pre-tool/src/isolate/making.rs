//! An agent's workspace is made by the program that makes all others, which
//! stands beside this one: this one runs before every call, and starts faster
//! without what only the first change of an agent needs.

use std::path::Path;

use serde::Serialize;

use maos_shared::hook::{Call, Error, Event};
use maos_shared::sibling;

/// The event that it takes, as the client would write it for an agent that is
/// at work already.
#[derive(Serialize)]
struct Request<'a> {
    session_id: &'a str,
    cwd: &'a Path,
    hook_event_name: &'a str,
    name: String,
    agent_id: &'a str,
    agent_type: &'a str,
}

/// Has a workspace made, and the fact of it kept. Blocks until it is there.
///
/// # Errors
/// The other program's own words, or why it could not be started.
pub(super) fn make(call: &Call<'_>, agent: &str, agent_type: &str) -> Result<(), Error> {
    let event = Event::WorktreeCreate;
    let request = Request {
        session_id: &call.input.session_id,
        cwd: call.input.cwd(),
        hook_event_name: event.name(),
        name: format!("agent-{agent}"),
        agent_id: agent,
        agent_type,
    };
    sibling::ask(event, &request)
}
