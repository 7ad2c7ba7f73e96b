//! What a command in an agent's workspace may reach, held against tables: paths out
//! of it (`workspace/out.txt`), what git shares between worktrees (`shared.txt`), and
//! what agents do every day (`free.txt`). `$M` stands for the main checkout.

use std::path::{Path, PathBuf};

use maos_shared::guard::{
    Denial, Effect, Policy, Surroundings, changes_shared_git, command_paths_into, judge_command,
};

const OUT: &str = include_str!("../workspace/out.txt");
const SHARED: &str = include_str!("../workspace/shared.txt");
const FREE: &str = include_str!("../workspace/free.txt");

const MAIN: &str = "/home/dev/project";
const OWN: &str = "/home/dev/project/.claude/worktrees/own";

/// What is found about a command.
#[derive(Debug)]
enum Found {
    /// It changes nothing, or what is the agent's.
    Free,
    /// It changes what lies out of the workspace.
    Out,
    /// It changes what worktrees share.
    Shared(Denial),
}

fn found(command: &str) -> Found {
    found_from(OWN, command)
}

fn found_from(cwd: &str, command: &str) -> Found {
    let temp = [PathBuf::from("/tmp")];
    let around = Surroundings {
        cwd: Path::new(cwd),
        home: Some(Path::new("/home/dev")),
        project: Path::new(OWN),
        temp: &temp,
        settings: None,
        in_workspace: true,
    };
    let command = command.replace("$M", MAIN);
    let judged = judge_command(&command, &around, &Policy::default());
    if judged.effect == Effect::Reads {
        return Found::Free;
    }
    let script = judged.script.expect("a command that can be read");
    let main = Path::new(MAIN);
    if command_paths_into(&script, &around, main, &Path::to_path_buf).is_some() {
        return Found::Out;
    }
    changes_shared_git(&script, &around).map_or(Found::Free, Found::Shared)
}

/// Returns the commands of a table about which something else is found.
fn others(table: &'static str, expected: fn(&Found) -> bool) -> Vec<String> {
    let judged = table.lines().map(|line| (line, found(line)));
    let wrong = judged.filter(|(_, found)| !expected(found));
    wrong
        .map(|(line, found)| format!("{line}: {found:?}"))
        .collect()
}

#[test]
fn what_leads_out_of_the_workspace_is_seen() {
    let wrong = others(OUT, |found| matches!(found, Found::Out));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_changes_the_git_of_all_worktrees_is_seen() {
    let wrong = others(SHARED, |found| matches!(found, Found::Shared(_)));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_agents_do_every_day_is_free() {
    let wrong = others(FREE, |found| matches!(found, Found::Free));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_folder_above_may_lie_in_the_workspace() {
    let below = format!("{OWN}/src");
    for command in [
        "touch ../a",
        "touch \"${PWD%/*}/a\"",
        "cd \"${PWD%/*}\" && make",
    ] {
        let found = found_from(&below, command);
        assert!(matches!(found, Found::Free), "{command}: {found:?}");
    }
}

#[test]
fn every_next_step_is_free() {
    for line in SHARED.lines() {
        let Found::Shared(denial) = found(line) else {
            continue;
        };
        for step in denial.instead.split('`').skip(1).step_by(2) {
            assert!(matches!(found(step), Found::Free), "{line}: {step}");
        }
    }
}
