//! `maos.toml`: what a person or a project sets. Every key is a field here.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::limits::SETTINGS_BYTES;
use super::{AgentSettings, CleanUpSettings, LeaseSettings, Level, WorkspaceSettings};
use crate::files::read_start;

/// The file's name, in the client's folder of settings.
pub const FILE: &str = "maos.toml";

/// One `maos.toml`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// `[guard]`
    pub guard: GuardSettings,
    /// `[leases]`
    pub leases: LeaseSettings,
    /// `[agents]`
    pub agents: AgentSettings,
    /// `[cleanup]`
    pub cleanup: CleanUpSettings,
    /// `[jobs]`
    pub jobs: JobSettings,
    /// `[notify]`: read by those who call the person, as
    /// [`NotifySettings`](super::NotifySettings).
    #[cfg_attr(feature = "schema", schemars(with = "super::NotifySettings"))]
    pub notify: IgnoredAny,
    /// `[tooling]`: read behind an edit, as
    /// [`ToolingSettings`](super::ToolingSettings).
    #[cfg_attr(feature = "schema", schemars(with = "super::ToolingSettings"))]
    pub tooling: IgnoredAny,
    /// `[workspace]`
    pub workspace: WorkspaceSettings,
}

/// `[jobs]`: what runs beside the agents. The person's own file only, since it
/// is the person's machine.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct JobSettings {
    /// How many run at once in a project.
    pub max: Option<usize>,
}

/// `[guard]`: what the guard objects to, and how strongly.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct GuardSettings {
    /// `[guard.levels]`: the level of a rule (`"git.push-force" = "ask"`) or of
    /// a family (`git = "ask"`).
    pub levels: BTreeMap<String, Levels>,
    /// `[[guard.rule]]`: rules of one's own.
    #[serde(rename = "rule")]
    pub rules: Vec<OwnRule>,
    /// Folders that commands may delete in as in a temporary one; absolute, or
    /// from `~/`. The person's own file only.
    pub free_folders: Vec<String>,
    /// Whether an agent may discard changes in its own worktree; on by default.
    /// A project's file can only switch it off.
    pub discards_in_worktrees: Option<bool>,
}

/// A level for a rule, or for the rules of a family by the rest of their names.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    untagged,
    expecting = "expected \"deny\", \"ask\", \"warn\" or \"off\", or a table of them"
)]
pub enum Levels {
    /// Of the rule or the family itself.
    One(Level),
    /// `git.push-force = "ask"`, which TOML takes for a table.
    Each(BTreeMap<String, Level>),
}

/// A rule that a person or a project adds.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OwnRule {
    /// Its name; denials call it `own.<id>`.
    pub id: String,
    /// A pattern (regular expression) that it looks for in each command that
    /// would run, its words joined by single spaces.
    #[serde(default)]
    pub command: Option<String>,
    /// A pattern that it looks for in the absolute path of a file tool.
    #[serde(default)]
    pub path: Option<String>,
    /// Only where the file would be changed.
    #[serde(default)]
    pub only_writes: bool,
    /// How strongly it is meant.
    #[serde(default = "deny")]
    pub level: Level,
    /// Why, in one sentence.
    pub reason: String,
    /// What to do instead.
    #[serde(default)]
    pub instead: String,
}

const fn deny() -> Level {
    Level::Deny
}

/// Why a `maos.toml` does not count.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// It cannot be read.
    #[error("{}: {source}; its settings do not count until it can be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// It is not what it should be.
    #[error("{}:{line}:{column}: {problem}; none of this file's settings count until that is mended", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The column in characters, from 1.
        column: usize,
        /// What is wrong there, in one line.
        problem: String,
    },
}

/// The layers of settings that count for a project.
#[derive(Clone, Debug, Default)]
pub struct Layers {
    /// The person's own.
    pub user: Settings,
    /// The project's.
    pub project: Settings,
    /// Why a layer does not count, a line each.
    pub problems: Vec<String>,
}

