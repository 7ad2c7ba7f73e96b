//! `maos log`: the newest lines of the journals.

use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use clap::builder::PossibleValuesParser;
use maos_shared::config::Environment;
use maos_shared::hook::Event;
use maos_shared::state::State;

use crate::error::{Error, exit_code};
use crate::journal::{Follower, Line, Wanted, newest_ever};
use crate::output::{Form, Output};
use crate::{place, work};

/// The pause between two looks at the journals with `-f`: short for an eye,
/// long for a processor.
const PAUSE: Duration = Duration::from_millis(200);

/// How far a line of the journal goes on to the right of its begin, columns.
const INDENT: usize = 16;

/// Show the newest journal lines of a project: what each hook answered.
///
/// A line holds time (UTC), answer, agent, tool and file or programs, the time
/// that the hook took, and rule, id and reason where there are any.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  maos log
  maos log -f --agent coder
  maos log --event PreToolUse --since 2h -n 100 | grep deny
  maos log --json | jq -r 'select(.outcome == \"deny\").rule'")]
pub(crate) struct Args {
    #[command(flatten)]
    lines: Lines,
    /// Only this event
    #[arg(long, value_parser = PossibleValuesParser::new(Event::ALL.map(Event::name)))]
    event: Option<String>,
    /// Go on with what is written from now on, until interrupted
    #[arg(short, long)]
    follow: bool,
}

/// Which lines of a project are wanted, and how they are printed.
#[derive(Debug, clap::Args)]
pub(super) struct Lines {
    /// A folder of the project
    #[arg(long, value_name = "DIR", default_value = ".")]
    project: PathBuf,
    /// Only this agent: the start of its id, its branch, its type, or `main`
    #[arg(long, value_name = "AGENT")]
    agent: Option<String>,
    /// Only what is younger: 90s, 10m, 2h, 7d
    #[arg(long, value_name = "TIME", value_parser = humantime::parse_duration)]
    since: Option<Duration>,
    /// How many lines to show
    #[arg(short = 'n', value_name = "COUNT", default_value_t = 20)]
    count: usize,
    #[command(flatten)]
    form: Form,
}

impl Lines {
    /// Returns the project's state and what is wanted of it.
    pub(super) fn wanted(&self) -> Result<(State, Wanted), Error> {
        let environment = Environment::read();
        let state = place::state(&environment, &self.project)?;
        let since = self.since;
        let agent = self.agent.as_deref();
        let agent = agent.map(|name| work::id_of_branch(&state, name));
        let wanted = Wanted {
            event: None,
            agent: agent.transpose()?,
            since: since.and_then(|since| environment.now().checked_sub(since)),
        };
        Ok((state, wanted))
    }

    /// Prints the newest wanted lines of some journals.
    pub(super) fn print(
        &self,
        output: &mut Output,
        journals: &[PathBuf],
        wanted: &Wanted,
    ) -> Result<(), Error> {
        let lines = newest_ever(journals, wanted, self.count)?;
        if lines.is_empty() && !self.form.json {
            output.line("no such line yet")?;
        }
        self.print_each(output, &lines)
    }

    fn print_each(&self, output: &mut Output, lines: &[Line]) -> Result<(), Error> {
        for line in lines {
            if self.form.json {
                output.json(line)?;
            } else {
                output.wrapped(&line.text(), INDENT)?;
            }
        }
        Ok(())
    }
}

impl Args {
    pub(super) fn run(&self, output: &mut Output) -> Result<u8, Error> {
        let (state, mut wanted) = self.lines.wanted()?;
        wanted.event.clone_from(&self.event);
        let journals = wanted.journals(&state);
        if !self.follow {
            self.lines.print(output, &journals, &wanted)?;
            return Ok(exit_code::DONE);
        }
        // What is written between the two looks is shown twice at worst.
        let mut follower = Follower::new(journals.clone())?;
        let before = newest_ever(&journals, &wanted, self.lines.count)?;
        self.lines.print_each(output, &before)?;
        loop {
            thread::sleep(PAUSE);
            let lines = follower.next(&wanted)?;
            self.lines.print_each(output, &lines)?;
        }
    }
}
