//! `maos selfcheck`: proof that the installed programs guard.

use std::path::{Path, PathBuf};

use maos_shared::hook::Event;

use super::absolute_text;
use crate::error::{Error, exit_code};
use crate::output::Output;
use crate::probe::{DANGEROUS, HARMLESS, check_denied, check_passes, check_program};
use crate::settings::{self, Registration};

/// Prove that the installed programs work, by sending them real events.
///
/// Each program must be there, executable and of this version; a harmless
/// command must pass the guard and a dangerous one must be denied. The events
/// play in a scratch folder; nothing of them is executed.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  maos selfcheck --programs ~/.claude/hooks
  maos selfcheck --programs ~/.claude/hooks --settings ~/.claude/settings.json")]
pub(crate) struct Args {
    /// The folder that holds the programs
    #[arg(long, value_name = "DIR")]
    programs: PathBuf,
    /// Check as well that this settings file registers them
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
    /// Expect the registration that lets a call pass when the guard fails
    #[arg(long, requires = "settings")]
    fail_open: bool,
}

impl Args {
    pub(super) fn run(&self, output: &mut Output) -> Result<u8, Error> {
        let folder = absolute_text(&self.programs)?;
        for event in Event::ALL {
            check_program(&Path::new(&folder).join(event.program()), event)?;
        }
        let count = Event::ALL.len();
        let version = env!("CARGO_PKG_VERSION");
        output.line(format_args!(
            "programs  {count} of version {version} in {folder}"
        ))?;

        let guard = Path::new(&folder).join(Event::PreToolUse.program());
        check_passes(&guard)?;
        let reason = check_denied(&guard)?;
        output.line(format_args!(
            "guard     on: `{HARMLESS}` passes, `{DANGEROUS}` is denied"
        ))?;
        output.line(format_args!("          {reason}"))?;

        if let Some(path) = &self.settings {
            self.check_settings(path, &folder)?;
            output.line(format_args!(
                "hooks     {count} events in {}",
                path.display()
            ))?;
            let outcome = if self.fail_open {
                "passes"
            } else {
                "is blocked"
            };
            output.line(format_args!(
                "failure   when the guard fails, a call {outcome}"
            ))?;
        }
        Ok(exit_code::DONE)
    }

    fn check_settings(&self, path: &Path, folder: &str) -> Result<(), Error> {
        let state = settings::state(path, &Registration::new(folder, self.fail_open))?;
        if !state.registered {
            return Err(Error::NotRegistered(path.to_owned()));
        }
        if state.disabled {
            return Err(Error::HooksDisabled(path.to_owned()));
        }
        Ok(())
    }
}
