//! `maos`, the program for people.

mod commands;
mod error;
mod output;
mod place;
mod programs;
mod settings;
mod tail;

use std::process::ExitCode;

use clap::Parser;

use commands::Cli;
use output::Output;

fn main() -> ExitCode {
    let mut output = Output::stdout();
    let code = match Cli::try_parse() {
        Ok(cli) => cli
            .run(&mut output)
            .unwrap_or_else(|error| output::report(&error)),
        Err(usage) => output::usage(&usage),
    };
    ExitCode::from(code)
}
