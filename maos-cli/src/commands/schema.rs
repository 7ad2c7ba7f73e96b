//! `maos schema`: what the JSON of the commands holds.

use clap::ValueEnum;
use schemars::{Schema, schema_for};

use super::config::Shown;
use super::replay::Replayed;
use crate::doctor::Report;
use crate::error::{Error, exit_code};
use crate::journal::Line;
use crate::output::Output;
use crate::overview::Overview;
use crate::stats::Stats;

/// Print the JSON Schema of what a command prints with `--json`.
///
/// `log` and `audit` print such an object a line, all others one object.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  maos schema status | jq .properties")]
pub(crate) struct Args {
    /// The command
    command: Described,
}

/// The commands that print JSON.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Described {
    Status,
    Log,
    Audit,
    Stats,
    Doctor,
    Config,
    Replay,
}

impl Described {
    fn schema(self) -> Schema {
        match self {
            Self::Status => schema_for!(Overview),
            Self::Log | Self::Audit => schema_for!(Line),
            Self::Stats => schema_for!(Stats),
            Self::Doctor => schema_for!(Report),
            Self::Config => schema_for!(Shown),
            Self::Replay => schema_for!(Replayed),
        }
    }
}

impl Args {
    pub(super) fn run(&self, output: &mut Output) -> Result<u8, Error> {
        output.json(&self.command.schema())?;
        Ok(exit_code::DONE)
    }
}
