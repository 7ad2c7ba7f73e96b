//! Leases on files: who is changing a file, since when, until when.
//!
//! A lease is the folder `.maos/locks/<sha256 of the repository-relative
//! path>.lock/` with its owner's file inside. It appears whole: the folder is
//! made aside with the owner in it and renamed into place, which succeeds for
//! exactly one process while no lease is there (a folder that is not empty is
//! never replaced).
//!
//! Why at most one owner is live is said in `protocol.rs`, and tested there. A
//! process killed between two calls leaves either the old lease, none, or the
//! new one; folders that it made aside start with a dot and are no lease.

mod protocol;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use serde::{Deserialize, Serialize};

use super::agents::{list, read_json};
use super::lock::Lock;
use super::process::Process;
use super::{State, Swept, atomic, sha256_hex};
use crate::config::limits::{LEASE_FRESH, LEASE_TTL, LEASE_WAIT};
use crate::journal::rfc3339;
use protocol::{Seen, Step, Take};

/// How long a change to a lease waits for another process's.
const LOCK_WAIT: Duration = Duration::from_secs(2);
/// The first pause between two tries; each next one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(1);
const OWNER_FILE: &str = "owner.json";

/// Who holds a lease.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// The session.
    pub session: String,
    /// The agent's id; absent for the main thread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// The agent's type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_type: Option<String>,
    /// The client's process id: when it is gone, so is the lease.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_pid: Option<u32>,
    /// When that process began, in the system's own measure: another one may
    /// have its number by now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_began: Option<u64>,
    /// The root of the checkout whose copy of the file it changes.
    pub checkout: PathBuf,
}

/// A lease as it lies on disk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// The file, relative to its checkout's root.
    pub file: String,
    /// Who holds it.
    pub owner: Owner,
    /// What it is held for: the tool that asked.
    pub purpose: String,
    /// RFC 3339.
    pub since: String,
    /// RFC 3339; after it the lease counts for nothing.
    pub until: String,
}

/// How an attempt to take a lease ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// The caller holds it.
    Yes,
    /// Another owner does.
    HeldBy(Box<Lease>),
}

/// How long a lease lives, and how long is waited for another's.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// How long it lives after its last use.
    pub ttl: Duration,
    /// How long is waited until another gives it back.
    pub wait: Duration,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            ttl: LEASE_TTL,
            wait: LEASE_WAIT,
        }
    }
}

impl Owner {
    /// Returns the client's process.
    #[must_use]
    pub fn client(&self) -> Option<Process> {
        let began = self.client_began;
        self.client_pid.map(|pid| Process { pid, began })
    }

    /// Returns whether two owners are the same agent, or the same main thread.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        self.session == other.session && self.agent == other.agent
    }

    /// Returns who it is in a few words.
    #[must_use]
    pub fn describe(&self) -> String {
        match (&self.agent, &self.agent_type) {
            (None, _) => "the main thread".to_owned(),
            (Some(id), Some(kind)) => format!("agent {kind} ({id})"),
            (Some(id), None) => format!("agent {id}"),
        }
    }
}

