//! The tables of commands in `cases/`, and the project that they run in.

use std::fs;
use std::path::{Path, PathBuf};

use maos_shared::guard::{Judgement, Policy, Surroundings, judge_command};

/// The project that the commands run in.
pub(crate) const PROJECT: &str = "/home/dev/project";

/// A command and the rule that must stop it; `pass` where none may.
pub(crate) struct Case {
    pub(crate) rule: String,
    pub(crate) command: String,
}

/// Returns the judgement on a command in the project.
pub(crate) fn judge(command: &str) -> Judgement {
    let temp = ["/tmp", "/var/tmp"].map(PathBuf::from);
    let around = Surroundings {
        cwd: Path::new(PROJECT),
        home: Some(Path::new("/home/dev")),
        project: Path::new(PROJECT),
        temp: &temp,
        settings: Some(Path::new("/home/dev/.claude")),
        in_workspace: false,
    };
    judge_command(command, &around, &Policy::default())
}

/// Returns every case, by file and line.
pub(crate) fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("tests/cases")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    let mut cases = Vec::new();
    for file in files {
        let text = fs::read_to_string(file).expect("a table");
        let mut rule = "";
        for line in text.lines().filter(|line| !line.is_empty()) {
            match line
                .strip_prefix('[')
                .and_then(|line| line.strip_suffix(']'))
            {
                Some(name) if !name.starts_with(' ') => rule = name,
                _ => cases.push(Case {
                    rule: rule.to_owned(),
                    command: line.replace('⏎', "\n"),
                }),
            }
        }
    }
    cases
}
