//! What `maos` prints with `--json` is what `maos schema` says, to each field.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use maos_tests::{Sandbox, is_described};
use serde_json::{Value, json};

use super::busy::{ONE, TWO, busy};

/// Returns every value that a command prints, a line each.
fn printed(sandbox: &Sandbox, arguments: &[&str]) -> Vec<Value> {
    let ended = sandbox.maos(arguments);
    let code = ended.status.code();
    assert!(
        matches!(code, Some(0 | 1 | 3 | 4)),
        "{arguments:?}: {ended}"
    );
    let text = ended.out();
    let values = text.lines().map(|line| serde_json::from_str(line).unwrap());
    let values: Vec<Value> = values.collect();
    assert!(!values.is_empty(), "{arguments:?}");
    values
}

/// Checks that what a command prints is described under `name`, and returns the
/// last value.
fn described(sandbox: &Sandbox, name: &str, arguments: &[&str]) -> Value {
    let schema = sandbox.maos(["schema", name]).exits(0).out();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let mut arguments = arguments.to_vec();
    arguments.push("--json");
    let values = printed(sandbox, &arguments);
    values.iter().for_each(|value| is_described(value, &schema));
    values.into_iter().next_back().unwrap()
}

#[test]
fn every_reading_command_prints_what_its_schema_says() {
    let sandbox = busy();
    let call = json!({
        "hook_event_name": "PreToolUse", "tool_name": "Bash", "tool_use_id": "t",
        "tool_input": {"command": "rm -rf /"},
    });
    sandbox.write("inputs.jsonl", &format!("{call}\n"));
    sandbox.git(["update-ref", "refs/maos/rescue/coder-1-abc", "HEAD"]);
    let audit = described(&sandbox, "audit", &["audit"]);
    let id = audit["id"].as_str().unwrap();
    let mut tried = vec!["audit"];
    for (name, arguments) in [
        ("status", &["status"][..]),
        ("explain", &["explain", "A=1 sudo rm -rf / >x | cat $HOME"]),
        ("explain", &["explain", "echo '"]),
        ("log", &["log"]),
        ("stats", &["stats"]),
        ("doctor", &["doctor"]),
        ("diff", &["diff", ONE]),
        ("conflicts", &["conflicts"]),
        ("jobs", &["jobs"]),
        ("rescue", &["rescue"]),
        ("rescue", &["rescue", "list"]),
        ("rescue-show", &["rescue", "show", "coder"]),
        ("clean", &["clean", "--dry-run"]),
        ("replay", &["replay", "inputs.jsonl"]),
        ("rules", &["rules"]),
        ("config", &["config", "show"]),
        ("config-check", &["config", "check"]),
        ("why", &["why", id]),
        ("programs", &["programs"]),
        ("merge", &["merge", ONE, TWO]),
        ("merge", &["merge", ONE]),
        ("merge", &["merge", "--resolve", TWO]),
        ("release", &["release", "--all"]),
    ] {
        let _ = described(&sandbox, name, arguments);
        tried.push(name);
    }
    // The list of what is described is that of what was tried.
    let help = sandbox.maos(["schema", "--help"]).exits(0).out();
    let (_, names) = help.split_once("possible values: ").unwrap();
    let names = names
        .split([']', ','])
        .take_while(|name| !name.starts_with('\n'));
    for name in names.map(|name| name.split_whitespace().collect::<String>()) {
        assert!(tried.contains(&&*name), "{name} is not tried");
    }
}

#[test]
fn conflicts_and_merges_say_what_does_not_fit() {
    let sandbox = busy();
    let conflicts = described(&sandbox, "conflicts", &["conflicts"]);
    assert_eq!(conflicts["pairs"][0]["agents"], json!([ONE, TWO]));
    assert_eq!(conflicts["pairs"][0]["files"][0]["path"], "README.md");
    let merge = described(&sandbox, "merge", &["merge", "--all"]);
    assert_eq!(merge["conflicts"][0]["hunks"][0]["path"], "README.md");
    let merge = described(&sandbox, "merge", &["merge", ONE]);
    assert_eq!(merge["merged"][0]["agent"], ONE);
    let merge = described(&sandbox, "merge", &["merge", "--resolve", TWO]);
    assert_eq!(merge["to_settle"], json!(["README.md"]));
}
