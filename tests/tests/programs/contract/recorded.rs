//! Every input that the client was seen to write, through the program of its
//! event.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use maos_tests::{Program, Recording, Sandbox};
use serde_json::Value;

use super::{answer, is_rfc3339};

/// The fields that hold what people and models wrote, or what is in files.
const CONTENTS: [&str; 16] = [
    "command",
    "content",
    "description",
    "error",
    "last_assistant_message",
    "message",
    "new_string",
    "newString",
    "old_string",
    "oldString",
    "originalFile",
    "pattern",
    "prompt",
    "stdout",
    "text",
    "tool_response",
];

#[test]
fn each_is_answered_in_the_contracts_shape_and_journalled_once() {
    for recording in Recording::all() {
        let sandbox = Sandbox::with_repository();
        let input = recording.moved_into(&sandbox);
        let finished = Program::answering(recording.event, &sandbox)
            .given(&input)
            .run()
            .exits(0);
        answer(recording.event, &finished);
        let line = only_line(&sandbox, &recording);
        let name = &recording.name;
        assert_eq!(line["event"], recording.event.name(), "{name}");
        assert_eq!(line["session"], input["session_id"], "{name}");
        assert_eq!(line["tool"], input["tool_name"], "{name}");
        assert_eq!(line["agent"], input["agent_id"], "{name}");
        assert!(is_rfc3339(line["time"].as_str().unwrap()), "{name}: {line}");
        assert!(line["duration_us"].as_u64().unwrap() > 0, "{name}: {line}");
        // The worktree of the recording is not one of ours, so it stays.
        let failed = recording.name == "worktree-remove";
        assert_eq!(line["outcome"] == "error", failed, "{name}: {line}");
        assert_eq!(finished.trouble() != "", failed, "{name}: {finished}");
    }
}

#[test]
fn no_content_reaches_a_journal() {
    const SECRET: &str = "correct horse battery staple";
    let mut hidden = 0;
    for recording in Recording::all() {
        let sandbox = Sandbox::with_repository();
        let mut input = recording.moved_into(&sandbox);
        hidden += hide(&mut input, SECRET);
        let _ = Program::answering(recording.event, &sandbox)
            .given(&input)
            .run()
            .exits(0);
        let line = only_line(&sandbox, &recording).to_string();
        for word in SECRET.split(' ') {
            assert!(!line.contains(word), "{}: {line}", recording.name);
        }
    }
    assert!(hidden > 40, "the recordings hold contents: {hidden}");
}

#[test]
fn the_copy_is_the_recording() {
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("recorded");
    let theirs = ours.join("../../../shared/contract/recorded");
    if !theirs.is_dir() {
        // Not `eprintln!`: the test harness would keep the line back.
        let line = format!("SKIPPED comparison: {} is not there", theirs.display());
        writeln!(std::io::stderr(), "{line}").unwrap();
        return;
    }
    let (ours, theirs) = (files(&ours), files(&theirs));
    let names = |files: &[PathBuf]| -> Vec<_> {
        let names = files
            .iter()
            .map(|file| file.file_name().unwrap().to_owned());
        names.collect()
    };
    assert_eq!(names(&ours), names(&theirs));
    for (our, their) in ours.iter().zip(&theirs) {
        let same = fs::read(our).unwrap() == fs::read(their).unwrap();
        assert!(same, "{} and {} differ", our.display(), their.display());
    }
}

/// Puts `secret` into every text that is content; returns how many there were.
fn hide(value: &mut Value, secret: &str) -> usize {
    match value {
        Value::Object(fields) => {
            let mut hidden = 0;
            for (name, value) in fields {
                if value.is_string() && CONTENTS.contains(&name.as_str()) {
                    // The first word of a command is a program, which is kept.
                    let start = if name == "command" { ": " } else { "" };
                    *value = format!("{start}{secret}\n{}", value.as_str().unwrap()).into();
                    hidden += 1;
                } else {
                    hidden += hide(value, secret);
                }
            }
            hidden
        }
        Value::Array(values) => values.iter_mut().map(|value| hide(value, secret)).sum(),
        _ => 0,
    }
}

/// Returns the one line in the event's journal, and checks that it is the only
/// one of events. What was said to the person has a journal of its own, and so
/// has a workspace that was made for the call.
fn only_line(sandbox: &Sandbox, recording: &Recording) -> Value {
    let mut logs = files(&sandbox.project().join(".maos/logs"));
    let log = format!("{}.jsonl", recording.event.name());
    let others = ["notify.jsonl", "WorktreeCreate.jsonl"];
    logs.retain(|path| path.ends_with(&log) || !others.iter().any(|other| path.ends_with(other)));
    assert_eq!(logs.len(), 1, "{}: {logs:?}", recording.name);
    assert!(logs[0].ends_with(log), "{logs:?}");
    let text = fs::read_to_string(&logs[0]).unwrap();
    let line = text.strip_suffix('\n').unwrap();
    assert!(!line.contains('\n'), "{}: {text}", recording.name);
    serde_json::from_str(line).unwrap()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}
