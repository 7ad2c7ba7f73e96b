//! `maos jobs`: the slow work beside the agents, and ending it.

use std::path::PathBuf;

use clap::Subcommand;
use maos_shared::config::Environment;
use maos_shared::jobs::{self, End, How, Job, Status};
use maos_shared::state::State;

use crate::error::{Error, exit_code};
use crate::output::Output;
use crate::place;

/// List the jobs of a project: what MAOS does beside the agents.
///
/// A line holds id, state, when it was ordered, what it works on, and what it
/// says of its end. The newest jobs come last; those that ended go after a
/// while. With --json each job is an object: id, kind, about, session, ordered,
/// state (waiting, running or ended), since, how, at, text, log.
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:\n  maos jobs\n  maos jobs stop forecast-3f2a9c1d"
)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Option<Action>,
    /// A folder of the project
    #[arg(long, value_name = "DIR", default_value = ".", global = true)]
    project: PathBuf,
    /// Print one JSON array
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// End a job and all that it started, at once
    Stop {
        /// The job's id
        id: String,
    },
}

impl Args {
    pub(super) fn run(&self, output: &mut Output) -> Result<u8, Error> {
        let state = place::state(&Environment::read(), &self.project)?;
        match &self.action {
            Some(Action::Stop { id }) => stop(output, &state, id)?,
            None if self.json => output.json(&jobs::list(&state)?)?,
            None => show(output, &jobs::list(&state)?)?,
        }
        Ok(exit_code::DONE)
    }
}

fn stop(output: &mut Output, state: &State, id: &str) -> Result<(), Error> {
    match jobs::stop(state, id)? {
        true => output.line(format_args!("{id} is stopped")),
        false => output.line(format_args!("{id} had ended already")),
    }
}

fn show(output: &mut Output, jobs: &[Job]) -> Result<(), Error> {
    if jobs.is_empty() {
        return output.line("no job");
    }
    for job in jobs {
        let (id, ordered, about) = (&job.id, &job.ordered, &job.about);
        let (status, text) = status(job);
        let line = format!("{id}  {status:<8}  {ordered}  {about}  {text}");
        output.line(line.trim_end())?;
    }
    Ok(())
}

fn status(job: &Job) -> (&'static str, &str) {
    match &job.status {
        Status::Waiting => ("waiting", ""),
        Status::Running { .. } => ("running", ""),
        Status::Ended(End { how, text, .. }) => (word(*how), text),
    }
}

const fn word(how: How) -> &'static str {
    match how {
        How::Done => "done",
        How::Failed => "failed",
        How::TooSlow => "too slow",
        How::Stopped => "stopped",
        How::Replaced => "replaced",
        How::NoTurn => "no turn",
        How::Died => "died",
    }
}
