//! What the documents show is what the programs do.

use maos_shared::hook::Event;
use maos_tests::{HookEvent, Sandbox};
use serde_json::json;

const README: &str = include_str!("../../../README.md");
const GUARD: &str = include_str!("../../../docs/GUARD.md");
const WORKSPACES: &str = include_str!("../../../docs/WORKSPACES.md");

const NOTIFY: &str = include_str!("../../../docs/NOTIFY.md");
const TOOLING: &str = include_str!("../../../docs/TOOLING.md");
const COORDINATION: &str = include_str!("../../../docs/COORDINATION.md");

#[test]
fn the_settings_in_the_pages_on_voices_and_tools_are_settings() {
    for page in [NOTIFY, TOOLING] {
        let (_, rest) = page.split_once("```toml\n").expect("a block of TOML");
        let (settings, _) = rest.split_once("```").expect("its end");
        let sandbox = Sandbox::with_repository();
        sandbox.write("../.claude/maos.toml", settings);
        let _ = sandbox.maos(["config", "check"]).exits(0);
    }
}

/// Returns the text without the id of an objection, which differs each time.
fn without_id(text: &str) -> &str {
    text.rsplit_once("id ").map_or(text, |(text, _)| text)
}

#[test]
fn the_readme_shows_a_denial_as_it_is() {
    let command = r#"sudo bash -c "rm -rf /""#;
    assert!(README.contains(command));
    let sandbox = Sandbox::with_repository();
    let denied = HookEvent::before(&sandbox, "Bash", json!({"command": command}));
    let reason = denied.answer().refusal();
    assert!(README.contains(without_id(&reason)), "{reason}");
}

#[test]
fn the_settings_in_the_guards_page_are_settings() {
    let (_, rest) = GUARD.split_once("```toml\n").expect("a block of TOML");
    let (settings, _) = rest.split_once("```").expect("its end");
    let sandbox = Sandbox::with_repository();
    sandbox.write("../.claude/maos.toml", settings);
    HookEvent::new(&sandbox, Event::SessionStart)
        .with("source", "startup")
        .answer()
        .is_silent();
    let rules = sandbox.maos(["rules"]).exits(0).out();
    assert!(!rules.contains("note:"), "{rules}");
    let levels: Vec<_> = rules
        .lines()
        .filter(|line| line.starts_with("git."))
        .collect();
    assert!(!levels.is_empty());
    assert!(levels.iter().all(|line| line.contains(" ask ")), "{rules}");
    let migration = json!({"file_path": "db/migrations/1.sql", "content": "x"});
    let refusal = HookEvent::before(&sandbox, "Write", migration)
        .answer()
        .refusal();
    assert!(refusal.contains("own.migrations"), "{refusal}");
}

#[test]
fn the_settings_in_the_page_on_workspaces_are_settings() {
    let (_, rest) = WORKSPACES.split_once("```toml\n").expect("a block of TOML");
    let (settings, _) = rest.split_once("```").expect("its end");
    let sandbox = Sandbox::with_repository();
    sandbox.write("../.claude/maos.toml", settings);
    let rules = sandbox.maos(["rules"]).exits(0).out();
    assert!(!rules.contains("note:"), "{rules}");
}

#[test]
fn the_settings_in_the_page_on_coordination_are_settings() {
    let (_, rest) = COORDINATION
        .split_once("```toml\n")
        .expect("a block of TOML");
    let (settings, _) = rest.split_once("```").expect("its end");
    let sandbox = Sandbox::with_repository();
    sandbox.write("../.claude/maos.toml", settings);
    let rules = sandbox.maos(["rules"]).exits(0).out();
    assert!(!rules.contains("note:"), "{rules}");
}
