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
    assert_eq!(before["passed_over"], 2);
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

#[test]
fn a_file_without_a_call_is_named_and_is_a_failure_alone() {
    let sandbox = Sandbox::with_repository();
    HookEvent::before(&sandbox, "Bash", json!({"command": "ls"}))
        .answer()
        .is_silent();
    let call = HookEvent::before(&sandbox, "Bash", json!({"command": "ls"})).into_input();
    sandbox.write("call.jsonl", &call.to_string());
    sandbox.write("empty.jsonl", "");
    sandbox.write("garbage.jsonl", "no json\nnone\n");
    for file in [
        ".maos/logs/PreToolUse.jsonl",
        "empty.jsonl",
        "garbage.jsonl",
    ] {
        assert!(sandbox.read(file).is_some(), "{file}");
        let alone = sandbox.maos(["replay", file]).exits(1);
        let told = format!("{file} holds no recorded call; give ");
        assert!(alone.err().contains(&told), "{}", alone.err());
        let beside = sandbox.maos(["replay", file, "call.jsonl"]).exits(0);
        assert!(beside.err().contains(&told), "{}", beside.err());
        assert!(beside.out().contains("1 call judged"), "{}", beside.out());
    }
    let garbage = sandbox.maos(["replay", "garbage.jsonl"]).exits(1).out();
    let line = "0 calls judged, 0 denied; 2 lines passed over: no call for the guard\n";
    assert_eq!(garbage, line);
    let missing = sandbox.maos(["replay", "/nonexist"]).exits(1).err();
    assert!(
        missing.starts_with("maos: failed to read /nonexist: "),
        "{missing}"
    );
}
