//! What only reads and what may change files, held against two tables:
//! `effect/reads.txt` and `effect/modifies.txt`. `⏎` stands for a line end.

use std::path::{Path, PathBuf};

use maos_shared::guard::{Effect, Policy, Surroundings, judge_command};

const READS: &str = include_str!("../effect/reads.txt");
const MODIFIES: &str = include_str!("../effect/modifies.txt");

fn effect(command: &str) -> Effect {
    let temp = [PathBuf::from("/tmp")];
    let around = Surroundings {
        cwd: Path::new("/home/dev/project"),
        home: Some(Path::new("/home/dev")),
        project: Path::new("/home/dev/project"),
        temp: &temp,
        settings: None,
        in_workspace: false,
    };
    judge_command(command, &around, &Policy::default()).effect
}

/// Returns the commands of a table whose effect is another.
fn others(table: &'static str, expected: Effect) -> Vec<&'static str> {
    let has_another = |line: &&str| effect(&line.replace('⏎', "\n")) != expected;
    table.lines().filter(has_another).collect()
}

#[test]
fn what_reads_is_known_to_read() {
    let wrong = others(READS, Effect::Reads);
    assert!(wrong.is_empty(), "taken for changes:\n{}", wrong.join("\n"));
}

#[test]
fn what_may_change_files_is_never_taken_for_a_read() {
    let wrong = others(MODIFIES, Effect::Modifies);
    assert!(wrong.is_empty(), "taken for reads:\n{}", wrong.join("\n"));
}
