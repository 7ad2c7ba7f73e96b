//! What speaks against a call, by a rule of the guard, of isolation or of the
//! leases: what the model reads, and what the journals keep of it.

use maos_shared::guard::{Denial, Judgement};
use maos_shared::hook::{Answer, Call};

/// Refuses the call. `judgement` is the guard's, where the call is a command.
pub(crate) fn refuse(call: &Call<'_>, denial: &Denial, judgement: Option<&Judgement>) -> Answer {
    Answer::deny(note(call, "deny", denial, judgement))
}

/// Notes an objection and how strongly it is meant, and returns its text with
/// the id by which a person finds it again.
pub(crate) fn note(
    call: &Call<'_>,
    verdict: &'static str,
    denial: &Denial,
    judgement: Option<&Judgement>,
) -> String {
    let id = call.objection_id();
    let message = denial.message(&id);
    call.note(|note| {
        note.commands = judgement.map(Judgement::structure).unwrap_or_default();
        note.rule = Some(denial.rule.to_string());
        note.verdict = Some(verdict);
        note.reason = Some(denial.reason_without_names());
        note.id = Some(id);
    });
    message
}
