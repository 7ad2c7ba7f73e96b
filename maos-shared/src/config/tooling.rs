//! `[tooling]` of `maos.toml`: what checks the files that agents edit.

use std::path::Path;
use std::time::Duration;

use serde::Deserialize;

use super::file::{SettingsError, SettingsFile};
use super::limits::{CLIPPY_TIME, FMT_TIME, TOOL_TIME_LONGEST};
use super::settings::FILE;
use super::time::optional_duration;

/// `[tooling]`. The person's own file decides. A project's file can only switch
/// the tools for Rust off, and add tools once the person trusts it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct RustSettings {
    /// rustfmt, on the edited files. Where nothing is said, it formats those
    /// that were formatted when they were committed, and new ones.
    pub fmt: Option<Tool>,
    /// clippy, on the packages of the edited files. It runs their build scripts;
    /// where nothing is said, only of what has been built here before.
    pub clippy: Option<Tool>,
    /// How long formatting the files of a burst may take (`"30s"`).
    #[serde(deserialize_with = "optional_duration")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub fmt_timeout: Option<Duration>,
    /// How long clippy may take on the packages of a burst (`"60s"`).
    #[serde(deserialize_with = "optional_duration")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub clippy_timeout: Option<Duration>,
}

/// What a tool may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Tool {
    /// It does not run.
    Off,
    /// The agent is told what it finds.
    On,
    /// It mends what it can, and the agent is told.
    Fix,
}

/// `[[tooling.run]]`: a program for files of some names.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ToolSettings {
    /// The names, as a pattern: `*.py`.
    pub files: String,
    /// A program that checks them, with its arguments; `{files}` stands for the
    /// files, which it leaves as they are. Never through a shell.
    #[serde(default)]
    pub command: Vec<String>,
    /// A program that reads the text of a file from its stdin and writes it as it
    /// should be to its stdout; `{file}` stands for the file's path. It runs before
    /// the check.
    #[serde(default)]
    pub format: Vec<String>,
    /// How long it may take on the files of a burst (`"60s"`).
    #[serde(default, deserialize_with = "optional_duration")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub timeout: Option<Duration>,
}

/// The part of a `maos.toml` that is read behind an edit.
#[derive(Default, Deserialize)]
#[serde(default)]
struct File {
    tooling: ToolingSettings,
}

impl ToolingSettings {
    /// Returns the settings of the person, whose folder of settings is `folder`
    /// where it is known; the defaults where there is no file.
    ///
    /// # Errors
    /// When the file cannot be read, or is not a `maos.toml`: with line and
    /// column.
    pub fn load(folder: Option<&Path>) -> Result<Self, SettingsError> {
        let file = folder.map(|folder| SettingsFile::read(&folder.join(FILE)));
        let file = file.transpose()?.flatten();
        file.as_ref().map_or(Ok(Self::default()), Self::of)
    }

    /// Returns the settings of a file; the defaults where it has none.
    ///
    /// # Errors
    /// When it is not a `maos.toml`: with line and column.
    pub fn of(file: &SettingsFile) -> Result<Self, SettingsError> {
        file.parse().map(|file: File| file.tooling)
    }

    /// Returns the settings of a project's file with these bytes; the defaults
    /// where it is no `maos.toml`.
    #[must_use]
    pub fn of_project(bytes: &[u8]) -> Self {
        let file = toml::from_str::<File>(&String::from_utf8_lossy(bytes));
        file.unwrap_or_default().tooling
    }

    /// Returns these settings of the person with those of a project, whose own
    /// tools count where the person trusts its file.
    #[must_use]
    pub fn with_project(mut self, project: Self, is_trusted: bool) -> Self {
        let off = |tool: &Option<Tool>| *tool == Some(Tool::Off);
        if off(&project.rust.fmt) {
            self.rust.fmt = Some(Tool::Off);
        }
        if off(&project.rust.clippy) {
            self.rust.clippy = Some(Tool::Off);
        }
        if is_trusted {
            self.run.extend(project.run);
        }
        self
    }

    /// Returns how long the tools may take on the files of a burst, all in all.
    #[must_use]
    pub fn time(&self) -> Duration {
        let tools: Duration = self.run.iter().map(|it| it.time() * it.steps()).sum();
        self.rust.fmt_time() + self.rust.clippy_time() + tools
    }
}

impl RustSettings {
    /// Returns whether anything may run for Rust.
    #[must_use]
    pub fn is_on(self) -> bool {
        self.fmt != Some(Tool::Off) || self.clippy != Some(Tool::Off)
    }

    /// Returns how long formatting the files of a burst may take.
    #[must_use]
    pub fn fmt_time(self) -> Duration {
        self.fmt_timeout.unwrap_or(FMT_TIME).min(TOOL_TIME_LONGEST)
    }

    /// Returns how long clippy may take on the packages of a burst.
    #[must_use]
    pub fn clippy_time(self) -> Duration {
        let time = self.clippy_timeout.unwrap_or(CLIPPY_TIME);
        time.min(TOOL_TIME_LONGEST)
    }
}

impl ToolSettings {
    /// Returns how many of its programs run: one that formats, and one that checks.
    #[must_use]
    pub fn steps(&self) -> u32 {
        [&self.format, &self.command]
            .map(|words| u32::from(!words.is_empty()))
            .iter()
            .sum()
    }

    /// Returns how long each of its programs may take on the files of a burst.
    #[must_use]
    pub fn time(&self) -> Duration {
        self.timeout.unwrap_or(CLIPPY_TIME).min(TOOL_TIME_LONGEST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_switches_off_and_adds_where_it_is_trusted() {
        let person = ToolingSettings::of_project(b"[tooling.rust]\nclippy = 'fix'\n");
        let project = ToolingSettings::of_project(
            b"[tooling]\nblock_on_error = true\n[tooling.rust]\nfmt = 'off'\nclippy = 'on'\n\
              [[tooling.run]]\nfiles = '*.py'\ncommand = ['ruff']\ntimeout = '5s'\n",
        );
        for is_trusted in [false, true] {
            let both = person.clone().with_project(project.clone(), is_trusted);
            assert_eq!(both.rust.fmt, Some(Tool::Off));
            assert_eq!(both.rust.clippy, Some(Tool::Fix), "the person's own");
            assert!(!both.block_on_error);
            assert_eq!(both.run.len(), usize::from(is_trusted));
        }
        assert_eq!(ToolingSettings::of_project(b"[tooling"), Default::default());
    }

    #[test]
    fn time_is_what_the_tools_may_take_together() {
        assert_eq!(ToolingSettings::default().time(), Duration::from_secs(90));
        let text = "[tooling.rust]\nfmt_timeout = '1s'\nclippy_timeout = '9h'\n\
                    [[tooling.run]]\nfiles = '*'\ncommand = ['a']\nformat = ['b']\ntimeout = '2s'\n";
        let settings = ToolingSettings::of_project(text.as_bytes());
        assert_eq!(settings.time(), Duration::from_secs(5) + TOOL_TIME_LONGEST);
    }
}
