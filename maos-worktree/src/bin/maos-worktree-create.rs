//! The program for WorktreeCreate.

use std::process::ExitCode;

use maos_shared::hook::{Event, run};

fn main() -> ExitCode {
    run(Event::WorktreeCreate, maos_worktree::create)
}
