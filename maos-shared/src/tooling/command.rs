//! `[[tooling.run]]`: a tool of the person's own, which checks files, or formats
//! the text of one from its stdin to its stdout.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::finding::Finding;
use super::mend::Seen;
use crate::config::ToolSettings;
use crate::files::read_start;
use crate::jobs::Program;
use crate::state::State;
use crate::state::edits::Stamp;

/// What stands for the files in a command.
const FILES: &str = "{files}";
/// What stands for the one file, in a part of a word as well.
const FILE: &str = "{file}";

/// Lets the tool's formatter write the file as it should be, and returns what
/// there is to say of that, and the file's stamp where it has changed. Blocks until
/// `limit` at most.
///
/// # Errors
/// When it cannot be run, does not end in time, or the file cannot be read or
/// written.
pub(super) fn format(
    state: &State,
    seen: &Seen<'_>,
    tool: &ToolSettings,
    limit: Duration,
) -> io::Result<(Option<Finding>, Option<Stamp>)> {
    let (Some((name, arguments)), Ok(found)) = (tool.format.split_first(), Stamp::of(seen.file))
    else {
        return Ok((None, None));
    };
    let text = read_start(seen.file, found.bytes())?;
    let path = seen.file.to_string_lossy();
    let arguments = arguments.iter();
    let program = Program {
        path: name.into(),
        arguments: arguments.map(|it| it.replace(FILE, &path).into()).collect(),
        input: text.clone(),
        folder: seen.checkout.to_owned(),
        ..Program::default()
    };
    let output = program.output(limit)?;
    seen.apply(state, &text, &output, name)
}

/// Runs the tool for `files` in `checkout` and returns what it says of them when
/// it does not end with success. Blocks until `limit` at most.
///
/// # Errors
/// When it cannot be run, or does not end in time.
pub(super) fn run(
    tool: &ToolSettings,
    files: &[&Path],
    checkout: &Path,
    limit: Duration,
) -> io::Result<Vec<Finding>> {
    let Some((name, arguments)) = tool.command.split_first() else {
        return Ok(Vec::new());
    };
    let mut program = Program {
        path: name.into(),
        folder: checkout.to_owned(),
        ..Program::default()
    };
    for argument in arguments {
        if argument == FILES {
            // Absolute, so none of them is taken for an option.
            program
                .arguments
                .extend(files.iter().map(|file| file.into()));
        } else {
            program.arguments.push(argument.into());
        }
    }
    let output = program.output(limit)?;
    if output.success {
        return Ok(Vec::new());
    }
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text);
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let findings: Vec<_> = lines
        .filter_map(|line| of_line(line, files, checkout))
        .collect();
    if findings.is_empty() {
        // It does not name files the way that most tools do.
        let first = text.lines().next().unwrap_or(&output.status);
        let text = format!("{name}: {first}");
        return Ok(files.iter().map(|file| error(file, 0, &text)).collect());
    }
    Ok(findings)
}

/// Returns the finding of a line `file:line: text`, if it is about one of the
/// files.
fn of_line(line: &str, files: &[&Path], checkout: &Path) -> Option<Finding> {
    let (file, rest) = files.iter().find_map(|file| {
        let relative = file.strip_prefix(checkout).ok()?;
        let names: [PathBuf; 2] = [file.to_path_buf(), relative.to_path_buf()];
        names.iter().find_map(|name| {
            let rest = line.trim_start().strip_prefix(name.to_str()?)?;
            Some((file, rest.strip_prefix(':')?))
        })
    })?;
    let (number, text) = rest.split_once(':').unwrap_or((rest, ""));
    Some(match number.trim().parse() {
        Ok(number) => error(file, number, text.trim()),
        Err(_) => error(file, 0, rest.trim()),
    })
}

fn error(file: &Path, line: usize, text: &str) -> Finding {
    Finding {
        file: file.to_owned(),
        line,
        text: text.to_owned(),
        is_error: true,
        tool: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_told_that_name_one_of_the_files() {
        let file = Path::new("/c/a.py");
        for (line, expected) in [
            ("a.py:3:1: F401 unused", Some((3, "1: F401 unused"))),
            ("/c/a.py:3: bad", Some((3, "bad"))),
            ("a.py: bad: worse", Some((0, "bad: worse"))),
            ("b.py:1: bad", None),
            ("a.pyx:1: bad", None),
            ("Found 1 error.", None),
        ] {
            let found = of_line(line, &[file], Path::new("/c"));
            let found = found.map(|it| (it.line, it.text));
            let expected = expected.map(|(line, text)| (line, text.to_owned()));
            assert_eq!(found, expected, "{line}");
        }
    }
}
