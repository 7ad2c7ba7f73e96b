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

use super::Message;
use crate::config::{NotifySettings, Provider};
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
    /// Says it through `provider` and blocks until it is said.
    ///
    /// # Errors
    /// Why none of the provider's programs could, in one line.
    pub(super) fn say(&self, provider: Provider, settings: &NotifySettings) -> Result<(), String> {
        let mut trouble = "there is nothing to run for it here".to_owned();
        for program in self.programs(provider, settings)? {
            match program.run() {
                Ok(_) => return Ok(()),
                Err(error) => trouble = error,
            }
        }
        Err(trouble)
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
