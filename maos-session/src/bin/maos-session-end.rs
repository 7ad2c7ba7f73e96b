//! The program for SessionEnd.

use std::process::ExitCode;

use maos_shared::hook::{Event, run};

fn main() -> ExitCode {
    run(Event::SessionEnd, maos_session::end)
}
