//! What a hook may answer. Most answers are silence: no objection.

use std::path::PathBuf;

use serde::Serialize;
use serde_json::value::RawValue;

use super::Event;

/// A hook's answer. `allow` cannot be said: silence leaves the person's own
/// permission rules in force.
#[derive(Debug, Default)]
pub enum Answer {
    /// No objection, nothing to say.
    #[default]
    Silence,
    /// WorktreeCreate: the folder, alone on its line.
    Path(PathBuf),
    /// One JSON object.
    Json(Box<Output>),
}

/// The JSON object of an answer, in the client's field names.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Output {
    #[serde(skip_serializing_if = "Option::is_none")]
    system_message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    terminal_sequence: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decision: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hook_specific_output: Option<Specific>,
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Specific {
    hook_event_name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    permission_decision: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    permission_decision_reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    updated_input: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    additional_context: Option<String>,
}

impl Answer {
    /// Returns a refusal of a tool call; the model reads `reason`.
    #[must_use]
    pub fn deny(reason: impl Into<String>) -> Self {
        Self::specific(Specific {
            hook_event_name: Event::PreToolUse.name(),
            permission_decision: Some("deny"),
            permission_decision_reason: Some(reason.into()),
            ..Specific::default()
        })
    }

    /// Returns a tool call that the person is asked about; they read `reason`.
    #[must_use]
    pub fn ask(reason: impl Into<String>) -> Self {
        Self::specific(Specific {
            hook_event_name: Event::PreToolUse.name(),
            permission_decision: Some("ask"),
            permission_decision_reason: Some(reason.into()),
            ..Specific::default()
        })
    }

    /// Returns a tool call with another input; the person's permission rules
    /// then judge that input.
    #[must_use]
    pub fn rewrite(input: Box<RawValue>) -> Self {
        Self::specific(Specific {
            hook_event_name: Event::PreToolUse.name(),
            updated_input: Some(input),
            ..Specific::default()
        })
    }

    /// Returns an answer that only tells the model something; silence for an
    /// empty text.
    #[must_use]
    pub fn tell(event: Event, context: String) -> Self {
        if context.is_empty() {
            return Self::Silence;
        }
        Self::specific(Specific {
            hook_event_name: event.name(),
            additional_context: Some(context),
            ..Specific::default()
        })
    }

    /// Returns an answer that sends an agent, which wants to stop, back to work;
    /// it reads `reason`.
    #[must_use]
    pub fn send_back(reason: impl Into<String>) -> Self {
        Self::Json(Box::new(Output {
            decision: Some("block"),
            reason: Some(reason.into()),
            ..Output::default()
        }))
    }

    /// Returns an answer that the person sees in the client.
    #[must_use]
    pub fn say(message: impl Into<String>) -> Self {
        Self::Json(Box::new(Output {
            system_message: Some(message.into()),
            ..Output::default()
        }))
    }

    /// Returns an answer that the client sends to the terminal as it is: an
    /// OSC sequence or a bell.
    #[must_use]
    pub fn ring(sequence: String) -> Self {
        Self::Json(Box::new(Output {
            terminal_sequence: Some(sequence),
            ..Output::default()
        }))
    }

    /// Returns this answer with `context` told to the model beside it.
    #[must_use]
    pub fn and_tell(mut self, event: Event, context: String) -> Self {
        if context.is_empty() {
            return self;
        }
        if let Self::Json(output) = &mut self {
            let specific = output.hook_specific_output.get_or_insert_with(|| Specific {
                hook_event_name: event.name(),
                ..Specific::default()
            });
            specific.additional_context = Some(match specific.additional_context.take() {
                Some(before) => format!("{before}\n{context}"),
                None => context,
            });
            return self;
        }
        Self::tell(event, context)
    }

    /// Returns this answer with `message` shown to the person beside it.
    #[must_use]
    pub fn and_say(mut self, message: String) -> Self {
        if message.is_empty() {
            return self;
        }
        if let Self::Json(output) = &mut self {
            output.system_message = Some(message);
            return self;
        }
        Self::say(message)
    }

    /// Returns what happened in one word, for the journal.
    #[must_use]
    pub fn outcome(&self) -> &'static str {
        match self {
            Self::Silence => "pass",
            Self::Path(_) => "path",
            Self::Json(output) => match &output.hook_specific_output {
                Some(Specific {
                    permission_decision: Some(decision),
                    ..
                }) => decision,
                Some(specific) if specific.updated_input.is_some() => "rewrite",
                _ => "tell",
            },
        }
    }

    /// Returns the reason of a refusal, or of a question to the person.
    #[must_use]
    pub fn refusal(&self) -> Option<&str> {
        match self {
            Self::Json(output) => output
                .hook_specific_output
                .as_ref()?
                .permission_decision_reason
                .as_deref(),
            _ => None,
        }
    }

    /// Returns this answer where the person is asked, with the tool call's
    /// input changed as `other` changes it.
    #[must_use]
    pub fn with_input_of(mut self, other: Self) -> Self {
        if let (Self::Json(asked), Self::Json(other)) = (&mut self, other)
            && let (Some(asked), Some(other)) =
                (&mut asked.hook_specific_output, other.hook_specific_output)
        {
            asked.updated_input = other.updated_input;
            asked.additional_context = other.additional_context;
        }
        self
    }

    /// Returns the bytes for stdout: nothing, one path line or one JSON line.
    pub(super) fn bytes(&self) -> Vec<u8> {
        use std::os::unix::ffi::OsStrExt;
        let mut bytes = match self {
            Self::Silence => return Vec::new(),
            Self::Path(path) => path.as_os_str().as_bytes().to_vec(),
            // Texts and raw JSON always serialise.
            Self::Json(output) => serde_json::to_vec(output).unwrap_or_default(),
        };
        bytes.push(b'\n');
        bytes
    }

    fn specific(specific: Specific) -> Self {
        Self::Json(Box::new(Output {
            hook_specific_output: Some(specific),
            ..Output::default()
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(answer: &Answer) -> String {
        String::from_utf8(answer.bytes()).unwrap()
    }

    #[test]
    fn a_refusal_is_the_contracts() {
        assert_eq!(
            json(&Answer::deny("no")),
            "{\"hookSpecificOutput\":{\"hookEventName\":\"PreToolUse\",\
             \"permissionDecision\":\"deny\",\"permissionDecisionReason\":\"no\"}}\n"
        );
    }

    #[test]
    fn telling_keeps_what_was_answered_before() {
        let input = RawValue::from_string("{\"a\":1}".to_owned()).unwrap();
        let answer = Answer::rewrite(input).and_tell(Event::PreToolUse, "why".to_owned());
        assert_eq!(answer.outcome(), "rewrite");
        assert_eq!(
            json(&answer),
            "{\"hookSpecificOutput\":{\"hookEventName\":\"PreToolUse\",\
             \"updatedInput\":{\"a\":1},\"additionalContext\":\"why\"}}\n"
        );
        let answer = Answer::tell(Event::Stop, "one".to_owned());
        assert_eq!(
            json(&answer.and_tell(Event::Stop, "two".to_owned())),
            "{\"hookSpecificOutput\":{\"hookEventName\":\"Stop\",\"additionalContext\":\"one\\ntwo\"}}\n"
        );
        assert_eq!(json(&Answer::tell(Event::Stop, String::new())), "");
    }
}
