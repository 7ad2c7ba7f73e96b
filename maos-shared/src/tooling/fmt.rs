//! rustfmt on one file.
//!
//! The text goes through its stdin: given a file, it would format the modules
//! of that file as well. It runs in the file's folder, where it finds the
//! project's settings and toolchain.

use std::io;
use std::time::Duration;

use super::finding::Finding;
use super::mend::Seen;
use super::package::Package;
use crate::config::Tool;
use crate::files::read_start;
use crate::jobs::Program;
use crate::state::State;
use crate::state::edits::Stamp;

/// Formats the file, or looks whether it is formatted, and returns what there
/// is to say of that, and the file's stamp where it has changed. Blocks until
/// `limit` at most.
///
/// # Errors
/// When rustfmt cannot be run, does not end in time, or the file cannot be
/// read or written.
pub(super) fn run(
    state: &State,
    seen: &Seen<'_>,
    package: &Package,
    tool: Tool,
    limit: Duration,
) -> io::Result<(Option<Finding>, Option<Stamp>)> {
    if tool == Tool::Off || !seen.is_still(state) {
        return Ok((None, None));
    }
    let text = read_start(seen.file, seen.stamp.bytes())?;
    let rustfmt = Program {
        path: "rustfmt".into(),
        arguments: [
            "--edition",
            package.edition,
            "--emit",
            "stdout",
            "--color",
            "never",
        ]
        .map(Into::into)
        .into(),
        input: text.clone(),
        folder: seen.file.parent().unwrap_or(seen.checkout).to_owned(),
        ..Program::default()
    };
    let output = rustfmt.output(limit)?;
    let say = |text: &str| Ok((Some(Finding::of_file(seen.file, text)), None));
    if !output.success {
        let text = String::from_utf8_lossy(&output.stderr);
        let first = text.lines().find(|line| !line.trim().is_empty());
        let mut finding =
            Finding::of_file(seen.file, format!("rustfmt: {}", first.unwrap_or("failed")));
        finding.is_error = true;
        return Ok((Some(finding), None));
    }
    if output.stdout == text || output.stdout.is_empty() {
        return Ok((None, None));
    }
    if tool == Tool::On {
        return say("is not formatted; `cargo fmt` formats it");
    }
    match seen.replace(state, &output.stdout)? {
        Some(stamp) => {
            let text = "was formatted; read it again before you edit it";
            Ok((Some(Finding::of_file(seen.file, text)), Some(stamp)))
        }
        None => say("is not formatted, and was left so since it was being edited"),
    }
}
