//! Taking a lease, and renewing one's own.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use nix::errno::Errno;
use serde::Serialize;

use super::protocol::{Seen, Step, Take};
use super::{LOCK, LOCK_WAIT, Lease, Owner, Taken, Terms};
use crate::config::limits::{LEASE_FRESH, STATE_FILE_BYTES};
use crate::journal::rfc3339;
use crate::state::agents::read_json;
use crate::state::lock::Lock;
use crate::state::{SafeName, Session, State, atomic};

/// The first pause between two tries; each next one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(1);

/// How one try ended.
enum Tried {
    /// The lease is in the place, new or in place of the owner's older one.
    Taken,
    /// Another holds it.
    HeldBy(Box<Lease>),
}

/// A lease that is wanted.
struct Wanted<'a> {
    locks: PathBuf,
    place: PathBuf,
    /// The file of the lease, whole, under its first name.
    mark: PathBuf,
    lease: &'a Lease,
    ttl: Duration,
}

impl State {
    /// Takes the lease on `file` (relative to its checkout's root) for `owner`,
    /// or renews it. One file with two names when nobody holds it. Where another does, it is
    /// asked again for as long as `terms` say, with pauses that double from a
    /// millisecond on.
    ///
    /// # Errors
    /// What the system says about the state. Blocks for that time, and while
    /// another process changes a lease, two seconds at most.
    pub fn take_lease(
        &self,
        file: &str,
        owner: &Owner,
        purpose: &str,
        terms: Terms,
    ) -> io::Result<Taken> {
        self.take_in(self.lease(file), file, owner, purpose, terms)
    }

    /// Takes the lease in `place`, as [`State::take_lease`] does.
    pub(super) fn take_in(
        &self,
        place: PathBuf,
        file: &str,
        owner: &Owner,
        purpose: &str,
        terms: Terms,
    ) -> io::Result<Taken> {
        let locks = self.locks()?;
        let lease = Lease {
            file: file.to_owned(),
            owner: owner.clone(),
            purpose: purpose.to_owned(),
            since: rfc3339(self.now()),
            until: self.ending(terms.ttl),
            mark: atomic::unique(),
        };
        if self.is_fresh(&locks, &place, owner, terms.ttl) {
            // When it was last asked for is kept in the time of its file.
            return atomic::touch(&place).map(|_| Taken::Yes);
        }
        let wanted = Wanted {
            locks,
            place,
            mark: self.make_mark(&lease)?,
            lease: &lease,
            ttl: terms.ttl,
        };
        let tried = self.try_for(&wanted, terms.wait);
        if !matches!(tried, Ok(Tried::Taken)) {
            self.drop_mark(&lease);
        }
        Ok(match tried? {
            Tried::Taken => Taken::Yes,
            Tried::HeldBy(held) => Taken::HeldBy(held),
        })
    }

    /// Returns when the lease on `file`, or that on its copy in `checkout`, was last
    /// asked for by who holds it; `None` where there is none.
    #[must_use]
    pub fn lease_used(&self, file: &str, checkout: &Path) -> Option<SystemTime> {
        let places = [self.lease(file), self.lease_on_copy(file, checkout)];
        let used = |place: &PathBuf| fs::symlink_metadata(place).ok()?.modified().ok();
        places.iter().filter_map(used).max()
    }

    fn try_for(&self, wanted: &Wanted<'_>, wait: Duration) -> io::Result<Tried> {
        let deadline = Instant::now() + wait;
        let mut pause = FIRST_PAUSE;
        loop {
            let tried = self.try_once(wanted)?;
            let left = deadline.saturating_duration_since(Instant::now());
            if !matches!(tried, Tried::HeldBy(_)) || left.is_zero() {
                return Ok(tried);
            }
            thread::sleep(pause.min(left));
            pause *= 2;
        }
    }

    /// Carries out the steps of the protocol once.
    fn try_once(&self, wanted: &Wanted<'_>) -> io::Result<Tried> {
        let Wanted {
            place, mark, lease, ..
        } = wanted;
        let from_now = |since: &str| Lease {
            since: since.to_owned(),
            until: self.ending(wanted.ttl),
            ..(*lease).clone()
        };
        let mut lock = None;
        let mut found = None;
        let mut take = Take::new();
        loop {
            let seen = match take.step() {
                Step::Place if place_lease(place, mark, lock.is_some())? => {
                    // A journal that cannot be written takes no lease away.
                    let step = match *place == self.lease(&lease.file) {
                        true => "acquired",
                        false => "acquired-copy",
                    };
                    if let Err(error) = self.log_lease(lease, step) {
                        log::warn!("journal of leases: {error}");
                    }
                    Seen::Placed
                }
                Step::Place => Seen::Occupied,
                Step::Lock => {
                    lock = Some(Lock::acquire(&wanted.locks.join(LOCK), LOCK_WAIT)?);
                    Seen::Locked
                }
                Step::Read => {
                    let read = read_json::<Lease>(place);
                    let (seen, held) = self.seen(read, &lease.owner)?;
                    found = held;
                    seen
                }
                Step::Renew => {
                    let own = found.take();
                    let since = own.as_ref().map_or(&lease.since, |own| &own.since);
                    let renewed = from_now(since);
                    atomic::replace(place, &json(&renewed)?)?;
                    own.iter().for_each(|own| self.drop_mark(own));
                    Seen::Done
                }
                Step::PutAway => {
                    self.put_away(place)?;
                    Seen::Done
                }
                Step::Yes => return Ok(Tried::Taken),
                Step::Held => {
                    drop(lock);
                    let held = found.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
                    return Ok(Tried::HeldBy(Box::new(held)));
                }
            };
            take = take.saw(seen);
        }
    }

