//! A subagent is launched: one that can change files is given a worktree by
//! the client, which then asks `maos-worktree-create` for it.

use maos_shared::guard::Denial;
use maos_shared::hook::{Answer, Call, Error};
use maos_shared::json::Object;
use maos_shared::project::Kind;
use maos_shared::state::agents::Launch;

use crate::definition;
use crate::objection;

/// The type that the client takes when none is asked for.
const DEFAULT_TYPE: &str = "general-purpose";

/// Answers the launch: adds `isolation: "worktree"` where the type can change
/// files and the call or the type's definition says nothing of its own.
///
/// # Errors
/// When the input's fields are no texts, or the project is broken.
pub(crate) fn prepare(call: &Call<'_>, input: &Object<'_>) -> Result<Answer, Error> {
    let asked = input.text("subagent_type")?;
    let agent_type = asked.as_deref().unwrap_or(DEFAULT_TYPE);
    let project = call.project()?;
    let (mut is_isolated, mut is_ours) = (false, false);
    if project.kind != Kind::Folder {
        let own = input.text("isolation")?;
        let definition = definition::find(call, project, agent_type);
        is_ours = own.is_none() && !definition.isolated && definition.writes;
        is_isolated = is_ours || definition.isolated || own.as_deref() == Some("worktree");
    }
    if is_isolated {
        expect(call, input, agent_type);
    }
    if let Some(denial) = crowded(call) {
        forget(call);
        return Ok(objection::refuse(call, &denial, None));
    }
    match is_ours {
        true => Ok(Answer::rewrite(input.with(&[("isolation", "worktree")])?)),
        false => Ok(Answer::Silence),
    }
}

/// Returns why no more agents may be launched now. State that cannot be read or
/// written stops no launch.
fn crowded(call: &Call<'_>) -> Option<Denial> {
    let limits = call.settings().agents();
    let session = call.state().ok()?.session(&call.input.session_id);
    let id = call.input.tool_use_id.as_deref().unwrap_or_default();
    let (active, minute) = (limits.max_active(), limits.max_per_minute());
    let is = |counted: std::io::Result<bool>| {
        counted.unwrap_or_else(|error| {
            log::warn!("count of agents: {error}");
            false
        })
    };
    let at_work = session.agents_at_work(active).map(|count| count >= active);
    let reason = if is(at_work) || is(session.has_more_launches_than(active)) {
        format!("{active} agents are at work, and no more may be (`agents.max_active`).")
    } else if is(session.may_launch(id, minute).map(|may| !may)) {
        format!("{minute} agents were launched within a minute (`agents.max_per_minute`).")
    } else {
        return None;
    };
    Some(Denial {
        rule: "agents.limit".into(),
        reason,
        instead: "Wait until some have ended, or let those that run do the work.".to_owned(),
    })
}

/// Keeps the launch for the worktree's name, and to be counted with the others that
/// wait for their agents. State that cannot be written does not stop the launch.
fn expect(call: &Call<'_>, input: &Object<'_>, agent_type: &str) {
    let launch = Launch {
        description: input.text("description").ok().flatten().unwrap_or_default(),
        agent_type: agent_type.to_owned(),
    };
    let Some(id) = call.input.tool_use_id.as_deref() else {
        return;
    };
    let kept = call.state().and_then(|state| {
        Ok(state
            .session(&call.input.session_id)
            .expect_launch(id, &launch)?)
    });
    if let Err(error) = kept {
        log::warn!("launch: {error}");
    }
}

/// Forgets a launch that was refused: no agent comes of it.
fn forget(call: &Call<'_>) {
    let Some(id) = call.input.tool_use_id.as_deref() else {
        return;
    };
    let dropped = call
        .state()
        .and_then(|state| Ok(state.session(&call.input.session_id).drop_launch(id)?));
    if let Err(error) = dropped {
        log::warn!("launch: {error}");
    }
}
