//! What `maos.toml` changes of the guard, and what it cannot.

use maos_shared::hook::Event;
use maos_tests::{Answered, HookEvent, Sandbox};
use serde_json::{Value, json};

fn read_env(sandbox: &Sandbox) -> HookEvent<'_> {
    HookEvent::before(sandbox, "Read", json!({"file_path": ".env"}))
}

fn user_settings(sandbox: &Sandbox, text: &str) {
    sandbox.write("../.claude/maos.toml", text);
}

fn decision(answered: &Answered) -> Value {
    let output = answered.finished().exits(0).answer().unwrap_or_default();
    output["hookSpecificOutput"]["permissionDecision"].clone()
}

#[test]
fn the_person_sets_how_strongly_a_rule_is_meant() {
    let sandbox = Sandbox::with_repository();
    assert!(
        read_env(&sandbox)
            .answer()
            .refusal()
            .contains("secrets.env-file")
    );
    user_settings(&sandbox, "[guard.levels]\nsecrets = \"ask\"\n");
    assert_eq!(decision(&read_env(&sandbox).answer()), "ask");
    let nobody_asks = read_env(&sandbox).with("permission_mode", "bypassPermissions");
    assert!(nobody_asks.answer().refusal().contains("secrets.env-file"));
    user_settings(&sandbox, "[guard.levels]\nsecrets.env-file = \"warn\"\n");
    let warned = read_env(&sandbox).answer();
    assert_eq!(decision(&warned), Value::Null);
    assert!(
        warned.told().contains("secrets.env-file"),
        "{}",
        warned.told()
    );
    user_settings(&sandbox, "[guard.levels]\nsecrets = \"off\"\n");
    read_env(&sandbox).answer().is_silent();
    // The project's own file can only tighten that.
    let sandbox = sandbox.with_file(".claude/maos.toml", "[guard.levels]\nsecrets = \"deny\"\n");
    assert!(
        read_env(&sandbox)
            .answer()
            .refusal()
            .contains("secrets.env-file")
    );
}

#[test]
fn a_project_loosens_nothing() {
    let sandbox = Sandbox::with_repository()
        .with_file(".claude/maos.toml", "[guard.levels]\nsecrets = \"off\"\n");
    assert!(
        read_env(&sandbox)
            .answer()
            .refusal()
            .contains("secrets.env-file")
    );
}

#[test]
fn a_question_keeps_what_isolation_changed() {
    let sandbox = Sandbox::with_repository();
    let rule = "[[guard.rule]]\nid = \"docs\"\npath = '/docs/'\nonly_writes = true\nlevel = \"ask\"\n\
                reason = \"Docs are the team's.\"\n";
    user_settings(&sandbox, rule);
    let write = json!({"file_path": "docs/new.md", "content": "x"});
    let answered = HookEvent::before(&sandbox, "Write", write)
        .by("a5584d067ecffbeda", "Explore")
        .answer();
    let output = answered.finished().answer().unwrap();
    let output = &output["hookSpecificOutput"];
    assert_eq!(output["permissionDecision"], "ask", "{output}");
    let reason = output["permissionDecisionReason"].as_str().unwrap();
    let said = reason.strip_prefix("Docs are the team's. (MAOS rule own.docs, id ");
    assert_eq!(said.map(str::len), Some("12345678)".len()), "{reason}");
    let path = output["updatedInput"]["file_path"].as_str().unwrap();
    assert!(path.contains(".claude/worktrees/"), "{path}");
}

#[test]
fn a_wrong_file_is_told_once_and_the_defaults_hold() {
    let sandbox = Sandbox::with_repository();
    user_settings(&sandbox, "[guard.levels]\nsecrets = \"of\"\n");
    let sandbox = sandbox.with_file(
        ".claude/maos.toml",
        "[guard.levels]\n\"files.none\" = \"deny\"\n",
    );
    assert!(
        read_env(&sandbox)
            .answer()
            .refusal()
            .contains("secrets.env-file")
    );
    let begins = HookEvent::new(&sandbox, Event::SessionStart).with("source", "startup");
    let output = begins.answer().finished().exits(0).answer().unwrap();
    let said = output["systemMessage"].as_str().unwrap();
    assert!(said.contains("maos.toml:2:11: expected"), "{said}");
    assert!(said.contains("no rule `files.none`"), "{said}");
}

#[test]
fn an_objection_is_found_by_its_id() {
    let sandbox = Sandbox::with_repository();
    let reason = read_env(&sandbox)
        .by("a5584d067ecffbeda", "coder")
        .answer()
        .refusal();
    let id = reason.rsplit_once("id ").unwrap().1.trim_end_matches(')');
    let why = sandbox.maos(["why", id]).exits(0).out();
    for part in [
        "coder a5584d067ecffbeda",
        "Read",
        "deny",
        "secrets.env-file",
    ] {
        assert!(why.contains(part), "{why}");
    }
    let unknown = sandbox.maos(["why", "00000000"]).exits(1).err();
    assert!(unknown.contains("no call with the id"), "{unknown}");
}

#[test]
fn no_agent_changes_what_guards_it() {
    let sandbox = Sandbox::with_repository();
    for path in [
        ".claude/settings.json",
        ".claude/./x/../settings.local.json",
        "~/.claude/maos.toml",
        "~/.claude/hooks/maos-pre-tool",
        ".maos/audit.jsonl",
    ] {
        let write = json!({"file_path": path, "content": "{}"});
        let refusal = HookEvent::before(&sandbox, "Write", write)
            .answer()
            .refusal();
        assert!(refusal.contains("MAOS rule maos."), "{path}: {refusal}");
        HookEvent::before(&sandbox, "Read", json!({"file_path": path}))
            .answer()
            .is_silent();
    }
    for path in [
        "settings.json",
        ".claude/agents/a.md",
        "~/.claude/hooks/mine.sh",
    ] {
        let write = json!({"file_path": path, "content": "{}"});
        HookEvent::before(&sandbox, "Write", write)
            .answer()
            .is_silent();
    }
}

#[test]
fn a_person_lets_a_rule_off_for_a_while() {
    let sandbox = Sandbox::with_repository();
    let allow = ["allow", "--for", "10m", "secrets.env-file"];
    let refused = sandbox.maos(allow).exits(1).err();
    assert!(refused.contains("only a person at a terminal"), "{refused}");
    assert!(!read_env(&sandbox).answer().refusal().is_empty());

    let fixed = ["allow", "--for", "10m", "files.rm-root"];
    let _ = sandbox.maos_at_a_terminal(fixed).exits(1);
    let done = sandbox.maos_at_a_terminal(allow).exits(0).out();
    assert!(done.contains("secrets.env-file is off"), "{done}");
    read_env(&sandbox).answer().is_silent();
    let audit = sandbox.project().join(".maos/audit.jsonl");
    let audit = std::fs::read_to_string(audit).unwrap();
    let outcomes: Vec<Value> = audit
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["outcome"].clone())
        .collect();
    assert_eq!(outcomes, ["deny", "allow", "pass"], "{audit}");
}
