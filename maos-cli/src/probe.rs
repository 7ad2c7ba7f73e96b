//! Proves that installed programs work, by sending them real events. The events
//! play in scratch folders; nothing of them is executed.

use std::path::Path;
use std::process::Output as Answer;
use std::time::{Duration, Instant};

use maos_shared::hook::{Event, Policy};
use serde_json::{Value, json};

use crate::programs::{self, DEADLINE, ProgramError};

/// A command that the guard must let pass.
pub(crate) const HARMLESS: &str = "ls";
/// A command that it must deny. It is only ever sent as text.
pub(crate) const DANGEROUS: &str = r#"sudo bash -c "rm -rf /""#;

/// Checks that the program of `event` is there, runs, and is of this version.
///
/// # Errors
/// When it is not.
pub(crate) fn check_program(path: &Path, event: Event) -> Result<(), ProgramError> {
    programs::require_executable(path)?;
    let scratch = programs::scratch()?;
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

/// Checks that the guard at `path` lets a harmless command pass.
///
/// # Errors
/// When it does not.
pub(crate) fn check_passes(guard: &Path) -> Result<(), ProgramError> {
    let answer = judge(guard, HARMLESS)?;
    if answer.status.success() && answer.stdout.is_empty() {
        return Ok(());
    }
    Err(wrong_answer(guard, "must let `ls` pass silently", &answer))
}

/// Returns the reason that the guard at `path` gives for denying a dangerous
/// command.
///
/// # Errors
/// When it does not deny it.
pub(crate) fn check_denied(guard: &Path) -> Result<String, ProgramError> {
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

/// Sends the program at `path` an event of its kind and returns how long the
/// answer took. To ask for a worktree, or for its removal, is answered with why
/// not: the scratch folder is no repository.
///
/// # Errors
/// When it answers otherwise than by its policy.
pub(crate) fn check_answers(path: &Path, event: Event) -> Result<Duration, ProgramError> {
    let scratch = programs::scratch()?;
    let input = input(event, scratch.path(), HARMLESS).to_string();
    let began = Instant::now();
    let answer = programs::run(path, &[], &input, scratch.path(), DEADLINE)?;
    let took = began.elapsed();
    let expected = match event.policy() {
        Policy::Fail => Some(1),
        _ => Some(0),
    };
    let complains = matches!(event, Event::WorktreeCreate | Event::WorktreeRemove);
    if answer.status.code() == expected && answer.stderr.is_empty() != complains {
        return Ok(took);
    }
    Err(wrong_answer(path, "must answer an event", &answer))
}

/// Sends the guard the event of a Bash call.
fn judge(guard: &Path, command: &str) -> Result<Answer, ProgramError> {
    let scratch = programs::scratch()?;
    let event = input(Event::PreToolUse, scratch.path(), command);
    programs::run(guard, &[], &event.to_string(), scratch.path(), DEADLINE)
}

/// Returns an input with all that any event reads.
fn input(event: Event, folder: &Path, command: &str) -> Value {
    let mut input = json!({
        "session_id": "maos-selfcheck",
        "transcript_path": folder.join("transcript.jsonl"),
        "cwd": folder,
        "permission_mode": "default",
        "hook_event_name": event.name(),
    });
    let more = match event {
        Event::PreToolUse | Event::PostToolUse | Event::PostToolUseFailure => json!({
            "tool_name": "Bash",
            "tool_input": {"command": command},
            "tool_response": {"stdout": "", "stderr": "", "interrupted": false},
            "tool_use_id": "toolu_selfcheck",
            "error": "Exit code 1",
        }),
        Event::SubagentStart | Event::SubagentStop => {
            json!({"agent_id": "a0123456789abcdef", "agent_type": "general-purpose"})
        }
        Event::WorktreeCreate => json!({"name": "agent-a0123456789abcdef"}),
        Event::WorktreeRemove => json!({"worktree_path": folder.join("worktree")}),
        Event::SessionStart => json!({"source": "startup"}),
        Event::SessionEnd => json!({"reason": "other"}),
        Event::UserPromptSubmit => json!({"prompt": "hello"}),
        Event::Notification => json!({"message": "hello", "notification_type": "idle_prompt"}),
        Event::PreCompact => json!({"trigger": "manual"}),
        Event::PostToolBatch => json!({"tool_calls": []}),
        Event::Stop => json!({"stop_hook_active": false}),
    };
    if let (Value::Object(input), Value::Object(more)) = (&mut input, more) {
        input.extend(more);
    }
    input
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
