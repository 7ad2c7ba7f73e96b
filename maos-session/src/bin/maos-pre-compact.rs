//! The program for PreCompact.

use std::process::ExitCode;

use maos_shared::hook::{Event, run};

fn main() -> ExitCode {
    run(Event::PreCompact, maos_session::pre_compact)
}
