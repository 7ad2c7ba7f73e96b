//! `[notify]` of `maos.toml`: how the person is called.

use std::fmt;
use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, de};

use super::limits::NOTIFY_INTERVAL;
use super::settings::{FILE, SettingsError, read};

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
    /// A kind is said once in that time (`"5s"`), however many ask for it.
    #[serde(deserialize_with = "duration")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub interval: Duration,
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

/// One way to call the person: a provider, or the first one of a list that
/// works.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    untagged,
    expecting = "expected \"terminal\", \"desktop\", \"sound\", \"speech\", \"elevenlabs\", \"openai\" or \"command\", or a list of them"
)]
pub enum Way {
    /// This one.
    One(Provider),
    /// The first one that works.
    FirstOf(Vec<Provider>),
}

/// What calls the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Provider {
    /// A notification of the terminal, and its bell; over ssh as well.
    Terminal,
    /// A notification of the desktop.
    Desktop,
    /// A sound.
    Sound,
    /// A voice of this machine.
    Speech,
    /// A voice of ElevenLabs.
    ElevenLabs,
    /// A voice of OpenAI, or of what speaks its protocol.
    OpenAi,
    /// The person's own program.
    Command,
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
    #[serde(deserialize_with = "some_duration")]
    pub timeout: Option<Duration>,
}

/// A text that no output shows.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Secret(String);

/// A time of the day in which it is quiet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuietHours {
    from: u16,
    until: u16,
}

impl NotifySettings {
    /// Returns the settings of the person, whose folder of settings is `folder`
    /// where it is known; the defaults when nothing is set.
    ///
    /// # Errors
    /// When the file cannot be read, or is not a `maos.toml`: with line and
    /// column.
    pub fn load(folder: Option<&Path>) -> Result<Self, SettingsError> {
        match folder {
            Some(folder) => Self::of_file(&folder.join(FILE)),
            None => Ok(Self::default()),
        }
    }

    /// Returns the settings of the file at `path`; the defaults when there is
    /// none.
    ///
    /// # Errors
    /// As [`NotifySettings::load`].
    pub fn of_file(path: &Path) -> Result<Self, SettingsError> {
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct File {
            notify: NotifySettings,
        }
        let file: Option<File> = read(path)?;
        Ok(file.unwrap_or_default().notify)
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
            .map_err(|error| error.message().replace('\n', " "))
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

impl Default for NotifySettings {
    fn default() -> Self {
        Self {
            providers: vec![Way::One(Provider::Terminal)],
            engineer: String::new(),
            responses: false,
            quiet: None,
            interval: NOTIFY_INTERVAL,
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

impl Way {
    /// Returns the providers to try, in their order.
    #[must_use]
    pub fn providers(&self) -> &[Provider] {
        match self {
            Self::One(provider) => std::slice::from_ref(provider),
            Self::FirstOf(providers) => providers,
        }
    }

    /// Returns whether it begins, and so ends, with the terminal, which always
    /// works.
    #[must_use]
    pub fn is_of_terminal(&self) -> bool {
        self.providers().first() == Some(&Provider::Terminal)
    }

    /// Returns whether none of its providers makes a sound.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.providers().iter().all(|provider| provider.is_quiet())
    }
}

impl Provider {
    /// Every provider.
    pub const ALL: [Self; 7] = [
        Self::Terminal,
        Self::Desktop,
        Self::Sound,
        Self::Speech,
        Self::ElevenLabs,
        Self::OpenAi,
        Self::Command,
    ];

    /// Returns the word that stands for it in `maos.toml` and in journals.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Terminal => "terminal",
            Self::Desktop => "desktop",
            Self::Sound => "sound",
            Self::Speech => "speech",
            Self::ElevenLabs => "elevenlabs",
            Self::OpenAi => "openai",
            Self::Command => "command",
        }
    }

    /// Returns whether it speaks.
    #[must_use]
    pub const fn speaks(self) -> bool {
        matches!(self, Self::Speech | Self::ElevenLabs | Self::OpenAi)
    }

    /// Returns whether it can be left to do its work in quiet hours.
    #[must_use]
    pub const fn is_quiet(self) -> bool {
        matches!(self, Self::Terminal | Self::Desktop)
    }
}

impl fmt::Display for Provider {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(self.name())
    }
}

impl Secret {
    /// Returns the secret that is `text`; spaces around it are none of it.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.trim().to_owned())
    }

    /// Returns the text itself, for the one place that has to send it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Returns whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns `text` with this secret masked, wherever it stands.
    #[must_use]
    pub fn mask(&self, text: &str) -> String {
        if self.is_empty() {
            return text.to_owned();
        }
        text.replace(&self.0, "***")
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(if self.is_empty() { "none" } else { "***" })
    }
}

impl QuietHours {
    /// Returns whether the time of day `minute`, in minutes from midnight, lies
    /// in them; they may pass midnight.
    #[must_use]
    pub const fn hold(self, minute: u16) -> bool {
        if self.from <= self.until {
            self.from <= minute && minute < self.until
        } else {
            minute >= self.from || minute < self.until
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let minute = |text: &str| {
            let (hour, minute) = text.trim().split_once(':')?;
            let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
            (hour < 24 && minute < 60).then_some(hour * 60 + minute)
        };
        let (from, until) = text.split_once('-')?;
        Some(Self {
            from: minute(from)?,
            until: minute(until)?,
        })
    }
}

impl<'de> Deserialize<'de> for QuietHours {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text)
            .ok_or_else(|| de::Error::custom("expected two times of the day: \"22:00-07:00\""))
    }
}

pub(super) fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(deserializer)?;
    humantime::parse_duration(&text)
        .map_err(|_| de::Error::custom("expected a time such as \"5s\" or \"2m\""))
}

fn some_duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    duration(deserializer).map(Some)
}

/// As [`duration`], for a time that need not be said.
pub(super) fn optional_duration<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Duration>, D::Error> {
    duration(deserializer).map(Some)
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
                "2:13: expected \"terminal\"",
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

    #[test]
    fn quiet_hours_may_pass_midnight() {
        let night = QuietHours::parse("22:00-07:30").unwrap();
        let noon = QuietHours::parse("12:00 - 13:00").unwrap();
        for (hours, minute, quiet) in [
            (night, 22 * 60 - 1, false),
            (night, 22 * 60, true),
            (night, 0, true),
            (night, 7 * 60 + 29, true),
            (night, 7 * 60 + 30, false),
            (noon, 12 * 60, true),
            (noon, 13 * 60, false),
        ] {
            assert_eq!(hours.hold(minute), quiet, "{hours:?} {minute}");
        }
    }

    #[test]
    fn a_secret_is_masked_wherever_it_stands() {
        let secret = Secret::new("sk-1\n");
        assert_eq!(secret.mask("a sk-1 b sk-1"), "a *** b ***");
        assert_eq!(Secret::default().mask("a"), "a");
    }
}
