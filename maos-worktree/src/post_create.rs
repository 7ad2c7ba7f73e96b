//! The programs that a project has run in each new workspace, such as `npm ci`:
//! only those of a file that the person has read and trusts.

use std::path::Path;

use maos_shared::config::limits::SETTINGS_BYTES;
use maos_shared::config::{FILE, WorkspaceSettings};
use maos_shared::files::read_start;
use maos_shared::hook::{Call, Error};
use maos_shared::jobs::{self, Kind, Order, Program};
use maos_shared::state::Trust;
use maos_shared::workspace::Workspace;

/// Starts a job that runs the programs in a workspace that was just made.
///
/// # Errors
/// When the job cannot be started.
pub(crate) fn start(call: &Call<'_>, made: &Workspace) -> Result<(), Error> {
    let project = &call.project()?.main;
    let Some(programs) = trusted(call, project) else {
        return Ok(());
    };
    let programs: Vec<Program> = programs
        .into_iter()
        .map(|words| Program {
            path: words.first().map(Into::into).unwrap_or_default(),
            arguments: words.into_iter().skip(1).map(Into::into).collect(),
            input: Vec::new(),
            folder: made.path.clone(),
        })
        .collect();
    let name = made.path.file_name().unwrap_or_default().to_string_lossy();
    let order = Order {
        kind: Kind::PostCreate,
        about: &name,
        session: Some(&call.input.session_id),
    };
    let work = move || {
        let count = programs.len();
        programs
            .iter()
            .try_for_each(|program| program.run().map(drop))?;
        Ok(format!("{count} programs ran"))
    };
    jobs::start(&call.state()?, &order, work)?;
    Ok(())
}

/// Returns the programs of the project's file, if there are any and the person
/// trusts it. What is hashed and what is read are the same bytes.
fn trusted(call: &Call<'_>, project: &Path) -> Option<Vec<Vec<String>>> {
    let file = project.join(".claude").join(FILE);
    let bytes = read_start(&file, SETTINGS_BYTES).ok()?;
    let programs = WorkspaceSettings::post_create(&bytes);
    if programs.is_empty() {
        return None;
    }
    let trust = Trust::in_settings(&call.environment.client_settings()?);
    if trust.is_given(project, &bytes) {
        return Some(programs);
    }
    log::warn!(
        "workspace.post_create of {} does not run: read it, and run `maos trust` in a terminal",
        file.display()
    );
    None
}
