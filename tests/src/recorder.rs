//! A hook that keeps what it is sent: what the client really does.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::sandbox::Sandbox;

/// A folder with one file for each recorded hook input.
#[derive(Debug)]
pub struct Recorder {
    folder: PathBuf,
}

impl Recorder {
    /// Returns a recorder in the HOME of `sandbox`.
    #[must_use]
    pub fn within(sandbox: &Sandbox) -> Self {
        let folder = sandbox.home().join("recorded-hooks");
        fs::create_dir_all(&folder).expect("a folder");
        Self { folder }
    }

    /// Returns every recorded input of the event, oldest first.
    #[must_use]
    pub fn inputs(&self, event: &str) -> Vec<Value> {
        let files = fs::read_dir(&self.folder).expect("the folder of the recorder");
        let mut inputs: Vec<_> = files
            .map(|file| {
                let path = file.expect("an entry").path();
                let written = fs::metadata(&path).and_then(|file| file.modified());
                let text = fs::read(&path).expect("a recorded input");
                let input: Value = serde_json::from_slice(&text).expect("a hook input is JSON");
                (written.expect("a file has a time"), input)
            })
            .filter(|(_, input)| input["hook_event_name"] == event)
            .collect();
        inputs.sort_by_key(|(written, _)| *written);
        inputs.into_iter().map(|(_, input)| input).collect()
    }

    /// Returns the hook as the client's settings name it. It says nothing, so
    /// it can stand beside the hook that answers.
    pub(crate) fn hook(&self) -> Value {
        let keep = "exec cat > \"$0/$$.json\"";
        json!({ "type": "command", "command": "/bin/sh", "args": ["-c", keep, self.folder] })
    }
}
