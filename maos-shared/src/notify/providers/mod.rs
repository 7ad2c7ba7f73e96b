//! The providers that are programs, a file each: what each one runs for an
//! utterance. The terminal is none of them: the client writes there.

mod command;
mod desktop;
mod service;
mod sound;
mod speech;

pub use service::{Order, SPEAKER};
pub use sound::players;

use std::ffi::OsString;
use std::time::{Duration, Instant};

use super::Message;
use crate::config::limits::{SPEECH_DEADLINE, SPOKEN_CHARACTER_TIME};
use crate::config::{NotifySettings, Provider, ServiceSettings};
use crate::jobs::Program;

/// What is to be said.
#[derive(Clone, Debug)]
pub(super) struct Utterance {
    /// What is shown.
    pub(super) message: Message,
    /// What is spoken.
    pub(super) spoken: String,
    /// The voice that the kind has; the provider's own where it is empty.
    pub(super) voice: String,
}

impl Utterance {
    /// Says it through `provider` and blocks until it is said, or has taken longer
    /// than it may.
    ///
    /// # Errors
    /// Why none of the provider's programs could, in one line.
    pub(super) fn say(&self, provider: Provider, settings: &NotifySettings) -> Result<(), String> {
        let mut trouble = "there is nothing to run for it here".to_owned();
        let limit = self.limit(provider, settings);
        let begun = Instant::now();
        for program in self.programs(provider, settings)? {
            let left = limit.saturating_sub(begun.elapsed());
            if left.is_zero() {
                break;
            }
            match program.run_within(left) {
                Ok(_) => return Ok(()),
                Err(error) => trouble = error,
            }
        }
        Err(trouble)
    }

    /// Returns how long a provider may take: to begin, to ask a service, and to
    /// speak as slowly as a voice does.
    fn limit(&self, provider: Provider, settings: &NotifySettings) -> Duration {
        let asking = settings.service(provider).map(ServiceSettings::time);
        let characters = match provider.speaks() {
            true => self.spoken.chars().count(),
            false => 0,
        };
        let speaking = u32::try_from(characters).map(|count| SPOKEN_CHARACTER_TIME * count);
        let limit = settings
            .timeout
            .saturating_add(asking.unwrap_or_default())
            .saturating_add(speaking.unwrap_or(Duration::MAX));
        limit.min(SPEECH_DEADLINE)
    }

    /// Returns the programs of a provider, of which the first one that works is
    /// enough.
    fn programs(
        &self,
        provider: Provider,
        settings: &NotifySettings,
    ) -> Result<Vec<Program>, String> {
        match provider {
            Provider::Terminal => Err("it has to come first: only the client writes there".into()),
            Provider::Desktop => Ok(desktop::programs(&self.message)),
            Provider::Sound => sound::programs(&settings.sound),
            Provider::Speech => Ok(speech::programs(self, &settings.speech)),
            Provider::ElevenLabs | Provider::OpenAi => service::programs(self, provider),
            Provider::Command => command::programs(self, &settings.command),
        }
    }
}

/// Returns a program that is found on the `PATH`.
fn program<A: Into<OsString>>(name: &str, arguments: impl IntoIterator<Item = A>) -> Program {
    Program {
        path: name.into(),
        arguments: arguments.into_iter().map(Into::into).collect(),
        ..Program::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_has_the_time_that_its_text_takes() {
        let settings = NotifySettings::default();
        let limit = |provider, characters| {
            let utterance = Utterance {
                message: Message {
                    title: String::new(),
                    who: String::new(),
                    text: String::new(),
                },
                spoken: "x".repeat(characters),
                voice: String::new(),
            };
            utterance.limit(provider, &settings).as_secs()
        };
        assert_eq!(limit(Provider::Desktop, 40), 15);
        assert_eq!(limit(Provider::Speech, 40), 18);
        assert_eq!(limit(Provider::OpenAi, 40), 48);
        assert_eq!(limit(Provider::Speech, 2000), 120);
    }
}
