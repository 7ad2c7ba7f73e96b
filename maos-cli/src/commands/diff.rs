//! `maos diff`: what an agent has changed.

use std::path::PathBuf;

use maos_shared::config::Environment;
use maos_shared::workspace::merge;
use schemars::JsonSchema;
use serde::Serialize;

use crate::error::{Error, exit_code};
use crate::output::{self, Form, Output, Text, Tone};
use crate::place;
use crate::work::{self, Unfinished};

/// Show what an agent has changed since it started, or since its work came back.
///
/// What was uncommitted when the agent started is no change of its own. What it
/// has not committed yet is not shown, only how many files that are, on stderr;
/// its stop commits all of it.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  maos diff 3f2a9c1d
  maos diff --stat agent/coder/3f2a9c1d
  maos diff --name-only 'write the docs'")]
pub(crate) struct Args {
    /// The agent: its id or the begin of it, its branch, or a part of its task
    agent: String,
    /// Only how many lines of each file
    #[arg(long, conflicts_with = "name_only")]
    stat: bool,
    /// Only the names of the files
    #[arg(long)]
    name_only: bool,
    /// All since the agent started, also what has come back
    #[arg(long)]
    whole: bool,
    /// A folder of the project
    #[arg(long, value_name = "DIR", default_value = ".")]
    project: PathBuf,
    #[command(flatten)]
    form: Form,
}

/// What an agent has changed.
#[derive(Serialize, JsonSchema)]
pub(super) struct Answer<'a> {
    /// Its id.
    agent: &'a str,
    /// Its branch.
    branch: &'a str,
    /// The commit that the difference begins at.
    base: &'a str,
    /// The commit that it ends at.
    tip: &'a str,
    /// The files that differ.
    files: Vec<String>,
    /// What it has not committed yet; `null` where it has stopped.
    unfinished: Option<Unfinished>,
    /// The difference, as git writes it with the options that were asked for.
    diff: &'a str,
}

impl Args {
    pub(super) fn run(&self, output: &mut Output) -> Result<u8, Error> {
        let environment = Environment::read();
        let project = place::project(&environment, &self.project)?;
        let state = place::state(&environment, &self.project)?;
        let works = work::all(&project, &state)?;
        let work = work::find(&works, &self.agent)?;
        let base = if self.whole { &work.start } else { &work.base };
        let options: &[&str] = match (self.stat, self.name_only) {
            (true, _) => &["--stat"],
            (_, true) => &["--name-only"],
            _ => &[],
        };
        let text = merge::diff(&project, base, &work.tip, options)?;
        let text = String::from_utf8_lossy(&text);
        if self.form.json {
            output.json(&Answer {
                agent: work.id(),
                branch: &work.branch,
                base,
                tip: &work.tip,
                files: merge::changed_files(&project, base, &work.tip)?,
                unfinished: work.unfinished(),
                diff: &text,
            })?;
            return Ok(exit_code::DONE);
        }
        for line in text.lines() {
            output.text(&toned(line))?;
        }
        match work.unfinished() {
            Some(unfinished) => output::note(&unfinished.line()),
            None if text.is_empty() => {
                output::note(&Text::from(format!("{} has no changes here", work.name())));
            }
            None => {}
        }
        Ok(exit_code::DONE)
    }
}

/// Returns a line of a difference in its colour.
pub(crate) fn toned(line: &str) -> Text {
    match line.as_bytes() {
        [b'+', b'+', b'+', ..] | [b'-', b'-', b'-', ..] | [b'd', b'i', b'f', b'f', ..] => {
            Tone::Strong.of(line)
        }
        [b'@', ..] => Tone::Live.of(line),
        [b'+', ..] => Tone::Good.of(line),
        [b'-', ..] => Tone::Bad.of(line),
        _ => line.into(),
    }
}
