//! The program for Stop.

use std::process::ExitCode;

use maos_shared::hook::{Event, run};

fn main() -> ExitCode {
    run(Event::Stop, maos_stop::handle)
}
