//! What is done in a job, so that no hook waits for it: programs that show or
//! speak. A job says all that has come up until its turn, in one message.

use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::providers::Utterance;
use super::record::Record;
use super::wish::{Wish, merged, sorted, spoken_of};
use super::{last_answer, spoken};
use crate::config::limits::{NOTIFY_DEBOUNCE, NOTIFY_INTERVAL, NOTIFY_STALE, SPEECH_DEADLINE};
use crate::config::{NotifySettings, Provider, Way};
use crate::jobs::{self, Task, await_quiet};
use crate::state::lock::Lock;
use crate::state::{State, atomic};

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
    pub(super) state: State,
    /// The project's name.
    pub(super) title: String,
    pub(super) wish: Wish,
    pub(super) answer: Option<LastAnswer>,
    pub(super) is_quiet: bool,
    /// The person's folder of settings.
    pub(super) folder: Option<PathBuf>,
    pub(super) settings: NotifySettings,
}

/// An errand by some of the ways.
struct By {
    errand: Errand,
    ways: Vec<Way>,
    /// Where wishes wait for them.
    queue: PathBuf,
    /// Those that this job says.
    wishes: Vec<Wish>,
}

impl Errand {
    /// Starts a job that takes these `ways`, if there are any. One that waits under
    /// the same name says this as well.
    pub(super) fn send(&self, name: &str, ways: Vec<Way>) -> io::Result<()> {
        let providers: usize = ways.iter().map(|way| way.providers().len()).sum();
        let Ok(providers @ 1..) = u32::try_from(providers) else {
            return Ok(());
        };
        let order = jobs::Order {
            kind: jobs::Kind::Speech,
            about: name,
            session: Some(&self.wish.session),
        };
        let by = By {
            errand: self.clone(),
            ways,
            queue: Path::new("calls").join(name),
            wishes: Vec::new(),
        };
        // Each has a limit of its own below that.
        jobs::start_within(&self.state, &order, SPEECH_DEADLINE * providers, by)
    }

    /// Returns the agent's last answer as it is spoken, where it is wanted and
    /// there is one.
    fn spoken_answer(&self) -> Option<String> {
        let answer = match self.answer.clone()? {
            LastAnswer::Text(text) => text,
            LastAnswer::In(transcript) => match last_answer(&transcript) {
                Ok(answer) => answer?,
                Err(error) => {
                    let why = format!("{}: {error}", transcript.display());
                    self.record(&self.wish).silent(&why);
                    return None;
                }
            },
        };
        Some(spoken(&answer)).filter(|text| !text.is_empty())
    }

    pub(super) fn record<'a>(&'a self, wish: &'a Wish) -> Record<'a> {
        Record {
            state: &self.state,
            session: &wish.session,
            kind: wish.kind,
        }
    }
}

impl Task for By {
    fn record(&self) -> io::Result<()> {
        let wish = Wish {
            answer: self.errand.spoken_answer(),
            ..self.errand.wish.clone()
        };
        self.errand.state.enqueue(&self.queue, &wish)
    }

    fn settle(&self) {
        let waiting = || self.errand.state.queued(&self.queue);
        await_quiet(NOTIFY_DEBOUNCE, NOTIFY_INTERVAL, waiting);
    }

    /// One voice speaks at a time, of all projects of this person. Where that
    /// cannot be told, they speak at once.
    fn alone_with(&self) -> Option<PathBuf> {
        if self.ways.iter().all(Way::is_quiet) {
            return None;
        }
        let folder = self.errand.folder.as_deref()?.canonicalize().ok()?;
        let own = atomic::ensure_dir(&folder, Path::new("maos")).ok()?;
        let lock = own.join("voice.lock");
        // One that cannot be opened would never be free.
        Lock::is_held(&lock).ok()?;
        Some(lock)
    }

    fn take(&mut self) -> io::Result<Option<Vec<String>>> {
        let wishes: Vec<Wish> = self.errand.state.dequeue(&self.queue)?;
        let now = self.errand.state.now().duration_since(UNIX_EPOCH);
        let now = now.unwrap_or_default();
        let is_stale = |wish: &Wish| now.saturating_sub(wish.at) > NOTIFY_STALE;
        let (stale, wishes): (Vec<_>, Vec<_>) = wishes.into_iter().partition(is_stale);
        for wish in &stale {
            let record = self.errand.record(wish);
            record.silent("nothing could say it in time");
        }
        self.wishes = sorted(wishes.clone());
        for older in wishes.iter().filter(|it| !self.wishes.contains(it)) {
            let record = self.errand.record(older);
            record.silent("a newer one of the same agent is said");
        }
        Ok(None)
    }

    fn work(self) -> Result<String, String> {
        let Some(first) = self.wishes.first() else {
            return Ok(String::new());
        };
        let title = &self.errand.title;
        let utterance = Utterance {
            message: merged(title, &self.wishes),
            spoken: spoken_of(title, &self.wishes),
            voice: first.kind.wording(&self.errand.settings).voice.clone(),
        };
        let mut said = Vec::new();
        for way in &self.ways {
            let mut providers = way.providers().iter();
            said.extend(providers.find(|it| self.is_said(&utterance, **it)));
        }
        let names: Vec<_> = said.into_iter().map(|it: &Provider| it.name()).collect();
        Ok(names.join(", "))
    }
}

impl By {
    /// Tries a provider and writes down what became of it, for each wish.
    fn is_said(&self, utterance: &Utterance, provider: Provider) -> bool {
        let outcome = if self.errand.is_quiet && !provider.is_quiet() {
            Err("these are quiet hours".to_owned())
        } else {
            utterance.say(provider, &self.errand.settings)
        };
        for wish in &self.wishes {
            self.errand.record(wish).tried(provider, &outcome);
        }
        outcome.is_ok()
    }
}
