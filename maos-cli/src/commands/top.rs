//! `maos top`: a project, live.

use std::io::{IsTerminal, stdin, stdout};
use std::path::PathBuf;

use maos_shared::config::Environment;
use maos_shared::state::State;

use crate::error::{Error, exit_code};
use crate::output::Output;
use crate::{place, top};

/// Show a project live, with keys to look into an agent (its facts, its
/// journal, its changes), to merge its work, to release its leases, to stop a
/// job.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  maos top --project ~/src/shop")]
pub(crate) struct Args {
    /// A folder of the project
    #[arg(long, value_name = "DIR", default_value = ".")]
    project: PathBuf,
}

impl Args {
    pub(super) fn run(&self, _output: &mut Output) -> Result<u8, Error> {
        let environment = Environment::read();
        if !stdin().is_terminal() || !stdout().is_terminal() {
            return Err(Error::NoTerminal);
        }
        let project = place::project(&environment, &self.project)?;
        let state = State::at(project.state_dir(), environment.now());
        top::run(&project, &state)?;
        Ok(exit_code::DONE)
    }
}
