//! One line of a journal, as it is read back.

use std::time::SystemTime;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::output::{Text, Tone};
use crate::when;

/// What a hook wrote down of one event. A field that a line lacks is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct Line {
    /// RFC 3339, UTC.
    pub(crate) time: String,
    /// The event, such as `PreToolUse`.
    pub(crate) event: String,
    /// The session's id.
    pub(crate) session: String,
    /// The agent's id; `null` for the main agent.
    pub(crate) agent: Option<String>,
    /// The agent's type.
    pub(crate) agent_type: Option<String>,
    /// The tool's name.
    pub(crate) tool: Option<String>,
    /// The id of the tool call.
    pub(crate) call: Option<String>,
    /// `pass`, `deny`, `ask`, `rewrite`, `tell`, `path` or `error`; `allow`
    /// where a person let a rule off.
    pub(crate) outcome: String,
    /// The id of an objection: `maos why ID`.
    pub(crate) id: Option<String>,
    /// The rule that objected.
    pub(crate) rule: Option<String>,
    /// Why it was refused, or what went wrong.
    pub(crate) reason: Option<String>,
    /// RFC 3339: until when a person let the rule off.
    pub(crate) until: Option<String>,
    /// Base names of the programs that a command would run.
    pub(crate) programs: Vec<String>,
    /// The commands that a rule objected to, as programs and options.
    pub(crate) commands: Vec<String>,
    /// The tool's input; contents are replaced by their length and a hash.
    pub(crate) input: serde_json::Map<String, serde_json::Value>,
    /// How long the hook took, in microseconds.
    pub(crate) duration_us: u64,
}

impl Line {
    /// Returns the line that is written as `bytes`, unless it is none.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }

    /// Returns when it happened; `None` where its time is none.
    pub(crate) fn at(&self) -> Option<SystemTime> {
        humantime::parse_rfc3339(&self.time).ok()
    }

    /// Returns whether it is by an agent whose id begins with `agent` or whose
    /// type that is; `main` is the main agent, `person` who let a rule off.
    pub(crate) fn is_by(&self, agent: &str) -> bool {
        match &self.agent {
            None => agent == self.who(),
            Some(id) => id.starts_with(agent) || self.agent_type.as_deref() == Some(agent),
        }
    }

    /// Returns whether something was stopped.
    pub(crate) fn is_denial(&self) -> bool {
        self.outcome == "deny"
    }

    /// Returns who did it, in a few words.
    pub(crate) fn who(&self) -> String {
        // Only a person lets a rule off.
        if self.agent.is_none() && self.outcome == "allow" {
            return "person".to_owned();
        }
        who(self.agent.as_deref(), self.agent_type.as_deref())
    }

    /// Returns the file that the call names, or the programs it would start.
    pub(crate) fn subject(&self) -> String {
        let path = ["file_path", "notebook_path", "path"]
            .iter()
            .find_map(|field| self.input.get(*field)?.as_str());
        match path {
            Some(path) => within_workspace(path).unwrap_or(path).to_owned(),
            None if !self.commands.is_empty() => self.commands.join("; "),
            None => self.programs.join(" "),
        }
    }

    /// Returns the answer in its colour.
    pub(crate) fn answer(&self) -> Text {
        let tone = match self.outcome.as_str() {
            "deny" | "error" => Tone::Bad,
            "ask" | "allow" => Tone::Warn,
            "rewrite" | "path" => Tone::Live,
            _ => Tone::Faint,
        };
        tone.of(self.outcome.as_str())
    }

    /// Returns the line as people read it.
    pub(crate) fn text(&self) -> Text {
        let time = when::clock(&self.time);
        let mut text = Tone::Faint
            .of(format!("{time}  "))
            .then(pad(self.answer(), 7))
            .then("  ")
            .then(pad(self.who().into(), 16))
            .then("  ")
            .then(self.tool.as_deref().unwrap_or(&self.event));
        let subject = self.subject();
        if !subject.is_empty() {
            text = text.then(format!(" {subject}"));
        }
        if self.tool.is_some() && self.event != "PreToolUse" {
            text = text.then(Tone::Faint.of(format!(" {}", self.event)));
        }
        // What a person did took no hook any time.
        let took = match &self.until {
            Some(until) => format!("  until {}", when::clock(until)),
            None => format!("  {}", when::micros(self.duration_us)),
        };
        text = text.then(Tone::Faint.of(took));
        for more in [&self.rule, &self.id, &self.reason].into_iter().flatten() {
            text = text.then(format!("  {more}"));
        }
        text
    }
}

/// Returns a path in an agent's workspace as it is from there: whose that is,
/// stands beside it.
fn within_workspace(path: &str) -> Option<&str> {
    let (_, inside) = path.split_once("/.claude/worktrees/")?;
    Some(inside.split_once('/')?.1)
}

/// Returns who that is, by its id and its type, in a few words; an agent without an
/// id is the main one.
pub(crate) fn who(agent: Option<&str>, kind: Option<&str>) -> String {
    match agent {
        None => "main".to_owned(),
        Some(id) => format!("{} {}", kind.unwrap_or("agent"), short(id)),
    }
}

/// Returns the first characters of an id: enough to tell agents apart.
pub(crate) fn short(id: &str) -> &str {
    id.char_indices().nth(8).map_or(id, |(at, _)| &id[..at])
}

fn pad(text: Text, width: usize) -> Text {
    let missing = width.saturating_sub(text.width());
    text.then(" ".repeat(missing))
}
