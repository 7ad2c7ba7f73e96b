//! One file a command.

mod programs;
mod register;
mod selfcheck;
mod unregister;

use std::path::{Path, PathBuf};

use clap::{Parser, Subcommand};

use crate::environment;
use crate::error::Error;
use crate::output::Output;

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  failed, or a check found a fault; the reason and the remedy are on stderr
  2  the command line has another form";

/// Many agents in one repository: see and steer what MAOS does.
#[derive(Debug, Parser)]
#[command(name = "maos", version, after_help = EXIT_CODES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Register(register::Args),
    Unregister(unregister::Args),
    Selfcheck(selfcheck::Args),
    Programs(programs::Args),
}

impl Cli {
    /// Does what the command line asks for and returns the exit code.
    ///
    /// # Errors
    /// Whatever stops the command.
    pub(crate) fn run(&self, output: &mut Output) -> Result<u8, Error> {
        match &self.command {
            Command::Register(args) => args.run(output),
            Command::Unregister(args) => args.run(output),
            Command::Selfcheck(args) => args.run(output),
            Command::Programs(args) => args.run(output),
        }
    }
}

/// Returns the settings file that was named, or the person's own.
fn settings_path(named: Option<&Path>) -> Result<PathBuf, Error> {
    named.map_or_else(environment::user_settings, |path| Ok(path.to_owned()))
}

/// Returns `folder` as an absolute path that settings can name.
fn absolute_text(folder: &Path) -> Result<String, Error> {
    let absolute = std::path::absolute(folder)?;
    let text = absolute.into_os_string().into_string();
    text.map_err(|path| Error::Encoding(path.into()))
}
