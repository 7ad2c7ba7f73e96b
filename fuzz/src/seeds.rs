//! Where the inputs begin: the tables that the tests have as well.

use std::fs;
use std::path::{Path, PathBuf};

/// Returns the seeds of a target.
///
/// # Panics
/// When a table is not there or is broken.
#[must_use]
pub fn of(target: &str) -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let snippets = snippets(&root.join("maos-shared/src/guard/shell/tests/snippets.tsv"));
    let cases = files(&root.join("maos-shared/tests/cases"));
    let cases = cases.iter().flat_map(|path| lines(path));
    let texts = snippets.into_iter().chain(cases);
    match target {
        "parse" => texts.map(Vec::from).collect(),
        _ => {
            let recorded = files(&root.join("tests/recorded"));
            let read = |path: &PathBuf| fs::read(path).expect("a recording");
            let calls = texts.map(|text| call(&text));
            recorded.iter().map(read).chain(calls).collect()
        }
    }
}

/// Returns the hook input for a command.
fn call(text: &str) -> Vec<u8> {
    let input = serde_json::json!({
        "session_id": "s",
        "cwd": "/home/dev/project",
        "hook_event_name": "PreToolUse",
        "tool_name": "Bash",
        "tool_input": {"command": text},
    });
    input.to_string().into_bytes()
}

/// Returns the snippets of a table: JSON strings in its fourth column.
fn snippets(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).expect("the snippets");
    let snippet = |line: &str| {
        let column = line.split('\t').nth(3).expect("four columns");
        serde_json::from_str(column).expect("a JSON string")
    };
    text.lines().skip(1).map(snippet).collect()
}

/// Returns the commands of a table of cases.
fn lines(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).expect("a table");
    let is_command = |line: &&str| !line.is_empty() && !line.starts_with('[');
    let commands = text.lines().filter(is_command);
    commands.map(|line| line.replace('⏎', "\n")).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder of seeds");
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    paths
}
