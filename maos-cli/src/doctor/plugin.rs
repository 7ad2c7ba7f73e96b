//! The plugin, where no settings tell of it: a client that was started with
//! `--plugin-dir` has it for that once.

use std::path::PathBuf;

use maos_shared::files::read_start;
use maos_shared::state::{Session, State};
use serde_json::Value;

use crate::journal::short;
use crate::programs;
use crate::settings::PLUGIN;

/// Where a plugin has its programs.
pub(super) const PROGRAMS: &str = "bin";
/// The longest manifest that is read, in bytes.
const MANIFEST: u64 = 64 * 1024;

/// Returns the folder of our plugin that this very program lies in; `None` where it
/// lies elsewhere.
pub(super) fn own() -> Option<PathBuf> {
    let programs = programs::own_folder().ok()?;
    let folder = programs.parent().filter(|_| programs.ends_with(PROGRAMS))?;
    let manifest = read_start(&folder.join(".claude-plugin/plugin.json"), MANIFEST).ok()?;
    let manifest: Value = serde_json::from_slice(&manifest).ok()?;
    (manifest["name"] == PLUGIN).then(|| folder.to_owned())
}

/// Returns a session whose client runs now and has told our hooks that it began.
pub(super) fn running(state: &State) -> Option<String> {
    let sessions = state.all_sessions().unwrap_or_default();
    let runs = |session: &Session| {
        let client = session.client().unwrap_or_default();
        session.ended().unwrap_or_default().is_none() && client.is_some_and(|it| it.runs())
    };
    let session = sessions.into_iter().find(runs)?;
    let name = session.dir().file_name()?.to_string_lossy().into_owned();
    Some(format!("session {}", short(&name)))
}
