//! After a tool ran. What an agent did is told to the one that launched it;
//! everything else is only journalled, by the entry of every hook.

use maos_shared::hook::{Answer, Call, Error};
use maos_shared::report;

/// The tools that launch a subagent: today's name and that of older clients.
const LAUNCHERS: [&str; 2] = ["Agent", "Task"];

/// Answers PostToolUse.
///
/// # Errors
/// When state cannot be read or written.
pub fn after_success(call: &Call<'_>) -> Result<Answer, Error> {
    let input = &call.input;
    if !LAUNCHERS.contains(&input.tool()) {
        return Ok(Answer::Silence);
    }
    let Some(response) = input.tool_response() else {
        return Ok(Answer::Silence);
    };
    let Some(agent) = response.text("agentId")? else {
        return Ok(Answer::Silence);
    };
    let session = call.state()?.session(&input.session_id);
    if let Some(id) = input.tool_use_id.as_deref() {
        session.match_launch(id, &agent)?;
    }
    // An agent in the background has only begun; its end comes as a prompt.
    if response.text("status")?.as_deref() == Some("async_launched") {
        return Ok(Answer::Silence);
    }
    let report = report::of_agent(&session, &agent)?;
    Ok(Answer::tell(call.event, report))
}

/// Answers PostToolUseFailure.
///
/// # Errors
/// When state cannot be written.
pub fn after_failure(call: &Call<'_>) -> Result<Answer, Error> {
    let input = &call.input;
    if LAUNCHERS.contains(&input.tool())
        && let Some(id) = input.tool_use_id.as_deref()
    {
        call.state()?.session(&input.session_id).drop_launch(id)?;
    }
    Ok(Answer::Silence)
}

/// Answers PostToolBatch.
///
/// # Errors
/// None today.
pub fn after_batch(_call: &Call<'_>) -> Result<Answer, Error> {
    Ok(Answer::Silence)
}
