//! `maos clean`: what nobody uses any more goes.

use std::path::PathBuf;
use std::time::Duration;

use maos_shared::cleanup::{self, Removed, Report};
use maos_shared::config::{Environment, Layers};
use maos_shared::state::State;

use crate::error::{Error, exit_code};
use crate::output::{Form, Output};
use crate::place;

/// How far a line goes on to the right of its begin, columns.
const INDENT: usize = 7;

/// Remove what nobody uses any more: workspaces, sessions, leases, jobs.
///
/// A workspace goes at once where nothing is lost with it: nothing was changed
/// in it, or its work is merged, also by a squash or a rebase, or came back to
/// your checkout. Any other goes when it was not used for a day (`cleanup.ttl`
/// in maos.toml), and its work is kept: on its branch, and under `maos rescue`.
/// A branch whose work is merged goes with its workspace, unless somebody has moved
/// it meanwhile; no other branch goes. No workspace is touched while its agent runs, or the client that could resume it.
/// Ignored files go with a workspace.
///
/// A session's begin and end do the same, once an hour at most.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  maos clean --dry-run
  maos clean --ttl 1h

Exit codes:
  0  all is gone that could go
  1  something could not be removed; the others are gone")]
pub(crate) struct Args {
    /// Only show what would become of the workspaces
    #[arg(long)]
    dry_run: bool,
    /// How long things are kept that nobody uses, such as 12h or 7d
    #[arg(long, value_name = "TIME", value_parser = humantime::parse_duration)]
    ttl: Option<Duration>,
    /// A folder of the project
    #[arg(long, value_name = "DIR", default_value = ".")]
    project: PathBuf,
    #[command(flatten)]
    form: Form,
}

impl Args {
    pub(super) fn run(&self, output: &mut Output) -> Result<u8, Error> {
        let environment = Environment::read();
        let project = place::project(&environment, &self.project)?;
        let state = State::at(project.state_dir(), environment.now());
        let settings = Layers::load(environment.client_settings().as_deref(), &project.main);
        let ttl = self.ttl.unwrap_or(settings.user.cleanup.ttl);
        let report = match self.dry_run {
            true => cleanup::look(&project, &state, ttl)?,
            false => cleanup::clean(&project, &state, ttl)?,
        };
        match self.form.json {
            true => output.json(&report)?,
            false => self.show(output, &report)?,
        }
        Ok(match report.troubles.is_empty() {
            true => exit_code::DONE,
            false => exit_code::FAILED,
        })
    }

    fn show(&self, output: &mut Output, report: &Report) -> Result<(), Error> {
        let verb = if self.dry_run { "would go" } else { "gone" };
        for removed in &report.removed {
            let Removed { what, name, .. } = removed;
            let why = removed
                .why
                .map(|why| format!(", {why}"))
                .unwrap_or_default();
            let kept = match (&*removed.kept, removed.why) {
                ([], Some("merged" | "unchanged")) => "; its branch with it".to_owned(),
                ([], _) => String::new(),
                (kept, _) => format!("; kept in {}", kept.join(" and ")),
            };
            let line = format!("{verb}   {what} {name}{why}{kept}");
            output.wrapped(&line.into(), INDENT)?;
        }
        for staying in &report.stays {
            let name = staying.path.file_name().unwrap_or_default();
            let (name, reason) = (name.to_string_lossy(), &staying.reason);
            let line = format!("stays  workspace {name}: {reason}");
            output.wrapped(&line.into(), INDENT)?;
        }
        for trouble in &report.troubles {
            output.wrapped(&format!("note: {trouble}").into(), INDENT)?;
        }
        if report.removed.is_empty() && report.stays.is_empty() {
            output.line("nothing to clean up")?;
        }
        Ok(())
    }
}
