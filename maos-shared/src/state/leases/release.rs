//! Giving leases back, and looking at all that there are.

use std::fs;
use std::io;
use std::path::Path;

use serde::Serialize;

use super::take::json;
use super::{JOURNAL, LOCK, LOCK_WAIT, Lease};
use crate::journal::rfc3339;
use crate::project::WORKTREES;
use crate::state::agents::{list, read_json};
use crate::state::lock::Lock;
use crate::state::{Session, State, Swept, atomic};

impl Session {
    /// Gives back all that an agent holds, or the main thread where `agent` is
    /// nobody: to be called once its work is merged, has come back or is
    /// discarded. Two looks at the file system where it holds nothing, one rename
    /// where it holds any number; safe to call again.
    ///
    /// # Errors
    /// What the system says; then it still holds all of it.
    pub fn release_leases_of(&self, agent: Option<&str>) -> io::Result<()> {
        self.drop_marks(&self.held_by(agent), "released-all", agent)
    }

    /// Gives back what an agent, or the main thread, holds in one checkout: to be
    /// called when that is gone. As [`Session::release_leases_of`].
    ///
    /// # Errors
    /// As there.
    pub fn release_leases_in(&self, agent: Option<&str>, checkout: &Path) -> io::Result<()> {
        let folder = self.held_in(agent, checkout);
        self.drop_marks(&folder, "released-some", agent)
    }

    /// Gives back all that the session holds, as [`Session::release_leases_of`].
    ///
    /// # Errors
    /// As there.
    pub fn release_all_leases(&self) -> io::Result<()> {
        self.drop_marks(&self.held(), "ended", None)
    }

    fn drop_marks(&self, folder: &Path, step: &str, agent: Option<&str>) -> io::Result<()> {
        #[derive(Serialize)]
        struct Line<'a> {
            time: String,
            step: &'a str,
            agent: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            duration_us: Option<u128>,
        }
        match atomic::check_dir(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            checked => checked?,
        }
        let state = self.state().ok_or(io::ErrorKind::InvalidInput)?;
        state.discard(folder)?;
        let mut line = json(&Line {
            time: rfc3339(self.now()),
            step,
            agent,
            duration_us: self.hook_us(),
        })?;
        line.push(b'\n');
        atomic::append(&self.dir().join(JOURNAL), &line)
    }
}

impl State {
    /// Releases every lease that `which` says yes to, and returns how many were
    /// live. Lists all leases: for people.
    ///
    /// # Errors
    /// What the system says; leases released before that stay released.
    pub fn release_leases(&self, which: impl Fn(&Lease) -> bool) -> io::Result<usize> {
        let released = self.put_away_where(which)?;
        let live = released.iter().filter(|(_, was_live)| *was_live);
        let mut count = 0;
        for (lease, _) in live {
            self.log_lease(lease, "released")?;
            count += 1;
        }
        Ok(count)
    }

    /// Removes the leases that count for nothing any more, and those on copies in
    /// workspaces that have gone. Lists a folder.
    ///
    /// # Errors
    /// As [`State::release_leases`].
    pub(in crate::state) fn sweep_leases(&self) -> io::Result<Vec<Swept>> {
        let dead = self.put_away_where(|lease| !self.is_live(lease) || has_gone(lease))?;
        let swept = dead.into_iter().map(|(lease, _)| Swept {
            what: "lease",
            name: lease.file,
        });
        Ok(swept.collect())
    }

    /// Returns the live leases, sorted by file. Lists a folder.
    ///
    /// # Errors
    /// What the system says.
    pub fn leases(&self) -> io::Result<Vec<Lease>> {
        let mut leases: Vec<Lease> = list(&self.root().join("locks"))?
            .iter()
            .filter_map(|place| read_json(place).ok().flatten())
            .filter(|lease| self.is_live(lease))
            .collect();
        crate::order::sort_by(&mut leases, &|a, b| a.file.cmp(&b.file));
        Ok(leases)
    }

    /// Puts away the leases that `is_meant` says yes to, and returns them, with
    /// whether they were live. Takes the lock for each of them, no longer than
    /// for one: there may be thousands.
    fn put_away_where(&self, is_meant: impl Fn(&Lease) -> bool) -> io::Result<Vec<(Lease, bool)>> {
        let mut put_away = Vec::new();
        for place in list(&self.root().join("locks"))? {
            put_away.extend(self.put_away_at(&place, &is_meant)?);
        }
        Ok(put_away)
    }

    /// Puts away the lease in `place`, if `is_meant` says yes to it, and returns it,
    /// with whether it was live.
    pub(super) fn put_away_at(
        &self,
        place: &Path,
        is_meant: impl Fn(&Lease) -> bool,
    ) -> io::Result<Option<(Lease, bool)>> {
        let read = || {
            let lease = read_json::<Lease>(place).ok().flatten();
            lease.filter(&is_meant)
        };
        if read().is_none() {
            return Ok(None);
        }
        let _lock = Lock::acquire(&self.root().join("locks").join(LOCK), LOCK_WAIT)?;
        // It may be another's by now.
        let Some(lease) = read() else {
            return Ok(None);
        };
        let was_live = self.is_live(&lease);
        self.put_away(place)?;
        self.drop_mark(&lease);
        Ok(Some((lease, was_live)))
    }

    /// Removes the mark of a lease that is in no place; one that stays says
    /// nothing.
    pub(super) fn drop_mark(&self, lease: &Lease) {
        if let Some(mark) = self.mark_of(lease) {
            let _ = fs::remove_file(mark);
        }
    }

    /// Moves a lease out of its place; what is left of it is then deleted.
    pub(super) fn put_away(&self, place: &Path) -> io::Result<()> {
        let aside = atomic::temporary_name(place);
        match atomic::rename(place, &aside) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            other => other?,
        }
        // It is no lease any more; a leftover is swept with the folder. Another may
        // have put a folder there.
        let _ = fs::remove_file(&aside).or_else(|_| fs::remove_dir_all(&aside));
        Ok(())
    }
}

/// Returns whether the lease is on a copy in a workspace that somebody has removed.
fn has_gone(lease: &Lease) -> bool {
    let checkout = &lease.owner.checkout;
    let is_workspace = checkout.parent().is_some_and(|it| it.ends_with(WORKTREES));
    let is_missing = |error: io::Error| error.kind() == io::ErrorKind::NotFound;
    is_workspace && fs::symlink_metadata(checkout).is_err_and(is_missing)
}
