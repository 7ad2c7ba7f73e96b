//! Reservations: files that somebody is about to change, by a pattern.
//!
//! ```text
//! .maos/reservations/<hash of owner and pattern>.json
//! ```
//!
//! One that is exclusive is met by everybody else who takes a lease on a file of
//! the pattern, and by who wants to reserve some of the same files; one that is
//! shared by the latter alone, where they want them for themselves.
//!
//! Why this is safe: a file appears whole and goes by one removal. Whoever makes
//! one holds the lock of reservations, which the system frees when a process
//! dies, from its look at the others to the last call, so that no two are
//! exclusive for one file. A kill leaves the reservation, or none. One counts
//! until its time is over or its client's process has ended, whether or not it
//! still lies there. The folder goes with the last one: where there is none, a
//! hook finds that out by one call.

mod pattern;

use std::fs;
use std::io;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use super::agents::{list, read_json};
use super::leases::Owner;
use super::lock::Lock;
use super::{State, Swept, atomic, sha256_hex};
use crate::config::limits::{RESERVATION_LONGEST, RESERVATIONS};
use crate::journal::rfc3339;

pub use pattern::{Pattern, PatternError};

/// How long a change to reservations waits for another process's.
const LOCK_WAIT: Duration = Duration::from_secs(2);
/// The journal of what was reserved.
const JOURNAL: &str = "reservations";

/// Files that somebody is about to change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reservation {
    /// Which files, relative to the root of their checkout.
    pub pattern: Pattern,
    /// Others may reserve them as well, and change them.
    #[serde(default)]
    pub shared: bool,
    /// Who.
    pub owner: Owner,
    /// What for.
    pub why: String,
    /// RFC 3339.
    pub since: String,
    /// RFC 3339; after it the reservation counts for nothing.
    pub until: String,
}

/// What is to be reserved.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'a> {
    /// Which files.
    pub pattern: &'a Pattern,
    /// Others may reserve them as well, and change them.
    pub shared: bool,
    /// What for.
    pub why: &'a str,
    /// For how long; a week at most.
    pub time: Duration,
}

/// How an attempt to reserve ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reserved {
    /// They are reserved, until then.
    Until(SystemTime),
    /// Another has reserved some of them.
    By(Box<Reservation>),
    /// There are as many reservations as a project may have.
    Full,
}

impl State {
    /// Reserves files for `owner`, in place of what it had reserved by the same
    /// pattern.
    ///
    /// # Errors
    /// What the system says. Blocks while another process does the same, two
    /// seconds at most.
    pub fn reserve(&self, owner: &Owner, wish: Wish<'_>) -> io::Result<Reserved> {
        self.locks()?;
        let _lock = Lock::acquire(&self.reserving(), LOCK_WAIT)?;
        let live = self.reservations()?;
        let is_other = |other: &&Reservation| !other.owner.is(owner);
        let in_the_way = live.iter().filter(is_other).find(|other| {
            let exclusive = !(wish.shared && other.shared);
            exclusive && wish.pattern.meets(&other.pattern, |text| self.key(text))
        });
        if let Some(other) = in_the_way {
            return Ok(Reserved::By(Box::new(other.clone())));
        }
        let until = self.now() + wish.time.min(RESERVATION_LONGEST);
        let reservation = Reservation {
            pattern: wish.pattern.clone(),
            shared: wish.shared,
            owner: owner.clone(),
            why: wish.why.to_owned(),
            since: rfc3339(self.now()),
            until: rfc3339(until),
        };
        let path = self.reservation(&reservation);
        if live.len() >= RESERVATIONS && fs::symlink_metadata(&path).is_err() {
            return Ok(Reserved::Full);
        }
        atomic::ensure_dir(self.root(), "reservations".as_ref())?;
        atomic::replace(&path, &serde_json::to_vec(&reservation)?)?;
        self.log_reservation(&reservation, "reserved")?;
        Ok(Reserved::Until(until))
    }

    /// Returns the reservations that count, sorted by pattern. Lists a folder
    /// where there are any.
    ///
    /// # Errors
    /// What the system says; damaged ones are passed over.
    pub fn reservations(&self) -> io::Result<Vec<Reservation>> {
        let mut live: Vec<Reservation> = self
            .reservation_files()?
            .iter()
            .filter_map(|path| read_json(path).ok().flatten())
            .filter(|one| self.counts(one))
            .collect();
        crate::order::sort_by(&mut live, &|a, b| {
            a.pattern.as_str().cmp(b.pattern.as_str())
        });
        Ok(live)
    }

