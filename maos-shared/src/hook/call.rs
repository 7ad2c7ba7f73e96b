//! One hook event while it is answered: the input and what surrounds it.

use std::cell::{OnceCell, RefCell};
use std::time::{Duration, Instant, SystemTime};

use super::{Error, Event, Input};
use crate::config::{Environment, Layers};
use crate::project::Project;
use crate::state::process::Process;
use crate::state::{self, State, sha256_hex};

/// A hook event, as a handler gets it.
pub struct Call<'a> {
    /// The event whose program runs.
    pub event: Event,
    /// What the client sent.
    pub input: Input<'a>,
    /// The process's environment.
    pub environment: Environment,
    /// Wall time at the start.
    pub now: SystemTime,
    started: Instant,
    project: OnceCell<Project>,
    settings: OnceCell<Layers>,
    note: RefCell<Note>,
    when_heard: RefCell<Vec<Box<dyn FnOnce()>>>,
}

/// What a handler wants in the journal beside the input and the answer.
#[derive(Clone, Debug, Default)]
pub struct Note {
    /// Base names of the programs that a command would run.
    pub programs: Vec<String>,
    /// The commands that a rule objected to, as programs and options.
    pub commands: Vec<String>,
    /// The rule that objected.
    pub rule: Option<String>,
    /// How strongly that is meant: `deny`, `ask`, `warn` or `allowed`.
    pub verdict: Option<&'static str>,
    /// Why, without what the call names.
    pub reason: Option<String>,
    /// By which a person finds the objection.
    pub id: Option<String>,
}

impl<'a> Call<'a> {
    /// Returns a call that began at `started`.
    #[must_use]
    pub fn new(event: Event, input: Input<'a>, environment: Environment, started: Instant) -> Self {
        Self {
            event,
            input,
            now: environment.now(),
            environment,
            started,
            project: OnceCell::new(),
            settings: OnceCell::new(),
            note: RefCell::default(),
            when_heard: RefCell::default(),
        }
    }

    /// Returns the project that the agent works in; found once.
    ///
    /// # Errors
    /// When the checkout's `.git` cannot be followed.
    pub fn project(&self) -> Result<&Project, Error> {
        if let Some(project) = self.project.get() {
            return Ok(project);
        }
        let found = Project::find(
            self.input.cwd(),
            self.environment.project_dir.as_deref(),
            self.environment.root_override.as_deref(),
        )?;
        Ok(self.project.get_or_init(|| found))
    }

    /// Returns where the project keeps its state; nothing is created.
    ///
    /// # Errors
    /// As [`Call::project`].
    pub fn state(&self) -> Result<State, Error> {
        let state = State::at(self.project()?.state_dir(), self.now).for_hook(self.started);
        // A time that is set stands still.
        match self.environment.now {
            Some(_) => Ok(state),
            None => Ok(state.with_clock()),
        }
    }

    /// Returns the client's process, where it says which one that is. At most one
    /// small file is read.
    #[must_use]
    pub fn client(&self) -> Option<Process> {
        self.environment.client_pid.map(Process::of)
    }

    /// Returns the settings that count for the project. Two files are read, the
    /// first time.
    #[must_use]
    pub fn settings(&self) -> &Layers {
        self.settings.get_or_init(|| {
            let folder = self.environment.client_settings();
            let project = self.project().map_or(self.input.cwd(), |found| &found.main);
            Layers::load(folder.as_deref(), project)
        })
    }

    /// Returns an id for what a rule objects to in this call: eight hexadecimal
    /// digits, enough for a person to find it in the audit journal again.
    #[must_use]
    pub fn objection_id(&self) -> String {
        const DIGITS: usize = 8;
        let time = self.now.duration_since(SystemTime::UNIX_EPOCH);
        let call = self.input.tool_use_id.as_deref().unwrap_or_default();
        let session = &*self.input.session_id;
        let nanos = time.unwrap_or_default().as_nanos();
        let mut id = sha256_hex(format!("{session}\n{call}\n{nanos}").as_bytes());
        id.truncate(DIGITS);
        id
    }

    /// Adds to the journal's line.
    pub fn note(&self, change: impl FnOnce(&mut Note)) {
        change(&mut self.note.borrow_mut());
    }

    /// Returns what was noted.
    #[must_use]
    pub fn noted(&self) -> Note {
        self.note.borrow().clone()
    }

    /// Returns what `note` says, empty where there is none; it counts as told once the
    /// answer is out.
    #[must_use]
    pub fn tell(&self, note: Option<state::Note>) -> String {
        let Some(note) = note else {
            return String::new();
        };
        let text = note.text().to_owned();
        self.when_heard(|| note.is_told());
        text
    }

    /// Lets `keep` run once the answer is out. One that is killed before, or whose
    /// answer nobody takes, has told nothing: the next one tells it.
    pub fn when_heard(&self, keep: impl FnOnce() + 'static) {
        self.when_heard.borrow_mut().push(Box::new(keep));
    }

    /// Does what was to be done once the answer is out.
    pub(super) fn is_heard(&self) {
        for keep in self.when_heard.take() {
            keep();
        }
    }

    /// Returns the time since the process began its work.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }
}
