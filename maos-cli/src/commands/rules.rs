//! `maos rules`: what the guard stops, and how strongly that is meant.

use std::path::PathBuf;

use maos_shared::config::{Environment, Layers, Level};
use maos_shared::guard::{Policy, catalogue};
use schemars::JsonSchema;
use serde::Serialize;

use crate::error::{Error, exit_code};
use crate::output::{Form, Output, Show, Text, Tone};
use crate::place;

/// List the guard's rules with their levels: deny, ask, warn or off.
///
/// The levels are those that count in the project, after your own maos.toml and
/// the project's. A level with `!` is fixed: no file can weaken it.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  maos rules | grep git
  maos rules --json | jq -r '.rules[] | select(.fixed).id'")]
pub(crate) struct Args {
    /// A folder of the project
    #[arg(long, value_name = "DIR", default_value = ".")]
    project: PathBuf,
    #[command(flatten)]
    form: Form,
}

/// The guard's rules.
#[derive(Serialize, JsonSchema)]
pub(super) struct Rules {
    /// Each rule, by family.
    rules: Vec<Rule>,
    /// Why a maos.toml, or a part of it, does not count.
    problems: Vec<String>,
}

/// One rule.
#[derive(Serialize, JsonSchema)]
struct Rule {
    /// Its name, such as `git.push-force`.
    id: &'static str,
    /// Its level in this project: `deny`, `ask`, `warn` or `off`.
    level: &'static str,
    /// No file can weaken it.
    fixed: bool,
    /// What it stops.
    stops: &'static str,
}

impl Args {
    pub(super) fn run(&self, output: &mut Output) -> Result<u8, Error> {
        let environment = Environment::read();
        let project = place::project(&environment, &self.project)?;
        let settings = environment.client_settings();
        let layers = Layers::load(settings.as_deref(), &project.main);
        let policy = Policy::new(&layers.user.guard, &layers.project.guard);
        let rules = catalogue::rules().iter().map(|rule| Rule {
            id: rule.id,
            level: policy.level(rule.id).name(),
            fixed: rule.fixed,
            stops: rule.stops,
        });
        let problems = layers.problems.iter().cloned().chain(policy.problems());
        let found = Rules {
            rules: rules.collect(),
            problems: problems.collect(),
        };
        output.answer(self.form, &found)?;
        Ok(exit_code::DONE)
    }
}

impl Show for Rules {
    fn show(&self, output: &mut Output) -> Result<(), Error> {
        let ids = self.rules.iter().map(|rule| rule.id.len());
        let width = ids.max().unwrap_or_default();
        for rule in &self.rules {
            let mark = if rule.fixed { "!" } else { " " };
            let line = Text::from(format!("{:width$}  ", rule.id))
                .then(" ".repeat(4_usize.saturating_sub(rule.level.len())))
                .then(level(rule.level))
                .then(format!("{mark}  {}", rule.stops));
            // Behind the name, the level and its mark.
            output.wrapped(&line, width + 9)?;
        }
        for problem in &self.problems {
            output.wrapped(&Tone::Warn.of(format!("note: {problem}")), 6)?;
        }
        Ok(())
    }
}

fn level(name: &'static str) -> Text {
    match name {
        name if name == Level::Off.name() => Tone::Faint.of(name),
        name => name.into(),
    }
}
