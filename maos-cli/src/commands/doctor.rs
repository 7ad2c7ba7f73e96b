//! `maos doctor`: is everything on that should be on.

use std::path::PathBuf;

use maos_shared::config::Environment;

use crate::doctor::{Grade, Report, examine};
use crate::error::{Error, exit_code};
use crate::output::{Form, Output, Show, Text, Tone};
use crate::place;

/// Where what was found stands, columns from the left.
const INDENT: usize = 18;

/// Check that everything is on that should be on, and say what helps where it
/// is not.
///
/// Looked at are git and the client, the registration of each event in each
/// settings file or by the plugin, each program by a real event, the guard, both
/// maos.toml, the disk, damaged state, lost worktrees, and what work waits.
/// Nothing is changed.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  maos doctor
  maos doctor --json | jq '.findings[] | select(.grade == \"fault\")'

Exit codes:
  0  no fault; there may be notes
  1  MAOS does not do its work somewhere")]
pub(crate) struct Args {
    /// A folder of the project
    #[arg(long, value_name = "DIR", default_value = ".")]
    project: PathBuf,
    #[command(flatten)]
    form: Form,
}

impl Args {
    pub(super) fn run(&self, output: &mut Output) -> Result<u8, Error> {
        let environment = Environment::read();
        let project = place::project(&environment, &self.project)?;
        let report = examine(&environment, &project);
        output.answer(self.form, &report)?;
        Ok(match report.has_fault() {
            true => exit_code::FAILED,
            false => exit_code::DONE,
        })
    }
}

impl Show for Report {
    fn show(&self, output: &mut Output) -> Result<(), Error> {
        for finding in &self.findings {
            let mark = match finding.grade {
                Grade::Good => Tone::Good.of("ok   "),
                Grade::Note => Tone::Warn.of("note "),
                Grade::Fault => Tone::Bad.of("FAULT"),
            };
            let subject = format!("  {:<9}  {}", finding.subject, finding.found);
            output.wrapped(&mark.then(subject), INDENT)?;
            if let Some(remedy) = &finding.remedy {
                let indent = Text::from(" ".repeat(INDENT));
                output.wrapped(&indent.then(Tone::Strong.of(remedy)), INDENT)?;
            }
        }
        let count = |grade: Grade| {
            let of = self.findings.iter();
            of.filter(|finding| finding.grade == grade).count()
        };
        output.line("")?;
        match (count(Grade::Fault), count(Grade::Note)) {
            (0, 0) => output.text(&Tone::Good.of("everything is on")),
            (0, notes) => output.text(&Tone::Good.of(format!("everything is on; notes: {notes}"))),
            (faults, notes) => {
                output.text(&Tone::Bad.of(format!("faults: {faults}, notes: {notes}")))
            }
        }
    }
}
