//! `maos doctor` with the built programs: what is on, what is not, what helps.
#![expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "tests fail by panicking; one writes damage"
)]

use maos_shared::hook::Event;
use maos_tests::{HookEvent, Sandbox, programs_folder};
use serde_json::Value;

fn register(sandbox: &Sandbox, programs: &std::path::Path) {
    let programs = programs.to_str().expect("a path of ours is UTF-8");
    let _ = sandbox.maos(["register", "--programs", programs]).exits(0);
}

/// Returns the findings of a grade, as `subject: found`.
fn findings(sandbox: &Sandbox, code: i32, grade: &str) -> Vec<String> {
    let report = sandbox.maos(["doctor", "--json"]).exits(code).out();
    let report: Value = serde_json::from_str(&report).expect("one JSON object");
    let findings = report["findings"].as_array().expect("a list").iter();
    let findings = findings.filter(|finding| finding["grade"] == grade);
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    findings
        .map(|finding| format!("{}: {}", text(&finding["subject"]), text(&finding["found"])))
        .collect()
}

#[test]
fn a_sound_installation_has_no_fault_and_one_that_is_off_has() {
    let sandbox = Sandbox::with_repository();
    let faults = findings(&sandbox, 1, "fault");
    assert_eq!(
        faults,
        ["settings: no settings file registers the hooks, and no client runs that has the plugin"]
    );
    register(&sandbox, &programs_folder());
    assert_eq!(findings(&sandbox, 0, "fault"), Vec::<String>::new());
    let good = findings(&sandbox, 0, "good").join("\n");
    assert!(good.contains("all 14 events"), "{good}");
    assert!(good.contains("guard: on: `ls` passes"), "{good}");
    assert!(good.contains("files: renames and locks work"), "{good}");
    assert!(good.contains("reflink"), "{good}");
    assert_eq!(sandbox.status(), "", "nothing is left in the project");

    sandbox.write(
        ".claude/settings.local.json",
        r#"{"disableAllHooks": true}"#,
    );
    let faults = findings(&sandbox, 1, "fault").join("\n");
    assert!(faults.contains("switches all hooks off"), "{faults}");
    sandbox.write(".claude/settings.local.json", "{");
    let faults = findings(&sandbox, 1, "fault").join("\n");
    assert!(faults.contains("settings.local.json:1:"), "{faults}");
}

#[test]
fn a_program_that_does_not_answer_is_named_with_its_remedy() {
    let sandbox = Sandbox::with_repository();
    let version = env!("CARGO_PKG_VERSION");
    let script = format!("[ \"$1\" = --version ] && echo maos-stop {version} || exit 7");
    register(&sandbox, &sandbox.programs_but(Event::Stop, &script));
    let report = sandbox.maos(["doctor"]).exits(1).out();
    assert!(
        report.contains("maos-stop must answer an event"),
        "{report}"
    );
    assert!(
        report.contains("\n                  run scripts/install.sh\n"),
        "{report}"
    );
    assert!(report.contains("13 of 14 answer an event"), "{report}");
    assert!(report.contains("on: `ls` passes"), "{report}");
}

#[test]
fn a_hook_without_enough_time_is_a_fault() {
    let sandbox = Sandbox::with_repository();
    register(&sandbox, &programs_folder());
    let settings = sandbox.read("../.claude/settings.json").expect("settings");
    let stop = Event::Stop.timeout().as_secs();
    assert!(
        settings.contains(&format!("\"timeout\": {stop}")),
        "{settings}"
    );
    let short = settings.replace(&format!("\"timeout\": {stop}"), "\"timeout\": 1");
    sandbox.write("../.claude/settings.json", &short);
    let faults = findings(&sandbox, 1, "fault").join("\n");
    let told = format!("Stop has 1 s, and may need {stop} s");
    assert!(faults.contains(&told), "{faults}");
}

#[test]
fn the_plugin_needs_no_settings() {
    let sandbox = Sandbox::with_repository();
    sandbox.write(
        "../.claude/settings.json",
        r#"{"enabledPlugins": {"maos@shop": true}}"#,
    );
    assert_eq!(findings(&sandbox, 0, "fault"), Vec::<String>::new());
    let good = findings(&sandbox, 0, "good").join("\n");
    assert!(good.contains("plugin: "), "{good}");
}

#[test]
fn the_plugin_counts_where_no_settings_tell_of_it() {
    let sandbox = Sandbox::with_repository();
    let report = sandbox.maos_of_the_plugin(["doctor"]).exits(0).out();
    assert!(
        report.contains("plugin     `claude --plugin-dir "),
        "{report}"
    );
    assert!(report.contains("14 of 14 answer an event"), "{report}");
    assert!(report.contains("on: `ls` passes"), "{report}");
    // Another program that lies elsewhere sees a client whose hooks have run.
    let begin = || HookEvent::new(&sandbox, Event::SessionStart).with("source", "startup");
    let _ = begin().answer();
    let good = findings(&sandbox, 0, "good").join("\n");
    assert!(
        good.contains("plugin: session 5e551011 runs with the hooks"),
        "{good}"
    );
    let end = HookEvent::new(&sandbox, Event::SessionEnd).with("reason", "exit");
    let _ = end.answer();
    assert_eq!(findings(&sandbox, 1, "fault").len(), 1);
}

