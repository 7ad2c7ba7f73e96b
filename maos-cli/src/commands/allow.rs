//! `maos allow`: a person lets a rule off for a while.

use std::io::{IsTerminal, stdin};
use std::path::PathBuf;
use std::time::Duration;

use maos_shared::config::Environment;
use maos_shared::guard::{Policy, catalogue};
use maos_shared::state::Allowances;

use crate::error::{Error, exit_code};
use crate::output::Output;
use crate::{place, when};

/// The longest time that a rule can be let off for.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// Let a rule off for a while, in one project.
///
/// For a person at a terminal: no agent can run it. It is written into the
/// audit journal and ends by itself. What cannot be made good again (a level
/// with `!` in `maos rules`) cannot be let off.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  maos allow --for 10m git.push-force")]
pub(crate) struct Args {
    /// The rule, such as git.push-force
    rule: String,
    /// For how long: 90s, 10m, 2h; a day at most
    #[arg(long = "for", value_name = "TIME", value_parser = when::some_time)]
    time: Duration,
    /// A folder of the project
    #[arg(long, value_name = "DIR", default_value = ".")]
    project: PathBuf,
}

impl Args {
    pub(super) fn run(&self, output: &mut Output) -> Result<u8, Error> {
        let environment = Environment::read();
        if environment.inside_agent || !stdin().is_terminal() {
            return Err(Error::NotAPerson);
        }
        let rule = catalogue::rule(&self.rule).map(|rule| rule.fixed);
        match rule {
            Some(false) => {}
            None if self.rule.starts_with(Policy::OWN) => {}
            Some(true) => return Err(Error::FixedRule(self.rule.clone())),
            None => return Err(Error::NoSuchRule(self.rule.clone())),
        }
        let time = self.time.min(LONGEST);
        let state = place::state(&environment, &self.project)?;
        let settings = environment.client_settings().ok_or(Error::NoHome)?;
        let allowances = Allowances::in_settings(&settings, state.clone());
        allowances.give(&self.rule, environment.now() + time)?;
        let folder = state.root().parent().unwrap_or(state.root()).display();
        let time = humantime::format_duration(time);
        output.line(format_args!("{} is off in {folder} for {time}", self.rule))?;
        Ok(exit_code::DONE)
    }
}
