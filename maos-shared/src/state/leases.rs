//! Leases on files: who is changing a file, since when, until when.
//!
//! A lease is the folder `.maos/locks/<sha256 of the repository-relative
//! path>.lock/` with its owner's file inside. It appears whole: the folder is
//! made aside with the owner in it and renamed into place, which succeeds for
//! exactly one process while no lease is there (a folder that is not empty is
//! never replaced).
//!
//! Why at most one owner is live: every change to a lease that is already
//! there (renewing, taking over, releasing) happens under one lock that the
//! system frees when its holder dies, and looks at the owner again under that
//! lock. Creating an absent lease needs no lock: of several creators the
//! rename lets one win, and a creator cannot undo what a lock holder does,
//! because it only ever fills an empty place. A process killed between two
//! calls leaves either the old lease, none, or the new one; folders that it
//! made aside start with a dot and are no lease.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use super::agents::{list, read_json};
use super::lock::Lock;
use super::{State, Swept, atomic, sha256_hex};
use crate::config::limits::{LEASE_FRESH, LEASE_TTL};
use crate::journal::rfc3339;

/// How long a change to a lease waits for another process's.
const LOCK_WAIT: Duration = Duration::from_secs(2);
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

impl Owner {
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
    /// or renews it. One rename when nobody holds it.
    ///
    /// # Errors
    /// What the system says about the state. Blocks only while another process
    /// changes a lease, two seconds at most.
    pub fn take_lease(&self, file: &str, owner: &Owner, purpose: &str) -> io::Result<Taken> {
        let locks = self.locks()?;
        let place = locks.join(lease_name(file));
        let lease = self.lease(file, owner, purpose);
        if self.is_fresh(&place, owner) {
            return Ok(Taken::Yes);
        }
        if place_lease(&place, &lease)? {
            self.log_lease(&lease, "acquired")?;
            return Ok(Taken::Yes);
        }
        let _lock = Lock::acquire(&locks.join(".lock"), LOCK_WAIT)?;
        let mut found = read_json::<Lease>(&place.join(OWNER_FILE));
        if let Ok(None) = found {
            // Released between the two looks, or a folder without an owner.
            if place_lease(&place, &lease)? {
                self.log_lease(&lease, "acquired")?;
                return Ok(Taken::Yes);
            }
            // Only who holds the lock takes a lease away: one that is there now
            // stays, and what has no owner now is none.
            found = read_json(&place.join(OWNER_FILE));
        }
        match found {
            Ok(Some(held)) if held.owner.is(owner) => {
                let renewed = Lease {
                    since: held.since,
                    ..lease
                };
                atomic::replace(&place.join(OWNER_FILE), &json(&renewed)?)?;
                return Ok(Taken::Yes);
            }
            Ok(Some(held)) if self.is_live(&held) => return Ok(Taken::HeldBy(Box::new(held))),
            // Dead, expired, damaged or without an owner: it goes, whole, and
            // its place is free.
            Ok(_) | Err(_) => self.put_away(&place)?,
        }
        if place_lease(&place, &lease)? {
            self.log_lease(&lease, "acquired")?;
            return Ok(Taken::Yes);
        }
        // Somebody who needed no lock was faster.
        match read_json::<Lease>(&place.join(OWNER_FILE))? {
            Some(held) if !held.owner.is(owner) => Ok(Taken::HeldBy(Box::new(held))),
            Some(_) => Ok(Taken::Yes),
            None => Err(io::Error::from(io::ErrorKind::InvalidData)),
        }
    }

    /// Returns when the lease on `file` was last taken or renewed, whoever holds
    /// it; `None` where there is none.
    #[must_use]
    pub fn lease_renewed(&self, file: &str) -> Option<SystemTime> {
        let place = self.root().join("locks").join(lease_name(file));
        fs::metadata(place.join(OWNER_FILE)).ok()?.modified().ok()
    }