    /// Returns what a reading means to who wants the lease, and whose it is. One
    /// that is damaged is nobody's; one that cannot be read may be anybody's.
    pub(super) fn seen(
        &self,
        read: io::Result<Option<Lease>>,
        owner: &Owner,
    ) -> io::Result<(Seen, Option<Lease>)> {
        let held = match read {
            Ok(Some(held)) => held,
            Ok(None) => return Ok((Seen::Nobody, None)),
            Err(error) if is_damage(&error) => return Ok((Seen::Dead, None)),
            Err(error) => return Err(error),
        };
        let seen = match () {
            () if held.owner.is_now(owner) && self.is_marked(&held) => Seen::Own,
            () if self.is_live(&held) => Seen::Live,
            () => Seen::Dead,
        };
        Ok((seen, Some(held)))
    }

    /// Returns whether `owner` holds the lease at `place` and renewed it a
    /// moment ago, so that writing it again would change next to nothing. Shares
    /// the lock, so that nobody decides meanwhile that the lease is dead.
    fn is_fresh(&self, locks: &Path, place: &Path, owner: &Owner, ttl: Duration) -> bool {
        if fs::symlink_metadata(place).is_err() {
            return false;
        }
        let Ok(Some(_shared)) = Lock::try_share(&locks.join(LOCK)) else {
            return false;
        };
        let Ok(Some(held)) = read_json::<Lease>(place) else {
            return false;
        };
        let until = humantime::parse_rfc3339(&held.until);
        let fresh = self.this_moment() + ttl;
        held.owner == *owner && until.is_ok_and(|until| until > fresh) && self.is_marked(&held)
    }

    /// Returns when a lease ends that is written now, and not again before it is a
    /// little old: it lives for `ttl` behind each use.
    fn ending(&self, ttl: Duration) -> String {
        const PART: u32 = 10;
        rfc3339(self.this_moment() + ttl + LEASE_FRESH.min(ttl / PART))
    }

    /// Returns whether a lease counts, by the clock as it is now.
    pub(super) fn is_live(&self, lease: &Lease) -> bool {
        let until = humantime::parse_rfc3339(&lease.until).unwrap_or(SystemTime::UNIX_EPOCH);
        until > self.this_moment()
            && self.is_marked(lease)
            && lease.owner.client.is_none_or(|client| client.runs())
    }

    /// Returns whether a lease's mark is there. It is unless the system says that
    /// it is not.
    fn is_marked(&self, lease: &Lease) -> bool {
        use io::ErrorKind::{NotADirectory, NotFound};
        self.mark_of(lease)
            .is_some_and(|mark| match fs::symlink_metadata(mark) {
                Ok(_) => true,
                Err(error) => !matches!(error.kind(), NotFound | NotADirectory),
            })
    }

    /// Writes a new lease under its first name, its mark, and returns that.
    fn make_mark(&self, lease: &Lease) -> io::Result<PathBuf> {
        let bytes = json(lease)?;
        let (session, folder) = self.marks_of(&lease.owner);
        let mark = folder.join(&lease.mark);
        match atomic::mark(&mark, &bytes) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let below = folder.strip_prefix(session.dir()).unwrap_or(&folder);
                session.make(&below.to_string_lossy())?;
                atomic::mark(&mark, &bytes)?;
            }
            made => made?,
        }
        Ok(mark)
    }

    /// Returns the folder of the marks of an owner's leases, and its session.
    fn marks_of(&self, owner: &Owner) -> (Session, PathBuf) {
        let session = self.session(&owner.session);
        let folder = session.held_in(owner.agent.as_deref(), &owner.checkout);
        (session, folder)
    }

    /// Returns where the mark of a lease is; nothing where its name is none of
    /// ours: it could lead anywhere.
    pub(super) fn mark_of(&self, lease: &Lease) -> Option<PathBuf> {
        let Lease { owner, mark, .. } = lease;
        (SafeName::new(mark).as_str() == mark).then(|| self.marks_of(owner).1.join(mark))
    }

    pub(super) fn log_lease(&self, lease: &Lease, step: &str) -> io::Result<()> {
        #[derive(Serialize)]
        struct Line<'a> {
            time: String,
            step: &'a str,
            file: &'a str,
            agent: &'a Option<String>,
            purpose: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            duration_us: Option<u128>,
        }
        let session = self.session(&lease.owner.session);
        let mut line = json(&Line {
            time: rfc3339(self.now()),
            step,
            file: &lease.file,
            agent: &lease.owner.agent,
            purpose: &lease.purpose,
            duration_us: self.hook_us(),
        })?;
        line.push(b'\n');
        atomic::append(&session.make("")?.join(super::JOURNAL), &line)
    }
}

/// Returns whether it is the file itself that cannot be read as a lease, now and
/// at any other time.
fn is_damage(error: &io::Error) -> bool {
    use io::ErrorKind::{FileTooLarge, InvalidData, IsADirectory};
    let is_link = error.kind() == io::Error::from(Errno::ELOOP).kind();
    is_link || matches!(error.kind(), InvalidData | FileTooLarge | IsADirectory)
}

/// Puts the lease that is whole at `mark` into its place; `false` when there is one
/// already, and where that takes the lock.
pub(super) fn place_lease(place: &Path, mark: &Path, is_locked: bool) -> io::Result<bool> {
    match atomic::link(mark, place) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) if error.kind() == io::ErrorKind::Unsupported => {
            let is_free = is_locked && fs::symlink_metadata(place).is_err();
            if is_free {
                atomic::replace(place, &atomic::read(mark, STATE_FILE_BYTES)?)?;
            }
            Ok(is_free)
        }
        Err(error) => Err(error),
    }
}

pub(super) fn json<T: Serialize>(value: &T) -> io::Result<Vec<u8>> {
    serde_json::to_vec(value).map_err(io::Error::from)
}
