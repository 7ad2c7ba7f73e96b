//! The client's requests for worktrees. These hooks replace its own creation:
//! exactly the path on stdout, or a failure with git's reason.

use std::fs;
use std::path::Path;

use maos_shared::hook::{Answer, Call, Error};
use maos_shared::jobs;
use maos_shared::project::Kind;
use maos_shared::state::agents::{WorkspaceFact, fact};
use maos_shared::workspace::{self, Workspace};

/// How the client names the worktree of an agent: this and the agent's id.
const AGENT_PREFIX: &str = "agent-";
/// The type in a workspace's name while several types are being launched: the
/// request does not say which launch it belongs to.
const UNKNOWN_TYPE: &str = "agent";

/// Answers WorktreeCreate.
///
/// # Errors
/// When the worktree cannot be made; the text is shown to the model.
pub fn create(call: &Call<'_>) -> Result<Answer, Error> {
    let name = call
        .input
        .name
        .as_deref()
        .filter(|name| !name.is_empty())
        .ok_or_else(|| Error::input("the event names no worktree (`name` is missing)"))?;
    let made = match name.strip_prefix(AGENT_PREFIX) {
        Some(id) if is_agent_id(id) => for_agent(call, id)?,
        _ => workspace::create_named(call.project()?, name, &call.project()?.checkout)?,
    };
    Ok(Answer::Path(made.path))
}

/// Makes an agent's workspace and keeps the fact of it. Safe at any kill: asked
/// again for the same agent, the same workspace is found.
fn for_agent(call: &Call<'_>, id: &str) -> Result<Workspace, Error> {
    let project = call.project()?;
    let session = call.state()?.session(&call.input.session_id);
    let launching = session.launching_type().unwrap_or_else(|error| {
        log::warn!("launches: {error}");
        None
    });
    let made = workspace::create(
        project,
        &workspace::Request {
            kind: launching.as_deref().unwrap_or(UNKNOWN_TYPE),
            id,
            from: &project.checkout,
            reason: "isolation",
        },
    )?;
    let fact = WorkspaceFact {
        path: made.path.clone(),
        branch: made.branch.clone(),
        base: made.base.clone(),
    };
    session.record(id, fact::WORKSPACE, &fact)?;
    Ok(made)
}

/// Answers WorktreeRemove: the folder goes, the work in it stays.
///
/// # Errors
/// When it is no worktree of ours, or its work could not be kept; nothing is
/// removed then.
pub fn remove(call: &Call<'_>) -> Result<Answer, Error> {
    let path = call
        .input
        .worktree_path
        .as_deref()
        .ok_or_else(|| Error::input("the event names no worktree (`worktree_path` is missing)"))?;
    let project = call.project()?;
    let trash = call.state()?.trash()?;
    let removal = workspace::remove(project, Path::new(path), &trash)?;
    if let Some(trash) = &removal.trash {
        let trash = trash.clone();
        // What cannot be deleted now lies in the trash for the next clean-up.
        jobs::detached(move || drop(fs::remove_dir_all(trash)))?;
    }
    match removal.kept() {
        Some(kept) => Ok(Answer::say(format!("MAOS removed {path} and kept {kept}."))),
        None => Ok(Answer::Silence),
    }
}

/// Agent ids are letters and digits, at least one of them a digit; a person's
/// name for a worktree may begin with "agent-" as well.
fn is_agent_id(id: &str) -> bool {
    const SHORTEST: usize = 8;
    id.len() >= SHORTEST
        && id.bytes().all(|b| b.is_ascii_alphanumeric())
        && id.bytes().any(|b| b.is_ascii_digit())
}
