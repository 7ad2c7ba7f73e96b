//! `maos audit`: what was objected to, and what a person let off.

use crate::error::{Error, exit_code};
use crate::output::Output;

use super::log::Lines;

/// Show the newest lines of the audit journal: each call that a rule objected
/// to, and each rule that a person let off for a while.
///
/// `maos why ID` tells more of one.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  maos audit
  maos audit --since 24h --agent main
  maos audit --json -n 1000 | jq -r .rule | sort | uniq -c")]
pub(crate) struct Args {
    #[command(flatten)]
    lines: Lines,
}

impl Args {
    pub(super) fn run(&self, output: &mut Output) -> Result<u8, Error> {
        let (state, wanted) = self.lines.wanted()?;
        self.lines.print(output, &[state.audit()], &wanted)?;
        Ok(exit_code::DONE)
    }
}
