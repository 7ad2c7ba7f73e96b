//! Changing a file that an agent has edited, and never under its feet.
//!
//! A file is changed only when it is still what the agent wrote, by its stamp,
//! and no edit of it has begun since: the guard renews the lease on a file
//! before each edit, so a lease that is newer than the last edit that was
//! recorded says that another one is on its way. Both are looked at behind the
//! writing aside and right before the rename. An edit that begins after that
//! look writes only when its own hook has ended and the client has read the
//! file, which is long after the rename; it then meets the mended file, and the
//! client makes the agent read it again.

use std::io;
use std::path::Path;
use std::time::SystemTime;

use crate::state::edits::Stamp;
use crate::state::{State, atomic};

/// A file that was looked at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen<'a> {
    pub(super) file: &'a Path,
    pub(super) checkout: &'a Path,
    /// How it was.
    pub(super) stamp: Stamp,
    /// When the last edit of it was recorded.
    pub(super) edited: SystemTime,
}

impl Seen<'_> {
    /// Returns whether it is what it was and nobody is about to edit it.
    pub(super) fn is_still(&self, state: &State) -> bool {
        let is_edited = || {
            let name = self.file.strip_prefix(self.checkout).ok()?.to_str()?;
            Some(state.lease_renewed(name)? > self.edited)
        };
        Stamp::of(self.file).is_ok_and(|stamp| stamp == self.stamp) && is_edited() != Some(true)
    }

    /// Replaces it by `bytes` in one step, if it is what it was; returns its new
    /// stamp then. Its mode stays.
    ///
    /// # Errors
    /// What the system says.
    pub(super) fn replace(&self, state: &State, bytes: &[u8]) -> io::Result<Option<Stamp>> {
        let is_replaced = atomic::replace_if(self.file, bytes, || self.is_still(state))?;
        is_replaced.then(|| Stamp::of(self.file)).transpose()
    }
}
