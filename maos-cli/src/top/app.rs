//! What is shown, and what a key does. No terminal, no file: only this.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::facts;
use crate::output::Text;
use crate::overview::Overview;
use crate::screen::{self, Item, Section};

/// How far a page is, in rows or lines.
const PAGE: u16 = 10;

/// What is shown.
#[derive(Debug)]
pub(super) struct App {
    /// The project as it was last looked at.
    pub(super) overview: Overview,
    /// Why it could not be looked at again.
    pub(super) trouble: Option<String>,
    /// The row that the keys mean.
    pub(super) selected: usize,
    /// A text over the rows.
    pub(super) text: Option<Reading>,
    /// An agent whose merge the person has to confirm.
    pub(super) asks: Option<String>,
}

/// A text that somebody reads.
#[derive(Debug)]
pub(super) struct Reading {
    /// Its lines.
    pub(super) lines: Vec<Text>,
    /// The first one that is shown, with longer ones on several lines.
    pub(super) from: u16,
}

/// What a key asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Task {
    /// Nothing, or what the app did by itself.
    Nothing,
    /// The end.
    Quit,
    /// The journal lines of an agent.
    Journal(String),
    /// What a command of `maos` says.
    Run(Vec<String>),
}

impl App {
    pub(super) const fn new(overview: Overview) -> Self {
        Self {
            overview,
            trouble: None,
            selected: 0,
            text: None,
            asks: None,
        }
    }

    /// Takes a newer look at the project. The same row stays selected as long
    /// as it is there.
    pub(super) fn refresh(&mut self, overview: Overview) {
        let key = self.row().map(|row| row.key());
        self.overview = overview;
        self.trouble = None;
        let rows = self.rows();
        let at = rows.iter().position(|row| Some(row.key()) == key);
        self.selected = at
            .unwrap_or(self.selected)
            .min(rows.len().saturating_sub(1));
    }

    /// Shows a text over the rows.
    pub(super) fn hear(&mut self, lines: Vec<Text>) {
        self.text = Some(Reading { lines, from: 0 });
    }

    /// Returns all that is shown: the newest session first.
    pub(super) fn sections(&self) -> impl Iterator<Item = Section<'_>> {
        let sessions = screen::sessions(&self.overview).rev();
        sessions.chain(screen::besides(&self.overview))
    }

    /// Returns the row that the keys mean.
    pub(super) fn row(&self) -> Option<Item<'_>> {
        self.rows().get(self.selected).copied()
    }

    fn rows(&self) -> Vec<Item<'_>> {
        self.sections().flat_map(|section| section.items).collect()
    }

    /// Does what a key means and returns what is left to be done.
    pub(super) fn press(&mut self, key: KeyEvent) -> Task {
        if key.code == KeyCode::Char('c') && key.modifiers.contains(KeyModifiers::CONTROL) {
            return Task::Quit;
        }
        if let Some(agent) = self.asks.take() {
            return match key.code {
                KeyCode::Char('y') => Task::run(["merge", &agent]),
                _ => Task::Nothing,
            };
        }
        if self.text.is_some() {
            self.read(key.code);
            return Task::Nothing;
        }
        let last = self.rows().len().saturating_sub(1);
        let page = usize::from(PAGE);
        self.selected = match key.code {
            KeyCode::Char('q') | KeyCode::Esc => return Task::Quit,
            KeyCode::Down | KeyCode::Char('j') => (self.selected + 1).min(last),
            KeyCode::Up | KeyCode::Char('k') => self.selected.saturating_sub(1),
            KeyCode::PageDown => (self.selected + page).min(last),
            KeyCode::PageUp => self.selected.saturating_sub(page),
            KeyCode::Home => 0,
            KeyCode::End => last,
            code => return self.act(code),
        };
        Task::Nothing
    }

    /// Scrolls or closes the text.
    fn read(&mut self, code: KeyCode) {
        let Some(Reading { from, .. }) = &mut self.text else {
            return;
        };
        match code {
            KeyCode::Down | KeyCode::Char('j') => *from = from.saturating_add(1),
            KeyCode::Up | KeyCode::Char('k') => *from = from.saturating_sub(1),
            KeyCode::PageDown | KeyCode::Char(' ') => *from = from.saturating_add(PAGE),
            KeyCode::PageUp => *from = from.saturating_sub(PAGE),
            _ => self.text = None,
        }
    }

    /// Returns what a key asks for of the selected row.
    fn act(&mut self, code: KeyCode) -> Task {
        let Some(row) = self.row() else {
            return Task::Nothing;
        };
        match (code, row) {
            (KeyCode::Enter, Item::Blocked(call)) => return Task::run(["why", &call.id]),
            (KeyCode::Enter, row) => {
                let facts = facts::of(row, &self.overview);
                self.hear(facts);
            }
            (KeyCode::Char('l'), Item::Agent(agent)) => return Task::Journal(agent.id.clone()),
            (KeyCode::Char('d'), Item::Agent(agent)) => return Task::run(["diff", &agent.id]),
            (KeyCode::Char('m'), Item::Agent(agent)) => self.asks = Some(agent.id.clone()),
            (KeyCode::Char('r'), Item::Agent(agent)) => {
                return Task::run(["release", "--agent", &agent.id]);
            }
            (KeyCode::Char('r'), Item::Lease(lease)) => {
                return Task::run(["release", "--", &lease.file]);
            }
            (KeyCode::Char('r'), Item::Reservation(one)) => {
                return Task::run(["release", "--", &one.pattern]);
            }
            (KeyCode::Char('x'), Item::Job(job)) => return Task::run(["jobs", "stop", &job.id]),
            _ => {}
        }
        Task::Nothing
    }
}

impl Task {
    fn run<const COUNT: usize>(words: [&str; COUNT]) -> Self {
        Self::Run(words.map(str::to_owned).into())
    }
}
