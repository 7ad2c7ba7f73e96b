//! `maos release`: leases that are given back before their time.

use std::path::PathBuf;

use maos_shared::config::Environment;
use maos_shared::state::leases::Lease;
use schemars::JsonSchema;
use serde::Serialize;

use crate::error::{Error, exit_code};
use crate::output::{Form, Output, Show};
use crate::place;

/// Give leases on files back, so that others can change them.
///
/// For one that an agent holds which will not change the file any more. They
/// end by themselves half an hour after their last use (`leases.ttl` in
/// maos.toml), with the session, and with the client.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  maos release src/main.rs\n  maos release --all")]
pub(crate) struct Args {
    /// The files, relative to the root of their checkout
    #[arg(value_name = "FILE", required_unless_present_any = ["agent", "all"])]
    files: Vec<String>,
    /// All that this agent holds
    #[arg(long, value_name = "ID")]
    agent: Option<String>,
    /// All
    #[arg(long)]
    all: bool,
    /// A folder of the project
    #[arg(long, value_name = "DIR", default_value = ".")]
    project: PathBuf,
    #[command(flatten)]
    form: Form,
}

/// What became of the leases.
#[derive(Serialize, JsonSchema)]
pub(super) struct Released {
    /// How many are free now.
    released: usize,
}

impl Args {
    pub(super) fn run(&self, output: &mut Output) -> Result<u8, Error> {
        let state = place::state(&Environment::read(), &self.project)?;
        let is_meant = |lease: &Lease| {
            self.all
                || self.files.contains(&lease.file)
                || (self.agent.is_some() && lease.owner.agent == self.agent)
        };
        let released = state.release_leases(is_meant)?;
        output.answer(self.form, &Released { released })?;
        Ok(exit_code::DONE)
    }
}

impl Show for Released {
    fn show(&self, output: &mut Output) -> Result<(), Error> {
        match self.released {
            0 => output.line("no such lease"),
            1 => output.line("1 lease is free"),
            count => output.line(format_args!("{count} leases are free")),
        }
    }
}
