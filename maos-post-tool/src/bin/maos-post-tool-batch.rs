//! The program for PostToolBatch.

use std::process::ExitCode;

use maos_shared::hook::{Event, run};

fn main() -> ExitCode {
    run(Event::PostToolBatch, maos_post_tool::after_batch)
}
