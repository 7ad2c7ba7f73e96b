//! Speaking through a service over HTTPS: `maos-speak`.
//!
//! It reads an order from stdin, the key from the environment or the person's
//! own `maos.toml`, asks the service for a sound and plays that. The key is in
//! the request's head and nowhere else: no argument, no file, no message.

mod service;
mod wav;

use std::io::{self, Read, Write};
use std::process::ExitCode;

use maos_shared::config::limits::STATE_FILE_BYTES;
use maos_shared::config::{Environment, NotifySettings};
use maos_shared::notify::{Order, players};

/// Does what the order on stdin says and returns the exit code: 0 when it was
/// spoken, 1 when not, with one line on stderr that says why. Blocks until it
/// is spoken.
#[must_use]
pub fn run() -> ExitCode {
    match speak() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            let kept = |c: char| if c.is_control() { ' ' } else { c };
            let line: String = why.trim().chars().map(kept).collect();
            // Without stderr there is nobody left to tell; the exit code does.
            let _ = writeln!(io::stderr(), "{line}");
            ExitCode::FAILURE
        }
    }
}

fn speak() -> Result<(), String> {
    let order = read_order()?;
    let environment = Environment::read();
    let folder = environment.client_settings();
    let settings = NotifySettings::load(folder.as_deref()).map_err(|error| error.to_string())?;
    let sound = service::sound(&order, &settings)?;
    let mut file = tempfile::Builder::new()
        .prefix("maos-")
        .suffix(".wav")
        .tempfile()
        .map_err(|error| format!("no file for the sound can be made: {error}"))?;
    file.write_all(&sound)
        .and_then(|()| file.flush())
        .map_err(|error| format!("the sound cannot be kept for its player: {error}"))?;
    let mut trouble = "there is no program that plays a sound".to_owned();
    for player in players(&settings.sound, file.path()) {
        match player.run() {
            Ok(_) => return Ok(()),
            Err(error) => trouble = error,
        }
    }
    Err(format!("the sound came, but cannot be played: {trouble}"))
}

fn read_order() -> Result<Order, String> {
    let mut bytes = Vec::new();
    io::stdin()
        .lock()
        .take(STATE_FILE_BYTES as u64)
        .read_to_end(&mut bytes)
        .map_err(|error| format!("stdin cannot be read: {error}"))?;
    serde_json::from_slice(&bytes)
        .map_err(|error| format!("stdin is no order (notifications start this): {error}"))
}
