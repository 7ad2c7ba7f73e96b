//! Making a workspace.
//!
//! Git's own `worktree add` fails, or registers one folder twice, when many run
//! at once, so all of them queue on one lock in the common git directory. Only
//! the registration needs it; the files are written after it, by all at once.

use super::git::{Checkout, Git, GitError};
use super::marker::Marker;
use super::name::{self, Name};
use super::registry::{self, Entry};
use super::{Error, Workspace, checkout_of};
use crate::journal::rfc3339;
use crate::project::Project;
use crate::state::atomic;
use crate::state::lock::Lock;
use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};

/// The lock's name in the common git directory.
const LOCK: &str = "maos-worktree.lock";
/// How long a creation waits for the others to register theirs.
const LOCK_WAIT: Duration = Duration::from_secs(60);
/// How often a registration is tried when the user's own git is in the way.
const ATTEMPTS: u32 = 6;
/// The pause before the second attempt; each next one is longer by as much.
const PAUSE: Duration = Duration::from_millis(25);
/// The longest text after an agent's id in the reason of a lock, characters.
const REASON_LIMIT: usize = 200;

/// What a workspace is wanted for.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The agent's type. Any text.
    pub kind: &'a str,
    /// The client's id or name of the agent. Any text.
    pub id: &'a str,
    /// The checkout whose `HEAD` is the base.
    pub from: &'a Path,
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
/// to a minute for other creations. When it fails, nothing is left behind; when
/// it is killed, what is left is in nobody's way.
///
/// # Errors
/// Without git, without a commit, when the folder of workspaces is reached by a
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
        reason: format!("{}agent {agent} {reason}", registry::REASON),
        agent: Some(agent),
        now: request.now,
    };
    Creation::begin(project, request.from)?.carry_out(&order)
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
    Creation::begin(project, from)?.carry_out(&order)
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
    base: String,
}

/// A registered worktree without files.
struct Registered {
    folder: PathBuf,
    branch: String,
}

impl Creation {
    /// Finds what is needed, and makes the folder of workspaces.
    fn begin(project: &Project, from: &Path) -> Result<Self, Error> {
        let Some(common_dir) = project.git_common_dir.clone() else {
            return Err(Error::NoGit(project.checkout.clone()));
        };
        let source = Project::find(from, None, None)?;
        if source.git_common_dir.as_ref() != Some(&common_dir) {
            return Err(Error::OtherRepository(from.into()));
        }
        let from = checkout_of(&source)?;
        let base = base(&from)?;
        let worktrees = project.worktrees_dir();
        prepare(project, &worktrees)?;
        Ok(Self {
            common_dir,
            worktrees,
            from,
            base,
        })
    }

    fn carry_out(&self, order: &Order) -> Result<Workspace, Error> {
        let registered = match self.register_or_find(order)? {
            Ok(registered) => registered,
            Err(existing) => return Ok(existing),
        };
        let made = self.fill(&registered, order);
        if made.is_err() {
            self.undo(&registered);
        }
        made
    }

    /// Registers a worktree, or finds the one that is there, under the lock.
    fn register_or_find(&self, order: &Order) -> Result<Result<Registered, Workspace>, Error> {
        let lock = lock(&self.common_dir)?;
        let mut attempt = 1;
        loop {
            match self.try_register(order, &lock) {
                Err(Error::Git(error)) if error.is_contention() && attempt < ATTEMPTS => {
                    thread::sleep(PAUSE * attempt);
                    attempt += 1;
                }
                ended => return ended,
            }
        }
    }

    fn try_register(
        &self,
        order: &Order,
        lock: &Lock,
    ) -> Result<Result<Registered, Workspace>, Error> {
        let mut entries = registry::read(&self.common_dir)
            .map_err(Error::io("list the worktrees of", &self.common_dir))?;
        if let Some(existing) = self.existing(order, &entries)? {
            return Ok(Err(existing));
        }
        registry::sweep(&self.common_dir, &mut entries)
            .map_err(Error::io("clean up in", &self.common_dir))?;
        self.register(order, &entries, lock).map(Ok)
    }

    /// Returns the workspace that the order asks for, when there is one.
    fn existing(&self, order: &Order, entries: &[Entry]) -> Result<Option<Workspace>, Error> {
        let named = order
            .names
            .first()
            .map(|name| self.worktrees.join(&name.folder));
        let wanted = |entry: &&Entry| match &order.agent {
            Some(agent) => {
                let marker = entry.marker.as_ref();
                marker.is_some_and(|marker| marker.agent.as_ref() == Some(agent))
            }
            None => entry.folder == named,
        };
        for entry in entries.iter().filter(wanted) {
            let Some(folder) = &entry.folder else {
                continue;
            };
            if let Some((_, checkout)) = super::open(folder)? {
                return self.describe(entry, checkout).map(Some);
            }
        }
        Ok(None)
    }

    /// Returns a worktree that is there as a workspace. One with a name may be
    /// the client's own, without a marker.
    fn describe(&self, entry: &Entry, checkout: Checkout) -> Result<Workspace, Error> {
        if let Some(marker) = entry.marker.clone() {
            return Ok(Workspace {
                path: checkout.folder,
                branch: marker.branch,
                base: marker.base,
            });
        }
        let branch = Git::reading(&checkout).find(&["symbolic-ref", "-q", "--short", "HEAD"])?;
        Ok(Workspace {
            base: base(&checkout)?,
            path: checkout.folder,
            branch: branch.unwrap_or_default(),
        })
    }

