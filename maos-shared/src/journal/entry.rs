//! One line of an event journal.

use serde::Serialize;

use super::Fields;

/// What is kept of one answered event.
#[derive(Debug, Serialize)]
pub struct Entry<'a> {
    /// RFC 3339, UTC.
    pub time: String,
    /// The event's name.
    pub event: &'a str,
    /// The session's id.
    pub session: &'a str,
    /// The agent's id; absent on the main thread.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<&'a str>,
    /// The agent's type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_type: Option<&'a str>,
    /// The tool's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tool: Option<&'a str>,
    /// The id of the tool call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call: Option<&'a str>,
    /// `pass`, `deny`, `ask`, `rewrite`, `tell`, `path` or `error`.
    pub outcome: &'a str,
    /// By which a person finds an objection: `maos why ID`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<&'a str>,
    /// The rule that objected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<&'a str>,
    /// What the rule comes to after `maos.toml` and `maos allow`: `deny`, `ask`,
    /// `warn` or `allowed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<&'a str>,
    /// Why it was refused, or what went wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'a str>,
    /// Base names of the programs that a command would run.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    pub programs: &'a [String],
    /// The commands that a rule objected to, as programs and options.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    pub commands: &'a [String],
    /// The tool's input, redacted.
    #[serde(skip_serializing_if = "Fields::is_empty")]
    pub input: Fields<'a>,
    /// From the start of the program to this line, in microseconds.
    pub duration_us: u128,
}

impl Entry<'_> {
    /// Returns the line with its newline.
    #[must_use]
    pub fn line(&self) -> Vec<u8> {
        // Texts and numbers always serialise.
        let mut line = serde_json::to_vec(self).unwrap_or_default();
        line.push(b'\n');
        line
    }
}
