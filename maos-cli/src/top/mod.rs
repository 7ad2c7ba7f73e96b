//! A project, live: who works, what waits, and keys to look closer and act.
//!
//! The terminal is given back however this ends: on `q`, on an error, on a
//! panic (ratatui's hook), on SIGTERM, SIGHUP and SIGINT. It ends as well when
//! the terminal is closed.

mod app;
mod draw;
mod inputs;

use std::io::{self, IsTerminal};
use std::mem;
use std::time::{Duration, Instant, SystemTime};

use clap::CommandFactory;
use maos_shared::jobs;
use maos_shared::project::Project;
use maos_shared::state::State;

use crate::commands::Cli;
use crate::journal::{Wanted, newest};
use crate::output::counted;
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
    terminal: &mut ratatui::DefaultTerminal,
    project: &Project,
    state: &State,
    inputs: &Inputs,
) -> io::Result<()> {
    let cli = Cli::command();
    let has = |name| cli.find_subcommand(name).is_some();
    let mut contents = Contents::of(project);
    let mut look = || look(project, state, &mut contents);
    let mut app = App::new(look()?, has("diff"), has("merge"));
    let mut looked = Instant::now();
    inputs.listen()?;
    loop {
        let now = SystemTime::now();
        // Only what differs from the last frame is written: nothing flickers.
        terminal.draw(|frame| draw::draw(frame, &app, now))?;
        let task = match inputs.next(REFRESH.saturating_sub(looked.elapsed())) {
            Input::Key(key) => app.press(key),
            Input::Frame => Task::Nothing,
            Input::End => Task::Quit,
        };
        if matches!(task, Task::Quit) {
            return Ok(());
        }
        let said = perform(&task, project, state)?;
        if said.is_some() || looked.elapsed() >= REFRESH {
            app.refresh(look()?);
            looked = Instant::now();
        }
        if let Some(said) = said {
            app.hear(said);
        }
    }
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
            format!("released {}", counted(count, "lease"))
        }
        Task::Stop(job) => match jobs::stop(state, job)? {
            true => format!("{job} is stopped"),
            false => format!("{job} had ended already"),
        },
    };
    Ok(Some(said))
}
