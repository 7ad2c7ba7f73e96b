//! The journal line of an answered event, and the audit line of an objection.

use super::{Answer, Call, Error};
use crate::config::limits::JOURNAL_ITEMS;
use crate::journal::{self, Entry, Fields};
use crate::state::atomic;

/// Writes the event's line to `.maos/logs/<event>.jsonl` and, where a rule
/// objected, to `.maos/audit.jsonl`. A journal that cannot be written stops no work: it
/// is reported under `MAOS_LOG` and, once a session, by SessionStart.
pub(super) fn journal(call: &Call<'_>, answered: &Result<Answer, Error>) {
    let Ok(state) = call.state() else { return };
    let note = call.noted();
    let input = &call.input;
    let error = answered.as_ref().err().map(ToString::to_string);
    let refusal = answered.as_ref().ok().and_then(Answer::refusal);
    let fields = input.tool_input().map(Fields::redact).unwrap_or_default();
    let entry = Entry {
        time: journal::rfc3339(call.now),
        event: call.event.name(),
        session: journal::shorten(&input.session_id),
        agent: input.agent().map(journal::shorten),
        agent_type: input.agent_type.as_deref().map(journal::shorten),
        tool: input.tool_name.as_deref().map(journal::shorten),
        call: input.tool_use_id.as_deref().map(journal::shorten),
        outcome: answered.as_ref().map_or("error", Answer::outcome),
        id: note.id.as_deref(),
        rule: note.rule.as_deref(),
        verdict: note.verdict,
        reason: error
            .as_deref()
            .or(note.reason.as_deref())
            .or(refusal)
            .map(journal::shorten),
        programs: &note.programs[..note.programs.len().min(JOURNAL_ITEMS)],
        commands: &note.commands,
        input: fields,
        duration_us: call.elapsed().as_micros(),
    };
    let line = entry.line();
    if let Err(error) = state.prepare().and_then(|()| {
        if note.rule.is_some() || refusal.is_some() {
            atomic::append(&state.audit(), &line)?;
        }
        atomic::append(&state.log(call.event.name())?, &line)
    }) {
        log::warn!("journal: {error}");
    }
}
