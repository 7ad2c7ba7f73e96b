//! The client's requests for worktrees. These hooks replace its own creation:
//! exactly the path on stdout, or a failure with git's reason.

mod post_create;

use std::borrow::Cow;
use std::path::Path;

use maos_shared::hook::{Answer, Call, Error};
use maos_shared::jobs::{self, Kind, Order};
use maos_shared::state::agents::fact;
use maos_shared::workspace::{self, Workspace, spares};

/// How the client names the worktree of an agent: this and the agent's id.
const AGENT_PREFIX: &str = "agent-";
/// How the client names the worktree of a workflow's agent: this, the run and
/// a number. It does not say the agent's id.
const WORKFLOW_PREFIX: &str = "wf_";
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
        // One that shares a checkout waits with its first change, for nothing but
        // its workspace.
        Some(id) if call.input.agent() == Some(id) => {
            let own = call.input.agent_type.as_deref();
            let made = for_agent(call, id, own, "first change")?;
            return Ok(Answer::Path(made.path));
        }
        Some(id) if is_agent_id(id) => {
            let launching = launching_type(call)?;
            for_agent(call, id, launching.as_deref(), "isolation")?
        }
        _ if name.starts_with(WORKFLOW_PREFIX) => for_workflow(call, name)?,
        _ => {
            let project = call.project()?;
            let settings = call.settings().workspace();
            workspace::create_named(project, name, &project.checkout, &settings, call.now)?
        }
    };
    // The workspace is there, with or without them.
    if let Err(error) = post_create::start(call, &made) {
        log::warn!("workspace.post_create: {error}");
    }
    if let Err(error) = keep_spares(call) {
        log::warn!("spare workspaces: {error}");
    }
    Ok(Answer::Path(made.path))
}

/// Has a job keep spare workspaces ready, now that agents work in this
/// repository.
fn keep_spares(call: &Call<'_>) -> Result<(), Error> {
    let project = call.project()?;
    let settings = call.settings().workspace();
    if !spares::are_wanted(project, &settings) {
        return Ok(());
    }
    let order = Order {
        kind: Kind::Spares,
        about: "",
        session: None,
    };
    let project = project.clone();
    let work = move || {
        spares::keep(&project, &project.checkout, &settings).map_err(|error| error.to_string())
    };
    jobs::start(&call.state()?, &order, work)?;
    Ok(())
}

/// Makes an agent's workspace and keeps the fact of it. Safe at any kill: asked
/// again for the same agent, the same workspace is found.
fn for_agent(
    call: &Call<'_>,
    id: &str,
    agent_type: Option<&str>,
    reason: &str,
) -> Result<Workspace, Error> {
    let project = call.project()?;
    let settings = call.settings().workspace();
    let made = workspace::create(
        project,
        &workspace::Request {
            kind: agent_type.unwrap_or(UNKNOWN_TYPE),
            id,
            from: &project.checkout,
            settings: &settings,
            reason,
            now: call.now,
        },
    )?;
    let session = call.state()?.session(&call.input.session_id);
    session.record(id, fact::WORKSPACE, &made)?;
    Ok(made)
}

/// Returns the type of the agents that are being launched, where all have one.
fn launching_type(call: &Call<'_>) -> Result<Option<String>, Error> {
    let session = call.state()?.session(&call.input.session_id);
    Ok(session.launching_type().unwrap_or_else(|error| {
        log::warn!("launches: {error}");
        None
    }))
}

/// Makes the workspace of a workflow's agent, whose id is not known yet: it
/// waits until the agent starts in it. Safe at any kill, as for any agent.
fn for_workflow(call: &Call<'_>, name: &str) -> Result<Workspace, Error> {
    let project = call.project()?;
    let settings = call.settings().workspace();
    let made = workspace::create(
        project,
        &workspace::Request {
            kind: UNKNOWN_TYPE,
            id: name,
            from: &project.checkout,
            settings: &settings,
            reason: "isolation",
            now: call.now,
        },
    )?;
    let session = call.state()?.session(&call.input.session_id);
    session.offer(&folder_name(&made.path), &made)?;
    Ok(made)
}

/// Answers WorktreeRemove: the folder goes, the work in it stays. The client
/// tells the model in any case that it is removed, and shows it nothing of this
/// hook; so what became of it is left for the hook after the tool.
///
/// # Errors
/// When it is no worktree of ours, or its work could not be kept; nothing is
/// removed then.
pub fn remove(call: &Call<'_>) -> Result<Answer, Error> {
    let path =
        call.input.worktree_path.as_deref().ok_or_else(|| {
            Error::input("the event names no worktree (`worktree_path` is missing)")
        })?;
    let removed = remove_at(call, path);
    let text = match &removed {
        Ok(kept) if kept.is_empty() => return Ok(Answer::Silence),
        Ok(kept) => format!("MAOS removed {path}; its work is kept in {kept}."),
        Err(error) => format!("MAOS did not remove {path}: {error}"),
    };
    let session = call.state()?.session(&call.input.session_id);
    if let Err(error) = session.leave_note(&folder_name(Path::new(path)), &text) {
        log::warn!("note on a removal: {error}");
    }
    removed.map(|_| Answer::say(text))
}

/// Removes the worktree at `path` and returns what keeps its work, or an empty
/// text where there was none.
fn remove_at(call: &Call<'_>, path: &str) -> Result<String, Error> {
    let project = call.project()?;
    let state = call.state()?;
    let path = Path::new(path);
    let session = state.session(&call.input.session_id);
    let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let ttl = call.settings().user.cleanup.ttl;
    if let Some(id) = state.at_work_in(&real, &session, call.input.agent(), ttl)? {
        return Err(Error::input(format!("the agent {id} works in it")));
    }
    let removal = workspace::remove(project, path, &state.trash()?)?;
    // Nobody changes a file there any more.
    if let Err(error) = session.release_leases_in(call.input.agent(), path) {
        log::warn!("leases: {error}");
    }
    if removal.trash.is_some() {
        // Where no job can be started now, the next clean-up deletes it.
        if let Err(error) = jobs::empty_trash(&state) {
            log::warn!("trash: {error}");
        }
    }
    let branch = removal.branch.map(|branch| format!("branch {branch}"));
    let kept: Vec<String> = branch.into_iter().chain(removal.rescue).collect();
    Ok(kept.join(" and "))
}

fn folder_name(path: &Path) -> Cow<'_, str> {
    path.file_name().unwrap_or_default().to_string_lossy()
}

/// Agent ids are letters and digits, at least one of them a digit; a person's
/// name for a worktree may begin with "agent-" as well.
fn is_agent_id(id: &str) -> bool {
    const SHORTEST: usize = 8;
    id.len() >= SHORTEST
        && id.bytes().all(|b| b.is_ascii_alphanumeric())
        && id.bytes().any(|b| b.is_ascii_digit())
}
