//! `maos programs`: the table of events.

use maos_shared::hook::Event;
use schemars::JsonSchema;
use serde::Serialize;

use crate::error::{Error, exit_code};
use crate::output::{Form, Output, Show};

/// List the hook programs, one a line: program, event, time limit in seconds.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  maos programs | cut -d ' ' -f 1")]
pub(crate) struct Args {
    #[command(flatten)]
    form: Form,
}

/// The hook programs, in the order of a session.
#[derive(Serialize, JsonSchema)]
pub(super) struct Programs(Vec<Program>);

/// One program.
#[derive(Serialize, JsonSchema)]
struct Program {
    /// Its name.
    program: &'static str,
    /// The event that it answers.
    event: &'static str,
    /// Its time limit, in seconds.
    seconds: u64,
}

impl Args {
    pub(super) fn run(&self, output: &mut Output) -> Result<u8, Error> {
        let programs = Event::ALL.map(|event| Program {
            program: event.program(),
            event: event.name(),
            seconds: event.timeout().as_secs(),
        });
        output.answer(self.form, &Programs(programs.into()))?;
        Ok(exit_code::DONE)
    }
}

impl Show for Programs {
    fn show(&self, output: &mut Output) -> Result<(), Error> {
        for one in &self.0 {
            output.line(format_args!(
                "{} {} {}",
                one.program, one.event, one.seconds
            ))?;
        }
        Ok(())
    }
}
