//! The program for WorktreeRemove.

use std::process::ExitCode;

use maos_shared::hook::{Event, run};

fn main() -> ExitCode {
    run(Event::WorktreeRemove, maos_worktree::remove)
}
