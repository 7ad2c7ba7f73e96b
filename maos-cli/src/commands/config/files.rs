//! Where the two `maos.toml` are, and what is wrong with one.

use std::path::{Path, PathBuf};

use maos_shared::config::{
    Environment, FILE, NotifySettings, Settings, SettingsFile, ToolingSettings,
};
use maos_shared::guard::Policy;

use crate::error::Error;
use crate::place;

/// Returns the path of the person's own file.
///
/// # Errors
/// When the environment does not say where it is.
pub(super) fn own(environment: &Environment) -> Result<PathBuf, Error> {
    let folder = environment.client_settings().ok_or(Error::NoHome)?;
    Ok(folder.join(FILE))
}

/// Returns the path of the file of the project of `folder`.
///
/// # Errors
/// When there is no such folder.
pub(super) fn of_project(environment: &Environment, folder: &Path) -> Result<PathBuf, Error> {
    let project = place::project(environment, folder)?;
    Ok(project.main.join(".claude").join(FILE))
}

/// Returns what is wrong with the file at `path`, a line each.
pub(super) fn problems(path: &Path) -> Vec<String> {
    let file = match SettingsFile::read(path) {
        Ok(Some(file)) => file,
        Ok(None) => return Vec::new(),
        Err(error) => return vec![error.to_string()],
    };
    let settings = match Settings::of(&file) {
        Ok(settings) => settings,
        Err(error) => return vec![error.to_string()],
    };
    let sections = [
        NotifySettings::of(&file).err(),
        ToolingSettings::of(&file).err(),
    ];
    let sections = sections.into_iter().flatten().map(|it| it.to_string());
    let policy = Policy::new(&settings.guard, &Settings::default().guard);
    let rules = policy.problems().into_iter();
    let rules = rules.map(|problem| format!("{}: {problem}", path.display()));
    sections.chain(rules).collect()
}
