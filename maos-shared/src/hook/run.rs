//! The one entry of every hook program: stdin -> handler -> one answer.
#![expect(
    clippy::disallowed_methods,
    clippy::exit,
    reason = "this file owns arguments and the end of the process"
)]

use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::panic;
use std::process::ExitCode;
use std::time::Instant;

use nix::sys::stat::{fstat, stat};

use super::{Answer, Call, Error, Event, Input, Policy, record};
use crate::config::{Environment, limits};

/// What a hook program does with its event.
pub type Handler = fn(&Call<'_>) -> Result<Answer, Error>;

/// How long an input may be that is read without thought for its length, in
/// bytes (128 KiB).
const ORDINARY_BYTES: u64 = 128 * 1024;

/// The action goes ahead.
const EXIT_OK: u8 = 0;
/// The program could not work; the client reports it.
const EXIT_FAILED: u8 = 1;
/// The client blocks the action and shows stderr to the model.
const EXIT_BLOCK: u8 = 2;

/// Runs a hook program from start to end and returns its exit code.
///
/// Reads stdin (at most [`limits::STDIN_BYTES`]), calls `handler`, writes its
/// answer in one call, then the journal line. Errors and panics end as the
/// event's [`Policy`] says, with one line on stderr. The only arguments are
/// `--version` and, for a person who prefers it, `--fail-open`.
#[must_use]
pub fn run(event: Event, handler: Handler) -> ExitCode {
    let started = Instant::now();
    let mut policy = event.policy();
    for argument in std::env::args_os().skip(1) {
        if argument == "--fail-open" && policy == Policy::Closed {
            policy = Policy::Fail;
        } else if argument == "--version" {
            let version = concat!(" ", env!("CARGO_PKG_VERSION"), "\n");
            let _ = io::stdout().write_all([event.program(), version].concat().as_bytes());
            return ExitCode::from(EXIT_OK);
        } else {
            let text = format!("unknown argument {}", argument.to_string_lossy());
            return failed(event, policy, &text);
        }
    }
    end_panics_by(event, policy);
    let environment = Environment::read();
    speak(event, environment.log.as_deref());
    let stdin = match read_stdin() {
        Ok(stdin) => stdin,
        Err(error) => return failed(event, policy, &error.to_string()),
    };
    let input = match Input::parse(&stdin) {
        Ok(input) => input,
        Err(error) => return failed(event, policy, &error.to_string()),
    };
    let call = Call::new(event, input, environment, started);
    let answered = handler(&call);
    let code = match &answered {
        Ok(answer) => deliver(&call, policy, answer),
        Err(error) => {
            tell_person(event, policy, &error.to_string());
            failed(event, policy, &error.to_string())
        }
    };
    record::journal(&call, &answered);
    code
}

/// What is said of a new workspace where the person has set no filter.
const OF_WORKSPACES: &str = "maos_shared::workspace=info,maos_worktree::post_create=warn";

/// Lets diagnostics go to stderr, as far as the person wants to see them. A new
/// worktree says there what it lacks, if anything, and that it took long.
fn speak(event: Event, filter: Option<&str>) {
    match filter {
        Some(filter) => env_logger::Builder::new().parse_filters(filter).init(),
        None if event == Event::WorktreeCreate => env_logger::Builder::new()
            .parse_filters(OF_WORKSPACES)
            .format(|stderr, record| {
                let line = record.args().to_string().replace(char::is_control, " ");
                writeln!(stderr, "MAOS: {line}")
            })
            .init(),
        None => {}
    }
}

fn read_stdin() -> Result<Vec<u8>, Error> {
    let unreadable = |error| Error::input(format!("stdin cannot be read: {error}"));
    let mut bytes = Vec::new();
    let mut stdin = io::stdin().lock().take(limits::STDIN_BYTES as u64 + 1);
    let mut start = stdin.by_ref().take(ORDINARY_BYTES);
    start.read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 == ORDINARY_BYTES {
        // Room for the longest takes no memory before it is filled; to grow
        // step by step would copy all that was read, again and again.
        let _ = bytes.try_reserve_exact(limits::STDIN_BYTES);
        stdin.read_to_end(&mut bytes).map_err(unreadable)?;
    }
    if bytes.len() > limits::STDIN_BYTES {
        return Err(Error::input(format!(
            "stdin is longer than the {} MiB that a hook input may have",
            limits::STDIN_BYTES >> 20
        )));
    }
    Ok(bytes)
}

/// Writes the answer. Where nobody reads it, a refusal still has to hold, and a
/// worktree that nobody hears of is a failure. A refusal is no failure of the
/// program, so it blocks under every policy.
fn deliver(call: &Call<'_>, policy: Policy, answer: &Answer) -> ExitCode {
    let (event, bytes) = (call.event, answer.bytes());
    let written = match bytes.is_empty() {
        true => Ok(()),
        false => write_stdout(&bytes),
    };
    match written {
        Ok(()) => {
            call.is_heard();
            ExitCode::from(EXIT_OK)
        }
        Err(error) => match answer.refusal() {
            Some(reason) => {
                complain(event, reason, "");
                ExitCode::from(EXIT_BLOCK)
            }
            None => failed(event, policy, &format!("stdout cannot be written: {error}")),
        },
    }
}

fn write_stdout(bytes: &[u8]) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    // The standard library opens the null device in place of a descriptor that
    // was closed when the process began, and every write to that succeeds.
    if let (Ok(out), Ok(null)) = (fstat(stdout.as_fd()), stat("/dev/null"))
        && out.st_rdev == null.st_rdev
    {
        return Err(io::Error::other("it is closed, or the null device"));
    }
    stdout.write_all(bytes)?;
    stdout.flush()
}

