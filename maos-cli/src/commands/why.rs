//! `maos why`: what a rule objected to, and why.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use maos_shared::config::Environment;
use maos_shared::guard::catalogue;
use serde::Deserialize;
use serde_json::Value;

use crate::error::{Error, exit_code};
use crate::journal::{generations, tail};
use crate::output::Output;
use crate::place;

/// Explain a call that a rule objected to, by the id that its reason names.
///
/// Shown are who asked for what, as far as it was written down: the programs
/// and options of a command, never its other arguments.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  maos why 3f2a9c1d")]
pub(crate) struct Args {
    /// The id, such as 3f2a9c1d
    id: String,
    /// A folder of the project
    #[arg(long, value_name = "DIR", default_value = ".")]
    project: PathBuf,
}

/// What is shown of a line of the audit journal.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Line {
    id: String,
    time: String,
    session: String,
    agent: Option<String>,
    agent_type: Option<String>,
    tool: Option<String>,
    outcome: String,
    rule: Option<String>,
    verdict: Option<String>,
    reason: Option<String>,
    commands: Vec<String>,
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
        let agent = match (&line.agent, &line.agent_type) {
            (None, _) => "the main agent".to_owned(),
            (Some(id), Some(kind)) => format!("{kind} {id}"),
            (Some(id), None) => id.clone(),
        };
        output.line(format_args!("time      {}", line.time))?;
        output.line(format_args!("agent     {agent}, session {}", line.session))?;
        output.line(format_args!("tool      {}", line.tool.unwrap_or_default()))?;
        for command in &line.commands {
            output.line(format_args!("          {command}"))?;
        }
        let paths = PATHS
            .iter()
            .filter_map(|field| line.input.get(*field)?.as_str());
        for path in paths {
            output.line(format_args!("          {path}"))?;
        }
        let answer = line.verdict.unwrap_or(line.outcome);
        output.line(format_args!("answer    {answer}"))?;
        if let Some(rule) = &line.rule {
            let stops = catalogue::rule(rule).map_or("a rule of maos.toml", |rule| rule.stops);
            output.line(format_args!("rule      {rule}: {stops}"))?;
        }
        output.line(format_args!(
            "reason    {}",
            line.reason.unwrap_or_default()
        ))?;
        Ok(exit_code::DONE)
    }
}

/// Returns the last line with this id, also of an earlier journal; lines that are
/// none are passed over.
fn find(audit: &Path, id: &str) -> Result<Option<Line>, Error> {
    for journal in generations(audit) {
        let lines = tail::last_lines(&journal, usize::MAX, tail::WHOLE)?;
        let found = lines.iter().rev().find_map(|line| {
            let line: Line = serde_json::from_slice(line).ok()?;
            (line.id == id).then_some(line)
        });
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}
