//! Help, schemas, completions, manual pages, exit codes.

use std::fs;
use std::io;
use std::process::Command;

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
    let help = world.prints(&["--help"]);
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let commands = commands.map_while(|line| line.strip_prefix("  ")?.split(' ').next());
    let commands: Vec<&str> = commands.filter(|name| *name != "help").collect();
    assert!(commands.len() > 25, "{commands:?}");
    let below = [
        "config-import",
        "config-check",
        "rescue-restore",
        "jobs-stop",
    ];
    for name in commands.into_iter().chain(below) {
        let page = fs::read_to_string(folder.join(format!("maos-{name}.1"))).unwrap();
        assert!(page.contains(&format!(".TH maos-{name} 1")), "{name}");
    }
    let page = fs::read_to_string(folder.join("maos.1")).unwrap();
    assert!(page.contains("Exit codes:"), "{page}");
}

#[test]
fn a_shell_completes_commands_and_options() {
    let world = World::new();
    let script = world.prints(&["completions", "bash"]);
    let complete = |words: &[&str]| {
        let (last, before) = words.split_last().unwrap();
        let previous = before.last().unwrap();
        let call = format!(
            "{script}\nCOMP_WORDS=({})\nCOMP_CWORD={}\n_maos maos '{last}' '{previous}'\n\
             printf '%s ' \"${{COMPREPLY[@]}}\"",
            words.join(" "),
            before.len()
        );
        let output = Command::new("bash").args(["-c", &call]).output().unwrap();
        assert_eq!(text(&output.stderr), "");
        text(&output.stdout)
    };
    assert_eq!(complete(&["maos", "st"]), "status stats statusline ");
    assert_eq!(complete(&["maos", "status", "--p"]), "--project ");
    assert_eq!(complete(&["maos", "config", "im"]), "import ");
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
