//! What is shown, and what a key does. No terminal, no file: only this.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::output::counted;
use crate::overview::{AgentView, JobView, Overview};

/// What is shown.
#[derive(Debug)]
pub(super) struct App {
    /// The project as it was last looked at.
    pub(super) overview: Overview,
    /// The row that the keys mean.
    pub(super) selected: usize,
    /// A text over the rows, and how far it is scrolled, in lines.
    pub(super) text: Option<(String, u16)>,
    /// A merge that the person has to confirm.
    pub(super) asks: Option<String>,
    /// Whether there are commands to show a difference and to merge.
    pub(super) can_diff: bool,
    pub(super) can_merge: bool,
}

/// A row of the list.
#[derive(Clone, Copy, Debug)]
pub(super) enum Row<'a> {
    /// An agent.
    Agent(&'a AgentView),
    /// A job.
    Job(&'a JobView),
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
    /// The changes of an agent.
    Diff(String),
    /// An agent's work brought in.
    Merge(String),
    /// An agent's leases released.
    Release(String),
    /// A job ended.
    Stop(String),
}

impl App {
    pub(super) const fn new(overview: Overview, can_diff: bool, can_merge: bool) -> Self {
        Self {
            overview,
            selected: 0,
            text: None,
            asks: None,
            can_diff,
            can_merge,
        }
    }

    /// Takes a newer look at the project. The same row stays selected as long
    /// as it is there.
    pub(super) fn refresh(&mut self, overview: Overview) {
        let id = self.row().map(|row| row.id().to_owned());
        self.overview = overview;
        let rows = self.rows();
        let at = rows.iter().position(|row| Some(row.id()) == id.as_deref());
        self.selected = at
            .unwrap_or(self.selected)
            .min(rows.len().saturating_sub(1));
    }

    /// Shows a text over the rows.
    pub(super) fn hear(&mut self, text: String) {
        self.text = Some((text, 0));
    }

    /// Returns every row: agents, the newest session's first, then jobs.
    pub(super) fn rows(&self) -> Vec<Row<'_>> {
        let sessions = self.overview.sessions.iter().rev();
        let agents = sessions.flat_map(|session| &session.agents).map(Row::Agent);
        agents
            .chain(self.overview.jobs.iter().map(Row::Job))
            .collect()
    }

    /// Returns the row that the keys mean.
    pub(super) fn row(&self) -> Option<Row<'_>> {
        self.rows().get(self.selected).copied()
    }

    /// Does what a key means and returns what is left to be done.
    pub(super) fn press(&mut self, key: KeyEvent) -> Task {
        if key.code == KeyCode::Char('c') && key.modifiers.contains(KeyModifiers::CONTROL) {
            return Task::Quit;
        }
        if let Some(agent) = self.asks.take() {
            return match key.code {
                KeyCode::Char('y') => Task::Merge(agent),
                _ => Task::Nothing,
            };
        }
        if self.text.is_some() {
            self.read(key.code);
            return Task::Nothing;
        }
        let last = self.rows().len().saturating_sub(1);
        match key.code {
            KeyCode::Char('q') | KeyCode::Esc => return Task::Quit,
            KeyCode::Down | KeyCode::Char('j') => self.selected = (self.selected + 1).min(last),
            KeyCode::Up | KeyCode::Char('k') => self.selected = self.selected.saturating_sub(1),
            KeyCode::Home => self.selected = 0,
            KeyCode::End => self.selected = last,
            code => return self.act(code),
        }
        Task::Nothing
    }

    /// Scrolls or closes the text.
    fn read(&mut self, code: KeyCode) {
        let Some((_, line)) = &mut self.text else {
            return;
        };
        match code {
            KeyCode::Down | KeyCode::Char('j') => *line = line.saturating_add(1),
            KeyCode::Up | KeyCode::Char('k') => *line = line.saturating_sub(1),
            KeyCode::PageDown | KeyCode::Char(' ') => *line = line.saturating_add(10),
            KeyCode::PageUp => *line = line.saturating_sub(10),
            _ => self.text = None,
        }
    }

    /// Returns what a key asks for of the selected row.
    fn act(&mut self, code: KeyCode) -> Task {
        let (id, is_agent) = match self.row() {
            Some(Row::Agent(agent)) => (agent.id.clone(), true),
            Some(Row::Job(job)) => (job.id.clone(), false),
            None => return Task::Nothing,
        };
        match code {
            KeyCode::Enter if is_agent => self.hear_facts(),
            KeyCode::Char('l') if is_agent => return Task::Journal(id),
            KeyCode::Char('d') if is_agent && self.can_diff => return Task::Diff(id),
            KeyCode::Char('m') if is_agent && self.can_merge => self.asks = Some(id),
            KeyCode::Char('r') if is_agent => return Task::Release(id),
            KeyCode::Char('x') if !is_agent => return Task::Stop(id),
            _ => {}
        }
        Task::Nothing
    }

    /// Shows what is known of the selected agent.
    fn hear_facts(&mut self) {
        let Some(Row::Agent(agent)) = self.row() else {
            return;
        };
        let mut lines = vec![
            format!("{} {}", agent.agent_type, agent.id),
            agent.description.clone(),
            String::new(),
        ];
        let facts = [
            ("branch", &agent.branch),
            ("folder", &agent.workspace),
            ("base", &agent.base),
            ("trouble", &agent.trouble),
        ];
        for (name, fact) in facts {
            lines.extend(fact.as_ref().map(|fact| format!("{name:<8} {fact}")));
        }
        lines.push(format!(
            "\n{}, {}",
            counted(agent.commits, "commit"),
            counted(agent.files.len(), "file")
        ));
        lines.extend(agent.files.iter().map(|file| format!("  {file}")));
        let held = self.overview.leases.iter();
        let held = held.filter(|lease| lease.agent.as_ref() == Some(&agent.id));
        let held: Vec<String> = held.map(|lease| format!("  {}", lease.file)).collect();
        if !held.is_empty() {
            lines.push("\nholds".to_owned());
            lines.extend(held);
        }
        self.hear(lines.join("\n"));
    }
}

impl Row<'_> {
    /// Returns the id by which the row is found again.
    pub(super) fn id(&self) -> &str {
        match self {
            Self::Agent(agent) => &agent.id,
            Self::Job(job) => &job.id,
        }
    }
}
