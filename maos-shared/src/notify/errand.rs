//! What is done in a job, so that no hook waits for it: programs that show or
//! speak.

use std::io;
use std::path::{Path, PathBuf};

use super::providers::Utterance;
use super::record::Record;
use super::{Message, last_answer, spoken};
use crate::config::limits::SPEECH_DEADLINE;
use crate::config::{NotifySettings, Provider, Way};
use crate::jobs;
use crate::state::atomic;
use crate::state::lock::Lock;

/// The agent's last answer, which may be spoken in place of a notification.
#[derive(Clone, Debug)]
pub enum LastAnswer {
    /// It is known.
    Text(String),
    /// It stands at the end of this transcript.
    In(PathBuf),
}

/// A notification on its way to the person.
#[derive(Clone, Debug)]
pub(super) struct Errand {
    pub(super) message: Message,
    pub(super) answer: Option<LastAnswer>,
    pub(super) record: Record,
    pub(super) is_quiet: bool,
    /// The person's folder of settings.
    pub(super) folder: Option<PathBuf>,
    pub(super) settings: NotifySettings,
}

impl Errand {
    /// Starts a job that takes these `ways`, if there are any. A newer one takes
    /// the place of one that waits under the same name.
    pub(super) fn send(&self, name: &str, ways: Vec<Way>) -> io::Result<()> {
        if ways.is_empty() {
            return Ok(());
        }
        let order = jobs::Order {
            kind: jobs::Kind::Speech,
            about: name,
            session: Some(&self.record.session),
        };
        let errand = self.clone();
        jobs::start(&self.record.state, &order, move || errand.run(&ways))
    }

    fn run(&self, ways: &[Way]) -> Result<String, String> {
        let utterance = Utterance {
            message: self.message.clone(),
            spoken: self.message.sentence(),
            voice: self.record.kind.wording(&self.settings).voice.clone(),
        };
        let answer = Utterance {
            spoken: self.spoken_answer().unwrap_or(utterance.spoken.clone()),
            ..utterance.clone()
        };
        let _turn = ways.iter().any(|way| !way.is_quiet()).then(|| self.turn());
        let mut said = Vec::new();
        for way in ways {
            let way = way.providers().iter();
            said.extend(way.copied().find(|&provider| {
                let utterance = if provider.speaks() {
                    &answer
                } else {
                    &utterance
                };
                self.is_said(utterance, provider)
            }));
        }
        let names: Vec<_> = said.into_iter().map(Provider::name).collect();
        Ok(names.join(", "))
    }

    /// Tries a provider and writes down what became of it.
    fn is_said(&self, utterance: &Utterance, provider: Provider) -> bool {
        let outcome = if self.is_quiet && !provider.is_quiet() {
            Err("these are quiet hours".to_owned())
        } else {
            utterance.say(provider, &self.settings)
        };
        self.record.tried(provider, &outcome);
        outcome.is_ok()
    }

    /// Returns the agent's last answer as it is spoken, where it is wanted and
    /// there is one.
    fn spoken_answer(&self) -> Option<String> {
        let answer = match self.answer.clone()? {
            LastAnswer::Text(text) => text,
            LastAnswer::In(transcript) => match last_answer(&transcript) {
                Ok(answer) => answer?,
                Err(error) => {
                    self.record
                        .silent(&format!("{}: {error}", transcript.display()));
                    return None;
                }
            },
        };
        Some(spoken(&answer)).filter(|text| !text.is_empty())
    }

    /// Waits until no other project of this person speaks. Where that cannot be
    /// told, they speak at once.
    fn turn(&self) -> Option<Lock> {
        let folder = self.folder.as_deref()?.canonicalize().ok()?;
        let own = atomic::ensure_dir(&folder, Path::new("maos")).ok()?;
        Lock::acquire(&own.join("voice.lock"), SPEECH_DEADLINE).ok()
    }
}
