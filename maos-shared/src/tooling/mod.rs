//! Agents hear what their edits broke.
//!
//! After an edit, PostToolUse orders a job for the checkout ([`edited`]), which
//! records the edit first. The job waits for the end of the burst, formats and checks the
//! files (`check.rs`), and leaves what it finds for the agents that edited
//! them (`leave.rs`). Each of their next events takes that away and tells it
//! ([`findings`], [`at_stop`]); what one does not hear before it ends, the main
//! agent hears ([`pass_on`]).

mod check;
mod clippy;
mod command;
mod finding;
mod fmt;
mod leave;
mod mend;
mod package;
mod rust;

use std::path::Path;

use crate::config::limits::{SETTINGS_BYTES, TOOLING_DEADLINE};
use crate::config::{FILE, RustSettings, ToolSettings, ToolingSettings};
use crate::files::read_start;
use crate::guard::Pattern;
use crate::hook::{Call, Error};
use crate::jobs;
use crate::project::Project;
use crate::state::Trust;
use crate::state::edits::{Edit, Stamp};
use check::Check;
pub use finding::note_name;

/// Orders the check of `file`, which the agent of this call has edited, where there
/// is a tool for files of that name. Blocks for two forks; where there is none for
/// the opening of both `maos.toml`.
///
/// # Errors
/// When the system refuses a process.
pub fn edited(call: &Call<'_>, file: &Path) -> Result<(), Error> {
    let project = call.project()?;
    let settings = settings(call, project);
    let has_tool = settings.run.iter().any(|tool| matches(tool, file));
    if !has_tool && !is_rust(settings.rust, file) {
        return Ok(());
    }
    // What is gone, or no regular file, has nothing to be checked.
    let Ok(file) = call.input.cwd().join(file).canonicalize() else {
        return Ok(());
    };
    let Ok(stamp) = Stamp::of(&file) else {
        return Ok(());
    };
    let checkout = &project.checkout;
    // What belongs to no package is nothing for rustfmt and clippy.
    if !file.starts_with(checkout) || !(has_tool || has_manifest(&file, checkout)) {
        return Ok(());
    }
    let state = call.state()?;
    let session = call.input.session_id.to_string();
    let edit = Edit {
        leased: mend::leased(&state, &file, checkout),
        file,
        session: session.clone(),
        agent: call.input.agent().map(ToOwned::to_owned),
        stamp,
    };
    let deadline = TOOLING_DEADLINE + settings.time();
    let check = Check {
        state: state.clone(),
        checkout: checkout.clone(),
        main: project.main.clone(),
        settings,
        edit,
        files: check::Files::new(),
    };
    let order = jobs::Order {
        kind: jobs::Kind::Tooling,
        about: &checkout.to_string_lossy(),
        session: Some(&session),
    };
    // The check of an edit before it, which waits, takes this one along.
    jobs::start_within(&state, &order, deadline, check)?;
    Ok(())
}

/// Returns the settings that count for the project. What is wrong with a file is
/// told when a session begins.
fn settings(call: &Call<'_>, project: &Project) -> ToolingSettings {
    let folder = call.environment.client_settings();
    let own = ToolingSettings::load(folder.as_deref()).unwrap_or_default();
    let shared = project.main.join(".claude");
    // A session that is started in the home has one file for both.
    if folder.as_ref() == Some(&shared) {
        return own;
    }
    let Ok(bytes) = read_start(&shared.join(FILE), SETTINGS_BYTES) else {
        return own;
    };
    let theirs = ToolingSettings::of_project(&bytes);
    let is_trusted = !theirs.run.is_empty()
        && folder.is_some_and(|folder| Trust::in_settings(&folder).is_given(&project.main, &bytes));
    own.with_project(theirs, is_trusted)
}

/// Returns what was found in the files of the agent of this call, each finding
/// once: it counts as told once the answer is out. An empty text when there is nothing; that costs the opening of a file
/// that is not there.
///
/// # Errors
/// When what was left is damaged.
pub fn findings(call: &Call<'_>) -> Result<String, Error> {
    let session = call.state()?.session(&call.input.session_id);
    let found = session.note(&note_name(call.input.agent()))?;
    let found = found.map(|note| call.tell(Some(note)));
    Ok(found.map_or_else(String::new, |text| finding::told(&text)))
}

/// What an agent is told that wants to stop.
#[derive(Debug)]
pub enum AtStop {
    /// Nothing: it may stop.
    Nothing,
    /// This; it has heard of it then, and may do something about it.
    Tell(String),
    /// To go on, and why.
    SendBack(String),
}

/// Takes what was found in the files of the agent of this call, which wants to
/// stop: where that is worth another turn, and no hook has kept it from stopping
/// before. Errors send a subagent back to work, once, where the person has set
/// `tooling.block_on_error`.
///
/// # Errors
/// When state cannot be read or written.
pub fn at_stop(call: &Call<'_>) -> Result<AtStop, Error> {
    if call.input.was_sent_back() {
        return Ok(AtStop::Nothing);
    }
    let agent = call.input.agent();
    let session = call.state()?.session(&call.input.session_id);
    let name = note_name(agent);
    let Some(note) = session.note(&name)? else {
        return Ok(AtStop::Nothing);
    };
    if let Some(agent) = agent
        && finding::has_error(note.text())
        && errors_block(call)
        && session.may_send_back(agent)?
    {
        return Ok(AtStop::SendBack(finding::told(&call.tell(Some(note)))));
    }
    if finding::is_worth_a_turn(note.text()) {
        return Ok(AtStop::Tell(finding::told(&call.tell(Some(note)))));
    }
    // It goes on waiting for the next edit, or for an agent that is resumed.
    Ok(AtStop::Nothing)
}

/// Returns whether the person has set `tooling.block_on_error`.
fn errors_block(call: &Call<'_>) -> bool {
    let folder = call.environment.client_settings();
    let settings = ToolingSettings::load(folder.as_deref());
    settings.is_ok_and(|settings| settings.block_on_error)
}

/// Lets the main agent hear what the subagent of this call, which has ended, has
/// not heard of its files.
///
/// # Errors
/// When state cannot be read or written.
pub fn pass_on(call: &Call<'_>, agent: &str) -> Result<(), Error> {
    let session = call.state()?.session(&call.input.session_id);
    Ok(leave::pass_on(&session, agent, &call.project()?.checkout)?)
}

fn is_rust(settings: RustSettings, file: &Path) -> bool {
    settings.is_on() && file.extension().is_some_and(|extension| extension == "rs")
}

/// Returns whether a manifest of cargo lies beside the file or above it.
fn has_manifest(file: &Path, checkout: &Path) -> bool {
    let folders = file.ancestors().skip(1);
    let mut folders = folders.take_while(|folder| folder.starts_with(checkout));
    folders.any(|folder| folder.join("Cargo.toml").is_file())
}

/// Returns whether a tool is for the file, by its name alone.
fn matches(tool: &ToolSettings, file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    Pattern::parse(&tool.files).matches(&name)
}
