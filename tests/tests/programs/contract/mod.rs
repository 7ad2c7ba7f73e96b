//! The contract with the client, program by program: what may come in, and what
//! goes out whatever came in.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod arguments;
mod degraded;
mod input;
mod journal;
mod recorded;
mod surroundings;

use maos_shared::hook::Event;
use maos_tests::{Finished, HookEvent, Recording, Sandbox};
use serde_json::{Value, json};

/// Returns the exit code with which the event's program gives up.
fn gives_up_with(event: Event) -> i32 {
    match event {
        Event::PreToolUse => 2,
        Event::WorktreeCreate => 1,
        _ => 0,
    }
}

/// Checks that the event's program gave up: nothing on stdout, one line on
/// stderr, the event's exit code. Returns the line.
fn gave_up(event: Event, finished: Finished) -> String {
    let finished = finished.exits(gives_up_with(event));
    one_line(event, &finished)
}

/// Checks that a program said nothing but one printable line on stderr, and the same
/// to the person or nothing, and returns it.
fn one_line(event: Event, finished: &Finished) -> String {
    let err = finished.trouble();
    if !finished.out().is_empty() {
        let said = answer(event, finished);
        let said = said.as_ref().map(|said| &said["systemMessage"]);
        assert_eq!(said, Some(&Value::from(err.trim_end())), "{finished}");
    }
    let line = err.strip_suffix('\n').unwrap_or_else(|| {
        panic!("{event:?} did not end with a line: {finished}");
    });
    assert!(!line.contains(char::is_control), "{event:?}: {line:?}");
    let begin = format!("{}: ", event.program());
    assert!(line.starts_with(&begin), "{event:?}: {line:?}");
    assert!(line.len() > begin.len() + 10, "{event:?}: {line:?}");
    line.to_owned()
}

/// Checks that the program did its work: exit code 0, nothing on stderr, an
/// answer in the contract's shape. Returns the answer.
fn answered(event: Event, finished: Finished) -> Option<Value> {
    let finished = finished.exits(0);
    assert_eq!(finished.trouble(), "", "{event:?}: {finished}");
    answer(event, &finished)
}

/// Checks the shape of a program's answer and returns it where it is JSON.
fn answer(event: Event, finished: &Finished) -> Option<Value> {
    if event == Event::WorktreeCreate {
        let out = finished.out();
        let path = out.strip_suffix('\n').unwrap();
        assert!(path.starts_with('/') && !path.contains('\n'), "{out:?}");
        return None;
    }
    let answer = finished.answer()?;
    let known = ["systemMessage", "terminalSequence", "hookSpecificOutput"];
    for (field, value) in answer.as_object().unwrap() {
        assert!(known.contains(&field.as_str()), "{event:?}: {answer}");
        assert!(value.is_string() || field == known[2], "{answer}");
    }
    let specific = &answer["hookSpecificOutput"];
    if specific.is_null() {
        return Some(answer);
    }
    assert_eq!(specific["hookEventName"], event.name(), "{answer}");
    // Whatever tells the model something here makes it go on.
    assert!(!matches!(event, Event::Stop | Event::SubagentStop));
    for (field, value) in specific.as_object().unwrap() {
        let fits = match field.as_str() {
            "hookEventName" | "additionalContext" => value.is_string(),
            "permissionDecision" => event == Event::PreToolUse && value == "deny",
            "permissionDecisionReason" => value.is_string(),
            "updatedInput" => event == Event::PreToolUse && value.is_object(),
            _ => false,
        };
        assert!(fits, "{event:?}: {answer}");
    }
    Some(answer)
}

/// Returns an ordinary input of the event.
fn sample(event: Event, sandbox: &Sandbox) -> Value {
    if event == Event::PreToolUse {
        let input = json!({"command": "ls"});
        return HookEvent::before(sandbox, "Bash", input).into_input();
    }
    let recorded = Recording::all().into_iter().find(|it| it.event == event);
    match recorded {
        Some(recording) => recording.moved_into(sandbox),
        None => HookEvent::new(sandbox, event)
            .with("trigger", "manual")
            .into_input(),
    }
}

/// A call that the guard refuses, whatever else fails.
fn refused(sandbox: &Sandbox) -> HookEvent<'_> {
    HookEvent::before(sandbox, "Read", json!({"file_path": ".env"}))
}

/// `2026-01-01T00:00:00.000Z`, digit for digit.
fn is_rfc3339(time: &str) -> bool {
    let form = "dddd-dd-ddTdd:dd:dd.dddZ";
    time.len() == form.len()
        && time
            .bytes()
            .zip(form.bytes())
            .all(|(byte, form)| match form {
                b'd' => byte.is_ascii_digit(),
                form => byte == form,
            })
}
