//! Where things are: the person's settings, the project that is looked at.

use std::path::{Path, PathBuf};

use maos_shared::config::Environment;
use maos_shared::project::Project;
use maos_shared::state::State;

use crate::error::Error;

/// Returns the path of the person's own settings of Claude Code.
///
/// # Errors
/// When the environment does not say where they are.
pub(crate) fn user_settings(environment: &Environment) -> Result<PathBuf, Error> {
    let folder = environment.client_settings().ok_or(Error::NoHome)?;
    Ok(folder.join("settings.json"))
}

/// Returns the project of `folder`, found as the hooks find it.
///
/// # Errors
/// When there is no such folder, or its repository cannot be followed.
pub(crate) fn project(environment: &Environment, folder: &Path) -> Result<Project, Error> {
    let folder = absolute(folder)?;
    if !folder.is_dir() {
        return Err(Error::NoSuchFolder(folder));
    }
    let root = environment.root_override.as_deref();
    Ok(Project::find(&folder, None, root)?)
}

/// Returns `folder` from the root on, links and all.
///
/// # Errors
/// When it is empty, or there is no current folder.
pub(crate) fn absolute(folder: &Path) -> Result<PathBuf, Error> {
    std::path::absolute(folder).map_err(|source| Error::Folder {
        path: folder.to_owned(),
        source,
    })
}

/// Returns the state of the project of `folder`, which may have none yet.
///
/// # Errors
/// As [`project`].
pub(crate) fn state(environment: &Environment, folder: &Path) -> Result<State, Error> {
    let dir = project(environment, folder)?.state_dir();
    Ok(State::at(dir, environment.now()))
}
