//! The installed hook programs: whether they are there, and what they answer.

#![expect(
    clippy::disallowed_methods,
    reason = "the one place of this program that starts a process"
)]

use std::ffi::OsStr;
use std::fs;
use std::io::{self, ErrorKind, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, SystemTime};

use maos_shared::cleanup;
use maos_shared::config::Environment;
use maos_shared::state::State;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tempfile::TempDir;

/// How long a program may take for one event that needs no git.
pub(crate) const DEADLINE: Duration = Duration::from_secs(10);
/// The folders in which a program under test finds git.
const PATH: &str = "/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin";

/// What is wrong with a program. Installing again is the remedy for each.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProgramError {
    /// There is no such file.
    #[error("{} is missing; run scripts/install.sh", .0.display())]
    Missing(PathBuf),
    /// It is there and cannot be executed.
    #[error("{} is not an executable file; run scripts/install.sh", .0.display())]
    NotExecutable(PathBuf),
    /// It could not be started or talked to.
    #[error("failed to run {}: {source}; a folder mounted with `noexec` cannot hold it", path.display())]
    Run {
        /// The program.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// It did not end in time.
    #[error("{} did not end within {limit:?}; run scripts/install.sh", path.display())]
    Deadline {
        /// The program.
        path: PathBuf,
        /// How long it had.
        limit: Duration,
    },
    /// It is of another version.
    #[error("{} says it is `{found}`, not `{expected}`; run scripts/install.sh", path.display())]
    Version {
        /// The program.
        path: PathBuf,
        /// What it printed.
        found: String,
        /// What it should have printed.
        expected: String,
    },
    /// It answered an event otherwise than it must.
    #[error("{} {expected}, but it answered {found}; run scripts/install.sh", path.display())]
    Answer {
        /// The program.
        path: PathBuf,
        /// What it must do, as in "must let `ls` pass".
        expected: &'static str,
        /// What it did.
        found: String,
    },
    /// The scratch folder could not be made.
    #[error("failed to create a scratch folder: {0}; free some space or set TMPDIR")]
    Scratch(io::Error),
}

/// Returns a folder for one event of a program, as home and project. It goes with
/// what is returned: no clean-up is begun in it, which would be at work in it then.
///
/// # Errors
/// When it cannot be made.
pub(crate) fn scratch() -> Result<TempDir, ProgramError> {
    let folder = tempfile::tempdir().map_err(ProgramError::Scratch)?;
    let state = State::at(folder.path().join(".maos"), SystemTime::now());
    cleanup::put_off(&state).map_err(ProgramError::Scratch)?;
    Ok(folder)
}

/// Checks that the program at `path` is an executable file.
///
/// # Errors
/// When it is not.
pub(crate) fn require_executable(path: &Path) -> Result<(), ProgramError> {
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_file() && metadata.permissions().mode() & 0o111 != 0 => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Err(ProgramError::Missing(path.to_owned()))
        }
        _ => Err(ProgramError::NotExecutable(path.to_owned())),
    }
}

/// Runs the program at `path` in the folder `home`, which is its whole world,
/// and returns what it answered to `input`. Blocks for `limit` at most.
///
/// # Errors
/// When it cannot be started, or does not end in time: then it is killed.
pub(crate) fn run(
    path: &Path,
    arguments: &[&str],
    input: &str,
    home: &Path,
    limit: Duration,
) -> Result<Output, ProgramError> {
    let mut command = Command::new(path);
    command
        .args(arguments)
        .env_clear()
        .env("HOME", home)
        .env("PATH", PATH)
        .current_dir(home);
    finish(command, path, input, limit)
}

/// Runs the hook program at `path` with the person's settings, but with its
/// state in the folder `scratch`, and returns what it answered to `input`.
/// Blocks for [`DEADLINE`] at most.
///
/// # Errors
/// As [`run`].
pub(crate) fn run_apart(
    path: &Path,
    input: &str,
    environment: &Environment,
    scratch: &Path,
) -> Result<Output, ProgramError> {
    let mut command = Command::new(path);
    command
        .env_clear()
        .env("PATH", PATH)
        .env("MAOS_PROJECT_ROOT_DIR", scratch)
        .current_dir(scratch);
    if let Some(home) = &environment.home {
        command.env("HOME", home);
    }
    if let Some(folder) = &environment.client_config {
        command.env("CLAUDE_CONFIG_DIR", folder);
    }
    finish(command, path, input, DEADLINE)
}

