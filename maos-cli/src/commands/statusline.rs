//! `maos statusline`: one short line for the client's status line.

use std::io::{Read, stdin};
use std::path::PathBuf;

use maos_shared::config::Environment;
use maos_shared::state::State;
use serde::Deserialize;

use crate::error::{Error, exit_code};
use crate::journal::denials;
use crate::output::{Output, Text, Tone};
use crate::overview::{Work, agents};
use crate::place;

/// The longest input that is read, in bytes (1 MiB); the client's is 2 KiB.
const INPUT: u64 = 1024 * 1024;
/// How much of the audit's end is read, in bytes (256 KiB): the client asks several
/// times a second.
const WINDOW: u64 = 256 * 1024;
/// How many sessions are looked at: the newest, and those that have agents.
const SESSIONS: usize = 16;

/// Print one short line for Claude Code's `statusLine` setting: who works, what
/// waits to be merged, which agents change the same files, what was blocked in
/// this session.
///
/// Reads the client's JSON from stdin. `maos register --statusline` sets it up.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  maos statusline <status.json")]
pub(crate) struct Args {}

/// What is read of the client's JSON. What it lacks is made up for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Input {
    session_id: Option<String>,
    cwd: Option<PathBuf>,
    workspace: Option<Folders>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Folders {
    current_dir: Option<PathBuf>,
    project_dir: Option<PathBuf>,
}

impl Args {
    pub(super) fn run(&self, output: &mut Output) -> Result<u8, Error> {
        let environment = Environment::read();
        let mut bytes = Vec::new();
        stdin().lock().take(INPUT).read_to_end(&mut bytes)?;
        let input: Input = serde_json::from_slice(&bytes).map_err(Error::StatusInput)?;
        let folders = input.workspace.unwrap_or_default();
        let session = input.session_id.unwrap_or_default();
        let folders = [folders.current_dir, input.cwd, folders.project_dir];
        // The folder that a session is in may have been removed.
        let folder = folders.into_iter().flatten().find(|folder| folder.is_dir());
        let folder = folder.unwrap_or_else(|| PathBuf::from("."));
        let project = place::project(&environment, &folder)?;
        let state = State::at(project.state_dir(), environment.now());
        let found = agents(&project, &state, SESSIONS)?;
        let blocked = denials(&state.audit(), &session, WINDOW)?;
        let parts = [
            (found.count(Work::InProgress), "at work", Tone::Live),
            (found.count(Work::Reading), "reading", Tone::Live),
            (found.count(Work::Unmerged), "to merge", Tone::Warn),
            (found.count(Work::Uncommitted), "stuck", Tone::Bad),
            (found.conflicts.len(), "on the same files", Tone::Warn),
            (blocked, "blocked", Tone::Bad),
        ];
        output.colour(&environment);
        output.text(&line(&parts))?;
        Ok(exit_code::DONE)
    }
}

/// Returns the line: what there is none of is left out.
fn line(parts: &[(usize, &str, Tone)]) -> Text {
    let mut line = Tone::Faint.of("maos");
    for (count, what, tone) in parts.iter().filter(|(count, _, _)| *count > 0) {
        line = line
            .then(Tone::Faint.of(" · "))
            .then(tone.of(format!("{count} {what}")));
    }
    line
}