/// Tells the person what failed: where work goes on the client shows nobody what is on
/// stderr. `maos doctor` tells it as well.
fn tell_person(event: Event, policy: Policy, text: &str) {
    if policy == Policy::Open && event.tells_failures() {
        let line = format!("{}: {}", event.program(), one_line(text));
        // Who cannot be told so reads it on stderr.
        let _ = write_stdout(&Answer::say(line).bytes());
    }
}

/// Says why on stderr, in one line, and returns the policy's exit code.
fn failed(event: Event, policy: Policy, text: &str) -> ExitCode {
    complain(event, text, consequence(policy));
    ExitCode::from(exit_code(policy))
}

const fn consequence(policy: Policy) -> &'static str {
    match policy {
        Policy::Closed => " (blocked, since the guard could not judge the call)",
        Policy::Open | Policy::Fail => "",
    }
}

fn complain(event: Event, text: &str, consequence: &str) {
    let text = one_line(text);
    let line = format!("{}: {text}{consequence}\n", event.program());
    let _ = io::stderr().write_all(line.as_bytes());
}

const fn exit_code(policy: Policy) -> u8 {
    match policy {
        Policy::Closed => EXIT_BLOCK,
        Policy::Open => EXIT_OK,
        Policy::Fail => EXIT_FAILED,
    }
}

/// Ends a panicking program as its policy says. The hook runs before unwinding
/// or abort, so the release build, which aborts, ends the same way.
fn end_panics_by(event: Event, policy: Policy) {
    panic::set_hook(Box::new(move |info| {
        let place = info
            .location()
            .map_or_else(String::new, ToString::to_string);
        let text = format!("internal error at {place}; please report it");
        complain(event, &text, consequence(policy));
        std::process::exit(i32::from(exit_code(policy)));
    }));
}

/// Returns `text` without line breaks and terminal control characters.
fn one_line(text: &str) -> String {
    let kept = |c: char| if c.is_control() { ' ' } else { c };
    text.trim().replace('\n', "; ").chars().map(kept).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    /// Names the event in a child of the test below, which is the test itself.
    const EVENT: &str = "MAOS_TEST_EVENT";

    #[test]
    fn a_panic_ends_the_program_as_its_policy_says() {
        if let Ok(name) = std::env::var(EVENT) {
            let mut events = Event::ALL.into_iter();
            let event = events.find(|event| event.name() == name).unwrap();
            end_panics_by(event, event.policy());
            panic!("a text\nwith two lines");
        }
        for (event, code) in [
            (Event::PreToolUse, 2),
            (Event::WorktreeCreate, 1),
            (Event::Stop, 0),
        ] {
            let child = Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "--nocapture"])
                .arg("hook::run::tests::a_panic_ends_the_program_as_its_policy_says")
                .env(EVENT, event.name())
                .output()
                .unwrap();
            let stderr = String::from_utf8(child.stderr).unwrap();
            assert_eq!(child.status.code(), Some(code), "{stderr}");
            assert_eq!(stderr.lines().count(), 1, "{stderr}");
            let begin = format!("{}: internal error at ", event.program());
            assert!(stderr.starts_with(&begin), "{stderr}");
        }
    }
}
