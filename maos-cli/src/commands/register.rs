//! `maos register`: the client starts our programs on its events.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use maos_shared::hook::Event;

use super::{absolute_text, settings_path};
use crate::error::{Error, exit_code};
use crate::output::Output;
use crate::programs::require_executable;
use crate::settings::{self, Registered, Registration};

/// Register every hook program in a settings file of Claude Code.
///
/// Other hooks and settings stay as they are. The former file is kept beside
/// it as settings.json.maos-backup-TIME. A second run changes nothing.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  maos register --programs ~/.claude/hooks
  maos register --programs ~/.claude/hooks --settings .claude/settings.json")]
pub(crate) struct Args {
    /// The folder that holds the programs
    #[arg(long, value_name = "DIR")]
    programs: PathBuf,
    /// The settings file [default: ~/.claude/settings.json]
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
    /// Let a tool call pass when the guard itself fails
    #[arg(long)]
    fail_open: bool,
    /// Show `maos statusline` as well, unless another status line is there
    #[arg(long)]
    statusline: bool,
    /// Say what would be done, and write nothing
    #[arg(long)]
    dry_run: bool,
}

impl Args {
    pub(super) fn run(&self, output: &mut Output) -> Result<u8, Error> {
        let path = settings_path(self.settings.as_deref())?;
        let programs = absolute_text(&self.programs)?;
        if !self.dry_run {
            // A registered guard that is missing would block every call.
            for event in Event::ALL {
                require_executable(&Path::new(&programs).join(event.program()))?;
            }
        }
        let registration =
            Registration::new(&programs, self.fail_open).with_statusline(self.statusline);
        let done = settings::register(&path, &registration, SystemTime::now(), self.dry_run)?;
        let shown = path.display();
        match done {
            Registered::Unchanged => output.line(format_args!("{shown}: registered already"))?,
            Registered::Changed { .. } if self.dry_run => {
                output.line(format_args!("{shown}: would be registered"))?;
            }
            Registered::Changed { backup: None } => {
                output.line(format_args!("{shown}: registered"))?;
            }
            Registered::Changed {
                backup: Some(backup),
            } => {
                let backup = backup.display();
                output.line(format_args!(
                    "{shown}: registered; its former text is {backup}"
                ))?;
            }
        }
        if self.statusline && settings::has_foreign_statusline(&path)? {
            output.line(format_args!(
                "{shown}: keeps its own statusLine; `{programs}/maos statusline` can be called in it"
            ))?;
        }
        Ok(exit_code::DONE)
    }
}
