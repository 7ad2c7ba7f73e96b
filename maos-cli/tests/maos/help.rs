//! Help, schemas, completions, manual pages, exit codes.

use std::fs;
use std::io;

use crate::world::{World, text};

#[test]
fn schemas_completions_and_manual_pages_are_printed() {
    let world = World::new();
    let schema: serde_json::Value =
        serde_json::from_str(&world.prints(&["schema", "status"])).unwrap();
    let status: serde_json::Value =
        serde_json::from_str(&world.prints(&["status", "--json"])).unwrap();
    let described = schema["properties"].as_object().unwrap().keys();
    assert!(described.eq(status.as_object().unwrap().keys()), "{schema}");
    for shell in ["bash", "zsh", "fish"] {
        let script = world.prints(&["completions", shell]);
        assert!(
            script.contains("explain") && script.contains("project"),
            "{script}"
        );
    }
    assert!(
        world
            .prints(&["man", "status"])
            .contains(".TH maos-status 1")
    );
    for import in [&["man", "config import"][..], &["man", "config", "import"]] {
        assert!(world.prints(import).contains(".TH maos-config-import 1"));
    }
    let unknown = world.run(&["man", "config", "nothing"]);
    assert_eq!(unknown.status.code(), Some(1));
    let folder = world.root().join("man1");
    fs::create_dir(&folder).unwrap();
    world.prints(&["man", "--into", "man1"]);
    for page in [
        "maos.1",
        "maos-status.1",
        "maos-log.1",
        "maos-config-import.1",
        "maos-rescue-restore.1",
    ] {
        assert!(folder.join(page).exists(), "{page}");
    }
}

#[test]
fn exit_codes_are_as_documented() {
    let world = World::new();
    let help = world.prints(&["--help"]);
    assert!(help.contains("Exit codes:"), "{help}");
    assert!(world.prints(&["--version"]).starts_with("maos "));
    for usage in [&["unknown"][..], &[], &["log", "--event", "Nothing"]] {
        let output = world.run(usage);
        assert_eq!(output.status.code(), Some(2), "{usage:?}");
        assert!(!output.stderr.is_empty() && output.stdout.is_empty());
    }
    let failed = world.run(&["register", "--programs", "missing"]);
    assert_eq!(failed.status.code(), Some(1));
    let reason = text(&failed.stderr);
    assert!(
        reason.contains("is missing; run scripts/install.sh"),
        "{reason}"
    );
    assert_eq!(reason.lines().count(), 1);
    assert!(!world.root().join(".claude").exists());
}

#[test]
fn a_reader_that_left_is_no_failure() {
    let world = World::new();
    let (reader, writer) = io::pipe().unwrap();
    drop(reader);
    let output = world
        .command(&["programs"])
        .stdout(writer)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(text(&output.stderr), "");
}
