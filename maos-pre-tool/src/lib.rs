//! Before a tool runs: may it (guard), with what input (isolation), and who
//! else works on the file (leases).
//!
//! The way of a call: [`guard`] judges it; a launch goes through [`launch`],
//! a subagent's call through [`isolate`]; a file that is then changed is
//! leased in [`lease`], unless another has it reserved ([`reservation`]).

mod definition;
mod guard;
mod isolate;
mod launch;
mod lease;
mod location;
mod objection;
mod reservation;
mod tools;

use maos_shared::hook::{Answer, Call, Error};
use maos_shared::notify;

use tools::Tool;

/// Answers PreToolUse.
///
/// # Errors
/// When the call cannot be judged; the program then blocks it.
pub fn handle(call: &Call<'_>) -> Result<Answer, Error> {
    let answer = judge(call)?;
    if answer.outcome() == "deny" && is_person_called(call) {
        leave_word(call);
    }
    Ok(answer)
}

/// Returns whether the person's settings speak of calling them when a call is
/// denied, which few want; those who call read what they say.
fn is_person_called(call: &Call<'_>) -> bool {
    let file = call.settings().user_file.as_ref();
    file.is_some_and(|file| file.mentions(notify::BLOCKED))
}

/// Leaves word of a denial for the end of the batch, which calls the person if
/// they want that: this program carries nothing that could. Where it cannot be
/// left, the denial stands all the same.
fn leave_word(call: &Call<'_>) {
    let rule = call.noted().rule.unwrap_or_default();
    let left = call.state().and_then(|state| {
        let session = state.session(&call.input.session_id);
        Ok(session.leave_note(notify::BLOCKED, &rule)?)
    });
    if let Err(error) = left {
        log::warn!("word of a denial: {error}");
    }
}

fn judge(call: &Call<'_>) -> Result<Answer, Error> {
    if call.input.tool().is_empty() {
        return Err(Error::input(
            "the event names no tool (`tool_name` is missing)",
        ));
    }
    let input = call.input.tool_input()?;
    let tool = Tool::of(call.input.tool(), &input)?;
    let passed = match guard::judge(call, &tool, &input)? {
        guard::Judged::Denied(answer) => return Ok(answer),
        guard::Judged::Passed(passed) => passed,
    };
    if let Tool::Launch = tool {
        return launch::prepare(call, &input);
    }
    let placed = match call.input.agent() {
        Some(agent) => isolate::place(call, agent, &tool, &input, passed.judgement.as_ref())?,
        None => isolate::Placed::as_asked(),
    };
    if placed.answer.refusal().is_some() {
        // What is not changed is not leased.
        return Ok(placed.answer);
    }
    let answer = match lease::take(call, &tool, placed.file.as_deref())? {
        lease::Lease::Refused(answer) => answer,
        lease::Lease::Held(context) => placed.answer.and_tell(call.event, context),
    };
    Ok(passed.remark_on(call, answer))
}
