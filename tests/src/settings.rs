//! The client's settings file: which program answers which event.

use std::fs;
use std::path::{Path, PathBuf};

use maos_shared::hook::{Event, Policy};
use serde_json::{Map, Value, json};

use crate::recorder::Recorder;
use crate::sandbox::Sandbox;

/// A `settings.json` in the making.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Settings {
    hooks: Map<String, Value>,
}

impl Settings {
    /// Returns settings without a hook.
    pub fn empty() -> Self {
        Self::default()
    }

    /// Returns the settings with every event answered by its program in
    /// `folder`, as an installation registers them: started directly, and
    /// blocking when the guard itself fails.
    pub fn answering_with(mut self, folder: &Path, events: &[Event]) -> Self {
        for event in events {
            let mut hook = json!({
                "type": "command",
                "command": folder.join(event.program()),
                "args": [],
                "timeout": event.timeout().as_secs(),
            });
            if event.policy() == Policy::Closed {
                hook["onFailure"] = "block".into();
            }
            self.add(*event, hook);
        }
        self
    }

    /// Returns the settings with each of the `events` recorded, beside what
    /// answers it.
    pub fn recording_into(mut self, recorder: &Recorder, events: &[Event]) -> Self {
        for event in events {
            self.add(*event, recorder.hook());
        }
        self
    }

    /// Writes the settings into the HOME of `sandbox` and returns their path.
    pub fn install(&self, sandbox: &Sandbox) -> PathBuf {
        let folder = sandbox.home().join(".claude");
        fs::create_dir_all(&folder).expect("a folder");
        let path = folder.join("settings.json");
        let text = serde_json::to_vec_pretty(&json!({ "hooks": self.hooks })).expect("settings");
        fs::write(&path, text).expect("settings can be written");
        path
    }

    fn add(&mut self, event: Event, hook: Value) {
        let matchers = self.hooks.entry(event.name()).or_insert_with(|| json!([]));
        let matchers = matchers.as_array_mut().expect("a list of matchers");
        matchers.push(json!({ "hooks": [hook] }));
    }
}
