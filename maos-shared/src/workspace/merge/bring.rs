//! Bringing an agent's work back to the checkout that it started from, as
//! uncommitted changes: all files or none.
//!
//! What the agent changed since the last time is merged with the files as they
//! are there now, uncommitted ones too. Only the files that the merge changes
//! are written; the index, `HEAD`, the branches and the stash stay as they are.
//! One lock for each checkout lets one agent's work back at a time. How the
//! files are changed so that a kill at any moment leaves all or none is said in
//! `apply.rs`; whoever comes next undoes what a killed one left (`change.rs`).

use super::apply::{After, Stopped};
use super::change::{at_desk, change, clear, lock, mend, unfinished};
use super::intent::{Desk, Intent, Ticket};
use super::stage::{self, Obstacle};
use super::three_way::{self, Conflict, Merged};
use crate::config::limits::{FILES_RETURNED, RETURN_WAIT};
use crate::project::Project;
use crate::state::agents::{Held, Returned};
use crate::workspace::difference;
use crate::workspace::git::{Checkout, GitError};
use crate::workspace::snapshot::{self, Snapshot};
use crate::workspace::{Error, checkout_of, commit, rescue};
use std::path::Path;

/// Work that is to come back.
pub struct Delivery<'a> {
    /// The root of the checkout that it comes to, a real path.
    pub into: &'a Path,
    /// The commit up to which it is there already: where the agent started from,
    /// or what came back last.
    pub base: &'a str,
    /// The last commit of the agent's work.
    pub tip: &'a str,
    /// Whose work it is.
    pub ticket: Ticket,
}

/// What became of the work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Return {
    /// There is nothing new.
    Nothing,
    /// It is there, and the agent's facts say so.
    Applied(Returned),
    /// Nothing was changed, and why.
    Held(Held),
}

/// Brings the work back, if that disturbs nothing.
///
/// Nothing is changed where it conflicts, where a merge or rebase is unfinished
/// in the checkout, and where a file that it changes is not as git takes it to
/// be: changed meanwhile, not tracked, hidden from git, below a link. Files that
/// may hold secrets, or that say what runs on the machine, never come. What is
/// not committed in the checkout is kept under `refs/maos/rescue/` first.
/// Blocks while git works and while other agents' work comes back, a minute at
/// most.
///
/// # Errors
/// With git's or the system's reason; nothing is changed then, or what was is
/// undone by the next that comes.
pub fn bring_back(delivery: &Delivery<'_>) -> Result<Return, Error> {
    bring(delivery, &mut || Ok(()))
}

/// As [`bring_back`], but files in conflict come with git's marks; returns these.
///
/// # Errors
/// As [`bring_back`].
pub(super) fn bring_with_marks(delivery: &Delivery<'_>) -> Result<(Return, Vec<Conflict>), Error> {
    let mut conflicts = Vec::new();
    let done = bring_or_hold(delivery, Some(&mut conflicts), &mut || Ok(()))?;
    Ok((done, conflicts))
}

fn bring(delivery: &Delivery<'_>, after: After<'_>) -> Result<Return, Error> {
    bring_or_hold(delivery, None, after)
}

fn bring_or_hold(
    delivery: &Delivery<'_>,
    marked: Option<&mut Vec<Conflict>>,
    after: After<'_>,
) -> Result<Return, Error> {
    let project = Project::find(delivery.into, None, None)?;
    if project.checkout != delivery.into {
        return Ok(delivery.held("the checkout that it started from is gone", vec![]));
    }
    let checkout = checkout_of(&project)?;
    let _lock = lock(&checkout, RETURN_WAIT)?;
    mend(&checkout)?;
    let desk = Desk::of(&checkout.git_dir);
    match delivery.plan(&checkout, &desk, marked)? {
        Plan::Nothing => Ok(Return::Nothing),
        Plan::Held(reason, files) => {
            clear(&checkout, &desk)?;
            Ok(delivery.held(reason, files))
        }
        Plan::Conflict(files) => {
            clear(&checkout, &desk)?;
            Ok(Return::Held(Held {
                commit: delivery.tip.to_owned(),
                reason: "it conflicts with what is there".to_owned(),
                files,
                is_conflict: true,
            }))
        }
        Plan::Change(intent) => match change(&checkout, &desk, &intent, after)? {
            None => Ok(Return::Applied(intent.returned)),
            Some(Stopped::Changed(path)) => {
                Ok(delivery.held("a file changed at the same moment", vec![text(&path)]))
            }
            Some(Stopped::Refused(path, error)) => {
                Ok(delivery.held(format!("the system refused ({error})"), vec![text(&path)]))
            }
        },
    }
}

