//! `maos replay`: recorded calls, judged again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use maos_shared::config::Environment;
use maos_shared::hook::Event;
use maos_shared::state::State;
use schemars::JsonSchema;
use serde::Serialize;

use crate::error::{Error, exit_code};
use crate::journal::{self, Line, tail};
use crate::output::{self, Form, Output, Show, Text, Tone, counted};
use crate::place;
use crate::programs;
use crate::replay::{Call, calls, judge};

/// Judge recorded calls again with the installed guard and your present
/// settings, and show where it answers otherwise than it did: so a new rule can
/// be tried on last month's commands.
///
/// A file holds inputs of hooks, one or one a line, or is a transcript of
/// Claude Code (~/.claude/projects/…/ID.jsonl). What was answered then is
/// looked up in the project's journal by the id of the call; a journal by
/// itself cannot be replayed, since it holds no commands. Nothing is executed
/// and nothing of the project is written.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  maos replay ~/.claude/projects/-home-me-shop/3f2a9c1d.jsonl
  maos replay --json inputs.jsonl | jq .differ

Exit codes:
  0  the calls were judged, whatever came of it
  1  no file holds a call")]
pub(crate) struct Args {
    /// The recorded calls
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The folder that holds the programs [default: where maos is]
    #[arg(long, value_name = "DIR")]
    programs: Option<PathBuf>,
    /// A folder of the project
    #[arg(long, value_name = "DIR", default_value = ".")]
    project: PathBuf,
    #[command(flatten)]
    form: Form,
}

/// How the calls were judged.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Replayed {
    /// How many calls were judged.
    calls: usize,
    /// How many of them are denied now.
    denied: usize,
    /// How many events or other lines were passed over: they are no calls that
    /// the guard judges.
    passed_over: usize,
    /// The files that hold no such call.
    without_calls: Vec<String>,
    /// Those that are denied or asked about now, or were answered otherwise then.
    differ: Vec<Judged>,
}

/// One call.
#[derive(Debug, Serialize, JsonSchema)]
struct Judged {
    /// The id of the call.
    call: Option<String>,
    /// What is called, such as `Bash: rm -rf /`.
    what: String,
    /// `pass`, `ask` or `deny`.
    now: String,
    /// What the journal says was answered then; `null` where it does not tell.
    then: Option<String>,
    /// Why it objects now.
    reason: Option<String>,
}

impl Args {
    pub(super) fn run(&self, output: &mut Output) -> Result<u8, Error> {
        let environment = Environment::read();
        let programs = match &self.programs {
            Some(folder) => place::absolute(folder)?,
            None => programs::own_folder()?,
        };
        let guard = programs.join(Event::PreToolUse.program());
        programs::require_executable(&guard)?;
        let project = place::project(&environment, &self.project)?;
        let state = State::at(project.state_dir(), environment.now());
        let then = answers(&state)?;
        let mut replayed = Replayed {
            calls: 0,
            denied: 0,
            passed_over: 0,
            without_calls: Vec::new(),
            differ: Vec::new(),
        };
        for file in &self.files {
            let recorded = calls(file, &project.main).map_err(Error::file("read", file))?;
            replayed.passed_over += recorded.passed;
            if recorded.calls.is_empty() {
                replayed.without_calls.push(file.display().to_string());
            }
            for call in recorded.calls {
                replayed.take(&guard, &environment, call, &then)?;
            }
        }
        output.answer(self.form, &replayed)?;
        for file in &replayed.without_calls {
            output::note(&Text::from(format!(
                "{file} holds no recorded call; give inputs of PreToolUse hooks, one a line, or a \
                 transcript (~/.claude/projects/…/ID.jsonl); a journal holds no commands"
            )));
        }
        Ok(match replayed.calls {
            0 => exit_code::FAILED,
            _ => exit_code::DONE,
        })
    }
}

impl Replayed {
    fn take(
        &mut self,
        guard: &Path,
        environment: &Environment,
        call: Call,
        then: &BTreeMap<String, String>,
    ) -> Result<(), Error> {
        let (now, reason) = judge(guard, environment, &call.input)?;
        let then = call.id.as_ref().and_then(|id| then.get(id)).cloned();
        self.calls += 1;
        self.denied += usize::from(now == "deny");
        let same = then.as_ref().is_none_or(|then| *then == now);
        if now != "pass" || !same {
            self.differ.push(Judged {
                call: call.id,
                what: call.what,
                now,
                then,
                reason,
            });
        }
        Ok(())
    }
}

/// Returns what was answered to each call, by its id: whatever did not stop it
/// counts as `pass`.
fn answers(state: &State) -> Result<BTreeMap<String, String>, Error> {
    let journal = journal::journal(state, Event::PreToolUse.name());
    let lines = tail::last_lines(&journal, usize::MAX, tail::WINDOW)?;
    let lines = lines.iter().filter_map(|bytes| Line::parse(bytes));
    let word = |outcome: String| match outcome.as_str() {
        "deny" | "ask" => outcome,
        _ => "pass".to_owned(),
    };
    Ok(lines
        .filter_map(|line| Some((line.call?, word(line.outcome))))
        .collect())
}

impl Show for Replayed {
    fn show(&self, output: &mut Output) -> Result<(), Error> {
        for judged in &self.differ {
            let tone = if judged.now == "deny" {
                Tone::Bad
            } else {
                Tone::Warn
            };
            let mut line = tone.of(format!("{:<4}", judged.now));
            if let Some(then) = judged.then.as_ref().filter(|then| **then != judged.now) {
                line = line.then(Tone::Strong.of(format!("  was {then}")));
            }
            let what = Text::from(format!("  {}", judged.what));
            output.text(&line.then(what))?;
            if let Some(reason) = &judged.reason {
                output.text(&Tone::Faint.of(format!("      {reason}")))?;
            }
        }
        let (calls, denied) = (self.calls, self.denied);
        let passed = match self.passed_over {
            0 => String::new(),
            count => format!(
                "; {} passed over: no call for the guard",
                counted(count, "line")
            ),
        };
        let calls = counted(calls, "call");
        output.line(format_args!("{calls} judged, {denied} denied{passed}"))
    }
}
