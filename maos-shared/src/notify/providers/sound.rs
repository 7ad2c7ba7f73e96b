//! A sound.

use std::path::Path;

use super::program;
use crate::config::SoundSettings;
use crate::jobs::Program;

/// The sound of the system, where none is set.
const DEFAULT: &str = if cfg!(target_os = "macos") {
    "/System/Library/Sounds/Glass.aiff"
} else {
    "/usr/share/sounds/freedesktop/stereo/complete.oga"
};

/// What plays a file, by what most machines have.
const PLAYERS: [&[&str]; 5] = [
    &["afplay"],
    &["pw-play"],
    &["paplay"],
    &["ffplay", "-nodisp", "-autoexit", "-loglevel", "error"],
    &["aplay", "-q"],
];

pub(super) fn programs(settings: &SoundSettings) -> Result<Vec<Program>, String> {
    let file = match &*settings.file {
        "" => DEFAULT,
        file if Path::new(file).is_absolute() => file,
        _ => return Err("`notify.sound.file` is no absolute path".to_owned()),
    };
    Ok(players(settings, Path::new(file)))
}

/// Returns what could play the file at an absolute path, the best first: the
/// person's own player alone, where they have set one.
#[must_use]
pub fn players(settings: &SoundSettings, file: &Path) -> Vec<Program> {
    let own: Vec<&str> = settings.player.iter().map(String::as_str).collect();
    let all = if own.is_empty() {
        PLAYERS.to_vec()
    } else {
        vec![&*own]
    };
    let runs = |player: &[&str]| {
        let (name, arguments) = player.split_first()?;
        let mut program = program(name, arguments.iter().copied());
        program.arguments.push(file.into());
        Some(program)
    };
    all.into_iter().filter_map(runs).collect()
}
