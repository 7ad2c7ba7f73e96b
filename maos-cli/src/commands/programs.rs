//! `maos programs`: the table of events.

use maos_shared::hook::Event;

use crate::error::{Error, exit_code};
use crate::output::Output;

/// List the hook programs, one a line: program, event, time limit in seconds.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  maos programs | cut -d ' ' -f 1")]
pub(crate) struct Args {}

impl Args {
    pub(super) fn run(&self, output: &mut Output) -> Result<u8, Error> {
        for event in Event::ALL {
            let seconds = event.timeout().as_secs();
            output.line(format_args!(
                "{} {} {seconds}",
                event.program(),
                event.name()
            ))?;
        }
        Ok(exit_code::DONE)
    }
}
