//! A hook program that has another one do its work: that stands beside it, and takes
//! an event as the client would write it.

use serde::Serialize;

use crate::config::Environment;
use crate::hook::{Error, Event};
use crate::jobs::Program;

/// Has the program of `event` take `request`, and waits for its end.
///
/// # Errors
/// The other program's own words, or why it could not be started.
pub fn ask(event: Event, request: &impl Serialize) -> Result<(), Error> {
    let program = Program {
        path: Environment::program_beside(event.program()).unwrap_or_default(),
        input: serde_json::to_vec(request).map_err(|error| Error::input(error.to_string()))?,
        ..Program::default()
    };
    let output = program.answer().map_err(|error| {
        let path = program.path.display();
        Error::Program(format!("{path} cannot be started: {error}"))
    })?;
    let said = String::from_utf8_lossy(&output.stderr);
    // A program that lets work go on ends well and says here what was wrong.
    let start = [event.program(), ": "].concat();
    let why = said
        .lines()
        .rev()
        .find_map(|line| line.strip_prefix(&*start));
    match (why, output.success) {
        (None, true) => Ok(()),
        (Some(why), _) => Err(Error::Program(why.to_owned())),
        (None, false) => {
            let last = said.lines().next_back().unwrap_or(&output.status);
            Err(Error::Program(last.to_owned()))
        }
    }
}