    /// Registers a worktree under the first name that is free.
    fn register(&self, order: &Order, entries: &[Entry], lock: &Lock) -> Result<Registered, Error> {
        let branches = self.branches()?;
        let free = |name: &Name| {
            let folder = self.worktrees.join(&name.folder);
            let branch = branches.free(name)?;
            let is_taken = folder.symlink_metadata().is_ok()
                || entries.iter().any(|entry| entry.lies_in(&folder));
            (!is_taken).then_some(Registered { folder, branch })
        };
        let Some(chosen) = order.names.iter().find_map(free) else {
            let name = order.names.first().map(|name| name.folder.clone());
            return Err(Error::NoName(name.unwrap_or_default()));
        };
        let held = lock
            .share()
            .map_err(Error::io("hold the lock of", &self.common_dir))?;
        let add = [
            "worktree",
            "add",
            "--quiet",
            "--no-track",
            "--no-checkout",
            "--lock",
            "--reason",
        ];
        let mut arguments: Vec<&OsStr> = add.iter().map(OsStr::new).collect();
        arguments.extend([order.reason.as_str(), "-b", &chosen.branch].map(OsStr::new));
        arguments.extend([chosen.folder.as_os_str(), OsStr::new(&self.base)]);
        let added = Git::writing(&self.from).holding(held).run(&arguments);
        match added {
            Ok(_) => Ok(chosen),
            Err(error) => {
                if !error.says("already exists") {
                    self.forget_branch(&chosen.branch);
                }
                Err(error.into())
            }
        }
    }

    /// Lists the branches that could be in the way.
    fn branches(&self) -> Result<Branches, GitError> {
        let list = [
            "for-each-ref",
            "--format=%(refname:lstrip=2)",
            "refs/heads/agent",
            "refs/heads/agent-*",
            "refs/heads/agent-*/**",
            "refs/heads/worktree-*",
            "refs/heads/worktree-*/**",
        ];
        let names = Git::reading(&self.from).run(&list)?;
        let names = String::from_utf8_lossy(&names).to_lowercase();
        Ok(Branches(names.lines().map(str::to_owned).collect()))
    }

    /// Writes the files, and the marker last.
    fn fill(&self, registered: &Registered, order: &Order) -> Result<Workspace, Error> {
        let opened = super::open(&registered.folder)?;
        let Some((_, checkout)) = opened.filter(|(found, _)| found.checkout == registered.folder)
        else {
            return Err(Error::Link(registered.folder.clone()));
        };
        Git::writing(&checkout)
            .setting("checkout.workers=0")
            .run(&["reset", "--hard", "--quiet", "--no-recurse-submodules"])?;
        let marker = Marker {
            agent: order.agent.clone(),
            branch: registered.branch.clone(),
            base: self.base.clone(),
            created: rfc3339(order.now),
        };
        marker
            .write(&checkout.git_dir)
            .map_err(Error::io("write the marker of", &checkout.folder))?;
        Ok(Workspace {
            path: checkout.folder,
            branch: marker.branch,
            base: marker.base,
        })
    }

    /// Removes a worktree that nobody was given, and its branch. The reason why
    /// it was given up matters more than what goes wrong here.
    fn undo(&self, registered: &Registered) {
        let _lock = lock(&self.common_dir);
        let _ = delete(&self.from, &registered.folder);
        self.forget_branch(&registered.branch);
    }

    /// Deletes a branch that was just made, if it is still where it was made.
    fn forget_branch(&self, branch: &str) {
        let reference = format!("refs/heads/{branch}");
        let delete = ["update-ref", "-d", &reference, &self.base];
        // It may not have come to be.
        let _ = Git::writing(&self.from).run(&delete);
    }
}

/// The branches that could be in the way, lower case: some file systems take
/// two spellings for one file.
struct Branches(HashSet<String>);

impl Branches {
    /// Returns the branch to make for a name, unless it is taken.
    fn free(&self, name: &Name) -> Option<String> {
        let is_blocked = || {
            let parts = name.branch.match_indices('/');
            let mut above = parts.map(|(at, _)| &name.branch[..at]);
            above.any(|above| self.0.contains(&above.to_lowercase()))
        };
        let branch = if is_blocked() {
            &name.flat
        } else {
            &name.branch
        };
        let lower = branch.to_lowercase();
        let below = format!("{lower}/");
        let is_taken =
            self.0.contains(&lower) || self.0.iter().any(|other| other.starts_with(&below));
        (!is_taken).then(|| branch.clone())
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

/// Returns the commit that a checkout has checked out.
fn base(checkout: &Checkout) -> Result<String, Error> {
    let head = ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"];
    Git::searching(&checkout.folder)
        .find(&head)?
        .ok_or_else(|| Error::NoCommit(checkout.folder.clone()))
}

/// Makes the folder of workspaces, which ignores itself.
fn prepare(project: &Project, worktrees: &Path) -> Result<(), Error> {
    let host = worktrees.parent().and_then(Path::parent);
    let host = host.unwrap_or(&project.main);
    make_folder(&host.join(".claude"))?;
    make_folder(worktrees)?;
    if worktrees.canonicalize().ok().as_deref() != Some(worktrees) {
        return Err(Error::Link(worktrees.into()));
    }
    let ignore = worktrees.join(".gitignore");
    match atomic::write_new(&ignore, b"*\n") {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            Err(Error::io("write", ignore)(error))
        }
        _ => Ok(()),
    }
}

/// Makes a folder, unless it is there. It is the user's to read, so its mode is
/// the usual one.
fn make_folder(folder: &Path) -> Result<(), Error> {
    match fs::create_dir(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            return Err(Error::io("make the folder", folder)(error));
        }
        _ => {}
    }
    match folder.symlink_metadata() {
        Ok(metadata) if metadata.is_dir() => Ok(()),
        _ => Err(Error::Link(folder.into())),
    }
}

#[cfg(test)]
mod tests;
