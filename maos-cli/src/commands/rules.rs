//! `maos rules`: what the guard stops, and how strongly that is meant.

use std::path::PathBuf;

use maos_shared::config::{Environment, Layers};
use maos_shared::guard::{Policy, catalogue};

use crate::error::{Error, exit_code};
use crate::output::Output;
use crate::place;

/// List the guard's rules with their levels: deny, ask, warn or off.
///
/// The levels are those that count in the project, after your own maos.toml and
/// the project's. A level with `!` is fixed: no file can weaken it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  maos rules | grep git")]
pub(crate) struct Args {
    /// A folder of the project
    #[arg(long, value_name = "DIR", default_value = ".")]
    project: PathBuf,
}

impl Args {
    pub(super) fn run(&self, output: &mut Output) -> Result<u8, Error> {
        let environment = Environment::read();
        let project = place::project(&environment, &self.project)?;
        let settings = environment.client_settings();
        let layers = Layers::load(settings.as_deref(), &project.main);
        let policy = Policy::new(&layers.user.guard, &layers.project.guard);
        let ids = catalogue::rules().iter().map(|rule| rule.id.len());
        let width = ids.max().unwrap_or_default();
        for rule in catalogue::rules() {
            let level = policy.level(rule.id).name();
            let mark = if rule.fixed { "!" } else { " " };
            output.line(format_args!(
                "{:width$}  {level:>4}{mark}  {}",
                rule.id, rule.stops
            ))?;
        }
        for problem in layers.problems.into_iter().chain(policy.problems()) {
            output.line(format_args!("note: {problem}"))?;
        }
        Ok(exit_code::DONE)
    }
}
