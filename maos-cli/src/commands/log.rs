//! `maos log`: the newest lines of the journals.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use maos_shared::config::Environment;
use maos_shared::hook::Event;
use serde::Deserialize;

use crate::error::{Error, exit_code};
use crate::output::Output;
use crate::{place, tail};

/// Show the newest journal lines of a project: what each hook answered.
///
/// A line holds time, event, agent, tool, answer, rule, the time that the hook
/// took, and the reason where there is one.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  maos log
  maos log --event PreToolUse -n 100 | grep deny")]
pub(crate) struct Args {
    /// A folder of the project
    #[arg(long, value_name = "DIR", default_value = ".")]
    project: PathBuf,
    /// Only this event
    #[arg(long, value_parser = PossibleValuesParser::new(Event::ALL.map(Event::name)))]
    event: Option<String>,
    /// How many lines to show
    #[arg(short = 'n', value_name = "COUNT", default_value_t = 20)]
    lines: usize,
}

/// What is shown of a journal line; whatever else it holds is passed over.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Line {
    time: String,
    event: String,
    agent: Option<String>,
    agent_type: Option<String>,
    tool: Option<String>,
    outcome: String,
    rule: Option<String>,
    reason: Option<String>,
    duration_us: u64,
}

impl Args {
    pub(super) fn run(&self, output: &mut Output) -> Result<u8, Error> {
        let state = place::state(&Environment::read(), &self.project)?;
        let mut lines = Vec::new();
        for event in Event::ALL {
            if self
                .event
                .as_deref()
                .is_some_and(|only| only != event.name())
            {
                continue;
            }
            let path = state.logs().join(format!("{}.jsonl", event.name()));
            let newest = tail::last_lines(&path, self.lines)?;
            // A line cut short by a full disk is not worth the others.
            lines.extend(
                newest
                    .iter()
                    .filter_map(|line| serde_json::from_slice(line).ok()),
            );
        }
        lines.sort_by(|a: &Line, b: &Line| a.time.cmp(&b.time));
        if lines.is_empty() {
            let logs = state.logs();
            output.line(format_args!("no line yet: {} holds none", logs.display()))?;
        }
        for line in &lines[lines.len().saturating_sub(self.lines)..] {
            output.line(line.text())?;
        }
        Ok(exit_code::DONE)
    }
}

impl Line {
    fn text(&self) -> String {
        let mut parts = vec![self.time.clone(), self.event.clone()];
        if let Some(agent) = &self.agent {
            let kind = self.agent_type.as_deref().unwrap_or("agent");
            parts.push(format!("{kind}:{agent}"));
        }
        parts.extend(self.tool.clone());
        parts.push(self.outcome.clone());
        parts.extend(self.rule.clone());
        parts.push(format!("{} µs", self.duration_us));
        parts.extend(self.reason.as_ref().map(|reason| format!("- {reason}")));
        parts.join(" ")
    }
}
