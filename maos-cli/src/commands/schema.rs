//! `maos schema`: what the JSON of the commands holds.

use clap::ValueEnum;
use maos_shared::cleanup;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};

use super::{config, conflicts, diff, explain, jobs, merge, programs, release, replay};
use super::{rescue, rules, why};
use crate::doctor;
use crate::error::{Error, exit_code};
use crate::journal::Line;
use crate::output::Output;
use crate::overview::Overview;
use crate::stats::Stats;

/// Print the JSON Schema of what a command prints with `--json`.
///
/// `log` and `audit` print such an object a line, all others one value.
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
    Explain,
    Log,
    Audit,
    Stats,
    Doctor,
    Diff,
    Merge,
    Conflicts,
    Jobs,
    #[value(alias = "rescue-list")]
    Rescue,
    RescueShow,
    Clean,
    Release,
    Replay,
    Rules,
    #[value(alias = "config-show")]
    Config,
    ConfigCheck,
    Why,
    Programs,
}

impl Described {
    fn schema(self) -> Schema {
        match self {
            Self::Status => printed::<Overview>(),
            Self::Explain => printed::<explain::Answer<'_>>(),
            Self::Log | Self::Audit => printed::<Line>(),
            Self::Stats => printed::<Stats>(),
            Self::Doctor => printed::<doctor::Report>(),
            Self::Diff => printed::<diff::Answer<'_>>(),
            Self::Merge => printed::<merge::Answer>(),
            Self::Conflicts => printed::<conflicts::Answer>(),
            Self::Jobs => printed::<jobs::List>(),
            Self::Rescue => printed::<rescue::List>(),
            Self::RescueShow => printed::<rescue::One>(),
            Self::Clean => printed::<cleanup::Report>(),
            Self::Release => printed::<release::Released>(),
            Self::Replay => printed::<replay::Replayed>(),
            Self::Rules => printed::<rules::Rules>(),
            Self::Config => printed::<config::Shown>(),
            Self::ConfigCheck => printed::<config::Checked>(),
            Self::Why => printed::<why::Objected>(),
            Self::Programs => printed::<programs::Programs>(),
        }
    }
}

/// Returns the schema of a value as it is printed, not as it could be read.
fn printed<T: JsonSchema>() -> Schema {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    settings.into_generator().into_root_schema_for::<T>()
}

/// Returns whether the JSON of a command is described.
#[cfg(test)]
pub(super) fn is_described(command: &str) -> bool {
    Described::from_str(command, false).is_ok()
}

impl Args {
    pub(super) fn run(&self, output: &mut Output) -> Result<u8, Error> {
        output.json(&self.command.schema())?;
        Ok(exit_code::DONE)
    }
}
