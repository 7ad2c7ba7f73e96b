//! `maos replay` with the built guard.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use maos_tests::{HookEvent, Sandbox};
use serde_json::{Value, json};

fn replayed(sandbox: &Sandbox, file: &str) -> Value {
    let answer = sandbox.maos(["replay", "--json", file]).exits(0).out();
    serde_json::from_str(&answer).expect("one JSON object")
}

#[test]
fn a_new_rule_is_tried_on_what_was_called_before() {
    let sandbox = Sandbox::with_repository();
    let force = HookEvent::before(&sandbox, "Bash", json!({"command": "cargo publish"}));
    let input = force.into_input();
    HookEvent::before(&sandbox, "Bash", json!({"command": "cargo publish"}))
        .answer()
        .is_silent();
    let journal = sandbox.journal().len();
    let transcript = json!({"type": "assistant", "cwd": sandbox.project(), "message": {"content": [
        {"type": "text", "text": "now"},
        {"type": "tool_use", "id": "toolu_other", "name": "Bash", "input": {"command": "rm -rf /"}},
    ]}});
    sandbox.write(
        "../calls.jsonl",
        &format!("{input}\n{transcript}\nno json\n{{}}\n"),
    );
    let file = sandbox.home().join("calls.jsonl");
    let file = file.to_str().expect("a path of ours is UTF-8");

    let before = replayed(&sandbox, file);
    assert_eq!(before["calls"], 2);
    assert_eq!(before["denied"], 1);
    assert_eq!(before["differ"][0]["what"], "Bash: rm -rf /");
    let rule = "[[guard.rule]]\nid = \"publish\"\ncommand = \"^cargo publish\"\nreason = \"Releases are for people.\"\n";
    sandbox.write("../.claude/maos.toml", rule);
    let after = replayed(&sandbox, file);
    assert_eq!(after["denied"], 2);
    assert_eq!(after["differ"][0]["then"], "pass");
    assert_eq!(after["differ"][0]["now"], "deny");
    assert_eq!(
        sandbox.journal().len(),
        journal,
        "nothing of it is journalled"
    );
}
