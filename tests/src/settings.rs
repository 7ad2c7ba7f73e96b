//! The client's settings file: which program answers which event.

use std::fs;
use std::path::{Path, PathBuf};

use maos_shared::hook::Event;
use serde_json::{Map, Value, json};

use crate::program::programs_folder;
use crate::recorder::Recorder;
use crate::sandbox::Sandbox;

/// A `settings.json` in the making.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Settings {
    hooks: Map<String, Value>,
    programs: Option<PathBuf>,
}

impl Settings {
    /// Returns settings without a hook.
    pub fn empty() -> Self {
        Self::default()
    }

    /// Returns the settings with every event answered by its built program.
    pub fn registered(self) -> Self {
        self.registered_from(&programs_folder())
    }

    /// Returns the settings with every event answered by its program in
    /// `folder`. It is `maos register` that writes them, as it does for a
    /// person.
    pub fn registered_from(mut self, folder: &Path) -> Self {
        self.programs = Some(folder.to_owned());
        self
    }

    /// Returns the settings with `event` answered by `hook`, in the client's own
    /// form.
    pub fn answering(mut self, event: Event, hook: Value) -> Self {
        self.add(event, hook);
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
        if let Some(programs) = &self.programs {
            let register = [
                "register".as_ref(),
                "--programs".as_ref(),
                programs.as_os_str(),
            ];
            let _ = sandbox.maos(register).exits(0);
        }
        path
    }

    fn add(&mut self, event: Event, hook: Value) {
        let matchers = self.hooks.entry(event.name()).or_insert_with(|| json!([]));
        let matchers = matchers.as_array_mut().expect("a list of matchers");
        matchers.push(json!({ "hooks": [hook] }));
    }
}
