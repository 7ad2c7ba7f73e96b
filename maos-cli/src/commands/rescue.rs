//! `maos rescue`: work that was on no branch when its workspace went.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use maos_shared::config::Environment;
use maos_shared::project::Project;
use maos_shared::workspace::{self, Rescued, Restore};
use schemars::JsonSchema;
use serde::Serialize;

use crate::error::{Error, exit_code};
use crate::output::{Column, Form, Output, Show, Table};
use crate::place;

/// List the work that was rescued from removed workspaces, bring it back or drop it.
///
/// What was on no branch when a workspace was removed is kept as a commit below
/// refs/maos/rescue: files that were changed, staged or not tracked, and commits
/// of a detached HEAD. A name may be shortened to a beginning of its own.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  maos rescue
  maos rescue show coder-1a2b
  maos rescue restore coder-1a2b --worktree ../back
  maos rescue drop coder-1a2b3c4d-abc")]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Option<Action>,
    /// A folder of the project
    #[arg(long, value_name = "DIR", default_value = ".", global = true)]
    project: PathBuf,
    #[command(flatten)]
    form: Form,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List it: name, commit, when it was kept
    List(Form),
    /// Show which files it holds
    Show {
        /// Its name
        name: String,
        #[command(flatten)]
        form: Form,
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
    /// Forget it for good: for a person, no agent can
    ///
    /// Its whole name is asked for. Says the commit, which git keeps until its next
    /// housekeeping, some two weeks.
    Drop {
        /// Its whole name
        name: String,
    },
}

impl Args {
    pub(super) fn run(&self, output: &mut Output) -> Result<u8, Error> {
        let project = place::project(&Environment::read(), &self.project)?;
        match &self.action {
            None => output.answer(self.form, &List::of(&project)?)?,
            Some(Action::List(form)) => output.answer(*form, &List::of(&project)?)?,
            Some(Action::Show { name, form }) => output.answer(*form, &One::of(&project, name)?)?,
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
            Some(Action::Drop { name }) => forget(output, &project, name)?,
        }
        Ok(exit_code::DONE)
    }
}

/// All that was rescued.
#[derive(Serialize, JsonSchema)]
pub(super) struct List(Vec<Rescued>);

/// One that was rescued.
#[derive(Serialize, JsonSchema)]
pub(super) struct One {
    #[serde(flatten)]
    rescued: Rescued,
    /// Which files it holds, as git shows them.
    files: String,
}

impl List {
    fn of(project: &Project) -> Result<Self, Error> {
        Ok(Self(workspace::rescued(project)?))
    }
}

impl One {
    fn of(project: &Project, name: &str) -> Result<Self, Error> {
        let rescued = workspace::find_rescued(project, name)?;
        let files = workspace::show_rescued(project, &rescued)?;
        Ok(Self { rescued, files })
    }
}

impl Show for List {
    fn show(&self, output: &mut Output) -> Result<(), Error> {
        if self.0.is_empty() {
            return output.line("nothing was rescued here");
        }
        let mut table = Table::new([
            Column::left(""),
            Column::left(""),
            Column::left("").giving_way(),
        ]);
        for one in &self.0 {
            let cells = [&one.name, &one.kept, &one.subject];
            table.row(cells.map(|cell| cell.as_str().into()));
        }
        output.table(&table)
    }
}

impl Show for One {
    fn show(&self, output: &mut Output) -> Result<(), Error> {
        self.files.lines().try_for_each(|line| output.line(line))
    }
}

fn forget(output: &mut Output, project: &Project, name: &str) -> Result<(), Error> {
    let rescued = workspace::find_rescued(project, name)?;
    if rescued.name != name {
        return Err(Error::WholeName(rescued.name));
    }
    workspace::drop_rescued(project, &rescued)?;
    let commit = &rescued.commit;
    output.line(format_args!(
        "{name} is dropped; `git branch NAME {commit}` finds it while git keeps it"
    ))
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
