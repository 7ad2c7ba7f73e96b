//! `maos status`: who works here, and what waits for the person.

use std::path::PathBuf;
use std::time::SystemTime;

use maos_shared::config::Environment;
use maos_shared::state::State;

use crate::error::{Error, exit_code};
use crate::journal::tail;
use crate::output::{Form, Output, Show, Tone};
use crate::overview::{Contents, Looked, Overview, overview};
use crate::{place, screen};

/// Show a project at a glance: sessions, their agents and what became of their
/// work, conflicts, leases, jobs, blocked calls.
///
/// An agent is called by its branch where it has one. It is `working` in a
/// workspace of its own, or `reading`; its work is `to merge`, `returned` to your
/// files, `merged` into a branch, or `stuck` where it could not be committed;
/// `done` is who changed nothing, and `halted` whose client ended first. Under
/// CLASH stands with how many others its work conflicts; `1?` is one that changes
/// the same files, while one of both is still at work. The newest sessions come
/// last; of many agents the first are named, those at work or waiting for you
/// before the others. Times are UTC, which a `Z` says.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  maos status
  maos status --project ~/src/shop -n 1
  maos status --json | jq -r '.sessions[].agents[].branch'")]
pub(crate) struct Args {
    /// A folder of the project
    #[arg(long, value_name = "DIR", default_value = ".")]
    project: PathBuf,
    /// How many sessions to show
    #[arg(short = 'n', value_name = "COUNT", default_value_t = 5)]
    sessions: usize,
    /// Every agent, lease and conflict, however many there are
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    form: Form,
}

/// How many rows a table has at most that is to be read at a glance.
const ROWS: usize = 20;

impl Args {
    pub(super) fn run(&self, output: &mut Output) -> Result<u8, Error> {
        let environment = Environment::read();
        let project = place::project(&environment, &self.project)?;
        let state = State::at(project.state_dir(), environment.now());
        let looked = Looked {
            sessions: self.sessions,
            window: tail::WINDOW,
        };
        let found = overview(&project, &state, looked, Some(&mut Contents::of(&project)))?;
        if self.form.json {
            output.json(&found)?;
        } else {
            Screen {
                overview: &found,
                now: environment.now(),
                most: if self.all { usize::MAX } else { ROWS },
            }
            .show(output)?;
        }
        Ok(exit_code::DONE)
    }
}

/// A project as it is printed.
struct Screen<'a> {
    overview: &'a Overview,
    now: SystemTime,
    most: usize,
}

impl Show for Screen<'_> {
    fn show(&self, output: &mut Output) -> Result<(), Error> {
        let overview = self.overview;
        if overview.sessions.is_empty() && overview.older_sessions == 0 {
            let project = &overview.project;
            output.line(format_args!("no session yet in {project}"))?;
        } else {
            output.wrapped(&screen::headline(overview), 2)?;
        }
        for mut section in screen::sessions(overview).chain(screen::besides(overview)) {
            let others = section.cut(self.most);
            output.line("")?;
            output.wrapped(&section.head(self.now), 2)?;
            output.table(&section.table(self.now))?;
            if let Some(others) = others {
                output.wrapped(&others, 2)?;
            }
            for note in section.notes() {
                output.wrapped(&note, 4)?;
            }
        }
        if overview.older_sessions > 0 {
            let older = overview.older_sessions;
            output.line("")?;
            let more = format!("{older} older sessions; -n shows more");
            output.text(&Tone::Faint.of(more))?;
        }
        Ok(())
    }
}
