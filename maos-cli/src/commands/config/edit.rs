//! `maos config edit`: the person edits a `maos.toml`.

use std::io::{IsTerminal, stdin};
use std::path::{Path, PathBuf};

use maos_shared::config::Environment;
use maos_shared::state::atomic;

use super::files;
use crate::error::{Error, exit_code};
use crate::output::{Output, Tone};
use crate::programs;

/// What a new file begins with.
const BEGINNING: &[u8] = b"# Settings of MAOS; `maos config schema` describes them.\n";
/// The editor of whoever named none.
const EDITOR: &str = "vi";

/// Edit your own maos.toml with VISUAL or EDITOR, and check it afterwards.
///
/// For a person at a terminal: no agent can run it.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  maos config edit
  maos config edit --of-project")]
pub(crate) struct Args {
    /// The project's file instead
    #[arg(long)]
    of_project: bool,
    /// A folder of the project
    #[arg(long, value_name = "DIR", default_value = ".")]
    project: PathBuf,
}

impl Args {
    pub(super) fn run(&self, output: &mut Output) -> Result<u8, Error> {
        let environment = Environment::read();
        if environment.inside_agent || !stdin().is_terminal() {
            return Err(Error::NotAPerson);
        }
        let path = match self.of_project {
            true => files::of_project(&environment, &self.project)?,
            false => files::own(&environment)?,
        };
        if !path.exists() {
            if let Some(folder) = path.parent() {
                atomic::ensure_dir(folder, Path::new(""))?;
            }
            atomic::write_new(&path, BEGINNING)?;
        }
        let editor = environment.editor.as_deref().unwrap_or(EDITOR);
        if !programs::edit(editor, &path)? {
            return Err(Error::Editor(editor.to_owned()));
        }
        let problems = files::problems(&path);
        for problem in &problems {
            output.text(&Tone::Bad.of(problem))?;
        }
        match problems.len() {
            0 => {
                output.line(format_args!("{}: good", path.display()))?;
                Ok(exit_code::DONE)
            }
            found => Err(Error::Unaccepted(found)),
        }
    }
}
