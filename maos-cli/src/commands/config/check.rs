//! `maos config check`: what is wrong with the settings.

use std::path::PathBuf;

use maos_shared::config::Environment;

use super::files;
use crate::error::{Error, exit_code};
use crate::output::{Output, Tone};

/// Say what is wrong with your own maos.toml and the project's, or with one
/// file, by line and column.
///
/// Exit code 1 when something is.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  maos config check .claude/maos.toml")]
pub(crate) struct Args {
    /// The file [default: your own and the project's]
    file: Option<PathBuf>,
    /// A folder of the project
    #[arg(long, value_name = "DIR", default_value = ".")]
    project: PathBuf,
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
        let mut found = 0;
        for path in paths {
            let problems = files::problems(&path);
            found += problems.len();
            for problem in &problems {
                output.text(&Tone::Bad.of(problem))?;
            }
            if problems.is_empty() {
                let word = match path.exists() {
                    true => Tone::Good.of(": good"),
                    false => Tone::Faint.of(": not there"),
                };
                output.text(&Tone::Plain.of(path.display().to_string()).then(word))?;
            }
        }
        match found {
            0 => Ok(exit_code::DONE),
            _ => Err(Error::Unaccepted(found)),
        }
    }
}
