//! How many agents a session has, has at work, and launched of late.
//!
//! ```text
//! launched/<minute>/<milliseconds>-<call>   a launch, empty
//! ```
//!
//! Why this is safe: a launch is one file that appears at once, and counting
//! reads names alone. Of several that launch at the same moment each may see the
//! others not yet: the limit is one against runaway loops, not a lock.

use std::fs;
use std::io;
#[cfg(target_os = "linux")]
use std::mem::MaybeUninit;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::agents::{Stage, list};
use super::layout::Session;
use super::{SafeName, atomic};

const FOLDER: &str = "launched";
const MINUTE_MS: u128 = 60_000;

impl Session {
    /// Returns how many agents are registered and have not stopped, of clients
    /// that run. Lists two folders; only where those hold `enough` are their
    /// files read, to pass over what a client left that is gone.
    ///
    /// # Errors
    /// What the system says.
    pub fn agents_at_work(&self, enough: usize) -> io::Result<usize> {
        const AT_WORK: [Stage; 2] = [Stage::Pending, Stage::Active];
        let mut count = 0;
        for stage in AT_WORK {
            count += count_entries(&self.stage_folder(stage), usize::MAX)?;
        }
        if count < enough {
            return Ok(count);
        }
        let mut live = 0;
        for stage in AT_WORK {
            let agents = self.agents(stage)?.into_iter();
            live += agents
                .filter(|agent| agent.client.is_none_or(|client| client.runs()))
                .count();
        }
        Ok(live)
    }

    /// Returns whether more than `few` agents have stopped or are at work. Lists
    /// two folders, as far as that takes.
    ///
    /// # Errors
    /// What the system says.
    pub fn has_more_agents_than(&self, few: usize) -> io::Result<bool> {
        let mut count = 0;
        for stage in [Stage::Completed, Stage::Active] {
            count += count_entries(&self.stage_folder(stage), few + 1 - count)?;
            if count > few {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Keeps that the call launches an agent now, and returns how many did so in
    /// the last minute, this one included. Lists two small folders.
    ///
    /// # Errors
    /// What the system says.
    pub fn count_launch(&self, call: &str) -> io::Result<usize> {
        let since = self.now().duration_since(UNIX_EPOCH);
        let now = since.unwrap_or_default().as_millis();
        let minute = now / MINUTE_MS;
        let folder = self.make(&format!("{FOLDER}/{minute}"))?;
        let own = format!("{now}-{}", SafeName::new(call));
        atomic::replace(&folder.join(own), b"")?;
        self.drop_minutes_before(minute.saturating_sub(1));
        let mut count = 0;
        for minute in minute.saturating_sub(1)..=minute {
            let launches = list(&self.minute(minute))?;
            let is_recent = |path: &PathBuf| {
                let name = path.file_name()?.to_str()?;
                let at: u128 = name.split('-').next()?.parse().ok()?;
                Some(at + MINUTE_MS > now && at <= now)
            };
            count += launches
                .iter()
                .filter(|path| is_recent(path) == Some(true))
                .count();
        }
        Ok(count)
    }

    fn minute(&self, minute: u128) -> PathBuf {
        self.dir().join(FOLDER).join(minute.to_string())
    }

    /// Deletes what is too old to count.
    fn drop_minutes_before(&self, first: u128) {
        for folder in list(&self.dir().join(FOLDER)).unwrap_or_default() {
            let minute = folder
                .file_name()
                .and_then(|name| name.to_str()?.parse().ok());
            if minute.is_some_and(|minute: u128| minute < first) {
                // Another launch may have been faster.
                let _ = fs::remove_dir_all(folder);
            }
        }
    }
}

/// Returns how many state files a folder has, `most` at most, without a look at
/// their paths: a launch does this among all agents at work.
fn count_entries(folder: &Path, most: usize) -> io::Result<usize> {
    match names(folder, most) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
        counted => counted,
    }
}

/// Counts the names in a folder that do not begin with a dot, from the system's
/// own list: no name is copied, which would be half of what a launch costs.
#[cfg(target_os = "linux")]
fn names(folder: &Path, most: usize) -> io::Result<usize> {
    use rustix::fs::{Mode, OFlags, RawDir};

    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let folder = rustix::fs::open(folder, flags, Mode::empty())?;
    let mut buffer = [MaybeUninit::uninit(); 4096];
    let mut entries = RawDir::new(folder, &mut buffer);
    let mut count = 0;
    while count < most
        && let Some(entry) = entries.next()
    {
        count += usize::from(!entry?.file_name().to_bytes().starts_with(b"."));
    }
    Ok(count)
}

#[cfg(not(target_os = "linux"))]
fn names(folder: &Path, most: usize) -> io::Result<usize> {
    let mut count = 0;
    for entry in fs::read_dir(folder)? {
        count += usize::from(!entry?.file_name().as_encoded_bytes().starts_with(b"."));
        if count == most {
            break;
        }
    }
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::State;
    use crate::state::agents::Agent;
    use crate::state::process::Process;
    use std::time::Duration;

    fn at(dir: &Path, ms: u64) -> Session {
        State::at(dir.join(".maos"), UNIX_EPOCH + Duration::from_millis(ms)).session("s")
    }

    #[test]
    fn launches_of_the_last_minute_count() {
        let dir = tempfile::tempdir().unwrap();
        let launch = |ms, call: &str| at(dir.path(), ms).count_launch(call).unwrap();
        assert_eq!(launch(100_000, "toolu_1"), 1);
        assert_eq!(launch(100_000, "toolu_2"), 2);
        assert_eq!(
            launch(100_000, "toolu_2"),
            2,
            "asked again for the same one"
        );
        assert_eq!(launch(159_999, "toolu_3"), 3, "over the border of a minute");
        assert_eq!(launch(160_000, "toolu_4"), 2);
        assert_eq!(launch(1_000_000, "../x"), 1);
        let left = list(&at(dir.path(), 0).dir().join(FOLDER)).unwrap();
        assert_eq!(left.len(), 1, "the others are gone: {left:?}");
    }

    #[test]
    fn agents_of_clients_that_are_gone_are_not_at_work() {
        let dir = tempfile::tempdir().unwrap();
        let session = at(dir.path(), 0);
        let bring = |id: &str, client_pid: Option<u32>, stage| {
            let agent = Agent {
                agent_id: id.to_owned(),
                agent_type: "coder".to_owned(),
                registered: "T".to_owned(),
                client: client_pid.map(Process::of),
            };
            session.bring(&agent, stage).unwrap();
        };
        bring("a1", Some(std::process::id()), Stage::Active);
        bring("a2", Some(std::process::id()), Stage::Pending);
        bring("a3", Some(1 << 30), Stage::Active);
        bring("a4", Some(std::process::id()), Stage::Completed);
        assert_eq!(
            session.agents_at_work(4).unwrap(),
            3,
            "not looked at closely"
        );
        assert_eq!(session.agents_at_work(3).unwrap(), 2);
    }
}
