//! The program for SessionStart.

use std::process::ExitCode;

use maos_shared::hook::{Event, run};

fn main() -> ExitCode {
    run(Event::SessionStart, maos_session::start)
}
