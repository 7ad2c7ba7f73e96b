//! The program for SubagentStart.

use std::process::ExitCode;

use maos_shared::hook::{Event, run};

fn main() -> ExitCode {
    run(Event::SubagentStart, maos_agent::start)
}