impl Layers {
    /// Returns the layers of the client's folder of settings `user`, where it
    /// is known, and of the main checkout `project`. A layer that is absent or
    /// invalid holds the defaults.
    #[must_use]
    pub fn load(user: Option<&Path>, project: &Path) -> Self {
        let mut layers = Self::default();
        let project = project.join(".claude").join(FILE);
        // A session that is started in the home has one file for both.
        let user = user.map(|folder| folder.join(FILE));
        if user.as_ref() != Some(&project) {
            layers.project = layers.layer(&project);
        }
        if let Some(user) = user {
            layers.user = layers.layer(&user);
        }
        layers
    }

    /// Returns the `[workspace]` that counts for the project.
    #[must_use]
    pub fn workspace(&self) -> WorkspaceSettings {
        let (user, project) = (self.user.workspace.clone(), self.project.workspace.clone());
        WorkspaceSettings::merged(user, project)
    }

    /// Returns the settings of leases that count for the project.
    #[must_use]
    pub fn leases(&self) -> LeaseSettings {
        LeaseSettings::merged(&self.user.leases, &self.project.leases)
    }

    /// Returns the settings of agents that count for the project.
    #[must_use]
    pub fn agents(&self) -> AgentSettings {
        AgentSettings::merged(&self.user.agents, &self.project.agents)
    }

    fn layer(&mut self, path: &Path) -> Settings {
        match Settings::load(path) {
            Ok(settings) => settings.unwrap_or_default(),
            Err(error) => {
                self.problems.push(error.to_string());
                Settings::default()
            }
        }
    }
}

impl Settings {
    /// Returns the settings of the file at `path`; `None` when there is no such
    /// file.
    ///
    /// # Errors
    /// When it cannot be read, or is not a `maos.toml`: with line and column.
    pub fn load(path: &Path) -> Result<Option<Self>, SettingsError> {
        read(path)
    }
}

/// Returns what the file at `path` sets, as far as `T` has fields for it;
/// `None` when there is no such file.
pub(super) fn read<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, SettingsError> {
    let bytes = match read_start(path, SETTINGS_BYTES) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => {
            return Err(SettingsError::Unreadable {
                path: path.to_owned(),
                source,
            });
        }
    };
    let text = String::from_utf8_lossy(&bytes);
    toml::from_str(&text).map(Some).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        invalid(path, &text, at, &error.message().replace('\n', " "))
    })
}

fn invalid(path: &Path, text: &str, at: usize, problem: &str) -> SettingsError {
    let before = text.get(..at).unwrap_or(text);
    let last = before.rsplit('\n').next().unwrap_or_default();
    SettingsError::Invalid {
        path: path.to_owned(),
        line: before.matches('\n').count() + 1,
        column: last.chars().count() + 1,
        problem: problem.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::atomic;

    #[test]
    fn rules_and_families_have_levels() {
        let text = "[guard.levels]\n\"git.push-force\" = \"ask\"\ndevices = \"warn\"\nfiles.rm-outside = \"off\"\n";
        let settings: Settings = toml::from_str(text).unwrap();
        let one = |level| Levels::One(level);
        let levels = &settings.guard.levels;
        assert_eq!(levels["git.push-force"], one(Level::Ask));
        assert_eq!(levels["devices"], one(Level::Warn));
        let each = [("rm-outside".to_owned(), Level::Off)];
        assert_eq!(levels["files"], Levels::Each(each.into()));
    }

    #[test]
    fn what_is_wrong_is_told_by_line_and_column() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(FILE);
        let cases = [
            ("[guard]\nx = 1\n", "maos.toml:2:1: unknown field `x`"),
            (
                "[guard.levels]\ngit = \"maybe\"\n",
                "maos.toml:2:7: expected",
            ),
            ("[guard\n", "maos.toml:1:7: "),
            (
                "[[guard.rule]]\nid = \"a\"\n",
                "maos.toml:1:1: missing field `reason`",
            ),
        ];
        for (text, expected) in cases {
            atomic::replace(&path, text.as_bytes()).unwrap();
            let error = Settings::load(&path).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
            assert!(!error.contains('\n'), "{error}");
        }
        assert_eq!(Settings::load(&dir.path().join("none")).unwrap(), None);
    }
}
