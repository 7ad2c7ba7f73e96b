//! The main agent ends its turn. It is kept from that once, where a tool has
//! found something in its files that it has not heard of: a hook that tells the
//! model something here makes it go on.

use maos_shared::hook::{Answer, Call, Error};
use maos_shared::notify::{self, Kind, LastAnswer, Notice};
use maos_shared::tooling::{self, AtStop};

/// Answers Stop: the agent hears what its edits broke and goes on, or the person
/// is called, unless work still runs in the background and the turn is not
/// really over.
///
/// # Errors
/// None today.
pub fn handle(call: &Call<'_>) -> Result<Answer, Error> {
    let input = &call.input;
    match tooling::at_stop(call) {
        Ok(AtStop::Tell(found)) => return Ok(Answer::tell(call.event, found)),
        Ok(AtStop::SendBack(why)) => return Ok(Answer::send_back(why)),
        // State that is damaged is no reason not to call the person.
        Ok(AtStop::Nothing) | Err(_) => {}
    }
    if input.background_work_runs() {
        return Ok(Answer::Silence);
    }
    let notice = Notice {
        kind: Kind::Done,
        agent: None,
        text: None,
    };
    let said = input.last_assistant_message.as_deref();
    let answer = match (said, input.transcript_path.as_deref()) {
        (Some(text), _) => Some(LastAnswer::Text(text.to_owned())),
        (None, Some(path)) => Some(LastAnswer::In(input.absolute(path))),
        (None, None) => None,
    };
    Ok(notify::call(call, &notice, answer).map_or(Answer::Silence, Answer::ring))
}
