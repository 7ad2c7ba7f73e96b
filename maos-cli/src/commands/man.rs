//! `maos man`: the manual pages.

use std::path::PathBuf;

use clap::{Command, CommandFactory};
use clap_mangen::Man;
use maos_shared::state::atomic;

use super::Cli;
use crate::error::{Error, exit_code};
use crate::output::Output;
use crate::place;

/// Print the manual page of `maos` or of one of its commands, or write all of
/// them into a folder.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  maos man status | man -l -
  maos man --into ~/.local/share/man/man1")]
pub(crate) struct Args {
    /// The command; `maos` itself without one
    command: Option<String>,
    /// Write every page into this folder, which must exist
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    into: Option<PathBuf>,
}

impl Args {
    pub(super) fn run(&self, output: &mut Output) -> Result<u8, Error> {
        let mut root = Cli::command();
        root.build();
        if let Some(folder) = &self.into {
            let folder = place::absolute(folder)?;
            for command in std::iter::once(&root).chain(root.get_subcommands()) {
                let path = folder.join(format!("{}.1", file_name(command)));
                atomic::replace(&path, &page(command)?).map_err(Error::file("write", &path))?;
            }
            let folder = folder.display();
            output.line(format_args!("wrote maos.1 and its commands into {folder}"))?;
            return Ok(exit_code::DONE);
        }
        let command = match &self.command {
            None => &root,
            Some(name) => root
                .find_subcommand(name)
                .ok_or_else(|| Error::NoSuchCommand(name.clone()))?,
        };
        output.raw(&page(command)?)?;
        Ok(exit_code::DONE)
    }
}

/// Returns the page of a command, as troff reads it.
fn page(command: &Command) -> Result<Vec<u8>, Error> {
    let mut page = Vec::new();
    Man::new(command.clone())
        .title(file_name(command))
        .render(&mut page)
        .map_err(Error::Output)?;
    Ok(page)
}

/// Returns `maos`, or `maos-status` for its command `status`.
fn file_name(command: &Command) -> String {
    match command.get_name() {
        "maos" => "maos".to_owned(),
        name => format!("maos-{name}"),
    }
}
