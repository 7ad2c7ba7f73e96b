//! One file a command.

mod allow;
mod explain;
mod jobs;
mod log;
mod programs;
mod register;
mod rescue;
mod rules;
mod selfcheck;
mod status;
mod trust;
mod unregister;
mod why;

use std::path::{Path, PathBuf};

use clap::{Parser, Subcommand};
use maos_shared::config::Environment;

use crate::error::Error;
use crate::output::Output;
use crate::place;

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  failed, or a check found a fault; the reason and the remedy are on stderr
  2  the command line has another form
  3  `maos explain`: the guard would deny the command";

/// Many agents in one repository: see and steer what MAOS does.
#[derive(Debug, Parser)]
#[command(name = "maos", version, after_help = EXIT_CODES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Status(status::Args),
    Explain(explain::Args),
    Log(log::Args),
    Jobs(jobs::Args),
    Rescue(rescue::Args),
    Rules(rules::Args),
    Why(why::Args),
    Allow(allow::Args),
    Trust(trust::Args),
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
            Command::Status(args) => args.run(output),
            Command::Explain(args) => args.run(output),
            Command::Log(args) => args.run(output),
            Command::Jobs(args) => args.run(output),
            Command::Rescue(args) => args.run(output),
            Command::Rules(args) => args.run(output),
            Command::Why(args) => args.run(output),
            Command::Allow(args) => args.run(output),
            Command::Trust(args) => args.run(output),
            Command::Register(args) => args.run(output),
            Command::Unregister(args) => args.run(output),
            Command::Selfcheck(args) => args.run(output),
            Command::Programs(args) => args.run(output),
        }
    }
}

/// Returns the settings file that was named, or the person's own.
fn settings_path(named: Option<&Path>) -> Result<PathBuf, Error> {
    match named {
        Some(path) => Ok(path.to_owned()),
        None => place::user_settings(&Environment::read()),
    }
}

/// Returns `folder` as an absolute path that settings can name.
fn absolute_text(folder: &Path) -> Result<String, Error> {
    let text = place::absolute(folder)?.into_os_string().into_string();
    text.map_err(|path| Error::Encoding(path.into()))
}
