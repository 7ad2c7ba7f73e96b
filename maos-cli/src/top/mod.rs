//! A project, live: who works, what waits, and keys to look closer and act.
//!
//! The terminal is given back however this ends: on `q`, on an error, on a
//! panic (ratatui's hook), on SIGTERM, SIGHUP and SIGINT (a flag that is looked
//! at four times a second).

mod app;
mod draw;

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

use clap::CommandFactory;
use crossterm::event::{self, Event as Input, KeyEventKind};
use maos_shared::jobs;
use maos_shared::project::Project;
use maos_shared::state::State;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

use crate::commands::Cli;
use crate::journal::{Wanted, newest};
use crate::overview::{Contents, Looked, Overview, overview};
use crate::programs;
use app::{App, Task};

/// How long a key is waited for before the signals are looked at.
const TICK: Duration = Duration::from_millis(250);
/// How often the project is looked at.
const REFRESH: Duration = Duration::from_secs(1);
/// How many sessions are shown, the newest.
const SESSIONS: usize = 4;
/// How much of each journal's end is read, in bytes (1 MiB).
const WINDOW: u64 = 1024 * 1024;
/// How many journal lines of an agent are shown.
const LINES: usize = 100;

/// Shows the project until the person has seen enough.
///
/// # Errors
/// When the terminal or the state cannot be read.
pub(crate) fn run(project: &Project, state: &State) -> io::Result<()> {
    let ended = Arc::new(AtomicBool::new(false));
    for signal in [SIGTERM, SIGHUP, SIGINT] {
        signal_hook::flag::register(signal, Arc::clone(&ended))?;
    }
    let mut terminal = ratatui::try_init()?;
    let shown = show(&mut terminal, project, state, &ended);
    ratatui::try_restore()?;
    shown
}

fn show(
    terminal: &mut ratatui::DefaultTerminal,
    project: &Project,
    state: &State,
    ended: &AtomicBool,
) -> io::Result<()> {
    let cli = Cli::command();
    let has = |name| cli.find_subcommand(name).is_some();
    let mut contents = Contents::of(project);
    let mut look = || look(project, state, &mut contents);
    let mut app = App::new(look()?, has("diff"), has("merge"));
    let mut looked = Instant::now();
    while !ended.load(Ordering::Relaxed) {
        let now = SystemTime::now();
        // Only what differs from the last frame is written: nothing flickers.
        terminal.draw(|frame| draw::draw(frame, &app, now))?;
        let task = match event::poll(TICK)? {
            true => match event::read()? {
                Input::Key(key) if key.kind == KeyEventKind::Press => app.press(key),
                _ => Task::Nothing,
            },
            false => Task::Nothing,
        };
        if matches!(task, Task::Quit) {
            return Ok(());
        }
        if let Some(said) = perform(&task, project, state)? {
            app.hear(said);
            looked = Instant::now();
            app.refresh(look()?);
        }
        if looked.elapsed() >= REFRESH {
            looked = Instant::now();
            app.refresh(look()?);
        }
    }
    Ok(())
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
fn perform(task: &Task, project: &Project, state: &State) -> io::Result<Option<String>> {
    let said = match task {
        Task::Nothing | Task::Quit => return Ok(None),
        Task::Journal(agent) => {
            let wanted = Wanted {
                agent: Some(agent.clone()),
                ..Wanted::default()
            };
            let lines = newest(&wanted.journals(state), &wanted, LINES, WINDOW)?;
            let lines = lines.iter().rev();
            lines
                .map(|line| line.text().plain())
                .collect::<Vec<_>>()
                .join("\n")
        }
        Task::Diff(agent) => programs::own(&["diff", agent], &project.main)?,
        Task::Merge(agent) => programs::own(&["merge", agent], &project.main)?,
        Task::Release(agent) => {
            let count = state.release_leases(|lease| lease.owner.agent.as_ref() == Some(agent))?;
            format!("released {count} leases")
        }
        Task::Stop(job) => match jobs::stop(state, job)? {
            true => format!("{job} is stopped"),
            false => format!("{job} had ended already"),
        },
    };
    Ok(Some(said))
}
