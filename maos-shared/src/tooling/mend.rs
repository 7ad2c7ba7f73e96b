//! Changing a file that an agent has edited, and never under its feet.
//!
//! A file is changed only when it is still what the agent wrote, by its stamp,
//! and no edit of it has begun since: before each edit the guard marks the lease
//! on the file as used, so a lease that was used again since says that another
//! edit is on its way. Both are looked at behind the writing
//! aside and right before the rename. An edit that begins after that look writes
//! only when its own hook has ended and the client has read the file, which is
//! long after the rename; it then meets the mended file, and the client makes the
//! agent read it again.

use std::io;
use std::path::Path;
use std::time::SystemTime;

use super::finding::{CHANGED, Finding};
use crate::jobs::Output;
use crate::state::edits::Stamp;
use crate::state::{State, atomic};

/// A file that was looked at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen<'a> {
    pub(super) file: &'a Path,
    pub(super) checkout: &'a Path,
    /// How it was.
    pub(super) stamp: Stamp,
    /// When the lease on it was used last before that.
    pub(super) leased: Option<SystemTime>,
}

/// Returns when the lease on the file was used last; `None` where there is none.
pub(super) fn leased(state: &State, file: &Path, checkout: &Path) -> Option<SystemTime> {
    state.lease_used(file.strip_prefix(checkout).ok()?.to_str()?, checkout)
}

impl Seen<'_> {
    /// Returns whether it is what it was and nobody is about to edit it.
    pub(super) fn is_still(&self, state: &State) -> bool {
        Stamp::of(self.file).is_ok_and(|stamp| stamp == self.stamp) && !self.is_being_edited(state)
    }

    /// Returns whether an edit of it has begun since.
    pub(super) fn is_being_edited(&self, state: &State) -> bool {
        let used = leased(state, self.file, self.checkout);
        used.is_some() && used != self.leased
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

    /// Makes the file what the formatter `name` has made of its `text`, if it is
    /// what it was, and returns what there is to say of that, and its new stamp.
    ///
    /// # Errors
    /// What the system says.
    pub(super) fn apply(
        &self,
        state: &State,
        text: &[u8],
        output: &Output,
        name: &str,
    ) -> io::Result<(Option<Finding>, Option<Stamp>)> {
        let say = |text: String| Some(Finding::of_file(self.file, text));
        if !output.success {
            // Half of an edit is no mistake.
            if !self.is_still(state) {
                return Ok((None, None));
            }
            let said = String::from_utf8_lossy(&output.stderr);
            let first = said.lines().find(|line| !line.trim().is_empty());
            let finding = say(format!("{name}: {}", first.unwrap_or(&output.status)));
            let error = finding.map(|it| Finding {
                is_error: true,
                ..it
            });
            return Ok((error, None));
        }
        if !output.is_whole {
            let long = "is not formatted, since what the formatter wrote is too long";
            return Ok((say(long.to_owned()), None));
        }
        if is_unchanged(text, output) {
            return Ok((None, None));
        }
        Ok(match self.replace(state, &output.stdout)? {
            Some(stamp) => (say(format!("was formatted{CHANGED}")), Some(stamp)),
            None => (
                say("is not formatted, and was left so since it was being edited".to_owned()),
                None,
            ),
        })
    }
}

/// Returns whether a formatter leaves `text` as it is; one that writes nothing has
/// nothing to say of it.
pub(super) fn is_unchanged(text: &[u8], output: &Output) -> bool {
    output.stdout == text || output.stdout.is_empty()
}
