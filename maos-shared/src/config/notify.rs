//! `[notify]` of `maos.toml`: how the person is called.

use std::path::Path;
use std::time::Duration;

use serde::Deserialize;

use super::file::{SettingsError, SettingsFile};
use super::limits::{NOTIFY_INTERVAL, PROVIDER_TIME, SERVICE_TIME, SERVICE_TIME_LONGEST};
use super::problem;
use super::settings::FILE;
use super::time::{duration, optional_duration};
use super::{Provider, QuietHours, Secret, Way};

/// `[notify]`. It counts in the person's own file only: a repository calls
/// nobody, starts nothing and learns no key.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct NotifySettings {
    /// The ways to call the person, each of which is taken; the terminal's when
    /// nothing is set.
    pub providers: Vec<Way>,
    /// The person's name, `{engineer}` in texts.
    pub engineer: String,
    /// Whether the main agent's last answer is spoken when it is done.
    pub responses: bool,
    /// When nothing makes a sound, in local time: `"22:00-07:00"`.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub quiet: Option<QuietHours>,
    /// The same, wanted by the same agent, is said once in that time (`"5s"`).
    #[serde(deserialize_with = "duration")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub interval: Duration,
    /// How long a provider may take beside the speaking (`"15s"`) before the next
    /// one of its list is tried; two minutes at most, with the speaking.
    #[serde(deserialize_with = "duration")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub timeout: Duration,
    /// An agent asks for a permission.
    pub permission: Wording,
    /// The client waits for the person.
    pub idle: Wording,
    /// The main agent is done, and nothing runs in the background.
    pub done: Wording,
    /// A subagent is done.
    pub subagent_done: Wording,
    /// The guard denied a call.
    pub blocked: Wording,
    /// Two agents want the same file.
    pub conflict: Wording,
    /// `[notify.speech]`
    pub speech: SpeechSettings,
    /// `[notify.sound]`
    pub sound: SoundSettings,
    /// A program of one's own with its arguments; it gets the text on stdin.
    pub command: Vec<String>,
    /// `[notify.elevenlabs]`
    pub elevenlabs: ServiceSettings,
    /// `[notify.openai]`
    pub openai: ServiceSettings,
}

/// One kind of notification.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Wording {
    /// Whether it is said.
    pub on: Option<bool>,
    /// The voice that says it, in place of the provider's.
    pub voice: String,
    /// The text; `{project}`, `{agent}`, `{message}` and `{engineer}` stand for
    /// what they name.
    pub text: String,
}

/// `[notify.speech]`: the voice of this machine.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct SpeechSettings {
    /// A voice's name, as its program knows it.
    pub voice: String,
    /// Words in a minute.
    pub rate: Option<u16>,
}

/// `[notify.sound]`
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct SoundSettings {
    /// The file that is played, in place of the system's own.
    pub file: String,
    /// The program that plays files, with its arguments; the file comes last.
    pub player: Vec<String>,
}

/// A service that speaks, over HTTPS.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ServiceSettings {
    /// The key, where it is not in the environment (`ELEVENLABS_API_KEY`,
    /// `OPENAI_API_KEY`).
    pub key: Secret,
    /// Where the service is, in place of its own address.
    pub url: String,
    /// The voice.
    pub voice: String,
    /// The model.
    pub model: String,
    /// How long it may take (`"20s"`); a minute at most.
    #[serde(deserialize_with = "optional_duration")]
    pub timeout: Option<Duration>,
}

impl NotifySettings {
    /// Returns the settings of the person, whose folder of settings is `folder`
    /// where it is known; the defaults when nothing is set.
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
        #[derive(Deserialize)]
        struct File {
            #[serde(default)]
            notify: NotifySettings,
        }
        file.parse().map(|file: File| file.notify)
    }

    /// Returns whether the text of a `maos.toml` has this section.
    ///
    /// # Errors
    /// When it is none, or the section is wrong: what is wrong, in one line.
    pub fn is_in(text: &str) -> Result<bool, String> {
        #[derive(Deserialize)]
        struct File {
            notify: Option<NotifySettings>,
        }
        let file: Result<File, _> = toml::from_str(text);
        file.map(|file| file.notify.is_some())
            .map_err(|error| problem::told(error.message()))
    }

    /// Returns the service of a provider that is one.
    #[must_use]
    pub const fn service(&self, provider: Provider) -> Option<&ServiceSettings> {
        match provider {
            Provider::ElevenLabs => Some(&self.elevenlabs),
            Provider::OpenAi => Some(&self.openai),
            _ => None,
        }
    }
}

impl ServiceSettings {
    /// Returns how long asking it may take.
    #[must_use]
    pub fn time(&self) -> Duration {
        self.timeout
            .unwrap_or(SERVICE_TIME)
            .min(SERVICE_TIME_LONGEST)
    }
}

impl Default for NotifySettings {
    fn default() -> Self {
        Self {
            providers: vec![Way::One(Provider::Terminal)],
            engineer: String::new(),
            responses: false,
            quiet: None,
            interval: NOTIFY_INTERVAL,
            timeout: PROVIDER_TIME,
            permission: Wording::default(),
            idle: Wording::default(),
            done: Wording::default(),
            subagent_done: Wording::default(),
            blocked: Wording::default(),
            conflict: Wording::default(),
            speech: SpeechSettings::default(),
            sound: SoundSettings::default(),
            command: Vec::new(),
            elevenlabs: ServiceSettings::default(),
            openai: ServiceSettings::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::atomic;

    fn load(text: &str) -> Result<NotifySettings, SettingsError> {
        let dir = tempfile::tempdir().unwrap();
        atomic::replace(&dir.path().join(FILE), text.as_bytes()).unwrap();
        NotifySettings::load(Some(dir.path()))
    }

    #[test]
    fn nothing_set_means_the_terminal() {
        let defaults = NotifySettings::default();
        assert_eq!(defaults.providers, [Way::One(Provider::Terminal)]);
        assert_eq!(load("[guard]\n").unwrap(), defaults);
        assert_eq!(NotifySettings::load(None).unwrap(), defaults);
    }

    #[test]
    fn ways_kinds_and_times_are_read() {
        let settings = load(
            "[notify]\nproviders = [\"terminal\", [\"openai\", \"speech\"]]\ninterval = \"1m\"\n\
             done = {on = false, text = \"{project}!\"}\n[notify.openai]\nkey = \" sk-1 \"\n",
        )
        .unwrap();
        let providers: Vec<_> = settings.providers.iter().map(Way::providers).collect();
        let expected: [&[Provider]; 2] =
            [&[Provider::Terminal], &[Provider::OpenAi, Provider::Speech]];
        assert_eq!(providers, expected);
        assert_eq!(settings.interval, Duration::from_secs(60));
        assert_eq!(settings.done.on, Some(false));
        assert!(!format!("{settings:?}").contains("sk-1"));
    }

    #[test]
    fn what_is_wrong_is_told_by_line_and_column() {
        for (text, expected) in [
            (
                "[notify]\nproviders = [\"smoke\"]\n",
                "2:14: expected \"terminal\"",
            ),
            ("[notify]\nquiet = \"late\"\n", "2:9: expected two times"),
            (
                "[notify]\nquiet = \"22:00-24:00\"\n",
                "2:9: expected two times",
            ),
            ("[notify]\ninterval = \"soon\"\n", "2:12: expected a time"),
            ("[notify.done]\nloud = 1\n", "2:1: unknown field `loud`"),
        ] {
            let error = load(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
