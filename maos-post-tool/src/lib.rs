//! After a tool ran. What an agent did is told to the one that launched it;
//! everything else is only journalled, by the entry of every hook.

use std::path::Path;

use maos_shared::hook::{Answer, Call, Error};
use maos_shared::json::Object;
use maos_shared::notify::{self, Kind, Notice};
use maos_shared::state::note_for;
use maos_shared::workspace::merge;
use maos_shared::{report, tooling};

/// The tools that launch a subagent: today's name, that of older clients, and
/// the one for skills, some of which run in an agent of their own.
const LAUNCHERS: [&str; 3] = ["Agent", "Task", "Skill"];
/// The tools that edit a file, and the field of their input that names it.
const EDITORS: [&str; 3] = ["Edit", "MultiEdit", "Write"];
const EDITED: &str = "file_path";
/// The tool that leaves a worktree, and may remove it.
const LEAVE: &str = "ExitWorktree";

/// Answers PostToolUse. Where there is nothing to tell of the call itself, the
/// agent is told what others left for it.
///
/// # Errors
/// When state cannot be read or written.
pub fn after_success(call: &Call<'_>) -> Result<Answer, Error> {
    let tool = call.input.tool();
    if LAUNCHERS.contains(&tool) || tool == LEAVE {
        let answer = of_agent(call)?;
        if !matches!(answer, Answer::Silence) {
            return Ok(answer);
        }
    }
    if EDITORS.contains(&tool) {
        let edited = call.input.tool_input()?.text(EDITED)?;
        edited.map_or(Ok(()), |file| tooling::edited(call, Path::new(&*file)))?;
    }
    news(call)
}

/// Tells what was found in the files that the agent has edited, and what was
/// left for it to be told.
fn news(call: &Call<'_>) -> Result<Answer, Error> {
    let session = call.state()?.session(&call.input.session_id);
    let note = session.note(&note_for(call.input.agent()))?;
    let answer = Answer::tell(call.event, tooling::findings(call)?);
    Ok(answer.and_tell(call.event, call.tell(note)))
}

/// Answers the end of a tool that has to do with an agent.
fn of_agent(call: &Call<'_>) -> Result<Answer, Error> {
    let input = &call.input;
    let tool = input.tool();
    let Some(response) = input.tool_response() else {
        return Ok(Answer::Silence);
    };
    if tool == LEAVE {
        return left(call, &response);
    }
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
    // The stop of the agent may have been killed while its work came back.
    merge::recover(call.project()?)?;
    let report = report::tell(call, &session, &agent)?;
    Ok(Answer::tell(call.event, report))
}

/// Tells what the removal of a worktree kept.
fn left(call: &Call<'_>, response: &Object<'_>) -> Result<Answer, Error> {
    let Some(path) = response.text("worktreePath")? else {
        return Ok(Answer::Silence);
    };
    let folder = Path::new(&path).file_name().unwrap_or_default();
    let session = call.state()?.session(&call.input.session_id);
    let note = session.note(&folder.to_string_lossy())?;
    Ok(Answer::tell(call.event, call.tell(note)))
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
/// When state cannot be read or written.
pub fn after_batch(call: &Call<'_>) -> Result<Answer, Error> {
    let session = call.state()?.session(&call.input.session_id);
    let rung = session.take_note(notify::BLOCKED)?.and_then(|rule| {
        let text = format!("stopped by the guard: {rule}");
        let notice = Notice {
            kind: Kind::Blocked,
            agent: call.input.agent_type.as_deref(),
            text: Some(&text),
        };
        notify::call(call, &notice, None)
    });
    let answer = rung.map_or(Answer::Silence, Answer::ring);
    Ok(answer.and_tell(call.event, tooling::findings(call)?))
}
