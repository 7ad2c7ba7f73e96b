//! `maos config import`: the settings of the system that MAOS began as, Python
//! hooks with a `config.json`, become a `[notify]` section.

use std::fmt::Write as _;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use maos_shared::config::limits::SETTINGS_BYTES;
use maos_shared::config::{Environment, FILE, NotifySettings};
use maos_shared::files::read_start;
use maos_shared::journal::rfc3339;
use maos_shared::state::atomic;
use serde_json::Value;

use crate::error::{Error, exit_code};
use crate::output::Output;

/// Where the Python hooks kept their settings, from a project's root.
const PLACES: [&str; 2] = [".claude/hooks/maos/config.json", ".claude/config.json"];

/// Take over the settings of the Python hooks: `tts` and `engineer`.
///
/// They become the `notify` section of your own maos.toml, whose former content
/// is kept beside it. Where that has such a section, nothing is changed.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  maos config import\n  maos config import --dry-run .claude/config.json"
)]
pub(crate) struct Args {
    /// The config.json; the one of the current project when not given
    file: Option<PathBuf>,
    /// Print the section and change nothing
    #[arg(long)]
    dry_run: bool,
}

impl Args {
    pub(crate) fn run(&self, output: &mut Output) -> Result<u8, Error> {
        let (path, bytes) = self.read()?;
        let config: Value = serde_json::from_slice(&bytes).map_err(|error| Error::Import {
            path: path.clone(),
            problem: error.to_string(),
        })?;
        let section = section(&config);
        if self.dry_run {
            for line in section.lines() {
                let is_key = line.starts_with("key = ");
                output.line(if is_key { "key = \"***\"" } else { line })?;
            }
            return Ok(exit_code::DONE);
        }
        let environment = Environment::read();
        let folder = environment.client_settings().ok_or(Error::NoHome)?;
        let (target, former) = add(&folder, &section, &rfc3339(environment.now()))?;
        output.line(format_args!("{}: has [notify] now", target.display()))?;
        if let Some(former) = former {
            output.line(format_args!("{}: what it was", former.display()))?;
        }
        for lost in lost(&config) {
            output.line(format_args!(
                "not taken over, there is no such setting: {lost}"
            ))?;
        }
        Ok(exit_code::DONE)
    }

    fn read(&self) -> Result<(PathBuf, Vec<u8>), Error> {
        let [first, second] = PLACES.map(PathBuf::from);
        let named = self.file.clone();
        let path = named.unwrap_or_else(|| if first.exists() { first } else { second });
        match read_start(&path, SETTINGS_BYTES) {
            Ok(bytes) => Ok((path, bytes)),
            Err(error) => Err(Error::Import {
                path,
                problem: error.to_string(),
            }),
        }
    }
}

/// Appends the section to the `maos.toml` in `folder` and returns that file and
/// the copy of what it was. The copy is there first, and the file is replaced in
/// one step, so a kill leaves the one or the other whole.
fn add(folder: &Path, section: &str, now: &str) -> Result<(PathBuf, Option<PathBuf>), Error> {
    let named = folder.join(FILE);
    // A link stays one.
    let target = named.canonicalize().unwrap_or_else(|_| named.clone());
    let failed = |problem: String| Error::Import {
        path: target.clone(),
        problem,
    };
    let former = match read_start(&target, SETTINGS_BYTES) {
        Ok(bytes) => Some(bytes),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(failed(error.to_string())),
    };
    let text = former.clone().unwrap_or_default();
    let mut text = String::from_utf8(text).map_err(|_| failed("it is not UTF-8".to_owned()))?;
    if NotifySettings::is_in(&text).map_err(failed)? {
        return Err(failed(
            "it has [notify] already; nothing was changed".to_owned(),
        ));
    }
    if !text.is_empty() {
        text.push_str(if text.ends_with('\n') { "\n" } else { "\n\n" });
    }
    text.push_str(section);
    NotifySettings::is_in(&text)
        .map_err(|problem| failed(format!("it would be wrong: {problem}")))?;
    let kept = match former {
        None => None,
        Some(bytes) => {
            let copy = folder.join(format!("{FILE}.before-import-{now}"));
            atomic::write_new(&copy, &bytes).map_err(|error| failed(error.to_string()))?;
            Some(copy)
        }
    };
    atomic::replace(&target, text.as_bytes()).map_err(|error| failed(error.to_string()))?;
    Ok((target, kept))
}

