//! Recorded calls, and what the guard makes of them now.

use std::io;
use std::path::Path;

use maos_shared::config::Environment;
use maos_shared::files::read_start;
use maos_shared::hook::Event;
use serde_json::{Value, json};

use crate::programs::{self, ProgramError};

/// The longest file that is read, in bytes (256 MiB).
const FILE: u64 = 256 * 1024 * 1024;
/// The longest text that is shown of a call, in characters.
const SHOWN: usize = 160;

/// A recorded call.
#[derive(Debug)]
pub(crate) struct Call {
    /// The client's id of it.
    pub(crate) id: Option<String>,
    /// What is called, for people.
    pub(crate) what: String,
    /// The input of the hook.
    pub(crate) input: Value,
}

/// What a file of recorded events holds.
#[derive(Debug, Default)]
pub(crate) struct Recorded {
    /// The calls that the guard judges.
    pub(crate) calls: Vec<Call>,
    /// How many events, or other lines, hold no such call.
    pub(crate) passed: usize,
}

/// Returns what a file holds: inputs of hooks or a transcript. `folder` is where a
/// call ran that does not say it.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn calls(file: &Path, folder: &Path) -> io::Result<Recorded> {
    let bytes = read_start(file, FILE)?;
    let mut recorded = Recorded::default();
    if let Ok(whole) = serde_json::from_slice::<Value>(&bytes) {
        recorded.take(of_value(&whole, folder));
        return Ok(recorded);
    }
    let lines = bytes.split(|byte| *byte == b'\n');
    for line in lines.filter(|line| !line.trim_ascii().is_empty()) {
        let value = serde_json::from_slice::<Value>(line).unwrap_or_default();
        recorded.take(of_value(&value, folder));
    }
    Ok(recorded)
}

impl Recorded {
    fn take(&mut self, calls: Vec<Call>) {
        self.passed += usize::from(calls.is_empty());
        self.calls.extend(calls);
    }
}

fn of_value(value: &Value, folder: &Path) -> Vec<Call> {
    if value["hook_event_name"] == Event::PreToolUse.name() {
        let call = call(
            value,
            &value["tool_name"],
            &value["tool_input"],
            &value["tool_use_id"],
        );
        return call(folder).into_iter().collect();
    }
    let uses = value["message"]["content"].as_array().into_iter().flatten();
    let uses = uses.filter(|block| block["type"] == "tool_use");
    uses.filter_map(|block| call(value, &block["name"], &block["input"], &block["id"])(folder))
        .collect()
}

/// Returns what makes a call of its parts. The agent's id is left out: a
/// subagent's call would be given a workspace.
fn call<'a>(
    around: &'a Value,
    tool: &'a Value,
    input: &'a Value,
    id: &'a Value,
) -> impl Fn(&Path) -> Option<Call> + 'a {
    move |folder| {
        let name = tool.as_str()?;
        let cwd = around["cwd"].as_str().map(Path::new);
        let subject = ["command", "file_path", "path"];
        let subject = subject.iter().find_map(|field| input[*field].as_str());
        let subject: String = subject.unwrap_or_default().chars().take(SHOWN).collect();
        Some(Call {
            id: id.as_str().map(str::to_owned),
            what: format!("{name}: {subject}"),
            input: json!({
                "session_id": "maos-replay",
                "transcript_path": "/dev/null",
                "cwd": cwd.unwrap_or(folder),
                "permission_mode": "default",
                "hook_event_name": Event::PreToolUse.name(),
                "tool_name": name,
                "tool_input": input,
                "tool_use_id": "toolu_replay",
            }),
        })
    }
}

/// Returns what the guard answers now, and why. Its state lies in a scratch
/// folder; its settings are the person's.
///
/// # Errors
/// When it cannot be run, or says nothing that it may say.
pub(crate) fn judge(
    guard: &Path,
    environment: &Environment,
    input: &Value,
) -> Result<(String, Option<String>), ProgramError> {
    let scratch = programs::scratch()?;
    let answer = programs::run_apart(guard, &input.to_string(), environment, scratch.path())?;
    let said: Value = serde_json::from_slice(&answer.stdout).unwrap_or_default();
    let decision = &said["hookSpecificOutput"];
    let text = |value: &Value| value.as_str().map(str::to_owned);
    match text(&decision["permissionDecision"]) {
        Some(now) => Ok((
            now,
            text(&decision["permissionDecisionReason"]).map(without_id),
        )),
        None if answer.status.success() => Ok(("pass".to_owned(), None)),
        None => {
            let reason = String::from_utf8_lossy(&answer.stderr).trim().to_owned();
            Ok(("deny".to_owned(), Some(reason)))
        }
    }
}

/// Returns a reason without the id of its objection: that stands in the scratch
/// folder, where nobody finds it.
fn without_id(reason: String) -> String {
    match reason.rsplit_once(", id ") {
        Some((reason, _)) => format!("{reason})"),
        None => reason,
    }
}
