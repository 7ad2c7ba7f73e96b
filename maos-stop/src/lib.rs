//! The main agent ends its turn. It is never kept from that: a hook that
//! blocks here, or tells the model something, makes it go on.

use maos_shared::hook::{Answer, Call, Error};
use maos_shared::notify::{Kind, Message, sequence};

/// Answers Stop: the person is called, unless work still runs in the
/// background and the turn is not really over.
///
/// # Errors
/// None today.
pub fn handle(call: &Call<'_>) -> Result<Answer, Error> {
    let input = &call.input;
    if input.background_work_runs() {
        return Ok(Answer::Silence);
    }
    let project = call.project().map_or(input.cwd(), |project| &project.main);
    let message = Message::new(Kind::Done, project, None);
    Ok(Answer::ring(sequence(&message)))
}
