//! What the documents show is what the programs do.

use std::fs;
use std::path::Path;

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

/// The sources of a crate, its tests with them.
fn sources(folder: &Path, text: &mut String) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, text);
        } else if path.extension().is_some_and(|end| end == "rs") {
            text.push_str(&fs::read_to_string(path).unwrap_or_default());
        }
    }
}

#[test]
fn the_tests_that_the_page_on_workspaces_names_are_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = root.parent().expect("the crate lies in the workspace");
    let mut text = String::new();
    for folder in ["maos-shared/src", "tests/tests"] {
        sources(&root.join(folder), &mut text);
    }
    let (_, table) = WORKSPACES
        .split_once("## What must not happen")
        .expect("the table");
    let names = table.lines().filter(|line| line.starts_with("| "));
    let names: Vec<&str> = names
        .filter_map(|line| line.split(" | ").nth(1))
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .collect();
    assert!(names.len() > 20, "{names:?}");
    for name in names {
        assert!(text.contains(&format!("fn {name}()")), "no test {name}");
    }
}

#[test]
fn every_command_that_the_documents_name_is_one() {
    const PLUGIN: [&str; 4] = [
        include_str!("../../../plugin/commands/explain.md"),
        include_str!("../../../plugin/commands/merge.md"),
        include_str!("../../../plugin/commands/status.md"),
        include_str!("../../../plugin/skills/isolated-agents/SKILL.md"),
    ];
    let pages = [README, GUARD, WORKSPACES, NOTIFY, TOOLING, COORDINATION];
    let help = Sandbox::with_repository().maos(["--help"]).exits(0).out();
    let (_, commands) = help.split_once("Commands:\n").expect("a list");
    let commands: Vec<&str> = commands
        .lines()
        .map_while(|line| line.strip_prefix("  ")?.split(' ').next())
        .collect();
    let named = pages.iter().chain(&PLUGIN).flat_map(|page| {
        let code = page.split("`maos ").skip(1);
        code.map(|code| code.split([' ', '`', '\n']).next().unwrap_or_default())
    });
    let named: Vec<&str> = named.collect();
    assert!(named.len() > 40, "{named:?}");
    for name in named {
        assert!(commands.contains(&name), "maos {name}");
    }
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
