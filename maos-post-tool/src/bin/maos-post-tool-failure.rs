//! The program for PostToolUseFailure.

use std::process::ExitCode;

use maos_shared::hook::{Event, run};

fn main() -> ExitCode {
    run(Event::PostToolUseFailure, maos_post_tool::after_failure)
}
