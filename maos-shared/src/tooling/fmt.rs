//! rustfmt on one file.
//!
//! The text goes through its stdin: given a file, it would format the modules
//! of that file as well. It runs in the file's folder, where it finds the
//! project's settings and toolchain.

use std::io;
use std::time::Instant;

use super::finding::Finding;
use super::mend::{Seen, is_unchanged};
use super::package::{Package, installed};
use crate::config::Tool;
use crate::files::read_start;
use crate::jobs::{Output, Program};
use crate::state::State;
use crate::state::edits::Stamp;
use crate::workspace::{Committed, committed};

/// Formats the file, or looks whether it is formatted, and returns what there
/// is to say of that, and the file's stamp where it has changed. Where nobody
/// says what `tool` may do, it formats what the project keeps formatted. Blocks
/// until `until` at most, however often rustfmt runs.
///
/// # Errors
/// When rustfmt cannot be run, does not end in time, or the file cannot be
/// read or written.
pub(super) fn run(
    state: &State,
    seen: &Seen<'_>,
    package: &Package,
    tool: Option<Tool>,
    until: Instant,
) -> io::Result<(Option<Finding>, Option<Stamp>)> {
    // What is gone has nothing to be formatted.
    let Ok(found) = Stamp::of(seen.file) else {
        return Ok((None, None));
    };
    if tool == Some(Tool::Off) {
        return Ok((None, None));
    }
    let text = read_start(seen.file, found.bytes())?;
    let output = formatted(seen, package, text.clone(), until)?;
    let is_formatted = is_unchanged(&text, &output);
    if tool.is_none()
        && !(output.success && is_formatted)
        && !is_kept_formatted(seen, package, until)?
    {
        return Ok((None, None));
    }
    if tool == Some(Tool::On) && output.success && !is_formatted {
        let text = "is not formatted; `cargo fmt` formats it";
        return Ok((Some(Finding::of_file(seen.file, text)), None));
    }
    seen.apply(state, &text, &output, "rustfmt")
}

/// Returns whether the project keeps the file formatted: as it was committed it
/// is, or it is new. Of a file that nobody formats, an agent's change would be
/// lost among those of rustfmt.
fn is_kept_formatted(seen: &Seen<'_>, package: &Package, until: Instant) -> io::Result<bool> {
    match committed(seen.checkout, seen.file) {
        Ok(Committed::New) => Ok(true),
        Ok(Committed::As(text)) => {
            let output = formatted(seen, package, text.clone(), until)?;
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
    until: Instant,
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
    installed(rustfmt.output(until.saturating_duration_since(Instant::now()))?)
}
