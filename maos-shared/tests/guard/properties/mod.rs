//! What has to hold for every command that the guard stops, however it is
//! dressed: mentioned, it stops nothing ([`data`]); wrapped, it is stopped all
//! the same ([`wrapped`]).

mod data;
mod failures;
mod literals;
mod wrapped;
mod wrappers;

use maos_shared::guard::Verdict;

use crate::tables::{cases, corpus};

/// Returns every command of the tables and of the corpus that the guard stops.
fn stopped() -> Vec<String> {
    let cases = cases::cases().into_iter();
    let mut commands: Vec<String> = cases
        .filter(|case| case.rule != "pass")
        .map(|case| case.command)
        .collect();
    for row in corpus::rows("corpus.tsv").unwrap_or_default() {
        let command: String = serde_json::from_str(&row[2]).expect("a command is a JSON string");
        commands.push(command);
    }
    commands.retain(|command| is_stopped(command));
    commands.sort();
    commands.dedup();
    assert!(commands.len() > 500, "the tables are read");
    commands
}

/// Returns whether a command does not run unless somebody says yes.
fn is_stopped(command: &str) -> bool {
    let verdict = cases::judge(command).verdict;
    matches!(verdict, Verdict::Deny(_) | Verdict::Ask(_))
}
