//! `maos completions`: a shell completes the commands and options of `maos`.

use clap::{CommandFactory, ValueEnum};
use clap_complete::Shell;

use super::Cli;
use crate::error::{Error, exit_code};
use crate::output::Output;

/// Print the completions of `maos` for a shell.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  maos completions bash >~/.local/share/bash-completion/completions/maos
  maos completions zsh >\"${fpath[1]}/_maos\"
  maos completions fish >~/.config/fish/completions/maos.fish")]
pub(crate) struct Args {
    /// The shell
    shell: Known,
}

/// The shells that are completed in.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Known {
    Bash,
    Zsh,
    Fish,
}

impl Args {
    pub(super) fn run(&self, output: &mut Output) -> Result<u8, Error> {
        let shell = match self.shell {
            Known::Bash => Shell::Bash,
            Known::Zsh => Shell::Zsh,
            Known::Fish => Shell::Fish,
        };
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut Cli::command(), "maos", &mut script);
        output.raw(&script)?;
        Ok(exit_code::DONE)
    }
}