    /// Releases every lease that `whose` says yes to, and returns how many.
    /// Lists a folder.
    ///
    /// # Errors
    /// What the system says; leases released before that stay released.
    pub fn release_leases(&self, whose: impl Fn(&Owner) -> bool) -> io::Result<usize> {
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
            if whose(&lease.owner) {
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

    fn lease(&self, file: &str, owner: &Owner, purpose: &str) -> Lease {
        Lease {
            file: file.to_owned(),
            owner: owner.clone(),
            purpose: purpose.to_owned(),
            since: rfc3339(self.now()),
            until: rfc3339(self.now() + LEASE_TTL),
        }
    }

    /// Returns whether `owner` holds the lease at `place` and renewed it a
    /// moment ago, so that writing it again would change next to nothing.
    /// Without a lock: nobody takes away a lease that is live, but its owner.
    fn is_fresh(&self, place: &Path, owner: &Owner) -> bool {
        let Ok(Some(held)) = read_json::<Lease>(&place.join(OWNER_FILE)) else {
            return false;
        };
        let until = humantime::parse_rfc3339(&held.until);
        held.owner == *owner
            && until.is_ok_and(|until| until > self.now() + (LEASE_TTL - LEASE_FRESH))
    }

    fn is_live(&self, lease: &Lease) -> bool {
        let until = humantime::parse_rfc3339(&lease.until).unwrap_or(SystemTime::UNIX_EPOCH);
        until > self.now() && lease.owner.client_pid.is_none_or(process_runs)
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

/// Returns the folder name of a file's lease.
fn lease_name(file: &str) -> String {
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

fn process_runs(pid: u32) -> bool {
    let Ok(pid) = i32::try_from(pid) else {
        return false;
    };
    // Signal 0 only asks; a process of another user exists as well.
    !matches!(
        nix::sys::signal::kill(nix::unistd::Pid::from_raw(pid), None),
        Err(nix::errno::Errno::ESRCH)
    )
}

fn json<T: Serialize>(value: &T) -> io::Result<Vec<u8>> {
    serde_json::to_vec(value).map_err(io::Error::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(agent: &str) -> Owner {
        Owner {
            session: "s".to_owned(),
            agent: Some(agent.to_owned()),
            agent_type: None,
            client_pid: Some(std::process::id()),
            checkout: PathBuf::from("/p"),
        }
    }

    fn state(dir: &Path, seconds: u64) -> State {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        State::at(dir.join(".maos"), now)
    }

    #[test]
    fn one_owner_until_released_or_expired() {
        let dir = tempfile::tempdir().unwrap();
        let now = state(dir.path(), 1_000);
        assert_eq!(
            now.take_lease("a.rs", &owner("a1"), "Edit").unwrap(),
            Taken::Yes
        );
        assert_eq!(
            now.take_lease("a.rs", &owner("a1"), "Edit").unwrap(),
            Taken::Yes
        );
        let Taken::HeldBy(held) = now.take_lease("a.rs", &owner("a2"), "Edit").unwrap() else {
            panic!("two owners");
        };
        assert_eq!(held.owner, owner("a1"));
        assert_eq!(
            now.take_lease("b.rs", &owner("a2"), "Edit").unwrap(),
            Taken::Yes
        );

        let later = state(dir.path(), 1_000 + LEASE_TTL.as_secs());
        assert_eq!(
            later.take_lease("a.rs", &owner("a2"), "Edit").unwrap(),
            Taken::Yes
        );

        let mine = |o: &Owner| o.agent.as_deref() == Some("a2");
        assert_eq!(later.release_leases(mine).unwrap(), 2);
        assert_eq!(later.leases().unwrap(), []);
        let left = fs::read_dir(later.root().join("locks")).unwrap();
        let names: Vec<_> = left.map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, [".lock"], "nothing is left of them");
    }

    #[test]
    fn a_lease_is_written_again_once_it_is_no_longer_fresh() {
        let dir = tempfile::tempdir().unwrap();
        let until = |at: u64, owner: &Owner| {
            let now = state(dir.path(), at);
            assert_eq!(now.take_lease("a.rs", owner, "Edit").unwrap(), Taken::Yes);
            now.leases().unwrap().remove(0).until
        };
        let first = until(1_000, &owner("a1"));
        assert_eq!(until(1_059, &owner("a1")), first);
        assert_ne!(until(1_060, &owner("a1")), first);
        let moved = Owner {
            checkout: PathBuf::from("/q"),
            ..owner("a1")
        };
        until(1_061, &moved);
        let leases = state(dir.path(), 1_061).leases().unwrap();
        assert_eq!(leases[0].owner, moved, "another checkout is no small thing");
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a real process that is gone")]
    fn a_dead_client_holds_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let now = state(dir.path(), 1_000);
        let mut child = std::process::Command::new("true").spawn().unwrap();
        let gone = Owner {
            client_pid: Some(child.id()),
            ..owner("a1")
        };
        child.wait().unwrap();
        assert_eq!(now.take_lease("a.rs", &gone, "Edit").unwrap(), Taken::Yes);
        assert_eq!(
            now.take_lease("a.rs", &owner("a2"), "Edit").unwrap(),
            Taken::Yes
        );
    }

    #[test]
    fn of_many_that_take_over_one_wins() {
        let dir = tempfile::tempdir().unwrap();
        for round in 0..20 {
            let now = state(dir.path(), 10_000 * (round + 1));
            let winners: usize = std::thread::scope(|scope| {
                let threads: Vec<_> = (0..6)
                    .map(|n| {
                        let now = &now;
                        scope.spawn(move || {
                            let me = owner(&format!("a{round}-{n}"));
                            let taken = now.take_lease("a.rs", &me, "Edit").unwrap();
                            usize::from(taken == Taken::Yes)
                        })
                    })
                    .collect();
                threads.into_iter().map(|t| t.join().unwrap()).sum()
            });
            assert_eq!(winners, 1, "round {round}");
        }
    }

    #[test]
    fn a_lease_with_garbage_inside_does_not_stand_in_the_way() {
        let dir = tempfile::tempdir().unwrap();
        let now = state(dir.path(), 1_000);
        for (file, inside) in [("a.rs", OWNER_FILE), ("b.rs", "other.json")] {
            let place = now.locks().unwrap().join(lease_name(file));
            fs::create_dir(&place).unwrap();
            atomic::replace(&place.join(inside), b"{").unwrap();
            let taken = now.take_lease(file, &owner("a1"), "Edit").unwrap();
            assert_eq!(taken, Taken::Yes);
            let other = now.take_lease(file, &owner("a2"), "Edit").unwrap();
            assert!(matches!(other, Taken::HeldBy(_)), "two owners of {file}");
        }
        assert_eq!(now.leases().unwrap().len(), 2);
    }
}
