//! Agents hear what their edits broke.
//!
//! After an edit, PostToolUse records it and orders a job for the checkout
//! ([`edited`]). The job waits for the end of the burst, formats and checks the
//! files (`check.rs`), and leaves what it finds for the agents that edited
//! them. Each of their next events takes that away and tells it ([`findings`]).

mod check;
mod clippy;
mod command;
mod finding;
mod fmt;
mod mend;
mod package;

use std::path::Path;

use crate::config::{RustSettings, ToolSettings, ToolingSettings};
use crate::guard::Pattern;
use crate::hook::{Call, Error};
use crate::jobs;
use crate::state::edits::{Edit, Stamp};
use check::Check;
pub use finding::note_name;

/// Records that the agent of this call has edited `file`, and orders its check,
/// where the person has set a tool for files of that name. Blocks for a few
/// small files and two forks; without settings for the opening of one file that
/// is not there.
///
/// # Errors
/// When state cannot be written.
pub fn edited(call: &Call<'_>, file: &Path) -> Result<(), Error> {
    let folder = call.environment.client_settings();
    // What is wrong with the file is told when a session begins.
    let settings = ToolingSettings::load(folder.as_deref()).unwrap_or_default();
    if !is_for(&settings, file) {
        return Ok(());
    }
    // What is gone, or no regular file, has nothing to be checked.
    let Ok(file) = call.input.cwd().join(file).canonicalize() else {
        return Ok(());
    };
    let Ok(stamp) = Stamp::of(&file) else {
        return Ok(());
    };
    let checkout = &call.project()?.checkout;
    if !file.starts_with(checkout) {
        return Ok(());
    }
    let state = call.state()?;
    let session = call.input.session_id.to_string();
    let edit = Edit {
        file,
        session: session.clone(),
        agent: call.input.agent().map(ToOwned::to_owned),
        stamp,
    };
    state.record_edit(checkout, &edit)?;
    let check = Check {
        state: state.clone(),
        checkout: checkout.clone(),
        settings,
    };
    let order = jobs::Order {
        kind: jobs::Kind::Tooling,
        about: &checkout.to_string_lossy(),
        session: Some(&session),
    };
    jobs::start(&state, &order, move || check.run())?;
    Ok(())
}

/// Takes what was found in the files of the agent of this call, each finding
/// once. An empty text when there is nothing; that costs the opening of a file
/// that is not there.
///
/// # Errors
/// When what was left is damaged.
pub fn findings(call: &Call<'_>) -> Result<String, Error> {
    let session = call.state()?.session(&call.input.session_id);
    let found = session.take_note(&note_name(call.input.agent()))?;
    Ok(found.map_or_else(String::new, |text| finding::told(&text)))
}

/// Returns why the subagent of this call, which wants to stop, is to go on: the
/// errors in its files, where the person has set `tooling.block_on_error`.
/// `None` for all others, and for one that was sent back before. What it returns
/// counts as told.
///
/// # Errors
/// When state cannot be read or written.
pub fn objection(call: &Call<'_>) -> Result<Option<String>, Error> {
    let Some(agent) = call.input.agent() else {
        return Ok(None);
    };
    let folder = call.environment.client_settings();
    let settings = ToolingSettings::load(folder.as_deref()).unwrap_or_default();
    if !settings.block_on_error || call.input.was_sent_back() {
        return Ok(None);
    }
    let session = call.state()?.session(&call.input.session_id);
    let name = note_name(Some(agent));
    let Some(found) = session.take_note(&name)? else {
        return Ok(None);
    };
    if finding::has_error(&found) && session.may_send_back(agent)? {
        return Ok(Some(finding::told(&found)));
    }
    // It goes on waiting for an agent that is resumed.
    session.leave_note(&name, &found)?;
    Ok(None)
}

fn is_for(settings: &ToolingSettings, file: &Path) -> bool {
    is_rust(settings.rust, file) || settings.run.iter().any(|tool| matches(tool, file))
}

fn is_rust(settings: RustSettings, file: &Path) -> bool {
    settings.is_on() && file.extension().is_some_and(|extension| extension == "rs")
}

/// Returns whether a tool is for the file, by its name alone.
fn matches(tool: &ToolSettings, file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    Pattern::parse(&tool.files).matches(&name)
}
