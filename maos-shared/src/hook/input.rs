//! What the client writes to a hook's stdin, as far as MAOS reads it. Unknown
//! fields, tools and events pass: they come and go between client versions.

use std::path::{Path, PathBuf};

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::Error;
use crate::config::limits::PATH_BYTES;
use crate::json::{self, Object, Text};

/// One hook input. Large parts stay unparsed until they are asked for.
///
/// Who calls which tool from where has to be what it should be. The other texts
/// count as absent where they are of another type: the client may give a name
/// that one event needs to something else in another.
#[derive(Debug, Deserialize)]
pub struct Input<'a> {
    /// The session, chosen by the client.
    pub session_id: Text,
    /// The folder in which the agent works.
    cwd: Text,
    /// The session's transcript.
    #[serde(default, deserialize_with = "hint")]
    pub transcript_path: Option<Text>,
    /// The event's name.
    #[serde(default, deserialize_with = "hint")]
    pub hook_event_name: Option<Text>,
    /// Present inside a subagent, absent on the main thread.
    pub agent_id: Option<Text>,
    /// The subagent's type; alone it does not tell a subagent (see `agent_id`).
    #[serde(default, deserialize_with = "hint")]
    pub agent_type: Option<Text>,
    /// The tool that is called.
    pub tool_name: Option<Text>,
    /// The call's id.
    #[serde(default, deserialize_with = "hint")]
    pub tool_use_id: Option<Text>,
    #[serde(borrow)]
    tool_input: Option<&'a RawValue>,
    #[serde(borrow)]
    tool_response: Option<&'a RawValue>,
    /// PostToolUseFailure: what went wrong.
    #[serde(default, deserialize_with = "hint")]
    pub error: Option<Text>,
    #[serde(borrow)]
    permission_mode: Option<&'a RawValue>,
    /// UserPromptSubmit: what was said.
    #[serde(default, deserialize_with = "hint")]
    pub prompt: Option<Text>,
    /// Notification: what the client says.
    #[serde(default, deserialize_with = "hint")]
    pub message: Option<Text>,
    /// Notification: `permission_prompt`, `idle_prompt` and others.
    #[serde(default, deserialize_with = "hint")]
    pub notification_type: Option<Text>,
    #[serde(borrow)]
    stop_hook_active: Option<&'a RawValue>,
    /// Stop, SubagentStop: what the agent said last.
    #[serde(default, deserialize_with = "hint")]
    pub last_assistant_message: Option<Text>,
    /// SessionStart: `startup`, `resume`, `clear`, `compact` or `fork`.
    #[serde(default, deserialize_with = "hint")]
    pub source: Option<Text>,
    /// SessionEnd: why.
    #[serde(default, deserialize_with = "hint")]
    pub reason: Option<Text>,
    /// PreCompact: `manual` or `auto`.
    #[serde(default, deserialize_with = "hint")]
    pub trigger: Option<Text>,
    /// WorktreeCreate: the worktree's name.
    #[serde(default, deserialize_with = "hint")]
    pub name: Option<Text>,
    /// WorktreeRemove: the worktree's folder.
    #[serde(default, deserialize_with = "hint")]
    pub worktree_path: Option<Text>,
    #[serde(borrow)]
    background_tasks: Option<&'a RawValue>,
}

impl<'a> Input<'a> {
    /// Reads an input. Linear in its length, no recursion on its nesting.
    ///
    /// # Errors
    /// One line that says what is wrong and where.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Err(Error::input("stdin is empty"));
        }
        let text = std::str::from_utf8(bytes).map_err(|error| {
            Error::input(format!(
                "stdin is not UTF-8 at byte {}",
                error.valid_up_to()
            ))
        })?;
        let input: Self = json::parse(text)
            .map_err(|error| Error::input(format!("stdin is not a hook input: {error}")))?;
        if input.session_id.is_empty() {
            return Err(Error::input("`session_id` is empty"));
        }
        if !input.cwd().is_absolute() {
            return Err(Error::input("`cwd` is not an absolute path"));
        }
        if input.cwd.contains('\0') {
            return Err(Error::input("`cwd` holds a NUL character"));
        }
        if input.cwd.len() > PATH_BYTES {
            return Err(Error::input(format!(
                "`cwd` is longer than the {PATH_BYTES} bytes that a path may have"
            )));
        }
        Ok(input)
    }

    /// Returns the folder in which the agent works; absolute.
    #[must_use]
    pub fn cwd(&self) -> &Path {
        Path::new(&*self.cwd)
    }

    /// Returns whether the client asks nobody for permission, so that a
    /// question would be answered yes.
    #[must_use]
    pub fn asks_nobody(&self) -> bool {
        self.permission_mode.map(RawValue::get) == Some(r#""bypassPermissions""#)
    }

    /// Returns whether a hook has sent the agent back to work already; also
    /// where that is said in another way than it should be.
    #[must_use]
    pub fn was_sent_back(&self) -> bool {
        !matches!(
            self.stop_hook_active.map(RawValue::get),
            None | Some("false")
        )
    }

    /// Returns the tool's name, or `""` on events without one.
    #[must_use]
    pub fn tool(&self) -> &str {
        self.tool_name.as_deref().unwrap_or_default()
    }

    /// Returns the agent's id, or `None` on the main thread.
    #[must_use]
    pub fn agent(&self) -> Option<&str> {
        self.agent_id.as_deref().filter(|id| !id.is_empty())
    }

    /// Returns the tool's input; empty where the event has none.
    ///
    /// # Errors
    /// When it is not an object.
    pub fn tool_input(&self) -> Result<Object<'a>, Error> {
        match self.tool_input {
            Some(raw) => Ok(Object::parse(raw, "tool_input")?),
            None => Ok(Object::default()),
        }
    }

    /// Returns the tool's answer when it is an object; tools may answer anything.
    #[must_use]
    pub fn tool_response(&self) -> Option<Object<'a>> {
        Object::parse(self.tool_response?, "tool_response").ok()
    }

    /// Returns whether work of this session still runs in the background.
    #[must_use]
    pub fn background_work_runs(&self) -> bool {
        let list = self.background_tasks.map_or("[]", RawValue::get);
        serde_json::from_str::<Vec<IgnoredAny>>(list).is_ok_and(|tasks| !tasks.is_empty())
    }

    /// Returns `path` as seen from the agent's folder.
    #[must_use]
    pub fn absolute(&self, path: &str) -> PathBuf {
        self.cwd().join(path)
    }
}

