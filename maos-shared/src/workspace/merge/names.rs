//! Which paths may come back by themselves. A branch is as hostile as whoever
//! wrote it, and its trees can hold names that git itself would not check out.

use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// The files in a folder `.claude` that say what runs on the person's machine.
const SETTINGS: [&str; 3] = ["settings.json", "settings.local.json", "maos.toml"];

/// Returns why nothing is written at `path`, the path in a tree; nothing when it
/// may be.
pub(super) fn problem(path: &Path) -> Option<&'static str> {
    let parts: Vec<String> = path
        .as_os_str()
        .as_bytes()
        .split(|byte| *byte == b'/')
        .map(plain)
        .collect();
    if parts.iter().any(|part| matches!(&**part, "" | "." | "..")) {
        return Some("it is no path of a file");
    }
    if parts
        .iter()
        .any(|part| part == ".git" || is_short_git(part))
    {
        return Some("git's own folder is nobody's to change");
    }
    if parts.iter().any(|part| part == ".maos") {
        return Some("the state of MAOS is nobody's to change");
    }
    let below = parts.iter().position(|part| part == ".claude");
    match below.map(|at| &parts[at + 1..]) {
        Some([first, ..]) if first == "worktrees" => Some("the workspaces of agents lie there"),
        Some([first, _, ..]) if first == "hooks" => Some(RUNS),
        Some([file]) if SETTINGS.contains(&&**file) => Some(RUNS),
        _ => None,
    }
}

const RUNS: &str = "it says what runs on your machine, so it comes by hand only";

/// Returns a name as a file system may take it that ignores case and what is
/// invisible: HFS+ leaves out zero-width characters, Windows dots and spaces at
/// the end.
fn plain(part: &[u8]) -> String {
    let text = String::from_utf8_lossy(part);
    let visible = text.chars().filter(|c| {
        !matches!(c, '\u{200c}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{206a}'..='\u{206f}' | '\u{feff}')
    });
    let lower: String = visible.flat_map(char::to_lowercase).collect();
    match lower.trim_end_matches(['.', ' ']) {
        // Nothing but dots: `.` and `..` are kept apart from other names.
        "" => lower,
        rest => rest.to_owned(),
    }
}

/// Returns whether a name is what Windows calls a folder `.git` in short.
fn is_short_git(name: &str) -> bool {
    name.strip_prefix("git~")
        .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lead_elsewhere_are_refused() {
        let hostile = [
            "",
            "/etc/passwd",
            "a//b",
            "./a",
            "a/../../b",
            "..",
            ".git/config",
            "a/.git/hooks/pre-commit",
            ".GIT/config",
            ".g\u{200c}it/config",
            ".git./config",
            ".git /config",
            "git~1/config",
            "GIT~2",
            ".maos/x",
            "a/.MAOS",
            ".claude/worktrees/x/file",
            ".claude/settings.json",
            "sub/.Claude/settings.local.json",
            ".claude/maos.toml",
            ".claude/hooks/maos-pre-tool",
        ];
        for path in hostile {
            assert!(problem(Path::new(path)).is_some(), "{path:?}");
        }
    }

    #[test]
    fn names_of_ordinary_files_are_not() {
        let ordinary = [
            "a",
            "src/lib.rs",
            ".gitignore",
            ".github/x",
            "a/.gitattributes",
            "git~x",
            "...",
            "a..b",
            ".claude/agents/x.md",
            ".claude/hooks",
            "worktrees/a",
            "é/\u{1f600}",
        ];
        for path in ordinary {
            assert_eq!(problem(Path::new(path)), None, "{path:?}");
        }
    }
}
