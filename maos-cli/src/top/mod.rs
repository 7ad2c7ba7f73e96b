//! A project, live: who works, what waits, and keys to look closer and act.
//!
//! The terminal is given back however this ends: on `q`, on an error, on a
//! panic (ratatui's hook), on SIGTERM, SIGHUP and SIGINT. It ends as well when
//! the terminal is closed.

mod app;
mod draw;
mod facts;
mod inputs;

use std::io::{self, IsTerminal};
use std::mem;
use std::time::{Duration, Instant, SystemTime};

use crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate};
use crossterm::{execute, queue};
use maos_shared::project::Project;
use maos_shared::state::State;
use ratatui::DefaultTerminal;

use crate::commands::diff_line;
use crate::journal::{Line, Wanted, newest};
use crate::output::{Text, Tone};
use crate::overview::{Contents, Looked, Overview, overview};
use crate::programs;
use app::{App, Task};
use inputs::{Input, Inputs};

/// How often the project is looked at.
const REFRESH: Duration = Duration::from_secs(1);
/// How many sessions are shown, the newest.
const SESSIONS: usize = 4;
/// How much of each journal's end is read, in bytes (1 MiB).
const WINDOW: u64 = 1024 * 1024;
/// How many journal lines of an agent are shown.
const LINES: usize = 100;

/// Shows the project until the person has seen enough, or the terminal is gone.
///
/// # Errors
/// When the terminal or the state cannot be read.
pub(crate) fn run(project: &Project, state: &State) -> io::Result<()> {
    let inputs = Inputs::new()?;
    let mut terminal = ratatui::try_init()?;
    let shown = show(&mut terminal, project, state, &inputs);
    let restored = ratatui::try_restore();
    if !io::stdin().is_terminal() {
        // Nobody is there any more to whom anything could be given back; its
        // end would try, and tell stderr, which is gone as well.
        mem::forget(terminal);
        return Ok(());
    }
    shown.and(restored)
}

fn show(
    terminal: &mut DefaultTerminal,
    project: &Project,
    state: &State,
    inputs: &Inputs,
) -> io::Result<()> {
    let mut contents = Contents::of(project);
    let mut look = || look(project, state, &mut contents);
    let mut app = App::new(look()?);
    let mut looked = Instant::now();
    inputs.listen()?;
    loop {
        draw(terminal, &app)?;
        let task = match inputs.next(REFRESH.saturating_sub(looked.elapsed())) {
            Input::Key(key) => app.press(key),
            Input::Frame => Task::Nothing,
            Input::End => Task::Quit,
        };
        if matches!(task, Task::Quit) {
            return Ok(());
        }
        let said = perform(&task, project, state);
        if said.is_some() || looked.elapsed() >= REFRESH {
            match look() {
                Ok(overview) => app.refresh(overview),
                Err(error) => app.trouble = Some(format!("this is not the latest: {error}")),
            }
            looked = Instant::now();
        }
        if let Some(said) = said {
            app.hear(said);
        }
    }
}

/// Draws a frame. Only what differs from the last one is written, and a terminal
/// that can is told to show it at once: nothing flickers.
fn draw(terminal: &mut DefaultTerminal, app: &App) -> io::Result<()> {
    queue!(terminal.backend_mut(), BeginSynchronizedUpdate)?;
    let drawn = terminal.draw(|frame| draw::draw(frame, app, SystemTime::now()));
    let drawn = drawn.map(|_| ());
    execute!(terminal.backend_mut(), EndSynchronizedUpdate)?;
    drawn
}

fn look(project: &Project, state: &State, contents: &mut Contents) -> io::Result<Overview> {
    let looked = Looked {
        sessions: SESSIONS,
        window: WINDOW,
    };
    let state = State::at(state.root().to_owned(), SystemTime::now());
    overview(project, &state, looked, Some(contents))
}

/// Does what a key asked for, and returns what is to be shown of it.
fn perform(task: &Task, project: &Project, state: &State) -> Option<Vec<Text>> {
    let said = match task {
        Task::Nothing | Task::Quit => return None,
        Task::Journal(agent) => journal(agent, state),
        Task::Run(words) => programs::own(words, &project.main).map(|said| {
            let is_diff = words.first().is_some_and(|word| word == "diff");
            let line = |line| {
                if is_diff {
                    diff_line(line)
                } else {
                    Text::from(line)
                }
            };
            said.lines().map(line).collect()
        }),
    };
    Some(said.unwrap_or_else(|error| vec![Tone::Bad.of(error.to_string())]))
}

/// Returns the newest journal lines of an agent, newest first.
fn journal(agent: &str, state: &State) -> io::Result<Vec<Text>> {
    let wanted = Wanted {
        agent: Some(agent.to_owned()),
        ..Wanted::default()
    };
    let lines = newest(&wanted.journals(state), &wanted, LINES, WINDOW)?;
    if lines.is_empty() {
        return Ok(vec!["the journals tell nothing of it".into()]);
    }
    Ok(lines.iter().rev().map(Line::text).collect())
}
