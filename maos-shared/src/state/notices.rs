//! What was said to the person lately.
//!
//! ```text
//! .maos/notices/<call>-<slot>.json       said in that slot of time: when, and what
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

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::agents::{list, read_json};
use super::layout::{Session, State};
use super::{SafeName, atomic};

const CALLED: &str = "called.json";

/// A call in its slot.
#[derive(Debug, Serialize, Deserialize)]
struct Claimed<T> {
    /// When, in milliseconds of the epoch.
    at: u64,
    /// How long it counts, in milliseconds.
    interval: u64,
    said: T,
}

impl<T> Claimed<T> {
    /// Returns whether it still counts; one that lies ahead is of another clock.
    const fn counts(&self, now: u64) -> bool {
        self.at <= now && now - self.at < self.interval
    }
}

impl State {
    /// Claims the right to say `said` now, which the same `call` has once in each
    /// `interval`. Returns what other calls have said within `burst`, the oldest
    /// first; `None` where the same was said. Reads a folder of small files.
    ///
    /// # Errors
    /// What the system says.
    pub fn claim_notice<T: Serialize + DeserializeOwned>(
        &self,
        call: &str,
        interval: Duration,
        burst: Duration,
        said: T,
    ) -> io::Result<Option<Vec<T>>> {
        let (interval, burst) = (millis(interval).max(1), millis(burst));
        let now = millis_of(self.now());
        let slot = now / interval;
        let folder = self.notices()?;
        let call = SafeName::new(call);
        let name = |slot: u64| format!("{call}-{slot}.json");
        let before = slot.checked_sub(1).map(&name);
        if let Some(before) = &before {
            let said: Option<Claimed<T>> = read_json(&folder.join(before))?;
            if said.is_some_and(|said| said.counts(now)) {
                return Ok(None);
            }
        }
        let own = folder.join(name(slot));
        let claimed = Claimed {
            at: now,
            interval,
            said,
        };
        match atomic::write_new(&own, &serde_json::to_vec(&claimed)?) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(None),
            Err(error) => return Err(error),
        }
        let mut others = Vec::new();
        for path in list(&folder)? {
            if path != own
                && let Ok(Some(other)) = read_json::<Claimed<T>>(&path)
            {
                others.extend(kept(&path, other, now));
            }
        }
        others.retain(|other| now - other.at < burst);
        crate::order::sort_by(&mut others, &|a, b| a.at.cmp(&b.at));
        Ok(Some(others.into_iter().map(|other| other.said).collect()))
    }
}

/// Returns what still counts; what does not any more is removed. That is no file
/// that another process needs at this moment, and is tried again where it fails.
fn kept<T>(path: &Path, claimed: Claimed<T>, now: u64) -> Option<Claimed<T>> {
    if claimed.counts(now) {
        return Some(claimed);
    }
    let _ = fs::remove_file(path);
    None
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
    fn the_same_is_said_once_in_its_interval_and_others_of_the_burst_are_named() {
        let dir = tempfile::tempdir().unwrap();
        let second = Duration::from_secs(1);
        let burst = Duration::from_millis(300);
        for (millis, call, others) in [
            (10_700, "done\n1", Some(vec![])),
            (10_750, "done\n1", None),
            (10_900, "idle", Some(vec![10_700])),
            (10_950, "done\n2", Some(vec![10_700, 10_900])),
            // Another slot, but not yet a second later.
            (11_100, "done\n1", None),
            (11_200, "blocked", Some(vec![10_950])),
            (11_750, "done\n1", Some(vec![])),
            // The clock was set back.
            (9_000, "idle", Some(vec![])),
            (60_000, "done\n1", Some(vec![])),
        ] {
            let state = at(dir.path(), millis);
            let claimed = state.claim_notice(call, second, burst, millis);
            assert_eq!(claimed.unwrap(), others, "{millis} {call}");
        }
        let left = fs::read_dir(dir.path().join(".maos/notices")).unwrap();
        assert_eq!(left.count(), 1, "what does not count any more goes");
    }

    #[test]
    fn one_of_many_may_speak() {
        let dir = tempfile::tempdir().unwrap();
        let state = at(dir.path(), 5_500);
        let second = Duration::from_secs(1);
        let may: usize = std::thread::scope(|scope| {
            let one = || scope.spawn(|| state.claim_notice("done", second, second, ()));
            let threads: Vec<_> = (0..8).map(|_| one()).collect();
            let threads = threads.into_iter();
            let claims = threads.map(|it| it.join().unwrap().unwrap());
            claims.map(|it| usize::from(it.is_some())).sum()
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
