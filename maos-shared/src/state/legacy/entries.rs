//! Reading what the earlier MAOS wrote of agents and sessions. All of it is taken
//! for what anybody may have written.

use serde_json::{Map, Value};

use crate::config::limits::{LEGACY_AGENTS, LEGACY_ID_BYTES};
use crate::journal::rfc3339;
use crate::state::agents::{Agent, Stage};
use crate::state::sessions::SessionFact;

/// The type of an agent that does not say its own.
const UNKNOWN: &str = "unknown";
/// Longest time that is read, in bytes.
const TIME_BYTES: usize = 40;

/// An agent as it was written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) agent: Agent,
    pub(super) stage: Stage,
    /// The session that it names.
    pub(super) session: Option<String>,
}

impl Entry {
    /// Returns the agent that a file of its own holds.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let value: Value = serde_json::from_slice(bytes).ok()?;
        Self::of(&value, None)
    }

    /// Returns the agent that a value is; `key` is its name in a map.
    fn of(value: &Value, key: Option<&str>) -> Option<Self> {
        let fields = value.as_object()?;
        let id = text(fields, &["agent_id", "id"]).or(key)?;
        let is_id = !id.is_empty() && id.len() <= LEGACY_ID_BYTES && !id.contains('\0');
        let kind = text(fields, &["agent_type", "type"]).unwrap_or(UNKNOWN);
        let stage = match text(fields, &["status"]) {
            Some("active" | "running") => Stage::Active,
            Some("completed" | "done" | "failed") => Stage::Completed,
            _ => Stage::Pending,
        };
        is_id.then(|| Self {
            agent: Agent {
                agent_id: id.to_owned(),
                agent_type: shortened(kind),
                registered: time(fields, &["timestamp", "registered_at", "created_at"]),
                client: None,
            },
            stage,
            session: text(fields, &["session_id", "session"]).map(shortened),
        })
    }
}

/// Returns the agents that a list holds, and how many of its entries are none:
/// `[…]`, `{"pending_agents": […]}`, `{"agents": […]}`, or a map by id.
///
/// # Errors
/// When it is none of these, in a few words.
pub(super) fn agents_of(bytes: &[u8]) -> Result<(Vec<Entry>, usize), String> {
    let value: Value =
        serde_json::from_slice(bytes).map_err(|error| format!("it is damaged ({error})"))?;
    let listed = |name: &str| value.get(name).and_then(Value::as_array);
    let entries: Vec<(Option<&str>, &Value)> = match &value {
        Value::Array(list) => list.iter().map(|one| (None, one)).collect(),
        Value::Object(map) => match listed("pending_agents").or_else(|| listed("agents")) {
            Some(list) => list.iter().map(|one| (None, one)).collect(),
            None => map.iter().map(|(key, one)| (Some(&**key), one)).collect(),
        },
        _ => return Err("it holds no list of agents".to_owned()),
    };
    if entries.len() > LEGACY_AGENTS {
        return Err(format!("it holds more than {LEGACY_AGENTS} agents"));
    }
    let all = entries.len();
    let found: Vec<Entry> = entries
        .into_iter()
        .filter_map(|(key, value)| Entry::of(value, key))
        .collect();
    match (found.len(), all) {
        (0, 1..) => Err("none of its entries is an agent".to_owned()),
        (count, all) => Ok((found, all - count)),
    }
}

/// Returns how a session began, if it is one that the earlier MAOS wrote down.
pub(super) fn session_of(bytes: &[u8]) -> Option<SessionFact> {
    let value: Value = serde_json::from_slice(bytes).ok()?;
    let fields = value.as_object()?;
    if fields.contains_key("session_id") {
        return None;
    }
    let id = text(fields, &["id"])?;
    let metadata = fields.get("metadata").and_then(Value::as_object);
    let cwd = metadata.and_then(|metadata| text(metadata, &["cwd"]));
    Some(SessionFact {
        session_id: shortened(id),
        started: time(fields, &["start"]),
        source: "startup".to_owned(),
        cwd: cwd.unwrap_or_default().into(),
        client: None,
    })
}

