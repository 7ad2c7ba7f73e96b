//! How many agents a session has, has at work, and launched of late.
//!
//! ```text
//! launched/<minute>/<milliseconds>-<call>   a launch, empty
//! ```
//!
//! Why this is safe: a launch is one file that appears at once, and counting reads
//! names alone. Each is written before it is counted, so of several at the same
//! moment no more may go on than the limit says; less may. A kill leaves one that
//! counts for its minute.

use std::fs;
use std::io;
#[cfg(target_os = "linux")]
use std::mem::MaybeUninit;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use super::agents::{Agent, Stage, list};
use super::layout::Session;
use super::{SafeName, atomic};
use crate::config::limits::AGENT_SILENT;

const FOLDER: &str = "launched";
const MINUTE_MS: u128 = 60_000;
/// How long a launch that no agent came of counts.
const LAUNCH_LONGEST: Duration = Duration::from_secs(10 * 60);

impl Session {
    /// Returns how many agents are registered and have not stopped, of clients
    /// that run. Lists two folders; only where those hold `enough` are their
    /// files read, to pass over what a client left that is gone, and agents whose end
    /// nobody told of, which are silent.
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
            let is_live = |agent: &Agent| agent.client.is_none_or(|client| client.runs());
            let is_heard_of = |agent: &Agent| {
                let written = fs::symlink_metadata(self.stage_file(stage, &agent.agent_id));
                let silent = written.and_then(|found| found.modified());
                let silent = silent.map(|heard| self.now().duration_since(heard));
                silent.is_ok_and(|silent| silent.unwrap_or_default() < AGENT_SILENT)
            };
            let agents = self.agents(stage)?;
            let agents = agents.iter();
            live += agents.filter(|it| is_live(it) && is_heard_of(it)).count();
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

    /// Keeps that the call launches an agent now, unless `most` did so in the last
    /// minute before it; returns whether it may. Lists two small folders.
    ///
    /// # Errors
    /// What the system says.
    pub fn may_launch(&self, call: &str, most: usize) -> io::Result<bool> {
        let since = self.now().duration_since(UNIX_EPOCH);
        let now = since.unwrap_or_default().as_millis();
        let minute = now / MINUTE_MS;
        let folder = self.make(&format!("{FOLDER}/{minute}"))?;
        let own = folder.join(format!("{now}-{}", SafeName::new(call)));
        // Before it counts, so that of many at once each sees the others.
        atomic::replace(&own, b"")?;
        self.drop_minutes_before(minute.saturating_sub(1));
        let mut count = 0;
        for minute in minute.saturating_sub(1)..=minute {
            absent_is_none(each_name(&self.minute(minute), |name| {
                let at = time_in(name);
                count += usize::from(at.is_some_and(|at| at + MINUTE_MS > now && at <= now));
                true
            }))?;
        }
        if count > most {
            let _ = fs::remove_file(own);
        }
        Ok(count <= most)
    }

