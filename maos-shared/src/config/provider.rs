//! What calls the person, and the ways that are made of it.

use std::fmt;

use serde::{Deserialize, Serialize};

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

impl Way {
    /// Returns the providers to try, in their order.
    #[must_use]
    pub fn providers(&self) -> &[Provider] {
        match self {
            Self::One(provider) => std::slice::from_ref(provider),
            Self::FirstOf(providers) => providers,
        }
    }

    /// Returns whether the terminal is one of its providers. It always works, and
    /// only a hook that still runs can write there: it is sent at once, whatever
    /// becomes of those before it.
    #[must_use]
    pub fn has_terminal(&self) -> bool {
        self.providers().contains(&Provider::Terminal)
    }

    /// Returns what of it is left to try beside the terminal: what stands before
    /// that, since nothing is tried behind what always works.
    #[must_use]
    pub fn before_terminal(&self) -> Option<Self> {
        let is_other = |provider: &&Provider| **provider != Provider::Terminal;
        let before: Vec<Provider> = self
            .providers()
            .iter()
            .take_while(is_other)
            .copied()
            .collect();
        (!before.is_empty()).then_some(Self::FirstOf(before))
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

    /// Returns whether it gets the text that is spoken.
    #[must_use]
    pub const fn speaks(self) -> bool {
        matches!(
            self,
            Self::Speech | Self::ElevenLabs | Self::OpenAi | Self::Command
        )
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