    /// Returns what others than `owner` have reserved of `file`, a path below the
    /// root of its checkout: what is exclusive first. One call where there are no
    /// reservations; else at most [`RESERVATIONS`] small files are read.
    ///
    /// # Errors
    /// As [`State::reservations`].
    pub fn reservations_on(&self, file: &str, owner: &Owner) -> io::Result<Vec<Reservation>> {
        let mut met = self.reservations()?;
        let fold = |text: &str| self.key(text).into_owned();
        met.retain(|one| !one.owner.is(owner) && one.pattern.matches(file, fold));
        let (shared, mut met): (Vec<_>, Vec<_>) = met.into_iter().partition(|one| one.shared);
        met.extend(shared);
        Ok(met)
    }

    /// Ends every reservation that `which` says yes to, and returns how many.
    ///
    /// # Errors
    /// What the system says; what was ended before that stays so.
    pub fn release_reservations(&self, which: impl Fn(&Reservation) -> bool) -> io::Result<usize> {
        let released = self.remove_reservations(|one| which(one))?;
        for one in &released {
            self.log_reservation(one, "released")?;
        }
        Ok(released.len())
    }

    /// Removes the reservations that count for nothing any more.
    ///
    /// # Errors
    /// As [`State::release_reservations`].
    pub(super) fn sweep_reservations(&self) -> io::Result<Vec<Swept>> {
        let over = self.remove_reservations(|one| !self.counts(one))?;
        let swept = over.into_iter().map(|one| Swept {
            what: "reservation",
            name: one.pattern.as_str().to_owned(),
        });
        Ok(swept.collect())
    }

    fn remove_reservations(
        &self,
        which: impl Fn(&Reservation) -> bool,
    ) -> io::Result<Vec<Reservation>> {
        let folder = self.reservations_dir();
        if fs::symlink_metadata(&folder).is_err() {
            return Ok(Vec::new());
        }
        let _lock = Lock::acquire(&self.reserving(), LOCK_WAIT)?;
        let mut removed = Vec::new();
        for path in list(&folder)? {
            let Ok(Some(one)) = read_json::<Reservation>(&path) else {
                continue;
            };
            if which(&one) {
                fs::remove_file(&path)?;
                removed.push(one);
            }
        }
        // Not while another lies there, or something that is none.
        let _ = fs::remove_dir(&folder);
        Ok(removed)
    }

    /// Returns the files of reservations: no more than there may be, however many
    /// lie there.
    fn reservation_files(&self) -> io::Result<Vec<PathBuf>> {
        let entries = match fs::read_dir(self.reservations_dir()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let is_whole = |path: &PathBuf| path.extension().is_some_and(|end| end == "json");
        let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
        Ok(paths.filter(is_whole).take(RESERVATIONS).collect())
    }

    fn reservation(&self, of: &Reservation) -> PathBuf {
        /// Enough to tell reservations apart.
        const DIGITS: usize = 32;
        let agent = of.owner.agent.as_deref().unwrap_or_default();
        let key = [&of.owner.session, agent, of.pattern.as_str()].join("\0");
        let mut name = sha256_hex(key.as_bytes());
        name.truncate(DIGITS);
        self.reservations_dir().join(format!("{name}.json"))
    }

    /// Returns whether a reservation counts. None does for much longer than one can
    /// be made for: a repository can carry such a file. As much again is for a clock
    /// that is set back.
    fn counts(&self, one: &Reservation) -> bool {
        let until = humantime::parse_rfc3339(&one.until).unwrap_or(SystemTime::UNIX_EPOCH);
        until > self.now()
            && until <= self.now() + 2 * RESERVATION_LONGEST
            && one.owner.client.is_none_or(|client| client.runs())
    }

    fn log_reservation(&self, one: &Reservation, step: &str) -> io::Result<()> {
        #[derive(Serialize)]
        struct Line<'a> {
            time: String,
            step: &'a str,
            #[serde(flatten)]
            reservation: &'a Reservation,
        }
        let time = rfc3339(self.now());
        let mut line = serde_json::to_vec(&Line {
            time,
            step,
            reservation: one,
        })?;
        line.push(b'\n');
        atomic::append(&self.log(JOURNAL)?, &line)
    }
}

#[cfg(test)]
mod tests;
