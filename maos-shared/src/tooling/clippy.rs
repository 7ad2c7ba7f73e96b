//! clippy on one package.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

use super::finding::Finding;
use super::package::{Package, installed};
use crate::jobs::Program;

/// The name of a workspace's own target folder.
pub(super) const TARGET: &str = "target";

/// What clippy found: the findings, and for each file the replacements that are
/// certain to be right.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) findings: Vec<Finding>,
    pub(super) replacements: Vec<Replacement>,
}

/// Bytes of a file that are to be others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Replacement {
    pub(super) file: PathBuf,
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) text: String,
}

#[derive(Deserialize)]
struct Line {
    message: Option<Message>,
}

#[derive(Deserialize)]
struct Message {
    level: String,
    message: String,
    code: Option<Code>,
    spans: Vec<Span>,
    #[serde(default)]
    children: Vec<Child>,
}

#[derive(Deserialize)]
struct Code {
    code: String,
}

#[derive(Deserialize)]
struct Child {
    #[serde(default)]
    spans: Vec<Span>,
}

#[derive(Deserialize)]
struct Span {
    file_name: PathBuf,
    byte_start: usize,
    byte_end: usize,
    line_start: usize,
    is_primary: bool,
    suggested_replacement: Option<String>,
    suggestion_applicability: Option<String>,
}

/// Checks the package and returns what is in `files`. Its build scripts run, and
/// its target folder is the workspace's own, whatever the environment or cargo's
/// settings say: one that agents share would have them wait for each other. Blocks
/// until `limit` at most.
///
/// # Errors
/// When cargo cannot be run, or does not end in time.
pub(super) fn run(package: &Package, files: &[&Path], limit: Duration) -> io::Result<Found> {
    let cargo = Program {
        path: "cargo".into(),
        arguments: [
            "clippy",
            "--quiet",
            "--all-targets",
            "--message-format=json",
            "--color=never",
            "--manifest-path",
        ]
        .map(Into::into)
        .into_iter()
        .chain([
            package.folder.join("Cargo.toml").into(),
            // A variable would reach build scripts, which may run cargo as well.
            "--target-dir".into(),
            package.workspace.join(TARGET).into(),
        ])
        .collect(),
        folder: package.folder.clone(),
        ..Program::default()
    };
    let output = installed(cargo.output(limit)?)?;
    let mut found = read(&output.stdout, package, files);
    if !output.success && output.stdout.is_empty() {
        // The manifest, the toolchain: nothing was compiled.
        let text = String::from_utf8_lossy(&output.stderr);
        let first = text.lines().find(|line| !line.trim().is_empty());
        let text = format!("cargo clippy: {}", first.unwrap_or(&output.status));
        found
            .findings
            .extend(files.first().map(|file| Finding::of_file(file, text)));
    }
    Ok(found)
}

fn read(output: &[u8], package: &Package, files: &[&Path]) -> Found {
    let mut found = Found::default();
    for line in output.split(|byte| *byte == b'\n') {
        let Ok(Line {
            message: Some(message),
        }) = serde_json::from_slice(line)
        else {
            continue;
        };
        let known = |span: &Span| {
            let places = [&package.workspace, &package.folder].map(|it| it.join(&span.file_name));
            places.into_iter().find(|place| files.contains(&&**place))
        };
        let primary = message.spans.iter().find(|span| span.is_primary);
        let Some((file, line)) = primary.and_then(|span| Some((known(span)?, span.line_start)))
        else {
            continue;
        };
        let code = message
            .code
            .map_or_else(String::new, |it| format!("[{}]", it.code));
        let finding = Finding {
            file,
            line,
            text: format!("{}{code}: {}", message.level, message.message),
            is_error: message.level == "error",
            tool: String::new(),
        };
        // Each target of a package is compiled, and tells the same.
        if !found.findings.contains(&finding) {
            found.findings.push(finding);
            let spans = message.children.into_iter().flat_map(|child| child.spans);
            found.replacements.extend(spans.filter_map(|span| {
                let is_certain =
                    span.suggestion_applicability.as_deref() == Some("MachineApplicable");
                Some(Replacement {
                    file: known(&span).filter(|_| is_certain)?,
                    from: span.byte_start,
                    to: span.byte_end,
                    text: span.suggested_replacement?,
                })
            }));
        }
    }
    found
}

/// Returns `text` with the replacements made that do not overlap; `None` where
/// none fits.
pub(super) fn mended(text: &[u8], mut replacements: Vec<Replacement>) -> Option<Vec<u8>> {
    crate::order::sort_by(&mut replacements, &|a, b| {
        (a.from, a.to).cmp(&(b.from, b.to))
    });
    let mut mended = Vec::with_capacity(text.len());
    let mut behind = 0;
    for replacement in replacements {
        let fits = replacement.from >= behind && replacement.from <= replacement.to;
        if !fits || replacement.to > text.len() {
            continue;
        }
        mended.extend(&text[behind..replacement.from]);
        mended.extend(replacement.text.as_bytes());
        behind = replacement.to;
    }
    (behind > 0).then(|| {
        mended.extend(&text[behind..]);
        mended
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package() -> Package {
        Package {
            folder: "/w/p".into(),
            workspace: "/w".into(),
            edition: "2024",
        }
    }

    const MESSAGE: &str = r#"{"reason":"compiler-message","message":{"level":"warning","message":"unneeded","code":{"code":"clippy::x"},"spans":[{"file_name":"p/src/lib.rs","byte_start":2,"byte_end":3,"line_start":7,"is_primary":true,"suggested_replacement":null,"suggestion_applicability":null}],"children":[{"spans":[{"file_name":"p/src/lib.rs","byte_start":2,"byte_end":3,"line_start":7,"is_primary":true,"suggested_replacement":"","suggestion_applicability":"MachineApplicable"}]}]}}"#;

    #[test]
    fn only_findings_in_the_files_count_each_once() {
        let file = Path::new("/w/p/src/lib.rs");
        let output = format!("{MESSAGE}\nnot json\n{{\"reason\":\"x\"}}\n{MESSAGE}\n");
        let found = read(output.as_bytes(), &package(), &[file]);
        let finding = Finding {
            file: file.to_owned(),
            line: 7,
            text: "warning[clippy::x]: unneeded".to_owned(),
            is_error: false,
            tool: String::new(),
        };
        assert_eq!(found.findings, [finding]);
        assert_eq!(found.replacements.len(), 1);
        let other = read(output.as_bytes(), &package(), &[Path::new("/w/p/src/a.rs")]);
        assert!(other.findings.is_empty() && other.replacements.is_empty());
    }

    #[test]
    fn replacements_that_overlap_or_lie_outside_are_left() {
        let replace = |from, to, text: &str| Replacement {
            file: "/a".into(),
            from,
            to,
            text: text.to_owned(),
        };
        let all = vec![
            replace(4, 5, "E"),
            replace(0, 2, "A"),
            replace(1, 3, "no"),
            replace(5, 99, "no"),
        ];
        assert_eq!(mended(b"abcdef", all).unwrap(), b"AcdEf");
        assert_eq!(mended(b"abc", vec![replace(2, 9, "no")]), None);
    }
}
