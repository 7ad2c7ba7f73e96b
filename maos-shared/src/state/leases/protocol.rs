//! How a lease is taken: which step follows which, and why at most one live
//! owner holds one at any instant.
//!
//! The steps are few, and each is one call to the system:
//!
//! - *place*: a folder that was made aside, with its owner inside, takes its
//!   name. It succeeds while there is none, for exactly one process.
//! - *lock* (of all leases): freed by the system when its holder dies.
//! - *read*, *renew*, *put away* (the folder is renamed to elsewhere): only with
//!   the lock.
//!
//! An absent lease is placed without the lock; one that is there is changed with
//! it alone. So what a lock holder read stays true until it acts: nobody else
//! may put it away or renew it, and a placing only fills an empty place, never
//! one that holds a lease. Therefore a lease is put away only if it was dead (its
//! client has ended, its time is over) or the caller's own, and whoever is told
//! "yes" has its own lease in the one place that there is. Death is final: a
//! client is known by its number and its begin. A lease lives longer than a call
//! takes, and a time that is over is over for everybody who reads the same clock.
//! Where that jumps back, the time may begin again: of a lease that is still in
//! the one place, or of none. A kill between two steps leaves the lease as it was
//! or as it was to be, and the lock free.
//!
//! [`Take`] is this order of steps alone, without a file system: the hooks carry
//! its steps out, and the tests walk through every interleaving of two and three
//! processes with it, each of which may be killed before each step.

/// What is to be done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    /// Put the caller's lease into the place.
    Place,
    /// Take the lock.
    Lock,
    /// Read who holds the lease.
    Read,
    /// Write the caller's lease in place of its own.
    Renew,
    /// Move the lease out of its place.
    PutAway,
    /// Nothing: the caller holds it.
    Yes,
    /// Nothing: whom the last reading found holds it.
    Held,
}

/// What a step brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// The caller's lease is in the place.
    Placed,
    /// There is one already.
    Occupied,
    /// The lock is the caller's.
    Locked,
    /// There is no lease, or one without an owner.
    Nobody,
    /// The caller's own.
    Own,
    /// Another's who is live.
    Live,
    /// One that counts for nothing: its owner is gone, or its time is over, or
    /// it is damaged.
    Dead,
    /// The lease is renewed, or put away.
    Done,
}

/// A lease that is being taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Take {
    step: Step,
    is_locked: bool,
    /// The last placing found a folder in the place.
    is_occupied: bool,
}

impl Take {
    /// The beginning.
    pub(super) const fn new() -> Self {
        Self {
            step: Step::Place,
            is_locked: false,
            is_occupied: false,
        }
    }

    /// Returns what is to be done next.
    pub(super) const fn step(self) -> Step {
        self.step
    }

    /// Returns what follows when the step brought this.
    pub(super) const fn saw(self, seen: Seen) -> Self {
        let step = match seen {
            Seen::Placed => Step::Yes,
            Seen::Occupied if self.is_locked => Step::Read,
            Seen::Occupied => Step::Lock,
            Seen::Locked => Step::Read,
            Seen::Own => Step::Renew,
            Seen::Live => Step::Held,
            Seen::Dead => Step::PutAway,
            // A folder without an owner: no placing leaves one.
            Seen::Nobody if self.is_locked && self.is_occupied => Step::PutAway,
            Seen::Nobody => Step::Place,
            Seen::Done if matches!(self.step, Step::Renew) => Step::Yes,
            Seen::Done => Step::Place,
        };
        Self {
            step,
            is_locked: self.is_locked || matches!(seen, Seen::Locked),
            is_occupied: self.is_locked && matches!(seen, Seen::Occupied),
        }
    }
}

#[cfg(test)]
mod tests;
