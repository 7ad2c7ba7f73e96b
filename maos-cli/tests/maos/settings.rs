//! Settings, shown, checked and found.

use std::fs;

use crate::world::{World, text};

#[test]
fn config_shows_checks_and_describes_the_settings() {
    let world = World::new();
    let own = world.root().join(".claude/maos.toml");
    fs::create_dir(own.parent().unwrap()).unwrap();
    let project = world.root().join("project");
    fs::create_dir(&project).unwrap();
    let config = |arguments: &[&str]| {
        let mut all = vec!["config"];
        all.extend_from_slice(arguments);
        world.command(&all).current_dir(&project).output().unwrap()
    };
    fs::write(
        &own,
        "[guard.levels]\ngit = \"ask\"\n[notify.openai]\nkey = \"sk-hush\"\n",
    )
    .unwrap();
    assert_eq!(config(&["check"]).status.code(), Some(0));
    let shown = text(&config(&["show"]).stdout);
    assert!(
        shown.contains("\n  guard.levels.git   \"ask\"\n"),
        "{shown}"
    );
    assert!(
        shown.contains("notify.openai.key  (set)") && !shown.contains("hush"),
        "{shown}"
    );
    assert!(!text(&config(&["show", "--json"]).stdout).contains("hush"));

    for (settings, place) in [
        ("[guard]\n\nx = 1\n", "maos.toml:3:1: "),
        ("[notify]\ninterval = \"soon\"\n", "maos.toml:2:12: "),
        (
            "[guard.levels]\n\"files.rm-root\" = \"off\"\n",
            "maos.toml: ",
        ),
    ] {
        fs::write(&own, settings).unwrap();
        let checked = config(&["check"]);
        assert_eq!(checked.status.code(), Some(1), "{settings}");
        assert!(
            text(&checked.stdout).contains(place),
            "{}",
            text(&checked.stdout)
        );
    }
    let schema = text(&config(&["schema"]).stdout);
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    for section in ["guard", "jobs", "notify", "workspace"] {
        assert!(schema["properties"][section].is_object(), "{section}");
    }
    assert!(schema.to_string().contains("`maos.toml`"));
    let refused = config(&["edit"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains("only a person at a terminal"));
}

#[test]
fn the_settings_are_those_of_the_clients_folder() {
    let world = World::new();
    let other = world.root().join("other");
    fs::create_dir(&other).unwrap();
    let dry_run = ["register", "--dry-run", "--programs", "/p"];
    assert!(
        world
            .prints(&dry_run)
            .contains(".claude/settings.json: would be")
    );
    let output = world
        .command(&dry_run)
        .env("CLAUDE_CONFIG_DIR", &other)
        .output()
        .unwrap();
    assert!(text(&output.stdout).contains("other/settings.json: would be"));
}
