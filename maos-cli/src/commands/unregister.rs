//! `maos unregister`: the client starts none of our programs any more.

use std::path::PathBuf;

use super::settings_path;
use crate::error::{Error, exit_code};
use crate::output::Output;
use crate::settings::{self, Unregistered};

/// Take every hook program of ours out of a settings file of Claude Code.
///
/// Other hooks and settings stay. Where what remains is what stood there
/// before `maos register`, the former bytes are put back.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  maos unregister
  maos unregister --settings .claude/settings.json")]
pub(crate) struct Args {
    /// The settings file [default: ~/.claude/settings.json]
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
}

impl Args {
    pub(super) fn run(&self, output: &mut Output) -> Result<u8, Error> {
        let path = settings_path(self.settings.as_deref())?;
        let done = settings::unregister(&path)?;
        let path = path.display();
        match done {
            Unregistered::Unchanged => output.line(format_args!("{path}: was not registered"))?,
            Unregistered::Removed => output.line(format_args!("{path}: no longer registered"))?,
            Unregistered::Restored { backup } => {
                let backup = backup.display();
                output.line(format_args!("{path}: restored from {backup}"))?;
            }
            Unregistered::Deleted => {
                output.line(format_args!("{path}: held nothing else and was deleted"))?;
            }
        }
        Ok(exit_code::DONE)
    }
}