/// Reads a text, or nothing where the field is of another type.
fn hint<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Text>, D::Error> {
    let raw = <&RawValue>::deserialize(deserializer)?;
    Ok(serde_json::from_str(raw.get()).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(json: &[u8]) -> String {
        Input::parse(json).unwrap_err().to_string()
    }

    #[test]
    fn unknown_fields_and_events_pass() {
        let input = br#"{"session_id":"s","cwd":"/","hook_event_name":"Tomorrow","new":{"a":[1]}}"#;
        let input = Input::parse(input).unwrap();
        assert_eq!(input.hook_event_name.as_deref(), Some("Tomorrow"));
        assert_eq!(input.agent(), None);
    }

    #[test]
    fn a_text_of_another_type_is_absent_unless_it_says_who_calls_what() {
        let input = br#"{"session_id":"s","cwd":"/","name":[{}],"source":{},"prompt":7,"reason":null,"error":"\u0041"}"#;
        let input = Input::parse(input).unwrap();
        assert_eq!(input.name, None);
        assert_eq!(input.source, None);
        assert_eq!(input.prompt, None);
        assert_eq!(input.reason, None);
        assert_eq!(input.error.as_deref(), Some("A"));
        for field in ["agent_id", "tool_name"] {
            let json = format!(r#"{{"session_id":"s","cwd":"/","{field}":[]}}"#);
            assert!(refused(json.as_bytes()).contains("expected a string"));
        }
    }

    #[test]
    fn each_bad_input_is_named_in_one_line() {
        let cases: [(&[u8], &str); 9] = [
            (b" \n", "stdin is empty"),
            (b"{\"session_id\":\"\xff", "not UTF-8 at byte 15"),
            (b"{\"session_id\":\"s\",", "line 1 column 18"),
            (b"{\"cwd\":\"/\"}", "missing field `session_id`"),
            (b"{\"session_id\":\"s\"}", "missing field `cwd`"),
            (b"{\"session_id\":1,\"cwd\":\"/\"}", "expected a string"),
            (
                b"{\"session_id\":\"s\",\"cwd\":\"x\"}",
                "not an absolute path",
            ),
            (
                b"{\"session_id\":\"s\",\"cwd\":\"/a\\u0000b\"}",
                "NUL character",
            ),
            (
                b"{\"session_id\":\"s\",\"cwd\":\"/\"} {}",
                "trailing characters",
            ),
        ];
        for (json, part) in cases {
            let line = refused(json);
            assert!(line.contains(part), "{line}");
            assert!(!line.contains('\n'), "{line}");
        }
        assert!(refused(b"[]").contains("expected"));
        let long = format!(
            r#"{{"session_id":"s","cwd":"/{}"}}"#,
            "a/".repeat(PATH_BYTES)
        );
        assert!(refused(long.as_bytes()).contains("longer than the 4096 bytes"));
    }

    #[test]
    fn deep_nesting_in_an_unread_field_does_no_harm() {
        let deep = "[".repeat(200_000) + &"]".repeat(200_000);
        let json = format!(r#"{{"session_id":"s","cwd":"/","tool_input":{deep},"x":{deep}}}"#);
        let input = Input::parse(json.as_bytes()).unwrap();
        assert!(input.tool_input().is_err(), "an array is no tool input");
    }

    #[test]
    fn background_work_is_seen() {
        let with = |list: &str| {
            let json = format!(r#"{{"session_id":"s","cwd":"/","background_tasks":{list}}}"#);
            Input::parse(json.as_bytes())
                .unwrap()
                .background_work_runs()
        };
        assert!(!with("[]"));
        assert!(!with("[ ]"));
        assert!(!with("null"));
        assert!(with(r#"[{"id":"a"}]"#));
    }
}
