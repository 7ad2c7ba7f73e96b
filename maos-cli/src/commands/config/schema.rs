//! `maos config schema`: what may stand in a `maos.toml`.

use maos_shared::config::Settings;
use schemars::schema_for;

use crate::error::{Error, exit_code};
use crate::output::Output;

/// Print the JSON Schema of maos.toml, which editors complete and check by.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  maos config schema >maos.schema.json")]
pub(crate) struct Args {}

impl Args {
    pub(super) fn run(&self, output: &mut Output) -> Result<u8, Error> {
        output.json(&schema_for!(Settings))?;
        Ok(exit_code::DONE)
    }
}
