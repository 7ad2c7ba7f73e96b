//! How a lease is taken: which step follows which, and why at most one live
//! owner holds one at any instant.
//!
//! The steps are few, and each is one call to the system:
//!
//! - *place*: a file that is whole gets the name of the place. It succeeds while
//!   there is none, for exactly one process. Where the file system gives no second
//!   names, nothing is placed without the lock, and one that was written aside is
//!   renamed with it.
//! - *lock* (of all leases): freed by the system when its holder dies.
//! - *read*, *renew*, *put away* (the lease is renamed to elsewhere): only with
//!   the lock.
//! - *glance*: whoever has renewed its own lease a moment ago reads that alone,
//!   and shares the lock with others who only do that.
//! - *release*: the mark of a lease goes. Without a lock, at any time.
//!
//! The argument:
//!
//! 1. There is one place for a file, and it holds one lease or none. Only a
//!    placing fills it, and only where it is empty.
//! 2. Whoever is told "yes" had its own lease, with its mark, in the place at
//!    that instant: it has placed, renewed or glanced at it.
//! 3. So a second owner needs that the first one's lease is put away. That is
//!    done with the lock alone, by one who has read with the same lock that the
//!    lease was dead: its mark gone, its client ended, or its time over by the
//!    clock as it was then. Nobody else renews or puts away meanwhile.
//! 4. Death is final. A mark has a name that no other lease ever has, and nobody
//!    makes one again; a client is known by its number and its begin. A time that
//!    is over may begin again, where the clock is set back: but not for anybody
//!    who is told "yes" for it. That takes a renewal or a glance, and neither is
//!    possible between the reading and the putting away; before the reading, the
//!    clock had not yet reached the end of the lease, so that it ran on past it
//!    since, which is what the end of a lease is; behind the putting away there is
//!    nothing to be seen. A lease whose time begins again without being taken by
//!    another is the same one, in the one place.
//! 5. A kill between two steps leaves the lease as it was or as it was to be, and
//!    the lock free.
//!
//! What a lease does not promise: that its holder's call has ended when its time
//! is over. A lease lives for half an hour since it was last used, a call takes
//! seconds.
//!
//! [`Take`] is this order of steps alone, without a file system: the hooks carry
//! its steps out, and the tests walk through every interleaving of two and three
//! processes with it, each of which may be killed before each step, while the
//! clock runs on and is set back.

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
    /// The last placing found something in the place.
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
            // What is no lease: no placing leaves that.
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
