//! `maos why`: what a rule objected to, and why.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use maos_shared::config::Environment;
use maos_shared::guard::catalogue;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::{Error, exit_code};
use crate::journal::{generations, tail};
use crate::output::{Form, Output, Show};
use crate::place;

/// Explain a call that a rule objected to, by the id that its reason names.
///
/// Shown are who asked for what, as far as it was written down: the programs
/// and options of a command, never its other arguments.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  maos why 3f2a9c1d\n  maos why --json 3f2a9c1d")]
pub(crate) struct Args {
    /// The id, such as 3f2a9c1d
    id: String,
    /// A folder of the project
    #[arg(long, value_name = "DIR", default_value = ".")]
    project: PathBuf,
    #[command(flatten)]
    form: Form,
}

/// What is shown of a line of the audit journal.
#[derive(Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub(super) struct Objected {
    /// The id that its reason names.
    id: String,
    /// RFC 3339.
    time: String,
    /// The session.
    session: String,
    /// The agent's id; `null` for the main agent.
    agent: Option<String>,
    /// The agent's type.
    agent_type: Option<String>,
    /// The tool that was called.
    tool: Option<String>,
    /// What was answered.
    outcome: String,
    /// The rule that objected.
    rule: Option<String>,
    /// The guard's verdict, where that is not the answer.
    verdict: Option<String>,
    /// Why.
    reason: Option<String>,
    /// The programs that would have run, with their options.
    commands: Vec<String>,
    /// What was written down of the tool's input.
    input: BTreeMap<String, Value>,
}

/// The fields of a tool's input that name its file or folder.
const PATHS: [&str; 3] = ["file_path", "notebook_path", "path"];

impl Args {
    pub(super) fn run(&self, output: &mut Output) -> Result<u8, Error> {
        let state = place::state(&Environment::read(), &self.project)?;
        let audit = state.audit();
        let Some(line) = find(&audit, &self.id)? else {
            return Err(Error::NoSuchObjection {
                id: self.id.clone(),
                audit,
            });
        };
        output.answer(self.form, &line)?;
        Ok(exit_code::DONE)
    }
}

impl Show for Objected {
    fn show(&self, output: &mut Output) -> Result<(), Error> {
        let agent = match (&self.agent, &self.agent_type) {
            (None, _) => "the main agent".to_owned(),
            (Some(id), Some(kind)) => format!("{kind} {id}"),
            (Some(id), None) => id.clone(),
        };
        let tool = self.tool.as_deref().unwrap_or_default();
        fact(output, "time", &self.time)?;
        fact(
            output,
            "agent",
            &format!("{agent}, session {}", self.session),
        )?;
        fact(output, "tool", tool)?;
        for command in &self.commands {
            fact(output, "", command)?;
        }
        let path = |field: &&str| self.input.get(*field)?.as_str();
        for path in PATHS.iter().filter_map(path) {
            fact(output, "", path)?;
        }
        fact(
            output,
            "answer",
            self.verdict.as_ref().unwrap_or(&self.outcome),
        )?;
        if let Some(rule) = &self.rule {
            let stops = catalogue::rule(rule).map_or("a rule of maos.toml", |rule| rule.stops);
            fact(output, "rule", &format!("{rule}: {stops}"))?;
        }
        fact(output, "reason", self.reason.as_deref().unwrap_or_default())
    }
}

/// Prints what is known under a name.
fn fact(output: &mut Output, name: &str, text: &str) -> Result<(), Error> {
    output.wrapped(&format!("{name:<9} {text}").into(), 10)
}

/// Returns the last line with this id, also of an earlier journal; lines that are
/// none are passed over.
fn find(audit: &Path, id: &str) -> Result<Option<Objected>, Error> {
    for journal in generations(audit) {
        let lines = tail::last_lines(&journal, usize::MAX, tail::WHOLE)?;
        let found = lines.iter().rev().find_map(|line| {
            let line: Objected = serde_json::from_slice(line).ok()?;
            (line.id == id).then_some(line)
        });
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}
