//! `maos`, the program for people.

mod commands;
mod doctor;
mod error;
mod journal;
mod output;
mod overview;
mod page;
mod place;
mod probe;
mod programs;
mod replay;
mod screen;
mod settings;
mod stats;
mod top;
mod when;
mod work;

use std::process::ExitCode;

use clap::Parser;
use maos_shared::config::Environment;

use commands::Cli;
use output::Output;

fn main() -> ExitCode {
    let mut output = Output::stdout(&Environment::read());
    let cli = Cli::of_status_line().map_or_else(Cli::try_parse, Ok);
    let code = match cli {
        Ok(cli) => cli
            .run(&mut output)
            .unwrap_or_else(|error| output::report(&error)),
        Err(usage) => output::usage(&usage),
    };
    ExitCode::from(code)
}