    /// Returns whether more than `most` launches wait for their agents: of many at
    /// once none has one yet. Lists a folder; only where that holds more are its files
    /// looked at, to pass over those whose answer never came.
    ///
    /// # Errors
    /// What the system says.
    pub fn has_more_launches_than(&self, most: usize) -> io::Result<bool> {
        let folder = self.launches();
        if count_entries(&folder, most + 1)? <= most {
            return Ok(false);
        }
        let is_recent = |path: &PathBuf| {
            let written = fs::symlink_metadata(path).and_then(|found| found.modified());
            let age = written.map(|written| self.now().duration_since(written));
            age.is_ok_and(|age| age.unwrap_or_default() < LAUNCH_LONGEST)
        };
        Ok(list(&folder)?.iter().filter(|path| is_recent(path)).count() > most)
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
    let mut count = 0;
    absent_is_none(each_name(folder, |_| {
        count += 1;
        count < most
    }))?;
    Ok(count)
}

fn absent_is_none(listed: io::Result<()>) -> io::Result<()> {
    match listed {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        listed => listed,
    }
}

/// Returns the milliseconds that the name of a launch begins with.
fn time_in(name: &[u8]) -> Option<u128> {
    let digits = name.split(|byte| *byte == b'-').next()?;
    str::from_utf8(digits).ok()?.parse().ok()
}

/// Hands out the names in a folder that do not begin with a dot, until `take` says
/// that it is enough, from the system's own list: no name is copied, which would be
/// half of what a launch costs.
#[cfg(target_os = "linux")]
fn each_name(folder: &Path, mut take: impl FnMut(&[u8]) -> bool) -> io::Result<()> {
    use rustix::fs::{Mode, OFlags, RawDir};

    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let folder = rustix::fs::open(folder, flags, Mode::empty())?;
    let mut buffer = [MaybeUninit::uninit(); 4096];
    let mut entries = RawDir::new(folder, &mut buffer);
    while let Some(entry) = entries.next() {
        let entry = entry?;
        let name = entry.file_name().to_bytes();
        if !name.starts_with(b".") && !take(name) {
            break;
        }
    }
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn each_name(folder: &Path, mut take: impl FnMut(&[u8]) -> bool) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        let name = name.as_encoded_bytes();
        if !name.starts_with(b".") && !take(name) {
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::State;
    use crate::state::agents::Launch;
    use crate::state::process::Process;
    use std::time::SystemTime;

    fn at(dir: &Path, ms: u64) -> Session {
        State::at(dir.join(".maos"), UNIX_EPOCH + Duration::from_millis(ms)).session("s")
    }

    #[test]
    fn launches_of_the_last_minute_count() {
        let dir = tempfile::tempdir().unwrap();
        let launch = |ms, call: &str, most| at(dir.path(), ms).may_launch(call, most).unwrap();
        assert!(launch(100_000, "toolu_1", 1));
        assert!(!launch(100_000, "toolu_2", 1));
        assert!(
            launch(100_000, "toolu_2", 2),
            "a refused one does not count"
        );
        assert!(launch(100_000, "toolu_2", 2), "the same one");
        assert!(
            !launch(159_999, "toolu_3", 2),
            "over the border of a minute"
        );
        assert!(launch(160_000, "toolu_4", 1));
        assert!(launch(1_000_000, "../x", 1));
        let left = list(&at(dir.path(), 0).dir().join(FOLDER)).unwrap();
        assert_eq!(left.len(), 1, "the others are gone: {left:?}");
    }

    #[test]
    fn of_many_at_once_no_more_launch_than_may() {
        let dir = tempfile::tempdir().unwrap();
        let session = at(dir.path(), 100_000);
        let launched: usize = std::thread::scope(|scope| {
            let launch = |number: usize| {
                let session = &session;
                let call = format!("toolu_{number}");
                scope.spawn(move || session.may_launch(&call, 5).unwrap())
            };
            let threads: Vec<_> = (0..16).map(launch).collect();
            let may = threads.into_iter().map(|it| it.join().unwrap());
            may.filter(|may| *may).count()
        });
        assert!(launched <= 5, "{launched}");
    }

    #[test]
    fn launches_that_wait_for_their_agents_count_for_a_while() {
        let dir = tempfile::tempdir().unwrap();
        let session = State::at(dir.path().join(".maos"), SystemTime::now()).session("s");
        let launch = Launch {
            description: String::new(),
            agent_type: "coder".to_owned(),
        };
        for call in ["toolu_1", "toolu_2"] {
            session.expect_launch(call, &launch).unwrap();
        }
        assert!(session.has_more_launches_than(1).unwrap());
        assert!(!session.has_more_launches_than(2).unwrap());
        let later = SystemTime::now() + 2 * LAUNCH_LONGEST;
        let session = State::at(dir.path().join(".maos"), later).session("s");
        assert!(!session.has_more_launches_than(1).unwrap());
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
