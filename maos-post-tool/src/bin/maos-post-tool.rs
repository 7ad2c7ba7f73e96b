//! The program for PostToolUse.

use std::process::ExitCode;

use maos_shared::hook::{Event, run};

fn main() -> ExitCode {
    run(Event::PostToolUse, maos_post_tool::after_success)
}
