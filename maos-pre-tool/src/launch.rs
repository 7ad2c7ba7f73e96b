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
    if let Some(denial) = crowded(call) {
        return Ok(objection::refuse(call, &denial, None));
    }
    let asked = input.text("subagent_type")?;
    let agent_type = asked.as_deref().unwrap_or(DEFAULT_TYPE);
    let project = call.project()?;
    if matches!(project.kind, Kind::Folder) {
        return Ok(Answer::Silence);
    }
    let own = input.text("isolation")?;
    let definition = definition::find(call, project, agent_type);
    let isolated_by_itself = definition.isolated || own.as_deref() == Some("worktree");
    let ours = own.is_none() && !definition.isolated && definition.writes;
    if ours || isolated_by_itself {
        expect(call, input, agent_type);
    }
    if ours {
        Ok(Answer::rewrite(input.with(&[("isolation", "worktree")])?))
    } else {
        Ok(Answer::Silence)
    }
}

/// Returns why no more agents may be launched now. State that cannot be read or
/// written stops no launch.
fn crowded(call: &Call<'_>) -> Option<Denial> {
    let limits = call.settings().agents();
    let session = call.state().ok()?.session(&call.input.session_id);
    let id = call.input.tool_use_id.as_deref().unwrap_or_default();
    let (active, minute) = (limits.max_active(), limits.max_per_minute());
    let told = |count: std::io::Result<usize>| {
        count.unwrap_or_else(|error| {
            log::warn!("count of agents: {error}");
            0
        })
    };
    let reason = if told(session.agents_at_work(active)) >= active {
        format!("{active} agents are at work, and no more may be (`agents.max_active`).")
    } else if told(session.count_launch(id)) > minute {
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

/// Keeps the launch for the worktree's name. It only names things, so state
/// that cannot be written does not stop the launch.
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
