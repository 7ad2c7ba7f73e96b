//! Every deny, ask, warn and override stands in `.maos/audit.jsonl`, and
//! `maos why` explains it.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use maos_shared::hook::Event;
use maos_tests::{HookEvent, Sandbox};
use serde_json::{Value, json};

const ID: &str = "a5584d067ecffbeda";

/// Returns the lines of the audit journal.
fn audit(sandbox: &Sandbox) -> Vec<Value> {
    let text = sandbox.read(".maos/audit.jsonl").unwrap_or_default();
    let line = |line| serde_json::from_str(line).expect("a line is JSON");
    text.lines().map(line).collect()
}

/// Checks the newest line of the audit journal, and that `maos why` explains
/// it; returns it.
fn is_audited(sandbox: &Sandbox, verdict: &str, rule: &str) -> Value {
    let line = audit(sandbox).pop().expect("a line");
    assert_eq!(
        (&line["verdict"], &line["rule"]),
        (&json!(verdict), &json!(rule))
    );
    let time = line["time"].as_str().expect("a time");
    assert!(time.ends_with('Z') && time.len() == 24, "{line}");
    assert!(
        line["session"].is_string() && line["reason"].is_string(),
        "{line}"
    );
    let id = line["id"].as_str().expect("an id");
    let why = sandbox.maos(["why", id]).exits(0).out();
    for part in [
        time,
        verdict,
        rule,
        line["reason"].as_str().expect("a text"),
    ] {
        assert!(why.contains(part), "{part} is not in\n{why}");
    }
    line
}

fn bash<'a>(sandbox: &'a Sandbox, command: &str) -> HookEvent<'a> {
    HookEvent::before(sandbox, "Bash", json!({"command": command}))
}

#[test]
fn the_status_line_counts_what_was_stopped_in_its_session() {
    let sandbox = Sandbox::with_repository();
    let stopped = |session: &str| {
        let call = bash(&sandbox, "rm -rf /").with("session_id", session);
        assert!(call.answer().refusal().contains("files.rm-root"));
    };
    let line = |session: &str| {
        let input = json!({"cwd": sandbox.project(), "session_id": session});
        let input = input.to_string();
        sandbox.maos_given(["statusline"], input).exits(0).out()
    };
    stopped("one");
    stopped("one");
    stopped("other");
    assert!(line("one").contains("2 blocked"), "{}", line("one"));
    assert!(!line("none").contains("blocked"), "{}", line("none"));
}

