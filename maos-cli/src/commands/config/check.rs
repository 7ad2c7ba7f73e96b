//! `maos config check`: what is wrong with the settings.

use std::path::PathBuf;

use maos_shared::config::Environment;
use schemars::JsonSchema;
use serde::Serialize;

use super::files;
use crate::error::{Error, exit_code};
use crate::output::{Form, Output, Show, Tone};

/// Say what is wrong with your own maos.toml and the project's, or with one
/// file, by line and column.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  maos config check
  maos config check .claude/maos.toml

Exit codes:
  0  all that is there counts
  1  something in it does not, or the file that is named is not there")]
pub(crate) struct Args {
    /// The file [default: your own and the project's]
    file: Option<PathBuf>,
    /// A folder of the project
    #[arg(long, value_name = "DIR", default_value = ".")]
    project: PathBuf,
    #[command(flatten)]
    form: Form,
}

/// What is wrong with the files.
#[derive(Serialize, JsonSchema)]
pub(in crate::commands) struct Checked {
    /// The files, the person's own first.
    files: Vec<File>,
}

/// One `maos.toml`.
#[derive(Serialize, JsonSchema)]
struct File {
    /// Its path.
    path: String,
    /// Whether it is there.
    exists: bool,
    /// What is wrong with it, by line and column.
    problems: Vec<String>,
}

impl Args {
    pub(super) fn run(&self, output: &mut Output) -> Result<u8, Error> {
        let environment = Environment::read();
        let paths = match &self.file {
            Some(file) => vec![file.clone()],
            None => vec![
                files::own(&environment)?,
                files::of_project(&environment, &self.project)?,
            ],
        };
        let files = paths.iter().map(|path| File {
            path: path.display().to_string(),
            exists: path.exists(),
            problems: files::problems(path),
        });
        let checked = Checked {
            files: files.collect(),
        };
        output.answer(self.form, &checked)?;
        if let Some(file) = self.file.as_ref().filter(|file| !file.exists()) {
            return Err(Error::NoSuchFile(file.clone()));
        }
        match checked.files.iter().map(|file| file.problems.len()).sum() {
            0 => Ok(exit_code::DONE),
            found => Err(Error::Unaccepted(found)),
        }
    }
}

impl Show for Checked {
    fn show(&self, output: &mut Output) -> Result<(), Error> {
        for file in &self.files {
            for problem in &file.problems {
                output.text(&Tone::Bad.of(problem))?;
            }
            let word = match file.exists {
                true => Tone::Good.of(": good"),
                false => Tone::Faint.of(": not there"),
            };
            if file.problems.is_empty() {
                output.text(&Tone::Plain.of(&file.path).then(word))?;
            }
        }
        Ok(())
    }
}