/// What is to be done.
enum Plan {
    Nothing,
    /// It cannot come, for this reason, with these files.
    Held(String, Vec<String>),
    /// It conflicts in these files.
    Conflict(Vec<String>),
    Change(Box<Intent>),
}

impl Delivery<'_> {
    fn held(&self, reason: impl Into<String>, files: Vec<String>) -> Return {
        Return::Held(Held {
            commit: self.tip.to_owned(),
            reason: reason.into(),
            files,
            is_conflict: false,
        })
    }

    /// Merges, and makes everything ready on the desk.
    fn plan(
        &self,
        checkout: &Checkout,
        desk: &Desk,
        marked: Option<&mut Vec<Conflict>>,
    ) -> Result<Plan, Error> {
        if three_way::is_same(checkout, self.base, self.tip)? {
            return Ok(Plan::Nothing);
        }
        if let Some(operation) = unfinished(checkout)? {
            let reason = format!("{operation} is unfinished in {}", checkout.folder.display());
            return Ok(Plan::Held(reason, vec![]));
        }
        let ours = snapshot::of(checkout)?;
        let tree = match three_way::merge(checkout, self.base, &ours.tree, self.tip)? {
            Merged::Clean(tree) => tree,
            Merged::Conflict { conflicts, tree } => match marked {
                Some(marked) => {
                    *marked = conflicts;
                    tree
                }
                None => {
                    let files = conflicts.iter().map(ToString::to_string).collect();
                    return Ok(Plan::Conflict(files));
                }
            },
        };
        let dropped = three_way::dropped(checkout, self.base, &ours.tree, self.tip, &tree)?;
        let changes = difference::between(checkout, &ours.tree, &tree)?;
        if changes.len() > FILES_RETURNED {
            let reason = format!("it changes more than {FILES_RETURNED} files");
            return Ok(Plan::Held(reason, vec![]));
        }
        let refused = stage::refused(&changes);
        if !refused.is_empty() {
            return Ok(obstructed(&refused));
        }
        clear(checkout, desk)?;
        desk.make().map_err(at_desk(checkout))?;
        let steps = match stage::steps(checkout, desk, &changes)? {
            Ok(steps) => steps,
            Err(obstacles) => return Ok(obstructed(&obstacles)),
        };
        Ok(Plan::Change(Box::new(Intent {
            ticket: self.ticket.clone(),
            returned: Returned {
                commit: self.tip.to_owned(),
                into: checkout.folder.clone(),
                merged: None,
                files: changes.iter().map(|change| text(&change.path)).collect(),
                dropped: dropped.iter().map(|path| text(path)).collect(),
                kept: keep(checkout, &ours)?,
            },
            steps,
        })))
    }
}

fn obstructed(obstacles: &[Obstacle]) -> Plan {
    let reason = obstacles.first().map_or("", |first| first.reason);
    let paths = obstacles.iter().map(|one| one.path.clone()).collect();
    Plan::Held(reason.to_owned(), paths)
}

/// Keeps what is not committed under a reference, and returns that; nothing
/// when all is committed.
fn keep(checkout: &Checkout, ours: &Snapshot) -> Result<Option<String>, GitError> {
    if ours.head.as_ref() == Some(&ours.commit) {
        return Ok(None);
    }
    // A snapshot has the time of the commit below it; this one says when it was kept.
    let parents: Vec<String> = ours.head.iter().cloned().collect();
    let message = "maos: what was not committed in the checkout\n";
    let commit = commit::commit(checkout, &ours.tree, &parents, message)?;
    rescue::keep(checkout, &commit).map(|(_, reference)| Some(reference))
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests;
