//! `maos rescue`: work that was on no branch when its workspace went.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use maos_shared::config::Environment;
use maos_shared::project::Project;
use maos_shared::workspace::{self, Restore};

use crate::error::{Error, exit_code};
use crate::output::Output;
use crate::place;

/// List the work that was rescued from removed workspaces, and bring it back.
///
/// What was on no branch when a workspace was removed is kept as a commit below
/// refs/maos/rescue: files that were changed, staged or not tracked, and commits
/// of a detached HEAD. A name may be shortened to a beginning of its own.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  maos rescue
  maos rescue show coder-1a2b
  maos rescue restore coder-1a2b --worktree ../back")]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Option<Action>,
    /// A folder of the project
    #[arg(long, value_name = "DIR", default_value = ".", global = true)]
    project: PathBuf,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List it: name, commit, when it was kept
    List {
        /// Print one JSON array
        #[arg(long)]
        json: bool,
    },
    /// Show which files it holds
    Show {
        /// Its name
        name: String,
    },
    /// Make a branch of it, and a worktree where one is asked for
    ///
    /// No file that is there is touched, and no branch moved.
    Restore {
        /// Its name
        name: String,
        /// How the branch is called instead of rescue/NAME
        #[arg(long)]
        branch: Option<String>,
        /// Check it out in this new folder
        #[arg(long, value_name = "DIR")]
        worktree: Option<PathBuf>,
    },
}

impl Args {
    pub(super) fn run(&self, output: &mut Output) -> Result<u8, Error> {
        let project = place::project(&Environment::read(), &self.project)?;
        match &self.action {
            None => list(output, &project)?,
            Some(Action::List { json: false }) => list(output, &project)?,
            Some(Action::List { json: true }) => output.json(&workspace::rescued(&project)?)?,
            Some(Action::Show { name }) => show(output, &project, name)?,
            Some(Action::Restore {
                name,
                branch,
                worktree,
            }) => restore(
                output,
                &project,
                name,
                branch.as_deref(),
                worktree.as_deref(),
            )?,
        }
        Ok(exit_code::DONE)
    }
}

fn list(output: &mut Output, project: &Project) -> Result<(), Error> {
    let all = workspace::rescued(project)?;
    if all.is_empty() {
        return output.line("nothing was rescued here");
    }
    for one in all {
        output.line(format_args!("{}  {}  {}", one.name, one.kept, one.subject))?;
    }
    Ok(())
}

fn show(output: &mut Output, project: &Project, name: &str) -> Result<(), Error> {
    let rescued = workspace::find_rescued(project, name)?;
    for line in workspace::show_rescued(project, &rescued)?.lines() {
        output.line(line)?;
    }
    Ok(())
}

fn restore(
    output: &mut Output,
    project: &Project,
    name: &str,
    branch: Option<&str>,
    worktree: Option<&Path>,
) -> Result<(), Error> {
    let rescued = workspace::find_rescued(project, name)?;
    let folder = worktree.map(place::absolute).transpose()?;
    let wanted = Restore {
        branch,
        worktree: folder.as_deref(),
    };
    let branch = workspace::restore(project, &rescued, &wanted)?;
    match folder {
        Some(folder) => output.line(format_args!(
            "{branch} is checked out in {}",
            folder.display()
        )),
        None => output.line(format_args!(
            "{branch} holds it; `git switch {branch}` or `git merge {branch}` brings it to you"
        )),
    }
}
