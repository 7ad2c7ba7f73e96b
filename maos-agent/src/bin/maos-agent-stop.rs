//! The program for SubagentStop.

use std::process::ExitCode;

use maos_shared::hook::{Event, run};

fn main() -> ExitCode {
    run(Event::SubagentStop, maos_agent::stop)
}
