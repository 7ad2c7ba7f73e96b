//! The texts that both are given.

use std::fs;
use std::path::{Path, PathBuf};

/// Texts that hold another: each `C` becomes one, on lines of its own.
const FORMS: [&str; 16] = [
    "C",
    "( C )",
    "{ C; }",
    "if true; then C; fi",
    "while C; do break; done",
    "for i in 1 2; do C; done",
    "case x in x) C ;; esac",
    "f() { C; }; f",
    "echo $( C )",
    "echo \"a $( C ) b\"",
    "cat <( C )",
    "true && C",
    "C | cat",
    "! C",
    "cat <<EOT\n$( C )\nEOT",
    "x=$( C )",
];

/// Returns the snippets and the cases, each in one form.
pub(crate) fn texts() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../maos-shared");
    let table = fs::read_to_string(root.join("src/guard/shell/tests/snippets.tsv"));
    let table = table.expect("the snippets");
    let snippet = |line: &str| {
        let column = line.split('\t').nth(3).expect("four columns");
        serde_json::from_str::<String>(column).expect("a JSON string")
    };
    let mut texts: Vec<String> = table.lines().skip(1).map(snippet).collect();
    // What other shells write is not for a parser of bash.
    let is_bash = |file: &PathBuf| !file.ends_with("dialects.txt");
    for file in files(&root.join("tests/cases")).into_iter().filter(is_bash) {
        let text = fs::read_to_string(file).expect("a table");
        let is_command = |line: &&str| !line.is_empty() && !line.starts_with('[');
        let commands = text.lines().filter(is_command);
        texts.extend(commands.map(|line| line.replace('⏎', "\n")));
    }
    let inner = texts.iter().enumerate();
    let nested = inner.map(|(at, text)| {
        let form = FORMS[at % FORMS.len()];
        // A heredoc or a comment ends with its line.
        let (before, after) = form.split_once('C').expect("a place");
        let after = after.strip_prefix(';').unwrap_or(after);
        format!("{before}{text}\n{after}")
    });
    let nested: Vec<String> = nested.collect();
    texts.extend(nested);
    texts
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    paths
}
