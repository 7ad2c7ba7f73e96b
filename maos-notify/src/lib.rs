//! The client wants the person: say which project wants what.

#[cfg(feature = "speak")]
pub mod speak;

use maos_shared::hook::{Answer, Call, Error};
use maos_shared::notify::{self, Kind, Notice};

/// Answers Notification.
///
/// # Errors
/// None today.
pub fn handle(call: &Call<'_>) -> Result<Answer, Error> {
    let input = &call.input;
    let Some(kind) = Kind::of(input.notification_type.as_deref()) else {
        return Ok(Answer::Silence);
    };
    let notice = Notice {
        kind,
        agent: input.agent_type.as_deref(),
        text: input.message.as_deref(),
    };
    Ok(notify::call(call, &notice, None).map_or(Answer::Silence, Answer::ring))
}
