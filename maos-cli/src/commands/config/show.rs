//! `maos config show`: what is set, and where.

use std::path::{Path, PathBuf};

use maos_shared::config::Environment;
use maos_shared::config::limits::SETTINGS_BYTES;
use maos_shared::files::read_start;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::files;
use crate::error::{Error, exit_code};
use crate::output::{Column, Form, Output, Show, Table, Tone};

/// Words in the names of settings whose values nobody is to see.
const SECRETS: [&str; 4] = ["key", "token", "secret", "password"];

/// Show what is set, and in which file. What is not shown has its default.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  maos config show
  maos config show --json | jq '.files[].settings'")]
pub(crate) struct Args {
    /// A folder of the project
    #[arg(long, value_name = "DIR", default_value = ".")]
    project: PathBuf,
    #[command(flatten)]
    form: Form,
}

/// Both files, the person's own first.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::commands) struct Shown {
    files: Vec<File>,
}

/// One `maos.toml`.
#[derive(Debug, Serialize, JsonSchema)]
struct File {
    /// Its path.
    path: String,
    /// Whether it is there.
    exists: bool,
    /// What it sets, by the full name of the setting; secrets are left out.
    settings: Vec<Setting>,
    /// Why it, or a part of it, does not count.
    problems: Vec<String>,
}

/// One setting.
#[derive(Debug, Serialize, JsonSchema)]
struct Setting {
    /// Its full name, such as `guard.levels.git`.
    name: String,
    /// Its value, as JSON and TOML write it alike; `(set)` for a secret.
    value: String,
}

impl Args {
    pub(super) fn run(&self, output: &mut Output) -> Result<u8, Error> {
        let environment = Environment::read();
        let paths = [
            files::own(&environment)?,
            files::of_project(&environment, &self.project)?,
        ];
        let files = paths.iter().map(|path| file(path)).collect();
        output.answer(self.form, &Shown { files })?;
        Ok(exit_code::DONE)
    }
}

fn file(path: &Path) -> File {
    let bytes = read_start(path, SETTINGS_BYTES).unwrap_or_default();
    // What cannot be read or parsed is among the problems.
    let value: Option<Value> = toml::from_str(&String::from_utf8_lossy(&bytes)).ok();
    let mut settings = Vec::new();
    flatten("", &value.unwrap_or_default(), &mut settings);
    File {
        path: path.display().to_string(),
        exists: path.exists(),
        settings,
        problems: files::problems(path),
    }
}

/// Adds every setting of a value by its full name.
fn flatten(name: &str, value: &Value, settings: &mut Vec<Setting>) {
    if let Value::Object(members) = value {
        for (key, value) in members {
            let dot = if name.is_empty() { "" } else { "." };
            flatten(&format!("{name}{dot}{key}"), value, settings);
        }
    } else if !name.is_empty() {
        let last = name.rsplit('.').next().unwrap_or_default().to_lowercase();
        let is_secret = SECRETS.iter().any(|word| last.contains(word));
        settings.push(Setting {
            name: name.to_owned(),
            value: match is_secret {
                true => "(set)".to_owned(),
                false => value.to_string(),
            },
        });
    }
}

impl Show for Shown {
    fn show(&self, output: &mut Output) -> Result<(), Error> {
        for file in &self.files {
            let state = match (file.exists, file.problems.is_empty()) {
                (false, _) => Tone::Faint.of("  not there"),
                (true, true) => Tone::Faint.of(""),
                (true, false) => Tone::Bad.of("  does not count in full"),
            };
            output.text(&Tone::Strong.of(&file.path).then(state))?;
            let mut table =
                Table::new([Column::left(""), Column::left("").giving_way()]).indented(2);
            for setting in &file.settings {
                table.row([setting.name.as_str().into(), setting.value.as_str().into()]);
            }
            output.table(&table)?;
            for problem in &file.problems {
                output.text(&Tone::Bad.of(format!("  {problem}")))?;
            }
        }
        Ok(())
    }
}