impl State {
    /// Takes the lease on `file` (relative to its checkout's root) for `owner`,
    /// or renews it. One rename when nobody holds it. Where another does, it is
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
        let deadline = Instant::now() + terms.wait;
        let mut pause = FIRST_PAUSE;
        loop {
            let taken = self.try_lease(file, owner, purpose, terms.ttl)?;
            let left = deadline.saturating_duration_since(Instant::now());
            if taken == Taken::Yes || left.is_zero() {
                return Ok(taken);
            }
            thread::sleep(pause.min(left));
            pause *= 2;
        }
    }

    /// Returns when the lease on `file` was last taken or renewed, whoever holds
    /// it; `None` where there is none.
    #[must_use]
    pub fn lease_renewed(&self, file: &str) -> Option<SystemTime> {
        let place = self.root().join("locks").join(lease_name(file));
        fs::metadata(place.join(OWNER_FILE)).ok()?.modified().ok()
    }

    /// Carries out the steps of the protocol once.
    fn try_lease(
        &self,
        file: &str,
        owner: &Owner,
        purpose: &str,
        ttl: Duration,
    ) -> io::Result<Taken> {
        let locks = self.locks()?;
        let place = locks.join(lease_name(file));
        let lease = self.lease(file, owner, purpose, ttl);
        if self.is_fresh(&place, owner, ttl) {
            return Ok(Taken::Yes);
        }
        let mut lock = None;
        let mut found = None;
        let mut take = Take::new();
        loop {
            let seen = match take.step() {
                Step::Place if place_lease(&place, &lease)? => {
                    self.log_lease(&lease, "acquired")?;
                    Seen::Placed
                }
                Step::Place => Seen::Occupied,
                Step::Lock => {
                    lock = Some(Lock::acquire(&locks.join(".lock"), LOCK_WAIT)?);
                    Seen::Locked
                }
                Step::Read => {
                    let read = read_json::<Lease>(&place.join(OWNER_FILE));
                    let seen = self.seen(&read, owner);
                    found = read.ok().flatten();
                    seen
                }
                Step::Renew => {
                    let since = found
                        .take()
                        .map_or_else(String::new, |own: Lease| own.since);
                    let renewed = Lease {
                        since,
                        ..lease.clone()
                    };
                    atomic::replace(&place.join(OWNER_FILE), &json(&renewed)?)?;
                    Seen::Done
                }
                Step::PutAway => {
                    self.put_away(&place)?;
                    Seen::Done
                }
                Step::Yes => return Ok(Taken::Yes),
                Step::Held => {
                    drop(lock);
                    let held = found.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
                    return Ok(Taken::HeldBy(Box::new(held)));
                }
            };
            take = take.saw(seen);
        }
    }

    /// Returns what a reading means to who wants the lease.
    fn seen(&self, read: &io::Result<Option<Lease>>, owner: &Owner) -> Seen {
        match read {
            Ok(None) => Seen::Nobody,
            Ok(Some(held)) if held.owner.is(owner) => Seen::Own,
            Ok(Some(held)) if self.is_live(held) => Seen::Live,
            Ok(Some(_)) | Err(_) => Seen::Dead,
        }
    }

    /// Releases every lease that `which` says yes to, and returns how many.
    /// Lists a folder.
    ///
    /// # Errors
    /// What the system says; leases released before that stay released.
    pub fn release_leases(&self, which: impl Fn(&Lease) -> bool) -> io::Result<usize> {
        let locks = self.root().join("locks");
        if fs::symlink_metadata(&locks).is_err() {
            return Ok(0);
        }
        let _lock = Lock::acquire(&locks.join(".lock"), LOCK_WAIT)?;
        let mut released = 0;
        for place in list(&locks)? {
            let Ok(Some(lease)) = read_json::<Lease>(&place.join(OWNER_FILE)) else {
                continue;
            };
            if which(&lease) {
                self.put_away(&place)?;
                self.log_lease(&lease, "released")?;
                released += 1;
            }
        }
        Ok(released)
    }

    /// Releases the leases that count for nothing any more. Lists a folder.
    ///
    /// # Errors
    /// As [`State::release_leases`].
    pub(super) fn sweep_leases(&self) -> io::Result<Vec<Swept>> {
        let locks = self.root().join("locks");
        if fs::symlink_metadata(&locks).is_err() {
            return Ok(Vec::new());
        }
        let _lock = Lock::acquire(&locks.join(".lock"), LOCK_WAIT)?;
        let mut swept = Vec::new();
        for place in list(&locks)? {
            let Ok(Some(lease)) = read_json::<Lease>(&place.join(OWNER_FILE)) else {
                continue;
            };
            if !self.is_live(&lease) {
                self.put_away(&place)?;
                let (what, name) = ("lease", lease.file);
                swept.push(Swept { what, name });
            }
        }
        Ok(swept)
    }

    /// Returns the live leases, sorted by file. Lists a folder.
    ///
    /// # Errors
    /// What the system says.
    pub fn leases(&self) -> io::Result<Vec<Lease>> {
        let mut leases: Vec<Lease> = list(&self.root().join("locks"))?
            .iter()
            .filter_map(|place| read_json(&place.join(OWNER_FILE)).ok().flatten())
            .filter(|lease| self.is_live(lease))
            .collect();
        leases.sort_by(|a, b| a.file.cmp(&b.file));
        Ok(leases)
    }

    fn lease(&self, file: &str, owner: &Owner, purpose: &str, ttl: Duration) -> Lease {
        Lease {
            file: file.to_owned(),
            owner: owner.clone(),
            purpose: purpose.to_owned(),
            since: rfc3339(self.now()),
            until: rfc3339(self.now() + ttl),
        }
    }

    /// Returns whether `owner` holds the lease at `place` and renewed it a
    /// moment ago, so that writing it again would change next to nothing.
    /// Without a lock: nobody takes away a lease that is live, but its owner.
    fn is_fresh(&self, place: &Path, owner: &Owner, ttl: Duration) -> bool {
        let Ok(Some(held)) = read_json::<Lease>(&place.join(OWNER_FILE)) else {
            return false;
        };
        let until = humantime::parse_rfc3339(&held.until);
        held.owner == *owner
            && until.is_ok_and(|until| until > self.now() + ttl.saturating_sub(LEASE_FRESH))
    }

    fn is_live(&self, lease: &Lease) -> bool {
        let until = humantime::parse_rfc3339(&lease.until).unwrap_or(SystemTime::UNIX_EPOCH);
        until > self.now() && lease.owner.client().is_none_or(|client| client.runs())
    }

    /// Moves a lease out of its place; what is left of it is then deleted.
    fn put_away(&self, place: &Path) -> io::Result<()> {
        let aside = atomic::temporary_name(place);
        match atomic::rename(place, &aside) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            other => other?,
        }
        // It is no lease any more; a leftover is swept with the folder.
        let _ = fs::remove_dir_all(&aside);
        Ok(())
    }

    fn log_lease(&self, lease: &Lease, step: &str) -> io::Result<()> {
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
        atomic::append(&session.make("")?.join("file_locks.jsonl"), &line)
    }
}

/// Returns the folder name of a file's lease. Where file systems take two
/// spellings for one file, so does this.
fn lease_name(file: &str) -> String {
    let folded = cfg!(target_os = "macos").then(|| file.to_lowercase());
    let file = folded.as_deref().unwrap_or(file);
    format!("{}.lock", sha256_hex(file.as_bytes()))
}

/// Puts the lease into its place; `false` when there is one already.
fn place_lease(place: &Path, lease: &Lease) -> io::Result<bool> {
    let aside: PathBuf = atomic::temporary_name(place);
    atomic::make_folder_of(&aside, OWNER_FILE, &json(lease)?)?;
    match atomic::rename(&aside, place) {
        Ok(()) => Ok(true),
        Err(error) => {
            let _ = fs::remove_dir_all(&aside);
            match error.kind() {
                io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::AlreadyExists => Ok(false),
                _ => Err(error),
            }
        }
    }
}

fn json<T: Serialize>(value: &T) -> io::Result<Vec<u8>> {
    serde_json::to_vec(value).map_err(io::Error::from)
}

#[cfg(test)]
mod tests;
