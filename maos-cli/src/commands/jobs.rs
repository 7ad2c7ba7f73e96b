//! `maos jobs`: the slow work beside the agents, and ending it.

use std::io::ErrorKind;
use std::path::PathBuf;

use clap::Subcommand;
use maos_shared::config::Environment;
use maos_shared::jobs::{self, End, How, Job, Status};
use maos_shared::state::State;
use schemars::JsonSchema;
use serde::Serialize;

use crate::error::{Error, exit_code};
use crate::output::{Column, Form, Output, Show, Table, Text, Tone};
use crate::{place, when};

/// List the jobs of a project: what MAOS does beside the agents.
///
/// A line holds id, state, when it was ordered (UTC), what it works on, and what
/// it says of its end. The newest jobs come last; those that ended go after a
/// while.
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
    #[command(flatten)]
    form: Form,
}

/// The jobs, oldest first.
#[derive(Serialize, JsonSchema)]
pub(super) struct List(Vec<Job>);

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
            None => output.answer(self.form, &List(jobs::list(&state)?))?,
        }
        Ok(exit_code::DONE)
    }
}

fn stop(output: &mut Output, state: &State, id: &str) -> Result<(), Error> {
    let stopped = jobs::stop(state, id).map_err(|error| match error.kind() {
        ErrorKind::NotFound => Error::NoSuchJob(id.to_owned()),
        _ => error.into(),
    });
    match stopped? {
        true => output.line(format_args!("{id} is stopped")),
        false => output.line(format_args!("{id} had ended already")),
    }
}

impl Show for List {
    fn show(&self, output: &mut Output) -> Result<(), Error> {
        if self.0.is_empty() {
            return output.line("no job");
        }
        let mut table = Table::new([
            Column::left("JOB"),
            Column::left("STATE"),
            Column::left("ORDERED"),
            Column::left("ABOUT").giving_way_in_front(),
            Column::left("RESULT").giving_way(),
        ]);
        for job in &self.0 {
            let (state, text) = status(job);
            let ordered = when::clock(&job.ordered);
            table.row([
                Text::from(job.id.as_str()).leading_to(&job.log),
                state,
                ordered.into(),
                job.about.as_str().into(),
                text.into(),
            ]);
        }
        output.table(&table)
    }
}

fn status(job: &Job) -> (Text, &str) {
    match &job.status {
        Status::Waiting => (Tone::Faint.of("waiting"), ""),
        Status::Running { .. } => (Tone::Live.of("running"), ""),
        Status::Ended(End { how, text, .. }) => (word(*how), text),
    }
}

fn word(how: How) -> Text {
    match how {
        How::Done => Tone::Good.of("done"),
        How::Failed => Tone::Bad.of("failed"),
        How::TooSlow => Tone::Bad.of("too slow"),
        How::Stopped => Tone::Warn.of("stopped"),
        How::NoTurn => Tone::Warn.of("no turn"),
        How::Died => Tone::Bad.of("died"),
    }
}