#[test]
fn a_lost_worktree_of_a_stopped_agent_is_told_and_its_remedy_helps() {
    const ID: &str = "a1584d067ecffbeda";
    let sandbox = Sandbox::with_repository();
    register(&sandbox, &programs_folder());
    let create = HookEvent::new(&sandbox, Event::WorktreeCreate);
    let path = create.with("name", format!("agent-{ID}")).answer().path();
    let start = HookEvent::new(&sandbox, Event::SubagentStart).by(ID, "coder");
    start.from_folder(&path).answer().is_silent();
    std::fs::write(path.join("a.txt"), "a").expect("a file");
    let stop = HookEvent::new(&sandbox, Event::SubagentStop).by(ID, "coder");
    stop.from_folder(&path).answer().is_silent();
    let told = || findings(&sandbox, 0, "note").join("\n");
    assert!(!told().contains("worktree: "), "{}", told());
    std::fs::remove_dir_all(&path).expect("the worktree");
    let lost = format!(
        "worktree: {} is gone; its agent has stopped",
        path.display()
    );
    assert!(told().contains(&lost), "{}", told());

    let report = sandbox.maos(["doctor", "--json"]).exits(0).out();
    let (_, remedy) = report.split_once("else `git ").expect("a remedy");
    let (remedy, _) = remedy.split_once('`').expect("its end");
    sandbox.git(remedy.split(' '));
    assert!(!told().contains("worktree: "), "{}", told());
}

#[test]
fn damaged_state_and_a_lost_worktree_are_faults() {
    const ID: &str = "a1584d067ecffbeda";
    let sandbox = Sandbox::with_repository();
    register(&sandbox, &programs_folder());
    let create = HookEvent::new(&sandbox, Event::WorktreeCreate);
    let path = create.with("name", format!("agent-{ID}")).answer().path();
    let start = HookEvent::new(&sandbox, Event::SubagentStart).by(ID, "coder");
    start.from_folder(&path).answer().is_silent();
    let _ = HookEvent::new(&sandbox, Event::SessionStart)
        .with("source", "startup")
        .answer();
    assert_eq!(findings(&sandbox, 0, "fault"), Vec::<String>::new());
    std::fs::remove_dir_all(&path).expect("the worktree");
    let faults = findings(&sandbox, 1, "fault").join("\n");
    let gone = format!("worktree: {} is gone", path.display());
    assert!(faults.contains(&gone), "{faults}");
    let sessions = sandbox.project().join(".maos/sessions");
    let mut sessions = std::fs::read_dir(sessions).expect("sessions");
    let session = sessions.next().expect("one").expect("a folder").path();
    for file in [
        "session.json",
        &format!("agents/{ID}/workspace.json"),
        &format!("agents/{ID}/result.json"),
    ] {
        std::fs::write(session.join(file), "{").expect("damage");
        let faults = findings(&sandbox, 1, "fault").join("\n");
        let damaged = format!("{} is damaged", session.join(file).display());
        assert!(faults.contains(&damaged), "{faults}");
    }
}

#[test]
fn a_folder_without_git_is_told() {
    let sandbox = Sandbox::with_repository();
    register(&sandbox, &programs_folder());
    let bare = sandbox.home().join("bare");
    std::fs::create_dir(&bare).expect("a folder");
    let bare = bare.to_str().expect("a path of ours is UTF-8");
    let report = sandbox.maos(["doctor", "--project", bare]).exits(0).out();
    assert!(report.contains("is in no git repository"), "{report}");
    assert!(report.contains("git init"), "{report}");
}

#[test]
fn a_mistake_in_maos_toml_is_told_with_its_place() {
    let sandbox = Sandbox::with_repository();
    register(&sandbox, &programs_folder());
    sandbox.write("../.claude/maos.toml", "[guard]\nnothing = 1\n");
    let faults = findings(&sandbox, 1, "fault").join("\n");
    assert!(faults.contains("maos.toml:2:1: unknown field"), "{faults}");
}

#[test]
fn a_tool_that_is_missing_is_named() {
    let sandbox = Sandbox::with_repository();
    register(&sandbox, &programs_folder());
    let tools = |grade: &str| {
        let found = findings(&sandbox, 0, grade);
        found.into_iter().find(|it| it.starts_with("tools: "))
    };
    assert_eq!(tools("good"), None, "none is asked for");
    let run = "[tooling.rust]\nclippy = \"off\"\n[[tooling.run]]\nfiles = \"*.py\"\n\
               command = [\"no-such-tool\"]\n";
    sandbox.write("../.claude/maos.toml", run);
    sandbox.write("Cargo.toml", "[package]\nname = \"x\"\n");
    sandbox.stand_in("rustfmt", "exit 0");
    let missing = "tools: not on the search path: no-such-tool";
    assert_eq!(tools("note").as_deref(), Some(missing));
    sandbox.stand_in("no-such-tool", "exit 0");
    let there = "tools: rustfmt, no-such-tool";
    assert_eq!(tools("good").as_deref(), Some(there));
}
