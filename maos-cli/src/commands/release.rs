//! `maos release`: leases and reservations that end before their time.

use std::path::PathBuf;

use maos_shared::config::Environment;
use maos_shared::state::leases::Owner;
use maos_shared::state::reservations::Pattern;
use schemars::JsonSchema;
use serde::Serialize;

use crate::error::{Error, exit_code};
use crate::output::{Form, Output, Show};
use crate::{place, work};

/// Give leases on files and reservations back, so that others can change them.
///
/// For one that an agent holds which will not change the file any more. Within an
/// agent it gives back what the session of that one holds, and nothing else. Leases
/// end by themselves half an hour after their last use (`leases.ttl` in
/// maos.toml), once the work has come back, with the session, and with the
/// client; reservations at their time, with the session, and with the client.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  maos release src/main.rs
  maos release 'src/auth/**'
  maos release --agent a5584d06
  maos release --all")]
pub(crate) struct Args {
    /// The files, relative to the root of their checkout, or the patterns that
    /// they are reserved by
    #[arg(value_name = "FILE", required_unless_present_any = ["agent", "all"])]
    files: Vec<String>,
    /// All that this agent holds: its id, or how that begins, or its branch
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

/// What was given back.
#[derive(Serialize, JsonSchema)]
pub(super) struct Released {
    /// How many leases are free now.
    released: usize,
    /// How many reservations have ended.
    reservations: usize,
}

impl Args {
    pub(super) fn run(&self, output: &mut Output) -> Result<u8, Error> {
        let environment = Environment::read();
        let state = place::state(&environment, &self.project)?;
        // An agent gives back what its own session holds; a person all.
        let own = match environment.inside_agent {
            true => Some(environment.session.ok_or(Error::UnknownSession)?),
            false => None,
        };
        let agent = self.agent.as_deref();
        let agent = agent.map(|name| work::id_of_branch(&state, name));
        let agent = agent.transpose()?.filter(|agent| !agent.is_empty());
        let is_meant = |name: &str, owner: &Owner| {
            let is_agents = |begin: &String| {
                owner
                    .agent
                    .as_ref()
                    .is_some_and(|id| id.starts_with(begin.as_str()))
            };
            let is_named = self.all
                || self.files.iter().any(|file| file == name)
                || agent.as_ref().is_some_and(is_agents);
            is_named && own.as_ref().is_none_or(|own| *own == owner.session)
        };
        let leases = state.release_leases(|lease| is_meant(&lease.file, &lease.owner))?;
        let reservations = state.release_reservations(|one| {
            let is_named = |file: &String| Pattern::parse(file).as_ref() == Ok(&one.pattern);
            let is_own = own.as_ref().is_none_or(|own| *own == one.owner.session);
            is_meant(one.pattern.as_str(), &one.owner) || is_own && self.files.iter().any(is_named)
        })?;
        let released = Released {
            released: leases,
            reservations,
        };
        output.answer(self.form, &released)?;
        Ok(exit_code::DONE)
    }
}

impl Show for Released {
    fn show(&self, output: &mut Output) -> Result<(), Error> {
        match (self.released, self.reservations) {
            (0, 0) => output.line("no such lease")?,
            (0, _) => {}
            (1, _) => output.line("1 lease is free")?,
            (count, _) => output.line(format_args!("{count} leases are free"))?,
        }
        match self.reservations {
            0 => Ok(()),
            1 => output.line("1 reservation has ended"),
            count => output.line(format_args!("{count} reservations have ended")),
        }
    }
}
