//! rustfmt on one file.
//!
//! The text goes through its stdin: given a file, it would format the modules
//! of that file as well. It runs in the file's folder, where it finds the
//! project's settings and toolchain.

use std::io;
use std::time::Duration;

use super::finding::{CHANGED, Finding};
use super::mend::Seen;
use super::package::Package;
use crate::config::Tool;
use crate::files::read_start;
use crate::jobs::{Output, Program};
use crate::state::State;
use crate::state::edits::Stamp;
use crate::workspace::{Committed, committed};

/// Formats the file, or looks whether it is formatted, and returns what there
/// is to say of that, and the file's stamp where it has changed. Where nobody
/// says what `tool` may do, it formats what the project keeps formatted. Blocks
/// until `limit` at most, for each of two runs.
///
/// # Errors
/// When rustfmt cannot be run, does not end in time, or the file cannot be
/// read or written.
pub(super) fn run(
    state: &State,
    seen: &Seen<'_>,
    package: &Package,
    tool: Option<Tool>,
    limit: Duration,
) -> io::Result<(Option<Finding>, Option<Stamp>)> {
    // What is gone has nothing to be formatted.
    let Ok(found) = Stamp::of(seen.file) else {
        return Ok((None, None));
    };
    if tool == Some(Tool::Off) {
        return Ok((None, None));
    }
    let text = read_start(seen.file, found.bytes())?;
    let output = formatted(seen, package, text.clone(), limit)?;
    let is_formatted = output.stdout == text || output.stdout.is_empty();
    if tool.is_none()
        && !(output.success && is_formatted)
        && !is_kept_formatted(seen, package, limit)?
    {
        return Ok((None, None));
    }
    let say = |text: &str| Ok((Some(Finding::of_file(seen.file, text)), None));
    if !output.success {
        // Half of an edit is no mistake.
        if !seen.is_still(state) {
            return Ok((None, None));
        }
        let text = String::from_utf8_lossy(&output.stderr);
        let first = text.lines().find(|line| !line.trim().is_empty());
        let mut finding =
            Finding::of_file(seen.file, format!("rustfmt: {}", first.unwrap_or("failed")));
        finding.is_error = true;
        return Ok((Some(finding), None));
    }
    if is_formatted {
        return Ok((None, None));
    }
    if tool == Some(Tool::On) {
        return say("is not formatted; `cargo fmt` formats it");
    }
    match seen.replace(state, &output.stdout)? {
        Some(stamp) => {
            let text = format!("was formatted{CHANGED}");
            Ok((Some(Finding::of_file(seen.file, text)), Some(stamp)))
        }
        None => say("is not formatted, and was left so since it was being edited"),
    }
}

/// Returns whether the project keeps the file formatted: as it was committed it
/// is, or it is new. Of a file that nobody formats, an agent's change would be
/// lost among those of rustfmt.
fn is_kept_formatted(seen: &Seen<'_>, package: &Package, limit: Duration) -> io::Result<bool> {
    match committed(seen.checkout, seen.file) {
        Ok(Committed::New) => Ok(true),
        Ok(Committed::As(text)) => {
            let output = formatted(seen, package, text.clone(), limit)?;
            Ok(output.success && output.stdout == text)
        }
        // Without a repository nothing is known of it.
        Err(_) => Ok(false),
    }
}

/// Returns what rustfmt makes of a text of the file.
fn formatted(
    seen: &Seen<'_>,
    package: &Package,
    text: Vec<u8>,
    limit: Duration,
) -> io::Result<Output> {
    let arguments = [
        "--edition",
        package.edition,
        "--emit",
        "stdout",
        "--color",
        "never",
    ];
    let rustfmt = Program {
        path: "rustfmt".into(),
        arguments: arguments.map(Into::into).into(),
        input: text,
        folder: seen.file.parent().unwrap_or(seen.checkout).to_owned(),
        ..Program::default()
    };
    rustfmt.output(limit)
}
