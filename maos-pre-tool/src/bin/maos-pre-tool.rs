//! The program for PreToolUse.

use std::process::ExitCode;

use maos_shared::hook::{Event, run};

fn main() -> ExitCode {
    run(Event::PreToolUse, maos_pre_tool::handle)
}