/// Starts a command, gives it its input, and waits for its end.
fn finish(
    mut command: Command,
    path: &Path,
    input: &str,
    limit: Duration,
) -> Result<Output, ProgramError> {
    let failed = |source| ProgramError::Run {
        path: path.to_owned(),
        source,
    };
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    let id = child.id();
    if let Some(mut stdin) = child.stdin.take() {
        // A hook reads its input before it answers; a program that ends
        // without reading it closes the pipe, and its answer tells the rest.
        let _ = stdin.write_all(input.as_bytes());
    }
    let (sender, receiver) = mpsc::channel();
    // Nobody receives any more only when the deadline has passed.
    thread::spawn(move || sender.send(child.wait_with_output()));
    match receiver.recv_timeout(limit) {
        Ok(output) => output.map_err(failed),
        Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
            if let Ok(id) = i32::try_from(id) {
                // It may just have ended by itself.
                let _ = kill(Pid::from_raw(id), Signal::SIGKILL);
            }
            Err(ProgramError::Deadline {
                path: path.to_owned(),
                limit,
            })
        }
    }
}

/// Runs this very program in `folder`, as the person would, and returns what it
/// prints. Blocks until it ends.
///
/// # Errors
/// When it cannot be started.
pub(crate) fn own(arguments: &[String], folder: &Path) -> io::Result<String> {
    let answer = Command::new(std::env::current_exe()?)
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()?;
    let said = [answer.stdout, answer.stderr].concat();
    Ok(String::from_utf8_lossy(&said).into_owned())
}

/// Returns the folder that this very program lies in.
///
/// # Errors
/// When the system does not tell.
pub(crate) fn own_folder() -> io::Result<PathBuf> {
    let program = std::env::current_exe()?;
    Ok(program.parent().unwrap_or(&program).to_owned())
}

/// Lets the person edit the file at `path` at this terminal with their editor,
/// as a shell reads it, and returns whether that ended well. Blocks until then.
///
/// # Errors
/// When the shell cannot be started.
pub(crate) fn edit(editor: &str, path: &Path) -> io::Result<bool> {
    let script = format!("{editor} \"$1\"");
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", &script, "sh"]).arg(path);
    Ok(shell.status()?.success())
}

/// Returns whether the search path has the program `name`; an absolute one is
/// looked at where it is.
pub(crate) fn is_on_path(name: &str, environment: &Environment) -> bool {
    on_path(name, environment).is_some()
}

fn on_path(name: &str, environment: &Environment) -> Option<PathBuf> {
    let search = environment.search_path.as_ref()?;
    let folders = search.as_bytes().split(|byte| *byte == b':');
    let mut places = folders.map(|folder| Path::new(OsStr::from_bytes(folder)).join(name));
    places.find(|path| path.is_absolute() && require_executable(path).is_ok())
}

/// Returns the first line that the program `name` prints when it is asked for
/// its version; `None` when the search path has none that answers within
/// [`DEADLINE`].
pub(crate) fn version(name: &str, environment: &Environment) -> Option<String> {
    let path = on_path(name, environment)?;
    let home = environment.home.as_deref().unwrap_or(Path::new("/"));
    let answer = run(&path, &["--version"], "", home, DEADLINE).ok()?;
    let text = String::from_utf8_lossy(&answer.stdout);
    answer
        .status
        .success()
        .then(|| text.lines().next().map(str::to_owned))?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(folder: &Path, text: &str) -> PathBuf {
        let path = folder.join("program");
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    #[test]
    fn a_program_sees_its_folder_and_input_and_nothing_else() {
        let home = tempfile::tempdir().unwrap();
        let real = home.path().canonicalize().unwrap();
        let program = script(&real, "#!/bin/sh\ncat\necho \"$1 $HOME $PWD $CARGO\"\n");
        let answer = run(&program, &["-x"], "in ", &real, DEADLINE).unwrap();
        let expected = format!("in -x {0} {0} \n", real.display());
        assert_eq!(String::from_utf8(answer.stdout).unwrap(), expected);
    }

    #[test]
    fn a_program_that_does_not_end_is_killed() {
        let home = tempfile::tempdir().unwrap();
        let program = script(home.path(), "#!/bin/sh\necho $$ >pid\nexec sleep 1000\n");
        let limit = Duration::from_secs(1);
        let error = run(&program, &[], "", home.path(), limit).unwrap_err();
        assert!(
            error.to_string().contains("did not end within 1s"),
            "{error}"
        );
        let id = fs::read_to_string(home.path().join("pid")).unwrap();
        let id = Pid::from_raw(id.trim().parse().unwrap());
        // The thread that waits for it takes its last trace away.
        while kill(id, None).is_ok() {
            thread::yield_now();
        }
    }

    #[test]
    fn what_is_no_program_is_told() {
        let home = tempfile::tempdir().unwrap();
        let missing = require_executable(&home.path().join("none")).unwrap_err();
        assert!(missing.to_string().contains("is missing; run"), "{missing}");
        let folder = require_executable(home.path()).unwrap_err();
        assert!(
            folder.to_string().contains("not an executable file"),
            "{folder}"
        );
    }
}
