//! `maos selfcheck`: proof that the installed programs guard.

use std::path::{Path, PathBuf};
use std::process::Output as Answer;

use maos_shared::hook::Event;
use serde_json::{Value, json};

use super::absolute_text;
use crate::error::{Error, exit_code};
use crate::output::Output;
use crate::programs::{self, DEADLINE, ProgramError};
use crate::settings::{self, Registration};

/// A command that the guard must let pass.
const HARMLESS: &str = "ls";
/// A command that it must deny. It is only ever sent as text.
const DANGEROUS: &str = r#"sudo bash -c "rm -rf /""#;

/// Prove that the installed programs work, by sending them real events.
///
/// Each program must be there, executable and of this version; a harmless
/// command must pass the guard and a dangerous one must be denied. The events
/// play in a scratch folder; nothing of them is executed.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  maos selfcheck --programs ~/.claude/hooks
  maos selfcheck --programs ~/.claude/hooks --settings ~/.claude/settings.json")]
pub(crate) struct Args {
    /// The folder that holds the programs
    #[arg(long, value_name = "DIR")]
    programs: PathBuf,
    /// Check as well that this settings file registers them
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
    /// Expect the registration that lets a call pass when the guard fails
    #[arg(long, requires = "settings")]
    fail_open: bool,
}

impl Args {
    pub(super) fn run(&self, output: &mut Output) -> Result<u8, Error> {
        let folder = absolute_text(&self.programs)?;
        for event in Event::ALL {
            check_program(&Path::new(&folder).join(event.program()), event)?;
        }
        let count = Event::ALL.len();
        let version = env!("CARGO_PKG_VERSION");
        output.line(format_args!(
            "programs  {count} of version {version} in {folder}"
        ))?;

        let guard = Path::new(&folder).join(Event::PreToolUse.program());
        check_passes(&guard)?;
        let reason = check_denied(&guard)?;
        output.line(format_args!(
            "guard     on: `{HARMLESS}` passes, `{DANGEROUS}` is denied"
        ))?;
        output.line(format_args!("          {reason}"))?;

        if let Some(path) = &self.settings {
            self.check_settings(path, &folder)?;
            output.line(format_args!(
                "hooks     {count} events in {}",
                path.display()
            ))?;
            let outcome = if self.fail_open {
                "passes"
            } else {
                "is blocked"
            };
            output.line(format_args!(
                "failure   when the guard fails, a call {outcome}"
            ))?;
        }
        Ok(exit_code::DONE)
    }

    fn check_settings(&self, path: &Path, folder: &str) -> Result<(), Error> {
        let state = settings::state(path, &Registration::new(folder, self.fail_open))?;
        if !state.registered {
            return Err(Error::NotRegistered(path.to_owned()));
        }
        if state.disabled {
            return Err(Error::HooksDisabled(path.to_owned()));
        }
        Ok(())
    }
}

/// Checks that the program of `event` is there, runs, and is of this version.
fn check_program(path: &Path, event: Event) -> Result<(), ProgramError> {
    programs::require_executable(path)?;
    let scratch = tempfile::tempdir().map_err(ProgramError::Scratch)?;
    let answer = programs::run(path, &["--version"], "", scratch.path(), DEADLINE)?;
    let found = String::from_utf8_lossy(&answer.stdout)
        .trim_end()
        .to_owned();
    let expected = format!("{} {}", event.program(), env!("CARGO_PKG_VERSION"));
    if found == expected && answer.status.success() {
        return Ok(());
    }
    Err(ProgramError::Version {
        path: path.to_owned(),
        found,
        expected,
    })
}

fn check_passes(guard: &Path) -> Result<(), ProgramError> {
    let answer = judge(guard, HARMLESS)?;
    if answer.status.success() && answer.stdout.is_empty() {
        return Ok(());
    }
    Err(wrong_answer(guard, "must let `ls` pass silently", &answer))
}

/// Returns the reason that the guard gives for its denial.
fn check_denied(guard: &Path) -> Result<String, ProgramError> {
    let answer = judge(guard, DANGEROUS)?;
    let json: Value = serde_json::from_slice(&answer.stdout).unwrap_or_default();
    let decision = &json["hookSpecificOutput"];
    let reason = decision["permissionDecisionReason"].as_str();
    match reason {
        Some(reason) if decision["permissionDecision"] == "deny" && answer.status.success() => {
            Ok(reason.lines().next().unwrap_or_default().to_owned())
        }
        _ => Err(wrong_answer(
            guard,
            "must deny a dangerous command",
            &answer,
        )),
    }
}

/// Sends the guard the event of a Bash call, in a scratch folder.
fn judge(guard: &Path, command: &str) -> Result<Answer, ProgramError> {
    let scratch = tempfile::tempdir().map_err(ProgramError::Scratch)?;
    let event = json!({
        "session_id": "maos-selfcheck",
        "transcript_path": scratch.path().join("transcript.jsonl"),
        "cwd": scratch.path(),
        "permission_mode": "default",
        "hook_event_name": Event::PreToolUse.name(),
        "tool_name": "Bash",
        "tool_input": {"command": command},
        "tool_use_id": "toolu_selfcheck",
    });
    programs::run(guard, &[], &event.to_string(), scratch.path(), DEADLINE)
}

fn wrong_answer(path: &Path, expected: &'static str, answer: &Answer) -> ProgramError {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    let (stdout, stderr) = (text(&answer.stdout), text(&answer.stderr));
    ProgramError::Answer {
        path: path.to_owned(),
        expected,
        found: format!("{}, stdout `{stdout}`, stderr `{stderr}`", answer.status),
    }
}
