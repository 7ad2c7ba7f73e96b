//! A person's settings of Claude Code: what MAOS adds to them and takes out.
//!
//! Everything that is not ours stays byte for byte. A change is written aside
//! and renamed over the file, after a copy of it was kept beside it.

mod document;
mod file;
mod merge;
mod registration;
mod statusline;
mod style;

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use maos_shared::hook::Event;

pub(crate) use file::FileError;
use file::SettingsFile;
pub(crate) use merge::TextError;
pub(crate) use registration::Registration;

/// The name of our plugin.
pub(crate) const PLUGIN: &str = "maos";

/// Why settings were left as they are.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SettingsError {
    /// The file cannot be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// The file is not settings that can be edited.
    #[error("{}:{problem}; correct the file or move it away, then run this again", path.display())]
    Text {
        /// The settings file.
        path: PathBuf,
        /// The place and what is wrong there.
        problem: TextError,
    },
}

/// What [`register`] did.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Registered {
    /// The settings held the registration already.
    Unchanged,
    /// The registration was written; the former file, if any, is kept here.
    Changed { backup: Option<PathBuf> },
}

/// What [`unregister`] did.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unregistered {
    /// The settings held no registration of ours.
    Unchanged,
    /// Ours was taken out, and the rest stayed.
    Removed,
    /// What remained was the former file: its bytes were put back from here.
    Restored { backup: PathBuf },
    /// Nothing but ours stood in the file, so it was deleted.
    Deleted,
}

/// Writes `registration` into the settings at `path`, which may be missing;
/// with `dry_run` it only says what it would do.
///
/// # Errors
/// When the file cannot be read or written, or cannot be edited: then it is as
/// it was.
pub(crate) fn register(
    path: &Path,
    registration: &Registration,
    now: SystemTime,
    dry_run: bool,
) -> Result<Registered, SettingsError> {
    let file = SettingsFile::open(path)?;
    let mut edited = merge::register(file.text(), registration).map_err(|e| text_error(path, e))?;
    if let Some(programs) = registration.statusline() {
        let text = edited.as_deref().unwrap_or(file.text());
        let added = statusline::add(text, programs).map_err(|e| text_error(path, e))?;
        edited = added.or(edited);
    }
    let Some(edited) = edited else {
        return Ok(Registered::Unchanged);
    };
    let backup = if dry_run { None } else { file.back_up(now)? };
    if !dry_run {
        file.replace(&edited)?;
    }
    Ok(Registered::Changed { backup })
}

/// Returns whether the settings at `path` show a status line that is not ours.
///
/// # Errors
/// When the file cannot be read or is not settings.
pub(crate) fn has_foreign_statusline(path: &Path) -> Result<bool, SettingsError> {
    let file = SettingsFile::open(path)?;
    statusline::is_foreign(file.text()).map_err(|e| text_error(path, e))
}

/// Takes every registration of ours, and our status line, out of the settings
/// at `path`.
///
/// # Errors
/// As [`register`].
pub(crate) fn unregister(path: &Path) -> Result<Unregistered, SettingsError> {
    let file = SettingsFile::open(path)?;
    let unhooked = merge::unregister(file.text()).map_err(|e| text_error(path, e))?;
    let text = unhooked.as_deref().unwrap_or(file.text());
    let edited = statusline::remove(text).map_err(|e| text_error(path, e))?;
    let Some(edited) = edited.or(unhooked) else {
        return Ok(Unregistered::Unchanged);
    };
    let meaning = merge::meaning(&edited);
    let same = |text: &str| meaning.is_some() && merge::meaning(text) == meaning;
    if let Some(backup) = file.backup_where(same)? {
        file.restore(&backup)?;
        return Ok(Unregistered::Restored {
            backup: backup.path,
        });
    }
    if same("{}") {
        file.delete()?;
        return Ok(Unregistered::Deleted);
    }
    file.replace(&edited)?;
    Ok(Unregistered::Removed)
}

/// What a settings file says of our hooks.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct State {
    /// It holds exactly the registration that was asked for.
    pub(crate) registered: bool,
    /// It switches every hook off (`disableAllHooks`).
    pub(crate) disabled: bool,
}

/// Returns what the settings at `path` say of `registration`.
///
/// # Errors
/// When the file cannot be read or is not settings.
pub(crate) fn state(path: &Path, registration: &Registration) -> Result<State, SettingsError> {
    let file = SettingsFile::open(path)?;
    let registered =
        merge::is_registered(file.text(), registration).map_err(|e| text_error(path, e))?;
    let disabled = merge::meaning(file.text())
        .and_then(|settings| settings.get("disableAllHooks")?.as_bool())
        .unwrap_or_default();
    Ok(State {
        registered,
        disabled,
    })
}

/// What a settings file registers of ours, whatever folder it names.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The programs, by the event that they are registered for.
    pub(crate) programs: Vec<(Event, PathBuf)>,
    /// The events whose program has less time than it may need: the event, and
    /// the seconds that it has.
    pub(crate) hurried: Vec<(Event, f64)>,
    /// The events whose program is not called each time, and why.
    pub(crate) weakened: Vec<(Event, &'static str)>,
    /// It switches our plugin on (`enabledPlugins`).
    pub(crate) plugin: bool,
    /// It switches every hook off (`disableAllHooks`).
    pub(crate) disabled: bool,
}

/// Returns what the settings at `path` register; nothing when there is no such
/// file.
///
/// # Errors
/// When the file cannot be read or is not JSON.
pub(crate) fn find(path: &Path) -> Result<Found, SettingsError> {
    let file = SettingsFile::open(path)?;
    // Tells where a text is no JSON.
    merge::unregister(file.text()).map_err(|e| text_error(path, e))?;
    let settings = merge::meaning(file.text()).unwrap_or_default();
    let mut found = Found {
        disabled: settings["disableAllHooks"].as_bool().unwrap_or_default(),
        plugin: settings["enabledPlugins"].as_object().is_some_and(|all| {
            let is_ours = |name: &str| name.split('@').next() == Some(PLUGIN);
            all.iter().any(|(name, on)| is_ours(name) && *on == true)
        }),
        ..Found::default()
    };
    for event in Event::ALL {
        let groups = settings["hooks"][event.name()].as_array();
        let hooks = groups.into_iter().flatten();
        let hooks = hooks.flat_map(|group| {
            let entries = group["hooks"].as_array().into_iter().flatten();
            entries.map(move |entry| (group, entry))
        });
        for (group, hook) in hooks {
            let Some(program) = registration::program(hook) else {
                continue;
            };
            found.programs.push((event, program));
            let weakness = registration::weakness(event, group, hook);
            found.weakened.extend(weakness.map(|why| (event, why)));
            // Without one the client's own counts.
            let seconds = hook["timeout"].as_f64();
            let hurried = seconds.filter(|it| *it < event.timeout().as_secs_f64());
            found.hurried.extend(hurried.map(|it| (event, it)));
        }
    }
    Ok(found)
}

fn text_error(path: &Path, problem: TextError) -> SettingsError {
    SettingsError::Text {
        path: path.to_owned(),
        problem,
    }
}

#[cfg(test)]
mod tests;
