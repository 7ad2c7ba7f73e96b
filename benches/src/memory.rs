//! The most memory that a program takes at once.

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

use nix::sys::resource::{UsageWho, getrusage};

use crate::case::Case;
use crate::program;
use crate::world::World;

/// Returns the most memory that a run of a case takes, in KiB.
///
/// The system tells it of all that a process has started, and counts with a
/// program what the process was that became it: so another run of this program
/// starts the case, and what it takes itself is the least that can be told.
pub(crate) fn peak(case: &Case, world: &World) -> u64 {
    let input = program::input_file(case, world);
    let told = world.home().join("memory");
    let this = std::env::current_exe().expect("this program");
    let mut command = program::command(&this, case, &input, world);
    (case.prepare)(world);
    command
        .arg("memory")
        .arg(&told)
        .arg("--")
        .arg(&case.program);
    let ended = command.args(case.arguments).status();
    assert!(ended.is_ok_and(|ended| ended.success()), "{}", case.name);
    let text = fs::read_to_string(told).expect("what was told");
    text.parse().expect("a number")
}

/// Runs a program with its arguments and writes the most memory that it took, in
/// KiB, to `told`.
pub(crate) fn tell(told: &Path, program: &Path, arguments: &[String]) -> ExitCode {
    let ended = Command::new(program).args(arguments).status();
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("the system tells it");
    // Apple's system counts bytes.
    let unit = if cfg!(target_vendor = "apple") {
        1024
    } else {
        1
    };
    fs::write(told, (usage.max_rss() / unit).to_string()).expect("a file can be written");
    match ended.is_ok_and(|ended| ended.success()) {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}
