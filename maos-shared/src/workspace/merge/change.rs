//! One change of a checkout's files: made, recorded, and brought to order by
//! the next that comes where the one who made it was killed.

use super::apply::{After, Stopped, Work};
use super::intent::{Desk, Intent};
use crate::project::Project;
use crate::state::State;
use crate::state::agents::fact;
use crate::state::lock::Lock;
use crate::workspace::git::{Checkout, Git, GitError};
use crate::workspace::{Error, checkout_of, status};
use std::io;
use std::time::{Duration, SystemTime};

/// The lock's name in the checkout's git directory.
const LOCK: &str = "maos-return.lock";

/// Changes the files and records that the work has come back. Returns what
/// stopped it, when it did; nothing is changed then.
///
/// # Errors
/// When it could not be undone, or not be recorded; the next that comes does.
pub(super) fn change(
    checkout: &Checkout,
    desk: &Desk,
    intent: &Intent,
    after: After<'_>,
) -> Result<Option<Stopped>, Error> {
    let work = Work::open(&checkout.folder, desk).map_err(at_desk(checkout))?;
    desk.write(intent).map_err(at_desk(checkout))?;
    if let Err(stopped) = work.carry_out(intent, after) {
        undo(checkout, desk, &work, intent)?;
        return Ok(Some(stopped));
    }
    desk.settle().map_err(at_desk(checkout))?;
    work.prune(intent);
    finish(checkout, desk, intent)?;
    Ok(None)
}

/// Undoes a change that was killed or stopped.
fn undo(checkout: &Checkout, desk: &Desk, work: &Work, intent: &Intent) -> Result<(), Error> {
    let left = work.undo(intent, &mut || Ok(()));
    for path in left.map_err(at_desk(checkout))? {
        log::warn!("{} was changed meanwhile and stays", path.display());
    }
    desk.drop_intent().map_err(at_desk(checkout))?;
    clear(checkout, desk)
}

/// Records that a change is final; its files are nobody's any more. Done twice,
/// it is the same.
fn finish(checkout: &Checkout, desk: &Desk, intent: &Intent) -> Result<(), Error> {
    let ticket = &intent.ticket;
    let state = State::at(ticket.state.clone(), SystemTime::now());
    let session = state.session(&ticket.session);
    session
        .record(&ticket.agent, fact::RETURNED, &intent.returned)
        .and_then(|()| session.release_leases_of(Some(&ticket.agent)))
        .map_err(Error::io("record in", &ticket.state))?;
    clear(checkout, desk)
}

/// Brings the project's checkout to order where a change was killed in it: what
/// was not final is undone, what was is recorded. Costs one look where there is
/// none. Leaves alone what somebody is at work on.
///
/// # Errors
/// What the system says; to try again is safe.
pub fn recover(project: &Project) -> Result<(), Error> {
    let Ok(checkout) = checkout_of(project) else {
        return Ok(());
    };
    if !Desk::of(&checkout.git_dir).is_used() {
        return Ok(());
    }
    match lock(&checkout, Duration::ZERO) {
        // Somebody is at work there, alive.
        Err(Error::Io { source, .. }) if source.kind() == io::ErrorKind::TimedOut => Ok(()),
        locked => locked.and_then(|_lock| mend(&checkout)),
    }
}

/// As [`recover`], under the lock.
pub(super) fn mend(checkout: &Checkout) -> Result<(), Error> {
    let desk = Desk::of(&checkout.git_dir);
    if !desk.is_used() {
        return Ok(());
    }
    if let Some(done) = desk.done().map_err(at_desk(checkout))? {
        return finish(checkout, &desk, &done);
    }
    let Some(intent) = desk.intent().map_err(at_desk(checkout))? else {
        return clear(checkout, &desk);
    };
    let work = Work::open(&checkout.folder, &desk).map_err(at_desk(checkout))?;
    undo(checkout, &desk, &work, &intent)
}

pub(super) fn clear(checkout: &Checkout, desk: &Desk) -> Result<(), Error> {
    desk.clear().map_err(at_desk(checkout))
}

/// Takes the lock on the files of a checkout.
pub(super) fn lock(checkout: &Checkout, wait: Duration) -> Result<Lock, Error> {
    let path = checkout.git_dir.join(LOCK);
    Lock::acquire(&path, wait).map_err(Error::io("lock", path))
}

/// Returns the operation that is unfinished in a checkout, as one says it.
pub(super) fn unfinished(checkout: &Checkout) -> Result<Option<&'static str>, GitError> {
    if let Some(operation) = status::operation(&checkout.git_dir, &[]) {
        return Ok(Some(operation));
    }
    let unmerged = Git::reading(checkout).run(&["ls-files", "--unmerged", "-z"])?;
    Ok((!unmerged.is_empty()).then_some("a conflict"))
}

pub(super) fn at_desk(checkout: &Checkout) -> impl FnOnce(io::Error) -> Error {
    Error::io("change the files of", &checkout.folder)
}
