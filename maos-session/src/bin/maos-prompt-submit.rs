//! The program for UserPromptSubmit.

use std::process::ExitCode;

use maos_shared::hook::{Event, run};

fn main() -> ExitCode {
    run(Event::UserPromptSubmit, maos_session::prompt)
}
