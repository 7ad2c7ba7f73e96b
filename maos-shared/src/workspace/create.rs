//! Making a workspace.
//!
//! Git's own `worktree add` fails, or registers one folder twice, when many run
//! at once, so all of them queue on one lock in the common git directory. Only
//! the registration needs it; the files are written after it, by all at once.
//!
//! Meanwhile a second lock, in the worktree's own git directory, says that
//! somebody is at work there. It is taken under the first one and held, also by
//! git, until the marker is written. So whoever is asked for the same workspace
//! waits for it to be ready, and finds one without a marker that nobody works
//! on only after a kill: that one was never handed out, and is finished.

mod branches;
mod fill;
mod folder;
mod registration;

use super::git::{Checkout, Git, GitError};
use super::merge;
use super::name::{self, Name};
use super::registry;
use super::{Error, Workspace, base, checkout_of};
use crate::config::{Base, Shared, WorkspaceSettings};
use crate::project::Project;
use crate::state::lock::Lock;
use registration::{Found, State, wait_for};
pub(super) use registration::{MAKING, begin_making};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

/// The lock's name in the common git directory.
const LOCK: &str = "maos-worktree.lock";
/// How long a creation waits for the others to register theirs, and for the
/// same workspace to be made by somebody else.
const LOCK_WAIT: Duration = Duration::from_secs(60);
/// The longest text after an agent's id in the reason of a lock, characters.
const REASON_LIMIT: usize = 200;

/// What a workspace is wanted for.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The agent's type. Any text.
    pub kind: &'a str,
    /// The client's id or name of the agent. Any text.
    pub id: &'a str,
    /// The checkout that it starts from.
    pub from: &'a Path,
    /// The project's settings.
    pub settings: &'a WorkspaceSettings,
    /// What people read in `git worktree list`. Any text.
    pub reason: &'a str,
    /// The wall time.
    pub now: SystemTime,
}

/// Returns the workspace of an agent: a new one, or the one that it has.
///
/// The branch is `agent/<type>/<short id>`, the folder `<type>-<short id>`,
/// with as much of the id as makes both unique. The worktree is locked, so that
/// no `git worktree prune` takes it. Blocks while git writes the files, and up
/// to a minute for other creations. Asked twice at once, both get the same one.
/// When it fails, nothing is left behind; when it is killed, what is left is in
/// nobody's way, and is what the next request for the same agent finishes.
///
/// # Errors
/// Without git, without the commit that the settings name, when the folder of workspaces is reached by a
/// link, and with git's own reason.
pub fn create(project: &Project, request: &Request<'_>) -> Result<Workspace, Error> {
    let agent = name::agent_key(request.id);
    let reason: String = request
        .reason
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .take(REASON_LIMIT)
        .collect();
    let order = Order {
        names: name::of_agent(request.kind, request.id),
        reason: registration::reason(&agent) + &reason,
        agent: Some(agent),
        now: request.now,
    };
    Creation::begin(project, request.from, request.settings)?.carry_out(&order)
}

/// Returns the worktree with a name that a user or a model chose: a new one, or
/// the one that is there. Folder `<name>`, branch `worktree-<name>`, as the
/// client itself names them; a branch of that name without a worktree is left
/// as it is, and a numbered one is made.
///
/// # Errors
/// As [`create`].
pub fn create_named(
    project: &Project,
    name: &str,
    from: &Path,
    settings: &WorkspaceSettings,
    now: SystemTime,
) -> Result<Workspace, Error> {
    let names = name::of_named(name);
    let folder = names.first().map_or("", |name| &name.folder);
    let order = Order {
        reason: format!("{}worktree {folder}", registry::REASON),
        names,
        agent: None,
        now,
    };
    Creation::begin(project, from, settings)?.carry_out(&order)
}

/// What is to be made.
struct Order {
    names: Vec<Name>,
    reason: String,
    agent: Option<String>,
    now: SystemTime,
}

/// The making of one workspace.
struct Creation {
    common_dir: PathBuf,
    /// The folder of workspaces.
    worktrees: PathBuf,
    /// The checkout that gives the base.
    from: Checkout,
    wanted: Base,
    /// The commit that it starts from.
    base: String,
    links: Vec<Shared>,
}

impl Creation {
    /// Finds what is needed, and makes the folder of workspaces.
    fn begin(project: &Project, from: &Path, settings: &WorkspaceSettings) -> Result<Self, Error> {
        let Some(common_dir) = project.git_common_dir.clone() else {
            return Err(Error::NoGit(project.checkout.clone()));
        };
        let source = Project::find(from, None, None)?;
        if source.git_common_dir.as_ref() != Some(&common_dir) {
            return Err(Error::OtherRepository(from.into()));
        }
        // No workspace starts from files that are changed by half.
        merge::recover(&source)?;
        let from = checkout_of(&source)?;
        let wanted = settings.base.clone().unwrap_or_default();
        let base = base::of(&from, &wanted)?;
        let worktrees = project.worktrees_dir();
        folder::prepare(project, &worktrees)?;
        Ok(Self {
            common_dir,
            worktrees,
            from,
            wanted,
            base,
            links: settings.link.clone(),
        })
    }

    fn carry_out(&self, order: &Order) -> Result<Workspace, Error> {
        let (registered, state) = loop {
            match self.register_or_find(order)? {
                Found::Registered(registered, state) => break (registered, state),
                Found::Ready(existing) => return Ok(existing),
                // It is ready then, or its maker was killed.
                Found::InTheMaking(lock) => drop(wait_for(lock)?),
            }
        };
        let began = Instant::now();
        let was_spare = matches!(state, State::Spare(..));
        let made = self.fill(&registered, state, order);
        match &made {
            Ok(made) if !was_spare => log::info!(
                "no spare workspace was ready: the files of {:?} took {} ms",
                made.path,
                began.elapsed().as_millis()
            ),
            Ok(_) => {}
            Err(_) => self.undo(&registered.checkout.folder, &registered.branch),
        }
        made
    }

    /// Removes a worktree that nobody was given, and its branch.
    fn undo(&self, folder: &Path, branch: &str) {
        let _lock = lock(&self.common_dir);
        self.clear(folder, branch);
    }

    /// As [`Creation::undo`], under the lock. The reason why it was given up
    /// matters more than what goes wrong here.
    fn clear(&self, folder: &Path, branch: &str) {
        let _ = delete(&self.from, folder);
        self.forget_branch(branch);
    }

    /// Deletes a branch that was just made, if it is still where it was made.
    fn forget_branch(&self, branch: &str) {
        let reference = format!("refs/heads/{branch}");
        let delete = ["update-ref", "-d", &reference, &self.base];
        // It may not have come to be.
        let _ = Git::writing(&self.from).run(&delete);
    }
}

/// Takes the lock on the registrations of a repository's worktrees.
pub(super) fn lock(common_dir: &Path) -> Result<Lock, Error> {
    let path = common_dir.join(LOCK);
    Lock::acquire(&path, LOCK_WAIT).map_err(Error::io("lock the worktrees by", path))
}

/// Has git delete a worktree, folder and all.
pub(super) fn delete(checkout: &Checkout, folder: &Path) -> Result<(), GitError> {
    let remove = ["worktree", "remove", "--force", "--force"].map(OsStr::new);
    let arguments = [&remove[..], &[folder.as_os_str()]].concat();
    Git::writing(checkout).run(&arguments).map(drop)
}

#[cfg(test)]
mod tests;
