//! A hook input in the making, as the client would write it.

use std::path::{Path, PathBuf};

use maos_shared::hook::Event;
use serde_json::{Value, json};

use crate::process::Finished;
use crate::program::{Program, SESSION};
use crate::sandbox::Sandbox;

/// An event of the session that the tests play.
#[must_use]
pub struct HookEvent<'a> {
    sandbox: &'a Sandbox,
    event: Event,
    input: Value,
}

impl<'a> HookEvent<'a> {
    /// Returns an event on the main thread, in the project.
    pub fn new(sandbox: &'a Sandbox, event: Event) -> Self {
        let input = json!({
            "session_id": SESSION,
            "transcript_path": sandbox.home().join("transcripts").join(format!("{SESSION}.jsonl")),
            "cwd": sandbox.project(),
            "hook_event_name": event.name(),
        });
        Self {
            sandbox,
            event,
            input,
        }
    }

    /// Returns the event before the tool `name` runs with `input`.
    pub fn before(sandbox: &'a Sandbox, name: &str, input: Value) -> Self {
        Self::new(sandbox, Event::PreToolUse)
            .with("tool_name", name)
            .with("tool_use_id", format!("toolu_{name}"))
            .with("tool_input", input)
    }

    /// Returns the event as it comes from inside the subagent `id`.
    pub fn by(self, id: &str, agent_type: &str) -> Self {
        self.with("agent_id", id).with("agent_type", agent_type)
    }

    /// Returns the event as it comes from the folder `cwd`.
    pub fn from_folder(self, cwd: impl AsRef<Path>) -> Self {
        let cwd = cwd.as_ref().to_str().expect("a path of ours is UTF-8");
        self.with("cwd", cwd)
    }

    /// Returns the event with another field set.
    pub fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.input[field] = value.into();
        self
    }

    /// Lets the event's program answer it.
    #[must_use]
    pub fn answer(self) -> Answered {
        Answered(self.program().run())
    }

    /// Returns the input as it is.
    #[must_use]
    pub fn into_input(self) -> Value {
        self.input
    }

    /// Returns the run of the event's program on it, for what [`HookEvent::answer`]
    /// does not do.
    pub fn program(self) -> Program<'a> {
        Program::answering(self.event, self.sandbox).given(&self.input)
    }
}

/// A program's answer.
#[derive(Debug)]
pub struct Answered(Finished);

impl Answered {
    /// Returns the end of the process.
    #[must_use]
    pub fn finished(&self) -> Finished {
        self.0.clone()
    }

    /// Checks that the program had no objection and said nothing.
    ///
    /// # Panics
    /// When it did.
    pub fn is_silent(&self) {
        let finished = self.finished().exits(0);
        assert_eq!(finished.out(), "", "{finished}");
    }

    /// Returns the reason of a refusal.
    ///
    /// # Panics
    /// When the call was not refused.
    #[must_use]
    pub fn refusal(&self) -> String {
        let output = self.specific();
        assert_eq!(output["permissionDecision"], "deny", "{output}");
        text(&output["permissionDecisionReason"])
    }

    /// Returns the rewritten input of the tool.
    ///
    /// # Panics
    /// When the call was not rewritten, or was decided as well.
    #[must_use]
    pub fn rewritten(&self) -> Value {
        let output = self.specific();
        assert_eq!(output["permissionDecision"], Value::Null, "{output}");
        let input = output["updatedInput"].clone();
        assert!(input.is_object(), "not rewritten: {output}");
        input
    }

    /// Returns what the model is told beside the answer.
    #[must_use]
    pub fn told(&self) -> String {
        match &self.specific()["additionalContext"] {
            Value::Null => String::new(),
            context => text(context),
        }
    }

    /// Returns the path that WorktreeCreate printed.
    ///
    /// # Panics
    /// When it printed anything but one path.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        let out = self.finished().exits(0).out();
        let line = out.strip_suffix('\n').expect("a line");
        assert!(!line.contains('\n'), "more than one line: {out:?}");
        let path = PathBuf::from(line);
        assert!(path.is_absolute() && path.is_dir(), "no folder: {out:?}");
        path
    }

    fn specific(&self) -> Value {
        let output = self.finished().exits(0).answer().unwrap_or_default();
        output["hookSpecificOutput"].clone()
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}
