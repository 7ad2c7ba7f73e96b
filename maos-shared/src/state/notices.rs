//! What was said to the person lately.
//!
//! ```text
//! .maos/notices/<kind>-<slot>            said in that slot of time, and when
//! .maos/sessions/<session>/called.json   when the session last called the person
//! ```
//!
//! Why this is safe: time is cut into slots as long as the interval, and the
//! file of a slot is created by exactly one process, which may then speak; one
//! killed behind that has said nothing, and the next slot is free. Two that stand
//! on both sides of a border see each other by the time in the file, unless both
//! claim in the same moment: then both speak, which is the lesser evil. Nothing
//! is read and written back.

use std::fs;
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::agents::read_json;
use super::layout::{Session, State};
use super::{SafeName, atomic};

const CALLED: &str = "called.json";

impl State {
    /// Returns whether the caller may say `kind` now: one may in each
    /// `interval`. Lists a folder when it may.
    ///
    /// # Errors
    /// What the system says.
    pub fn claim_notice(&self, kind: &str, interval: Duration) -> io::Result<bool> {
        let interval = millis(interval).max(1);
        let now = millis_of(self.now());
        let slot = now / interval;
        let folder = self.notices()?;
        let kind = SafeName::new(kind);
        let name = |slot: u64| format!("{kind}-{slot}.json");
        let before = slot.checked_sub(1).map(&name);
        if let Some(before) = &before {
            let said: Option<u64> = read_json(&folder.join(before))?;
            if said.is_some_and(|said| now.saturating_sub(said) < interval) {
                return Ok(false);
            }
        }
        let own = name(slot);
        match atomic::write_new(&folder.join(&own), now.to_string().as_bytes()) {
            Ok(()) => {
                sweep(&folder, &format!("{kind}-"), &own);
                Ok(true)
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(error),
        }
    }
}

impl Session {
    /// Keeps that the session has called the person now.
    ///
    /// # Errors
    /// What the system says.
    pub fn called(&self) -> io::Result<()> {
        let now = millis_of(self.now()).to_string();
        atomic::replace(&self.make("")?.join(CALLED), now.as_bytes())
    }

    /// Returns whether the session has called the person within `time`.
    ///
    /// # Errors
    /// What the system says, or when the file is damaged.
    pub fn has_called(&self, time: Duration) -> io::Result<bool> {
        let called: Option<u64> = read_json(&self.dir().join(CALLED))?;
        let now = millis_of(self.now());
        Ok(called.is_some_and(|called| now.saturating_sub(called) < millis(time)))
    }
}

/// Removes the files of older slots. One that another process needs at this
/// moment is no older one; one that cannot be removed is tried again next time.
fn sweep(folder: &Path, prefix: &str, own: &str) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(prefix) && *name != *own {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn millis_of(time: SystemTime) -> u64 {
    millis(time.duration_since(UNIX_EPOCH).unwrap_or_default())
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(dir: &Path, millis: u64) -> State {
        let now = UNIX_EPOCH + Duration::from_millis(millis);
        State::at(dir.join(".maos"), now)
    }

    #[test]
    fn a_kind_is_said_once_in_its_interval() {
        let dir = tempfile::tempdir().unwrap();
        let interval = Duration::from_secs(1);
        for (millis, kind, may) in [
            (10_900, "done", true),
            (10_950, "done", false),
            (10_950, "idle", true),
            // Another slot, but not yet a second later.
            (11_100, "done", false),
            (11_950, "done", true),
            (60_000, "done", true),
        ] {
            let claimed = at(dir.path(), millis).claim_notice(kind, interval).unwrap();
            assert_eq!(claimed, may, "{millis} {kind}");
        }
        let left = fs::read_dir(dir.path().join(".maos/notices")).unwrap();
        assert_eq!(left.count(), 2, "one of each kind");
    }

    #[test]
    fn one_of_many_may_speak() {
        let dir = tempfile::tempdir().unwrap();
        let state = at(dir.path(), 5_500);
        let may: usize = std::thread::scope(|scope| {
            let one = || scope.spawn(|| state.claim_notice("done", Duration::from_secs(1)));
            let threads: Vec<_> = (0..8).map(|_| one()).collect();
            let threads = threads.into_iter();
            threads
                .map(|it| usize::from(it.join().unwrap().unwrap()))
                .sum()
        });
        assert_eq!(may, 1);
    }

    #[test]
    fn a_session_knows_when_it_called() {
        let dir = tempfile::tempdir().unwrap();
        let minute = Duration::from_secs(60);
        let then = at(dir.path(), 100_000);
        assert!(!then.session("s").has_called(minute).unwrap());
        then.session("s").called().unwrap();
        for (millis, called) in [(159_999, true), (160_000, false)] {
            let session = at(dir.path(), millis).session("s");
            assert_eq!(session.has_called(minute).unwrap(), called);
        }
        assert!(!then.session("t").has_called(minute).unwrap());
    }
}
