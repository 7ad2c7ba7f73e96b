//! One file a command.

mod allow;
mod audit;
mod clean;
mod completions;
mod config;
mod conflicts;
mod diff;
mod doctor;
mod explain;
mod jobs;
mod log;
mod man;
mod merge;
mod programs;
mod register;
mod release;
mod replay;
mod report;
mod rescue;
mod reserve;
mod rules;
mod say;
mod schema;
mod selfcheck;
mod stats;
mod status;
mod statusline;
mod top;
mod trust;
mod unregister;
mod why;

use std::path::{Path, PathBuf};

use clap::{Parser, Subcommand};
use maos_shared::config::Environment;

use crate::error::Error;
use crate::output::Output;
use crate::place;
pub(crate) use diff::toned as diff_line;

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  failed, or a check found a fault; the reason and the remedy are on stderr
  2  the command line has another form
  3  `maos explain`: the guard would deny the command
  4  `maos merge`, `maos conflicts`: work does not fit; nothing was changed";

/// Many agents in one repository: see and steer what MAOS does.
#[derive(Debug, Parser)]
#[command(name = "maos", version, after_help = EXIT_CODES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Status(status::Args),
    Top(top::Args),
    Explain(explain::Args),
    Log(log::Args),
    Audit(audit::Args),
    Stats(stats::Args),
    Doctor(doctor::Args),
    Diff(diff::Args),
    Merge(merge::Args),
    Conflicts(conflicts::Args),
    Jobs(jobs::Args),
    Rescue(rescue::Args),
    Clean(clean::Args),
    Reserve(reserve::Args),
    Release(release::Args),
    Report(report::Args),
    Replay(replay::Args),
    Rules(rules::Args),
    Config(config::Args),
    Why(why::Args),
    Allow(allow::Args),
    Say(say::Args),
    Trust(trust::Args),
    Register(register::Args),
    Unregister(unregister::Args),
    Selfcheck(selfcheck::Args),
    Programs(programs::Args),
    Statusline(statusline::Args),
    Schema(schema::Args),
    Completions(completions::Args),
    Man(man::Args),
}

impl Cli {
    /// Returns the command line `maos statusline`, if this is it. The client asks
    /// several times a second, and to describe all commands to clap takes longer
    /// than the answer.
    #[expect(
        clippy::disallowed_methods,
        reason = "clap would take longer for one word than all else"
    )]
    pub(crate) fn of_status_line() -> Option<Self> {
        let mut arguments = std::env::args_os().skip(1);
        let is_it = arguments.next()? == "statusline" && arguments.next().is_none();
        is_it.then_some(Self {
            command: Command::Statusline(statusline::Args {}),
        })
    }

    /// Does what the command line asks for and returns the exit code.
    ///
    /// # Errors
    /// Whatever stops the command.
    pub(crate) fn run(&self, output: &mut Output) -> Result<u8, Error> {
        match &self.command {
            Command::Status(args) => args.run(output),
            Command::Top(args) => args.run(output),
            Command::Explain(args) => args.run(output),
            Command::Log(args) => args.run(output),
            Command::Audit(args) => args.run(output),
            Command::Stats(args) => args.run(output),
            Command::Doctor(args) => args.run(output),
            Command::Diff(args) => args.run(output),
            Command::Merge(args) => args.run(output),
            Command::Conflicts(args) => args.run(output),
            Command::Jobs(args) => args.run(output),
            Command::Rescue(args) => args.run(output),
            Command::Clean(args) => args.run(output),
            Command::Reserve(args) => args.run(output),
            Command::Release(args) => args.run(output),
            Command::Report(args) => args.run(output),
            Command::Replay(args) => args.run(output),
            Command::Rules(args) => args.run(output),
            Command::Config(args) => args.run(output),
            Command::Why(args) => args.run(output),
            Command::Allow(args) => args.run(output),
            Command::Say(args) => args.run(output),
            Command::Trust(args) => args.run(output),
            Command::Register(args) => args.run(output),
            Command::Unregister(args) => args.run(output),
            Command::Selfcheck(args) => args.run(output),
            Command::Programs(args) => args.run(output),
            Command::Statusline(args) => args.run(output),
            Command::Schema(args) => args.run(output),
            Command::Completions(args) => args.run(output),
            Command::Man(args) => args.run(output),
        }
    }
}

/// Returns the settings file that was named, or the person's own.
fn settings_path(named: Option<&Path>) -> Result<PathBuf, Error> {
    match named {
        Some(path) => Ok(path.to_owned()),
        None => place::user_settings(&Environment::read()),
    }
}

/// Returns `folder` as an absolute path that settings can name.
fn absolute_text(folder: &Path) -> Result<String, Error> {
    let text = place::absolute(folder)?.into_os_string().into_string();
    text.map_err(|path| Error::Encoding(path.into()))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    /// Returns the examples in the help of a command, as words.
    fn examples(command: &clap::Command) -> Vec<Vec<String>> {
        let help = command.get_after_help().map(ToString::to_string);
        let help = help.unwrap_or_default();
        let lines = help.lines().filter_map(|line| line.strip_prefix("  maos "));
        lines.map(words).collect()
    }

    /// Splits a line as a shell does, as far as the examples need it: up to a
    /// pipe, a redirection or a comment.
    fn words(line: &str) -> Vec<String> {
        let mut words = vec!["maos".to_owned(), String::new()];
        let mut quote = None;
        let mut characters = line.chars();
        while let Some(character) = characters.next() {
            let word = words.last_mut().unwrap();
            match (quote, character) {
                (None, '|' | '>' | '<' | '#') => break,
                (None, ' ') if word.is_empty() => {}
                (None, ' ') => words.push(String::new()),
                (None, '\'' | '"') => quote = Some(character),
                (Some(open), _) if open == character => quote = None,
                (Some('"'), '\\') => word.extend(characters.next()),
                _ => word.push(character),
            }
        }
        words.retain(|word| !word.is_empty());
        words
    }

    /// Checks a command and all commands below it, whose name goes on like this.
    fn check_json(name: &str, command: &clap::Command) {
        if command
            .get_arguments()
            .any(|argument| argument.get_id() == "json")
        {
            assert!(
                schema::is_described(name),
                "{name} prints JSON without a schema"
            );
        }
        for below in command.get_subcommands() {
            let own = below.get_name();
            let name = match name.is_empty() {
                true => own.to_owned(),
                false => format!("{name}-{own}"),
            };
            check_json(&name, below);
        }
    }

    #[test]
    fn all_json_has_a_schema() {
        check_json("", &Cli::command());
    }

    #[test]
    fn every_command_has_examples_and_they_parse() {
        Cli::command().debug_assert();
        for command in Cli::command().get_subcommands() {
            let examples = examples(command);
            assert!(!examples.is_empty(), "{}", command.get_name());
            for example in examples {
                let is_own = example[1] == command.get_name();
                assert!(is_own || example[1] == "release", "{example:?}");
                if let Err(error) = Cli::try_parse_from(&example) {
                    panic!("{example:?}: {error}");
                }
            }
        }
    }
}
