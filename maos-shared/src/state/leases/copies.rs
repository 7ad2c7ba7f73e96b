//! Leases where worktrees have a copy of the file each, and another's work on its
//! own copy only warns.
//!
//! There is one lease on a file for all checkouts. Who meets that of another
//! checkout is told of it and goes on, with a lease on the copy in its own
//! checkout: a second one there meets that.
//!
//! Why no two of one checkout are told "yes": each first takes the one of the two
//! leases that it can, and then reads whether another of its checkout has the
//! other one. Of two that do so at once, at least one reads behind the taking of
//! both, and gives back what it took. (If both do, both are refused, and may ask
//! again.) Each of the two leases is one of `protocol.rs`, with all that is said
//! there of kills.

use std::io;
use std::path::Path;

use super::{Lease, Owner, Taken, Terms};
use crate::state::State;
use crate::state::agents::read_json;

impl State {
    /// Takes the lease on `file` for `owner`, as [`State::take_lease`] does, or beside
    /// the one of another checkout that on the copy in the owner's. One more call of
    /// the system where nobody else is at it.
    ///
    /// # Errors
    /// As there.
    pub fn take_lease_on_copy(
        &self,
        file: &str,
        owner: &Owner,
        purpose: &str,
        terms: Terms,
    ) -> io::Result<Taken> {
        let (all, copy) = (self.lease(file), self.lease_on_copy(file, &owner.checkout));
        let is_of_copy = |lease: &Lease| lease.owner.checkout == owner.checkout;
        match self.take_lease(file, owner, purpose, terms)? {
            Taken::HeldBy(held) if !is_of_copy(&held) => {
                let taken = self.take_in(copy.clone(), file, owner, purpose, terms)?;
                let other = match taken {
                    Taken::HeldBy(_) => return Ok(taken),
                    _ => self.anothers(&all, owner)?.filter(is_of_copy),
                };
                self.only_one(&copy, owner, other, Taken::Beside(held))
            }
            Taken::Yes => {
                let other = self.anothers(&copy, owner)?;
                self.only_one(&all, owner, other, Taken::Yes)
            }
            held => Ok(held),
        }
    }

    /// Returns `taken`, or gives back what `owner` has in `place` for it, where
    /// another of its checkout has the other lease.
    fn only_one(
        &self,
        place: &Path,
        owner: &Owner,
        other: Option<Lease>,
        taken: Taken,
    ) -> io::Result<Taken> {
        let Some(other) = other else {
            return Ok(taken);
        };
        self.put_away_at(place, |lease| lease.owner.is(owner))?;
        Ok(Taken::HeldBy(Box::new(other)))
    }

    /// Returns the live lease in `place` that is another's than `owner`'s.
    fn anothers(&self, place: &Path, owner: &Owner) -> io::Result<Option<Lease>> {
        let (seen, lease) = self.seen(read_json(place), owner)?;
        Ok(lease.filter(|_| matches!(seen, super::protocol::Seen::Live)))
    }

    /// Returns whether `owner` holds the lease on `file`, or that on its copy. Reads
    /// two small files at most.
    #[must_use]
    pub fn holds_lease(&self, file: &str, owner: &Owner) -> bool {
        let places = [self.lease(file), self.lease_on_copy(file, &owner.checkout)];
        places.iter().any(|place| {
            let lease = read_json::<Lease>(place).ok().flatten();
            lease.is_some_and(|lease| lease.owner.is(owner) && self.is_live(&lease))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::scratch::{owner, state};
    use std::path::PathBuf;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;
    use std::time::Duration;

    const NOW: Terms = Terms {
        ttl: crate::config::limits::LEASE_TTL,
        wait: Duration::ZERO,
    };

    fn there(agent: &str, checkout: &str) -> Owner {
        Owner {
            checkout: PathBuf::from(checkout),
            ..owner(agent)
        }
    }

    #[test]
    fn beside_the_lease_of_another_checkout_there_is_one_in_each() {
        let dir = tempfile::tempdir().unwrap();
        let now = state(dir.path(), 1_000);
        let take = |owner: &Owner| now.take_lease_on_copy("a.rs", owner, "Edit", NOW).unwrap();
        let [far, one, two] = [("a", "/w"), ("b", "/p"), ("c", "/p")].map(|(a, c)| there(a, c));
        assert_eq!(take(&far), Taken::Yes);
        for _ in 0..2 {
            assert!(matches!(take(&one), Taken::Beside(held) if held.owner == far));
            assert!(matches!(take(&two), Taken::HeldBy(held) if held.owner == one));
            assert_eq!(take(&far), Taken::Yes);
        }
        assert!(now.holds_lease("a.rs", &one) && !now.holds_lease("a.rs", &two));
        let used = |owner: &Owner| now.lease_used("a.rs", &owner.checkout);
        assert!(matches!(take(&one), Taken::Beside(_)));
        assert!(used(&one) > used(&far));

        // The lease on all is free again, and still there is one in each checkout.
        now.session("s").release_leases_of(Some("a")).unwrap();
        assert!(matches!(take(&two), Taken::HeldBy(held) if held.owner == one));
        assert_eq!(take(&one), Taken::Yes);
        assert!(matches!(take(&two), Taken::HeldBy(held) if held.owner == one));
        assert!(matches!(take(&far), Taken::Beside(held) if held.owner == one));
        now.session("s").release_leases_of(Some("b")).unwrap();
        assert!(matches!(take(&two), Taken::Yes));
        assert!(matches!(take(&one), Taken::HeldBy(held) if held.owner == two));
    }

    #[test]
    fn of_many_at_once_one_goes_on_in_each_checkout() {
        let dir = tempfile::tempdir().unwrap();
        let state = state(dir.path(), 1_000);
        let inside = [const { AtomicUsize::new(0) }; 2];
        let entered = AtomicUsize::new(0);
        thread::scope(|scope| {
            for number in 0..6 {
                let (state, entered) = (&state, &entered);
                let inside = &inside[number % 2];
                scope.spawn(move || {
                    let agent = format!("a{number}");
                    let own = there(&agent, ["/p", "/w"][number % 2]);
                    for _ in 0..200 {
                        match state.take_lease_on_copy("a.rs", &own, "Edit", NOW).unwrap() {
                            Taken::HeldBy(_) => continue,
                            Taken::Yes | Taken::Beside(_) => {}
                        }
                        assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0, "{agent}");
                        thread::yield_now();
                        entered.fetch_add(1, Ordering::SeqCst);
                        inside.fetch_sub(1, Ordering::SeqCst);
                        let session = state.session(&own.session);
                        session.release_leases_of(Some(&agent)).unwrap();
                    }
                });
            }
        });
        assert!(entered.load(Ordering::SeqCst) > 6, "hardly anybody went on");
    }
}
