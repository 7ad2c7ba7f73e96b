//! `maos config`: the settings in `maos.toml`.

mod check;
mod edit;
mod files;
mod import;
mod schema;
mod show;

use clap::Subcommand;

use crate::error::Error;
use crate::output::Output;

/// Show, check and edit the settings in maos.toml: your own beside Claude
/// Code's settings, and the project's in its .claude folder.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  maos config show
  maos config check
  maos config import --dry-run .claude/config.json
  maos config schema >maos.schema.json")]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Show(show::Args),
    Check(check::Args),
    Import(import::Args),
    Edit(edit::Args),
    Schema(schema::Args),
}

impl Args {
    pub(super) fn run(&self, output: &mut Output) -> Result<u8, Error> {
        match &self.command {
            Command::Show(args) => args.run(output),
            Command::Check(args) => args.run(output),
            Command::Import(args) => args.run(output),
            Command::Edit(args) => args.run(output),
            Command::Schema(args) => args.run(output),
        }
    }
}

pub(super) use check::Checked;
pub(super) use show::Shown;