/// Returns the section that says the same as `config`.
fn section(config: &Value) -> String {
    let tts = &config["tts"];
    let voices = &tts["voices"];
    let is_off = |key: &str| tts[key]["enabled"] == false;
    let mut text = String::from("[notify]\n");
    let ways = match tts["provider"].as_str().unwrap_or_default() {
        _ if tts["enabled"] == false => r#""terminal""#,
        "elevenlabs" => r#""terminal", ["elevenlabs", "speech"]"#,
        "openai" => r#""terminal", ["openai", "speech"]"#,
        _ => r#""terminal", "speech""#,
    };
    let _ = writeln!(text, "providers = [{ways}]");
    let engineer = [&tts["engineer"]["name"], &config["engineer"]["name"]];
    let engineer = engineer.into_iter().find(|name| name.is_string());
    set(&mut text, "engineer", engineer.unwrap_or(&Value::Null));
    set(&mut text, "responses", &tts["responses"]["enabled"]);
    if is_off("completion") {
        text.push_str("done.on = false\n");
    }
    if is_off("notifications") {
        text.push_str("permission.on = false\nidle.on = false\n");
    }
    let macos = tts["provider"] == "macos" || cfg!(target_os = "macos");
    let local = &voices[if macos { "macos" } else { "pyttsx3" }];
    let named = local["voice"].as_str().filter(|voice| *voice != "default");
    table(
        &mut text,
        "speech",
        &[("voice", &named.into()), ("rate", &local["rate"])],
    );
    let eleven = &voices["elevenlabs"];
    table(
        &mut text,
        "elevenlabs",
        &[
            ("voice", &eleven["voice_id"]),
            ("model", &eleven["model"]),
            ("key", &eleven["api_key"]),
        ],
    );
    let openai = &voices["openai"];
    table(
        &mut text,
        "openai",
        &[
            ("voice", &openai["voice"]),
            ("model", &openai["model"]),
            ("key", &openai["api_key"]),
        ],
    );
    text
}

fn table(text: &mut String, name: &str, values: &[(&str, &Value)]) {
    let mut body = String::new();
    for (key, value) in values {
        set(&mut body, key, value);
    }
    if !body.is_empty() {
        let _ = write!(text, "\n[notify.{name}]\n{body}");
    }
}

/// Sets a key to a value, if there is one. As far as JSON writes texts,
/// numbers and switches, TOML does the same.
fn set(text: &mut String, key: &str, value: &Value) {
    if matches!(value, Value::String(_) | Value::Number(_) | Value::Bool(_)) {
        let _ = writeln!(text, "{key} = {value}");
    }
}

/// Returns the settings that have nothing to become.
fn lost(config: &Value) -> Vec<String> {
    let known = [
        "enabled",
        "provider",
        "voices",
        "responses",
        "completion",
        "notifications",
    ];
    let tts = config["tts"].as_object().into_iter().flatten();
    let tts = tts
        .filter(|(key, _)| !known.contains(&key.as_str()) && *key != "engineer")
        .map(|(key, _)| format!("tts.{key}"));
    let others = config.as_object().into_iter().flatten();
    let others = others
        .filter(|(key, _)| !matches!(key.as_str(), "tts" | "engineer"))
        .map(|(key, _)| key.clone());
    tts.chain(others).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    const CONFIG: &str = r#"{"tts": {"enabled": true, "provider": "openai", "timeout": 600,
        "voices": {"pyttsx3": {"voice": "default", "rate": 190},
                   "openai": {"model": "tts-1", "voice": "al\"loy", "api_key": null}},
        "responses": {"enabled": true}, "completion": {"enabled": false},
        "engineer": {"name": "Ada"}}, "other": 1}"#;

    fn imported() -> String {
        section(&serde_json::from_str(CONFIG).unwrap())
    }

    #[test]
    fn the_section_says_the_same() {
        let dir = tempfile::tempdir().unwrap();
        let (path, former) = add(dir.path(), &imported(), "now").unwrap();
        assert_eq!(former, None);
        assert_eq!(path, dir.path().join(FILE));
        let settings = NotifySettings::load(Some(dir.path())).unwrap();
        assert_eq!(settings.engineer, "Ada");
        assert!(settings.responses);
        assert_eq!(settings.done.on, Some(false));
        assert_eq!(settings.openai.voice, "al\"loy");
        assert_eq!(settings.providers.len(), 2);
        let lost = lost(&serde_json::from_str(CONFIG).unwrap());
        assert_eq!(lost, ["tts.timeout", "other"]);
    }

    #[test]
    fn what_is_set_already_stays() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(FILE);
        let guard = "[guard]\ndiscards_in_worktrees = false";
        atomic::replace(&path, guard.as_bytes()).unwrap();
        let (_, former) = add(dir.path(), &imported(), "now").unwrap();
        assert_eq!(fs::read_to_string(former.unwrap()).unwrap(), guard);
        let text = fs::read_to_string(&path).unwrap();
        assert!(
            text.starts_with(&format!("{guard}\n\n[notify]\n")),
            "{text}"
        );
        let again = add(dir.path(), &imported(), "later")
            .unwrap_err()
            .to_string();
        assert!(again.contains("has [notify] already"), "{again}");
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }

    #[test]
    fn any_json_makes_a_section() {
        for config in [
            "null",
            "[]",
            "{}",
            r#"{"tts": 1}"#,
            r#"{"tts": {"voices": []}}"#,
        ] {
            let section = section(&serde_json::from_str(config).unwrap());
            assert!(NotifySettings::is_in(&section).unwrap(), "{section}");
        }
    }
}
