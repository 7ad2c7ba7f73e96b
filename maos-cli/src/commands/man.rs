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
  maos man config import | man -l -
  maos man --into ~/.local/share/man/man1")]
pub(crate) struct Args {
    /// The command, as one writes it (`config import`); `maos` itself without one
    command: Vec<String>,
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
            for (name, command) in pages("maos", &root) {
                let path = folder.join(format!("{name}.1"));
                let page = page(&name, command)?;
                atomic::replace(&path, &page).map_err(Error::file("write", &path))?;
            }
            let folder = folder.display();
            output.line(format_args!("wrote maos.1 and its commands into {folder}"))?;
            return Ok(exit_code::DONE);
        }
        let wanted = self.command.join(" ");
        let words = wanted.split_whitespace();
        let name = words.fold("maos".to_owned(), |name, word| format!("{name}-{word}"));
        let command = pages("maos", &root).into_iter().find(|(at, _)| *at == name);
        let (name, command) = command.ok_or(Error::NoSuchCommand(wanted))?;
        output.raw(&page(&name, command)?)?;
        Ok(exit_code::DONE)
    }
}

/// Returns a command and all commands below it, each with the name of its page:
/// `maos`, `maos-config`, `maos-config-import`.
fn pages<'a>(name: &str, command: &'a Command) -> Vec<(String, &'a Command)> {
    let below = command.get_subcommands();
    // `help` says what the others say.
    let below = below.filter(|command| command.get_name() != "help");
    let below = below.flat_map(|command| pages(&format!("{name}-{}", command.get_name()), command));
    std::iter::once((name.to_owned(), command))
        .chain(below)
        .collect()
}

/// Returns the page of a command, as troff reads it.
fn page(name: &str, command: &Command) -> Result<Vec<u8>, Error> {
    let mut page = Vec::new();
    Man::new(command.clone())
        .title(name)
        .render(&mut page)
        .map_err(Error::Output)?;
    Ok(page)
}
