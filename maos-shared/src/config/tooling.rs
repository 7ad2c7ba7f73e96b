//! `[tooling]` of `maos.toml`: what checks the files that agents edit.

use std::path::Path;

use serde::Deserialize;

use super::settings::{FILE, SettingsError, read};

/// `[tooling]`. It counts in the person's own file only: what it starts runs
/// code of the project, and no repository decides about that.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ToolingSettings {
    /// Whether errors in its files send a subagent back to work, once.
    pub block_on_error: bool,
    /// `tooling.rust`
    pub rust: RustSettings,
    /// `[[tooling.run]]`: other languages.
    pub run: Vec<ToolSettings>,
}

/// `tooling.rust`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RustSettings {
    /// rustfmt, on the edited files.
    pub fmt: Tool,
    /// clippy, on the packages of the edited files. It runs their build scripts.
    pub clippy: Tool,
}

/// What a tool may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tool {
    /// It does not run.
    #[default]
    Off,
    /// The agent is told what it finds.
    On,
    /// It mends what it can, and the agent is told.
    Fix,
}

/// `[[tooling.run]]`: a program for files of some names.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToolSettings {
    /// The names, as a pattern: `*.py`.
    pub files: String,
    /// The program with its arguments; `{files}` stands for the files. Never
    /// through a shell.
    pub command: Vec<String>,
}

impl ToolingSettings {
    /// Returns the settings of the person, whose folder of settings is `folder`
    /// where it is known; nothing runs when nothing is set.
    ///
    /// # Errors
    /// When the file cannot be read, or is not a `maos.toml`: with line and
    /// column.
    pub fn load(folder: Option<&Path>) -> Result<Self, SettingsError> {
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct File {
            tooling: ToolingSettings,
        }
        let Some(folder) = folder else {
            return Ok(Self::default());
        };
        let file: Option<File> = read(&folder.join(FILE))?;
        Ok(file.unwrap_or_default().tooling)
    }
}

impl RustSettings {
    /// Returns whether anything runs for Rust.
    #[must_use]
    pub fn is_on(self) -> bool {
        self.fmt != Tool::Off || self.clippy != Tool::Off
    }
}
