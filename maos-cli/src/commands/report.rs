//! `maos report`: a session as one page.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use maos_shared::config::Environment;
use maos_shared::state::{State, atomic};

use crate::error::{Error, exit_code};
use crate::journal::{Wanted, newest, tail};
use crate::output::{Output, Text};
use crate::overview::{Contents, Looked, overview};
use crate::page::{Told, page};
use crate::place;

/// Write a session as one HTML page: a timeline of its agents with their edits,
/// blocks, waits and merges, who held which file, the audit list, the hooks' times.
///
/// What a bar shows stands beside it as text. Times are UTC. The page loads nothing from anywhere and runs no script.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  maos report -o report.html
  maos report --session 3f2a9c1d >report.html")]
pub(crate) struct Args {
    /// A folder of the project
    #[arg(long, value_name = "DIR", default_value = ".")]
    project: PathBuf,
    /// The start of the session's id [default: the newest session]
    #[arg(long, value_name = "ID")]
    session: Option<String>,
    /// Write the page into this file, in place of an older one
    #[arg(short, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Args {
    pub(super) fn run(&self, output: &mut Output) -> Result<u8, Error> {
        let environment = Environment::read();
        let project = place::project(&environment, &self.project)?;
        let state = State::at(project.state_dir(), environment.now());
        let looked = Looked {
            sessions: usize::MAX,
            window: tail::WINDOW,
        };
        let found = overview(&project, &state, looked, Some(&mut Contents::of(&project)))?;
        let wanted = |id: &str| {
            self.session
                .as_ref()
                .is_none_or(|start| id.starts_with(start))
        };
        let view = found.sessions.iter().rfind(|session| wanted(&session.id));
        let Some(view) = view else {
            return Err(match &self.session {
                Some(start) => Error::NoSuchSession(start.clone()),
                None => Error::NoSession(project.main),
            });
        };
        let of_session = |journals: &[PathBuf]| {
            let lines = newest(journals, &Wanted::default(), usize::MAX, tail::WINDOW);
            lines.map(|mut lines| {
                lines.retain(|line| line.session == view.id);
                lines
            })
        };
        let page = page(&Told {
            project: &found.project,
            session: &state.session(&view.id),
            view,
            lines: &of_session(&Wanted::default().journals(&state))?,
            audit: &of_session(&[state.audit()])?,
        })?;
        match &self.output {
            None => output.raw(page.as_bytes())?,
            Some(path) if path == Path::new("-") => output.raw(page.as_bytes())?,
            Some(path) => {
                let path = place::absolute(path)?;
                write(&path, page.as_bytes()).map_err(Error::file("write", &path))?;
                let name = path.display().to_string();
                let name = Text::from(name).leading_to(&path);
                output.text(&Text::from("wrote ").then(name))?;
            }
        }
        Ok(exit_code::DONE)
    }
}

/// Writes the page to a file: where a link leads, and into what is no file, such as
/// a pipe or a terminal, which is never replaced.
fn write(path: &Path, page: &[u8]) -> io::Result<()> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    match fs::metadata(&target) {
        Ok(found) if !found.is_file() => {
            let mut target = File::options().write(true).open(&target)?;
            target.write_all(page)
        }
        _ => atomic::replace(&target, page),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_link_and_what_is_no_file_stay_what_they_are() {
        let dir = tempfile::tempdir().unwrap();
        let [file, link] = ["file", "link"].map(|name| dir.path().join(name));
        write(&file, b"old").unwrap();
        symlink(&file, &link).unwrap();
        write(&link, b"new").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"new");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        let null = dir.path().join("null");
        symlink("/dev/null", &null).unwrap();
        write(&null, b"new").unwrap();
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
    }
}
