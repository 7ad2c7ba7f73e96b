//! `maos config`: the person's own `maos.toml`.

mod import;

use clap::Subcommand;

use crate::error::Error;
use crate::output::Output;

/// Change your own maos.toml.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  maos config import --dry-run .claude/config.json")]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Import(import::Args),
}

impl Args {
    pub(super) fn run(&self, output: &mut Output) -> Result<u8, Error> {
        match &self.command {
            Command::Import(args) => args.run(output),
        }
    }
}
