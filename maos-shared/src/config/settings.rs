//! `maos.toml`: what a person or a project sets. Every key is a field here.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::file::{SettingsError, SettingsFile};
use super::{AgentSettings, CleanUpSettings, LeaseSettings, Level, WorkspaceSettings};

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

/// The layers of settings that count for a project.
#[derive(Clone, Debug, Default)]
pub struct Layers {
    /// The person's own.
    pub user: Settings,
    /// The project's.
    pub project: Settings,
    /// Why a layer does not count, a line each.
    pub problems: Vec<String>,
    /// The person's own file, where there is one that can be read.
    pub user_file: Option<SettingsFile>,
    /// The project's.
    pub project_file: Option<SettingsFile>,
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
            (layers.project_file, layers.project) = layers.layer(&project);
        }
        if let Some(user) = user {
            (layers.user_file, layers.user) = layers.layer(&user);
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

    fn layer(&mut self, path: &Path) -> (Option<SettingsFile>, Settings) {
        let file = SettingsFile::read(path);
        let file = file.unwrap_or_else(|error| self.has(&error));
        let settings = file
            .as_ref()
            .map_or(Ok(Settings::default()), SettingsFile::parse);
        let settings = settings.unwrap_or_else(|error| self.has(&error));
        (file, settings)
    }

    /// Notes a problem, and returns what counts in the place of what has it.
    fn has<T: Default>(&mut self, problem: &SettingsError) -> T {
        self.problems.push(problem.to_string());
        T::default()
    }
}

impl Settings {
    /// Returns the settings of the file at `path`; `None` when there is no such
    /// file.
    ///
    /// # Errors
    /// When it cannot be read, or is not a `maos.toml`: with line and column.
    pub fn load(path: &Path) -> Result<Option<Self>, SettingsError> {
        let file = SettingsFile::read(path)?;
        file.as_ref().map(Self::of).transpose()
    }

    /// Returns the settings of a file.
    ///
    /// # Errors
    /// When it is not a `maos.toml`: with line and column.
    pub fn of(file: &SettingsFile) -> Result<Self, SettingsError> {
        file.parse()
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
