//! The client wants the person: say which project wants what.

use maos_shared::hook::{Answer, Call, Error};
use maos_shared::notify::{Kind, Message, sequence};

/// Answers Notification.
///
/// # Errors
/// None today.
pub fn handle(call: &Call<'_>) -> Result<Answer, Error> {
    let input = &call.input;
    let kind = Kind::of(input.notification_type.as_deref());
    let project = call.project().map_or(input.cwd(), |project| &project.main);
    let message = Message::new(kind, project, input.message.as_deref());
    Ok(Answer::ring(sequence(&message)))
}