#[test]
fn each_kind_of_verdict_is_audited() {
    let sandbox = Sandbox::with_repository();
    let levels = "[guard.levels]\ngit.clean = \"warn\"\nsecrets = \"ask\"\n";
    sandbox.write("../.claude/maos.toml", levels);

    let command = "sudo rm -rf / --password=hunter2 hunter2 && git log";
    let refusal = bash(&sandbox, command).by(ID, "Explore").answer().refusal();
    let line = is_audited(&sandbox, "deny", "files.rm-root");
    let id = line["id"].as_str().expect("an id");
    assert!(
        refusal.ends_with(&format!("(MAOS rule files.rm-root, id {id})")),
        "{refusal}"
    );
    assert_eq!(
        (&line["agent"], &line["agent_type"]),
        (&json!(ID), &json!("Explore"))
    );
    let commands = json!([
        "sudo … -rf … --password …",
        "rm -rf … --password …",
        "git …"
    ]);
    assert_eq!(
        (&line["tool"], &line["commands"]),
        (&json!("Bash"), &commands)
    );

    let asked = bash(&sandbox, "cat .env").answer();
    assert!(
        asked
            .finished()
            .out()
            .contains(r#""permissionDecision":"ask""#)
    );
    let line = is_audited(&sandbox, "ask", "secrets.env-file");
    assert_eq!(
        (&line["agent"], &line["commands"]),
        (&Value::Null, &json!(["cat …"]))
    );

    let told = bash(&sandbox, "git clean -f").answer().told();
    let line = is_audited(&sandbox, "warn", "git.clean");
    assert!(told.contains(line["id"].as_str().expect("an id")), "{told}");

    let read = json!({"file_path": ".env"});
    let read =
        HookEvent::before(&sandbox, "Read", read).with("permission_mode", "bypassPermissions");
    let _ = read.answer().refusal();
    let line = is_audited(&sandbox, "deny", "secrets.env-file");
    let why = sandbox.maos(["why", line["id"].as_str().expect("an id")]);
    assert!(
        why.out().contains(" .env\n"),
        "the file of a file tool is shown"
    );

    let _ = bash(&sandbox, "echo 'abc").answer().refusal();
    let line = is_audited(&sandbox, "deny", "guard.unreadable");
    assert_eq!(line["commands"], Value::Null);
    let _ = bash(&sandbox, &"( ".repeat(300)).answer().refusal();
    is_audited(&sandbox, "deny", "guard.limit");
}

#[test]
fn an_override_is_audited_with_what_it_lets_pass() {
    let sandbox = Sandbox::with_repository();
    let allow = ["allow", "--for", "10m", "git.clean"];
    let _ = sandbox.maos_at_a_terminal(allow).exits(0);
    let line = audit(&sandbox).pop().expect("a line");
    assert_eq!(
        (&line["event"], &line["rule"]),
        (&json!("Allow"), &json!("git.clean"))
    );
    assert!(
        line["until"].is_string() && line["time"].is_string(),
        "{line}"
    );
    let until = line["until"].as_str().expect("a time");
    let shown = sandbox.maos(["audit"]).exits(0).out();
    let until = format!("until {} {}", &until[5..10], &until[11..19]);
    assert!(
        shown.contains(" person ") && shown.contains(&until),
        "{shown}"
    );
    let by_main = sandbox.maos(["audit", "--agent", "main"]).exits(0).out();
    assert_eq!(by_main, "no such line yet\n");
    bash(&sandbox, "git clean -fd docs").answer().is_silent();
    let line = is_audited(&sandbox, "allowed", "git.clean");
    assert_eq!(line["commands"], json!(["git … -fd …"]));
    // What passes without an objection leaves nothing there.
    bash(&sandbox, "git status").answer().is_silent();
    assert_eq!(audit(&sandbox).len(), 2);
}

#[test]
fn what_isolation_refuses_is_audited() {
    let sandbox = Sandbox::with_repository();
    let by_agent = |tool: &str, input: Value| {
        HookEvent::before(&sandbox, tool, input)
            .by(ID, "Explore")
            .answer()
            .refusal()
    };
    let named = |refusal: &str, rule: &str| {
        let line = is_audited(&sandbox, "deny", rule);
        let id = line["id"].as_str().expect("an id");
        assert!(
            refusal.ends_with(&format!("(MAOS rule {rule}, id {id})")),
            "{refusal}"
        );
        assert_eq!(line["agent"], ID);
        line
    };
    let edit = json!({"file_path": "README.md", "old_string": "a", "new_string": "b"});
    named(&by_agent("Edit", edit), "isolation.edit");
    let touch = format!("touch {}/a", sandbox.project().display());
    let line = named(
        &by_agent("Bash", json!({"command": touch})),
        "isolation.command",
    );
    assert_eq!(line["commands"], json!(["touch …"]));
    let hook = sandbox.project().join(".git/hooks/post-commit");
    let write = json!({"file_path": hook, "content": "x"});
    named(&by_agent("Write", write), "isolation.foreign");
}

#[test]
fn an_agent_without_a_workspace_is_audited() {
    // A file stands where the worktrees should.
    let sandbox = Sandbox::with_repository().with_file(".claude/worktrees", "");
    let _ = bash(&sandbox, "touch a")
        .by(ID, "Explore")
        .answer()
        .refusal();
    let line = is_audited(&sandbox, "deny", "isolation.workspace");
    assert_eq!(line["commands"], json!(["touch …"]));
}

#[test]
fn a_file_that_another_changes_is_audited() {
    let sandbox = Sandbox::without_repository();
    let write = |id: &str| {
        let input = json!({"file_path": "a.txt", "content": "x"});
        HookEvent::before(&sandbox, "Write", input)
            .by(id, "coder")
            .answer()
    };
    write("first").is_silent();
    let refusal = write("second").refusal();
    let line = is_audited(&sandbox, "deny", "leases.held");
    assert_eq!(line["agent"], "second");
    assert!(
        refusal.contains(line["id"].as_str().expect("an id")),
        "{refusal}"
    );
}

#[test]
fn the_rules_of_isolation_are_listed_and_stay() {
    let sandbox = Sandbox::with_repository();
    let levels = "[guard.levels]\nisolation = \"off\"\n\"leases.held\" = \"warn\"\n";
    sandbox.write("../.claude/maos.toml", levels);
    let rules = sandbox.maos(["rules"]).exits(0).out();
    for rule in [
        "isolation.command",
        "isolation.edit",
        "isolation.foreign",
        "isolation.git",
        "isolation.workspace",
        "leases.held",
    ] {
        let line = rules.lines().find(|line| line.starts_with(rule));
        let line = line.unwrap_or_else(|| panic!("{rule} is not in\n{rules}"));
        assert!(line.contains("deny!"), "{line}");
        let refused = sandbox.maos_at_a_terminal(["allow", "--for", "1m", rule]);
        assert!(
            refused.exits(1).err().contains("cannot be let off"),
            "{rule}"
        );
    }
    assert!(
        rules.contains("no rule of `isolation` can be set to off"),
        "{rules}"
    );
    let edit = json!({"file_path": "README.md"});
    let edit = HookEvent::before(&sandbox, "Edit", edit).by(ID, "Explore");
    assert!(edit.answer().refusal().contains("isolation.edit"));
    let begins = HookEvent::new(&sandbox, Event::SessionStart).with("source", "startup");
    let said = begins.answer().finished().exits(0).out();
    assert!(
        said.contains("`leases.held` cannot be set to warn"),
        "{said}"
    );
}
