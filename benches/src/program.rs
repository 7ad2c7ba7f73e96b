//! Starting a program with its input, in surroundings that are always the same.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::case::Case;
use crate::world::World;

/// Writes a case's input to a file and returns that.
pub(crate) fn input_file(case: &Case, world: &World) -> PathBuf {
    let name = case.name.replace('/', "-");
    let path = world.home().join("inputs").join(name);
    fs::create_dir_all(world.home().join("inputs")).expect("a folder");
    fs::write(&path, &case.input).expect("an input can be written");
    path
}

/// Returns a case's program, or a tool that is to run it, with the file `input`
/// on its standard input. It knows nothing but what the client tells it.
pub(crate) fn command(program: &Path, case: &Case, input: &Path, world: &World) -> Command {
    let mut command = Command::new(program);
    command
        .current_dir(&case.folder)
        .env_clear()
        .env("HOME", world.home())
        .env("CLAUDE_PROJECT_DIR", world.project())
        // A process that always runs, and whose number has always one digit.
        .env("CLAUDE_PID", "1")
        .stdin(File::open(input).expect("an input"))
        // Not the null device: a hook does not take that for an answer.
        .stdout(File::create(world.home().join("output")).expect("an output"))
        .stderr(Stdio::null());
    command
}
