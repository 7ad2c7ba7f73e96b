//! Registering a worktree, or finding the one that is there, under the lock on
//! registrations.

use super::branches::Branches;
use super::{Creation, LOCK_WAIT, Order, lock};
use crate::state::lock::Lock;
use crate::workspace::difference;
use crate::workspace::git::{Checkout, Git};
use crate::workspace::marker::Marker;
use crate::workspace::name::{self, Name};
use crate::workspace::register::Worktree;
use crate::workspace::registry::{self, Entry};
use crate::workspace::spares::{self, Spare, Taken};
use crate::workspace::unfinished::Unfinished;
use crate::workspace::update::{self, Update};
use crate::workspace::{Error, Workspace, commit, open};
use std::io;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread::{self, ScopedJoinHandle};
use std::time::Duration;

/// The lock's name in a worktree's git directory.
pub(in crate::workspace) const MAKING: &str = "maos-making";
/// How often a registration is tried when the user's own git is in the way.
const ATTEMPTS: u32 = 6;
/// The pause before the second attempt; each next one is longer by as much.
const PAUSE: Duration = Duration::from_millis(25);

/// A registered worktree that is not handed out.
pub(super) struct Registered {
    pub(super) checkout: Checkout,
    pub(super) branch: String,
    /// Says that somebody is at work on it.
    pub(super) making: Lock,
}

/// What a registered worktree holds before it is filled.
pub(super) enum State {
    /// Nothing.
    Empty,
    /// The files of a spare, and what makes those of the base of them.
    Spare(Spare, Update),
    /// Whatever somebody left who was at work on it and was killed.
    Unknown,
}

/// What became of an order's registration.
pub(super) enum Found {
    /// It is registered, and the caller's to fill.
    Registered(Registered, State),
    /// It is there, ready.
    Ready(Workspace),
    /// Somebody else is making it, or was a moment ago, and holds this lock.
    InTheMaking(PathBuf),
}

impl Creation {
    /// Registers a worktree, or finds the one that is there, under the lock.
    pub(super) fn register_or_find(&self, order: &Order) -> Result<Found, Error> {
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

    fn try_register(&self, order: &Order, lock: &Lock) -> Result<Found, Error> {
        let mut entries = registry::read(&self.common_dir)
            .map_err(Error::io("list the worktrees of", &self.common_dir))?;
        registry::sweep(&self.common_dir, &mut entries)
            .map_err(Error::io("clean up in", &self.common_dir))?;
        if let Some(found) = self.existing(order, &entries)? {
            return Ok(found);
        }
        let unfinished = Unfinished {
            common_dir: &self.common_dir,
            worktrees: &self.worktrees,
            from: &self.from,
        };
        if spares::clear_left(&entries, &unfinished)? {
            entries = registry::read(&self.common_dir)
                .map_err(Error::io("list the worktrees of", &self.common_dir))?;
        }
        let (registered, state) = self.register(order, &entries, lock)?;
        Ok(Found::Registered(registered, state))
    }

    /// Returns the workspace that the order asks for, when there is one, ready
    /// or not.
    fn existing(&self, order: &Order, entries: &[Entry]) -> Result<Option<Found>, Error> {
        let named = order
            .names
            .first()
            .map(|name| self.worktrees.join(&name.folder));
        let wanted = |entry: &&Entry| match (&order.agent, &entry.marker) {
            (Some(agent), Some(marker)) => marker.agent.as_ref() == Some(agent),
            (Some(agent), None) => entry.is_unfinished(&reason(agent)),
            (None, _) => entry.folder == named,
        };
        for entry in entries.iter().filter(wanted) {
            let Some(folder) = &entry.folder else {
                continue;
            };
            if !entry.is_unfinished(registry::REASON) {
                match open(folder)? {
                    Some((_, checkout)) => {
                        let ready = self.describe(entry, checkout)?;
                        return Ok(Some(Found::Ready(ready)));
                    }
                    None => continue,
                }
            }
            // One whose folder is damaged is in nobody's way.
            if !spares::is_half_taken(entry)
                && let Ok(Some((_, checkout))) = open(folder)
                && let Some(found) = self.take_up(checkout)?
            {
                return Ok(Some(found));
            }
            // Its maker was killed, and a git that it had started is about to end:
            // it can be cleared away then, and the names that it has be given.
            let making = entry.git_dir.join(MAKING);
            if Lock::is_held(&making).map_err(Error::io("look at the lock", &making))? {
                return Ok(Some(Found::InTheMaking(making)));
            }
        }
        Ok(None)
    }

    /// Takes up a worktree that nobody was given yet, unless somebody is making
    /// it. Nothing when it is not on a branch that was made for it.
    pub(super) fn take_up(&self, checkout: Checkout) -> Result<Option<Found>, Error> {
        let path = checkout.git_dir.join(MAKING);
        let making = match Lock::acquire(&path, Duration::ZERO) {
            Ok(making) => making,
            Err(error) if error.kind() == io::ErrorKind::TimedOut => {
                return Ok(Some(Found::InTheMaking(path)));
            }
            Err(error) => return Err(Error::io("lock", path)(error)),
        };
        // Its maker was done between the look at the marker and the lock.
        if Marker::is_in(&checkout.git_dir) {
            return Ok(Some(Found::InTheMaking(path)));
        }
        let branch = Git::reading(&checkout).find(&["symbolic-ref", "-q", "--short", "HEAD"])?;
        let branch = branch.filter(|branch| name::is_ours(branch));
        Ok(branch.map(|branch| {
            let registered = Registered {
                checkout,
                branch,
                making,
            };
            Found::Registered(registered, State::Unknown)
        }))
    }

    /// Returns a worktree that is there as a workspace. One with a name may be
    /// the client's own, without a marker.
    fn describe(&self, entry: &Entry, checkout: Checkout) -> Result<Workspace, Error> {
        if let Some(marker) = entry.marker.clone() {
            return Ok(Workspace {
                path: checkout.folder,
                branch: marker.branch,
                base: marker.base,
                from: marker.from,
            });
        }
        let branch = Git::reading(&checkout).find(&["symbolic-ref", "-q", "--short", "HEAD"])?;
        Ok(Workspace {
            base: commit::head(&checkout)?.unwrap_or_default(),
            path: checkout.folder,
            branch: branch.unwrap_or_default(),
            from: None,
        })
    }

    /// Registers a worktree under the first name that is free.
    fn register(
        &self,
        order: &Order,
        entries: &[Entry],
        lock: &Lock,
    ) -> Result<(Registered, State), Error> {
        let taken = spares::take(entries, &self.worktrees, &self.base).unwrap_or_else(unusable);
        // What git has to be asked, at once.
        let (branches, spare) = thread::scope(|scope| {
            let spare = taken.map(|taken| scope.spawn(|| self.prepare(taken)));
            let branches = Branches::list(&self.from);
            let join = |spare: ScopedJoinHandle<'_, Result<_, Error>>| {
                let prepared = spare.join().unwrap_or_else(|panic| resume_unwind(panic));
                prepared.map(Some).unwrap_or_else(unusable)
            };
            (branches, spare.and_then(join))
        });
        let branches = branches?;
        let free = |name: &Name| {
            let folder = self.worktrees.join(&name.folder);
            let branch = branches.free(name)?;
            let is_taken = folder.symlink_metadata().is_ok()
                || entries.iter().any(|entry| entry.lies_in(&folder));
            (!is_taken).then_some((folder, branch))
        };
        let Some((folder, branch)) = order.names.iter().find_map(free) else {
            let name = order.names.first().map(|name| name.folder.clone());
            return Err(Error::NoName(name.unwrap_or_default()));
        };
        if let Some((mut taken, update)) = spare {
            match taken.become_workspace(&folder, &branch, &self.base, &order.reason, lock) {
                Ok(()) => {
                    let registered = Registered {
                        checkout: taken.checkout,
                        branch,
                        making: taken.making,
                    };
                    return Ok((registered, State::Spare(taken.spare, update)));
                }
                Err(error) => {
                    unusable::<()>(error);
                    self.forget_branch(&branch);
                }
            }
        }
        self.add(&folder, &branch, &order.reason, lock)?;
        begin_making(&folder)
            .map(|(checkout, making)| {
                let registered = Registered {
                    checkout,
                    branch: branch.clone(),
                    making,
                };
                (registered, State::Empty)
            })
            .inspect_err(|_| self.clear(&folder, &branch))
    }

