//! Leases on files: who is changing a file, since when, until when.
//!
//! ```text
//! .maos/sessions/<session>/held/<agent, or _main>/<checkout>/<mark>    it counts
//! .maos/locks/<sha256 of the path in the repository>.lock              a lease
//! .maos/locks/<sha256 of that and of a checkout>.lock                  one on the copy there
//! ```
//!
//! A lease is one file with two names. The first, its mark, is among what its
//! holder has: a name that no other lease ever has, and a lease whose mark is gone
//! counts for nothing. Once it is whole, it gets the second, the file's place,
//! which succeeds for exactly one process while no lease is there. (A renewed one
//! is a file of its own in that place.) So all that an agent or a session holds is
//! given back by one rename of the folder of its marks, whether that is one lease
//! or ten thousand, and no killed process can give back a part.
//!
//! A lease is live while its mark is there, its time is not over and its
//! client's process runs. Why at most one owner is live at any instant is said in
//! `protocol.rs`, and tested there. A process killed between two calls leaves
//! either the old lease, none, or the new one; files that it wrote aside start
//! with a dot and are no lease, and a mark without a lease says nothing.
//!
//! One file is one lease however it is spelled: links, `..` and the checkout's
//! root are resolved before, and where the file system takes upper and lower case
//! for the same, so does the name of the lease.

mod copies;
mod protocol;
mod release;
mod take;

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::process::Process;
use crate::config::limits::{LEASE_TTL, LEASE_WAIT};
use crate::json::printable;

/// How long a change to a lease waits for another process's.
const LOCK_WAIT: Duration = Duration::from_secs(2);
/// The lock of all leases, beside them.
const LOCK: &str = ".lock";
/// The journal of a session's leases.
const JOURNAL: &str = "file_locks.jsonl";

/// Who holds a lease or a reservation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// The session; empty for a person at a terminal.
    pub session: String,
    /// The agent's id; absent for the main thread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// The agent's type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_type: Option<String>,
    /// The client's process: when it is gone, so is the lease.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<Process>,
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
    /// The name of the file that has to be there for it to count.
    #[serde(default)]
    mark: String,
}

/// How an attempt to take a lease ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// The caller holds it.
    Yes,
    /// The caller holds that on the copy in its checkout, and another that on the
    /// copy in its own.
    Beside(Box<Lease>),
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
    /// Returns whether two owners are the same agent, the same main thread, or
    /// both a person at a terminal.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        self.session == other.session && self.agent == other.agent
    }

    /// Returns whether the two are the same and not two: a session can be gone on
    /// with in a second client while the first still runs.
    #[must_use]
    pub(super) fn is_now(&self, other: &Self) -> bool {
        let is_second = || {
            let clients = self.client.zip(other.client);
            clients.is_some_and(|(own, theirs)| own != theirs && own.runs() && theirs.runs())
        };
        self.is(other) && !is_second()
    }

    /// Returns who it is in a few words.
    #[must_use]
    pub fn describe(&self) -> String {
        match (&self.agent, &self.agent_type) {
            (None, _) if self.session.is_empty() => "a person at a terminal".to_owned(),
            (None, _) => "the main thread".to_owned(),
            (Some(id), Some(kind)) => printable(&format!("agent {kind} ({id})")),
            (Some(id), None) => printable(&format!("agent {id}")),
        }
    }
}

#[cfg(test)]
mod tests;
