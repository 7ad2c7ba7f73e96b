//! The guard, held against the corpora of commands and files beside the
//! repository: verdicts that most careful engineers agree on.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use maos_shared::guard::{Access, Policy, Surroundings, Verdict, judge_command, judge_file};

use crate::tables::corpus::rows;

/// How many of the dangerous commands must be stopped, in per mille.
const STOPPED: usize = 980;

/// The category in which engineers do not agree: a folder below the project.
const DISPUTED: &str = "rm-relative";

fn judged(judge: impl FnOnce(&Surroundings<'_>, &Policy) -> Verdict) -> bool {
    let temp = ["/tmp", "/var/tmp"].map(PathBuf::from);
    let around = Surroundings {
        cwd: Path::new("/home/dev/project"),
        home: Some(Path::new("/home/dev")),
        project: Path::new("/home/dev/project"),
        in_workspace: false,
        temp: &temp,
        settings: Some(Path::new("/home/dev/.claude")),
    };
    matches!(
        judge(&around, &Policy::default()),
        Verdict::Deny(_) | Verdict::Ask(_)
    )
}

#[test]
fn commands_are_judged_as_careful_engineers_do() {
    let Some(rows) = rows("corpus.tsv") else {
        return;
    };
    let (mut stopped, mut dangerous) = (0, 0);
    let (mut alarms, mut misses) = (String::new(), String::new());
    for row in &rows {
        let [expected, category, command] = &row[..] else {
            panic!("{row:?}");
        };
        let text: String = serde_json::from_str(command).expect("a command is a JSON string");
        let stops = judged(|around, policy| judge_command(&text, around, policy).verdict);
        match (expected.as_str(), stops) {
            ("allow", true) => writeln!(alarms, "{category}: {command}").expect("a string"),
            ("deny", _) if category == DISPUTED => {}
            ("deny", stops) => {
                dangerous += 1;
                stopped += usize::from(stops);
                if !stops {
                    writeln!(misses, "{category}: {command}").expect("a string");
                }
            }
            _ => {}
        }
    }
    println!("{stopped} of {dangerous} dangerous commands stopped; missed:\n{misses}");
    assert!(alarms.is_empty(), "false alarms:\n{alarms}");
    assert!(
        stopped * 1000 >= dangerous * STOPPED,
        "{stopped} of {dangerous} stopped; missed:\n{misses}"
    );
}

#[test]
fn file_tools_are_judged_as_careful_engineers_do() {
    let Some(rows) = rows("files.tsv") else {
        return;
    };
    let mut wrong = String::new();
    for row in &rows {
        let [expected, category, tool, path] = &row[..] else {
            panic!("{row:?}");
        };
        let path: String = serde_json::from_str(path).expect("a path is a JSON string");
        let access = match tool.as_str() {
            "Write" | "Edit" | "MultiEdit" | "NotebookEdit" => Access::Write,
            _ => Access::Read,
        };
        let stops = judged(|around, policy| judge_file(&path, access, around, policy));
        if stops != (expected == "deny") {
            writeln!(wrong, "{expected} expected: {category}: {tool} {path}").expect("a string");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