/// Returns the first of these fields that is a text.
fn text<'a>(fields: &'a Map<String, Value>, names: &[&str]) -> Option<&'a str> {
    names.iter().find_map(|name| fields.get(*name)?.as_str())
}

/// Returns a time as it is written now. The earlier MAOS left out the zone; what
/// is no time becomes the earliest.
fn time(fields: &Map<String, Value>, names: &[&str]) -> String {
    let read = text(fields, names).filter(|text| text.len() <= TIME_BYTES);
    let read = read.and_then(|text| {
        let text = text.trim_end_matches("+00:00").trim_end_matches('Z');
        humantime::parse_rfc3339(&format!("{text}Z")).ok()
    });
    rfc3339(read.unwrap_or(std::time::SystemTime::UNIX_EPOCH))
}

fn shortened(text: &str) -> String {
    crate::json::cut(text, LEGACY_ID_BYTES).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(text: &str) -> Result<(Vec<String>, usize), String> {
        let (entries, odd) = agents_of(text.as_bytes())?;
        let ids = entries.into_iter().map(|entry| entry.agent.agent_id);
        Ok((ids.collect(), odd))
    }

    #[test]
    fn a_list_has_one_of_four_forms() {
        let one = r#"{"agent_id": "a", "agent_type": "coder"}"#;
        for text in [
            format!("[{one}]"),
            format!(r#"{{"pending_agents": [{one}]}}"#),
            format!(r#"{{"agents": [{one}]}}"#),
            format!(r#"{{"a": {one}}}"#),
            r#"{"a": {"agent_type": "coder"}}"#.to_owned(),
            r#"[{"id": "a", "type": "coder"}]"#.to_owned(),
        ] {
            assert_eq!(ids(&text), Ok((vec!["a".to_owned()], 0)), "{text}");
        }
        assert_eq!(ids("[]"), Ok((Vec::new(), 0)));
        assert_eq!(ids("{}"), Ok((Vec::new(), 0)));
    }

    #[test]
    fn what_is_no_agent_is_counted_and_what_is_no_list_is_told() {
        let mixed = r#"[{"agent_id": "a"}, 7, {"agent_id": ""}, {"agent_id": ["b"]}]"#;
        assert_eq!(ids(mixed), Ok((vec!["a".to_owned()], 3)));
        let long = format!(r#"[{{"agent_id": "{}"}}]"#, "x".repeat(LEGACY_ID_BYTES + 1));
        let many = format!("[{}1]", "1,".repeat(LEGACY_AGENTS));
        let deep = "[".repeat(100_000);
        for text in ["", "{", "7", "[7]", "\u{0}", &long, &many, &deep] {
            assert!(ids(text).is_err(), "{}", &text[..text.len().min(20)]);
        }
    }

    #[test]
    fn fields_are_read_as_they_were_written() {
        let text = br#"{"agent_id": "coder-s-1", "agent_type": "coder", "status": "active",
            "timestamp": "2025-07-01T10:20:30.123456", "session_id": "s"}"#;
        let entry = Entry::parse(text).unwrap();
        assert_eq!(entry.agent.registered, "2025-07-01T10:20:30.123Z");
        assert_eq!(entry.stage, Stage::Active);
        assert_eq!(entry.session.as_deref(), Some("s"));
        let session = br#"{"id": "s", "start": "yesterday", "metadata": {"cwd": "/p"}}"#;
        let session = session_of(session).unwrap();
        assert_eq!(session.started, "1970-01-01T00:00:00.000Z");
        assert_eq!(session.cwd.to_str(), Some("/p"));
        let ours = br#"{"session_id": "s", "started": "T", "id": "x"}"#;
        assert_eq!(session_of(ours), None);
    }
}
