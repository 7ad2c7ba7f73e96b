//! What an event leaves in its journal, whatever came in.

use std::fs;

use maos_shared::hook::Event;
use maos_tests::{HookEvent, Sandbox};
use serde_json::{Map, json};

use super::{is_rfc3339, refused};

/// Longest journal line that any input makes, in bytes.
const LINE: usize = 64 * 1024;

#[test]
fn no_input_makes_a_line_long_or_two_lines() {
    let sandbox = Sandbox::with_repository();
    let long = "long\n".repeat(200_000);
    let many: Map<_, _> = (0..20_000)
        .map(|n| (format!("field {n}\n"), json!([n, "\n"])))
        .collect();
    let calls = [
        HookEvent::before(&sandbox, &long, json!({})),
        HookEvent::before(&sandbox, "mcp__a__b", many.into()),
        HookEvent::before(&sandbox, "mcp__a__b", json!({ &long: &long })),
        HookEvent::before(
            &sandbox,
            "Bash",
            json!({"command": "long ".repeat(100_000)}),
        ),
        HookEvent::before(&sandbox, "Bash", json!({"command": "ls"}))
            .with("tool_use_id", long.as_str()),
        HookEvent::before(&sandbox, "Bash", json!({"command": "ls"}))
            .with("session_id", long.as_str()),
        HookEvent::before(&sandbox, "Bash", json!({"command": "ls"})).by(&long, &long),
    ];
    let count = calls.len();
    for call in calls {
        call.answer().is_silent();
    }
    let log = sandbox.project().join(".maos/logs/PreToolUse.jsonl");
    let text = fs::read_to_string(log).unwrap();
    assert_eq!(text.lines().count(), count);
    for line in text.lines() {
        assert!(line.len() < LINE, "{} bytes: {line:.300}", line.len());
    }
    assert_eq!(sandbox.journal().len(), count, "every line is JSON");
}

#[test]
fn a_list_in_place_of_a_path_is_measured_with_its_line_breaks() {
    let sandbox = Sandbox::with_repository();
    let text = r#"{"session_id":"s","cwd":"CWD","tool_name":"mcp__a__b","tool_input":
        {"path":[
        "secret"
        ]}}"#;
    let text = text.replace("CWD", sandbox.project().to_str().unwrap());
    let _ = maos_tests::Program::answering(Event::PreToolUse, &sandbox)
        .given_bytes(text)
        .run()
        .exits(0);
    let lines = sandbox.journal();
    assert_eq!(lines.len(), 1);
    assert!(!lines[0].to_string().contains("secret"), "{}", lines[0]);
}

#[test]
fn a_refusal_is_in_the_audit_as_well() {
    let sandbox = Sandbox::with_repository();
    let _ = refused(&sandbox).answer().refusal();
    let audit = fs::read_to_string(sandbox.project().join(".maos/audit.jsonl")).unwrap();
    let log = fs::read_to_string(sandbox.project().join(".maos/logs/PreToolUse.jsonl")).unwrap();
    assert_eq!(audit, log);
    let line = &sandbox.journal()[0];
    assert_eq!(line["outcome"], "deny");
    assert!(
        line["rule"].as_str().unwrap().starts_with("secrets."),
        "{line}"
    );
}

#[test]
fn every_step_of_an_agent_and_of_a_lease_is_journalled_with_its_time() {
    const ID: &str = "a5584d067ecffbeda";
    let sandbox = Sandbox::with_repository();
    let agent = |event| HookEvent::new(&sandbox, event).by(ID, "coder");
    agent(Event::SubagentStart).answer().is_silent();
    let write = json!({"file_path": "new.txt", "content": "x"});
    let _ = HookEvent::before(&sandbox, "Write", write)
        .by(ID, "coder")
        .answer()
        .rewritten();
    agent(Event::SubagentStop).answer().is_silent();
    let steps: Vec<_> = sandbox
        .journal()
        .into_iter()
        .filter(|line| line["to"].is_string() || line["step"].is_string())
        .collect();
    let mut names: Vec<String> = steps
        .iter()
        .map(|line| format!("{}{}", line["to"], line["step"]))
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "\"active\"null",
            "\"completed\"null",
            "\"pending\"null",
            "null\"acquired\"",
            "null\"released-all\""
        ]
    );
    for step in &steps {
        assert!(is_rfc3339(step["time"].as_str().unwrap()), "{step}");
        assert!(step["duration_us"].as_u64().unwrap() > 0, "{step}");
    }
}