    /// Works out what makes the files of the base of those of a spare.
    fn prepare(&self, taken: Taken) -> Result<(Taken, Update), Error> {
        let (from, to) = (&taken.spare.base, &self.base);
        if from == to {
            return Ok((taken, Update::None));
        }
        let look = || difference::between(&self.from, from, to);
        let update = update::prepare(&taken.checkout, look)?;
        Ok((taken, update))
    }

    /// Registers a worktree without files, on a new branch.
    fn add(&self, folder: &Path, branch: &str, reason: &str, lock: &Lock) -> Result<(), Error> {
        let worktree = Worktree {
            from: &self.from,
            common_dir: &self.common_dir,
            folder,
            commit: &self.base,
            branch: Some(branch),
            reason,
        };
        let added = worktree.add(lock);
        if matches!(&added, Err(Error::Git(error)) if !error.says("already exists")) {
            self.forget_branch(branch);
        }
        added
    }
}

/// Goes without a spare. It is nobody's, and will be cleared away.
fn unusable<T>(error: Error) -> Option<T> {
    log::warn!("a spare workspace could not be used: {error}");
    None
}

/// Says that somebody is at work on a worktree that was just registered.
pub(in crate::workspace) fn begin_making(folder: &Path) -> Result<(Checkout, Lock), Error> {
    let opened = open(folder)?.filter(|(found, _)| found.checkout == folder);
    let Some((_, checkout)) = opened else {
        return Err(Error::Link(folder.into()));
    };
    let path = checkout.git_dir.join(MAKING);
    let making = Lock::acquire(&path, Duration::ZERO).map_err(Error::io("lock", path))?;
    Ok((checkout, making))
}

/// How the reason begins with which an agent's worktree is locked.
pub(super) fn reason(agent: &str) -> String {
    format!("{}agent {agent} ", registry::REASON)
}

/// Waits until nobody is at work on a worktree any more.
pub(super) fn wait_for(making: PathBuf) -> Result<Option<Lock>, Error> {
    match Lock::acquire(&making, LOCK_WAIT) {
        // Its maker gave it up, and its git directory is gone.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io("wait for a workspace by", making)(error)),
        Ok(lock) => Ok(Some(lock)),
    }
}
