//! Whether the process that something belongs to still runs.
//!
//! A number alone does not tell: the system gives it to another process after
//! the first one's end. Together with when that began it does.

#[cfg(target_os = "macos")]
mod macos;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

#[cfg(target_os = "macos")]
use macos::look;

/// More than a line of `proc_pid_stat(5)` has, bytes.
const STAT_BYTES: usize = 4096;
/// The fields of such a line, counted from the one behind the name.
#[cfg(target_os = "linux")]
const STATE: usize = 0;
const PARENT: usize = 1;
#[cfg(target_os = "linux")]
const BEGAN: usize = 19;

/// A process, by its number and its begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Process {
    /// Its number.
    pub pid: u32,
    /// When it began, in the system's own measure; nothing where the system
    /// does not tell it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub began: Option<u64>,
    /// Where its number counts: containers that share a project have numbers of
    /// their own. Nothing where all processes share one list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub space: Option<u64>,
}

impl Process {
    /// Returns the process that has this number now. At most one file is read.
    #[must_use]
    pub fn of(pid: u32) -> Self {
        Self {
            pid,
            began: look(pid).and_then(|found| found.began),
            space: own_space(),
        }
    }

    /// Returns whether it can be seen from here whether it runs.
    #[must_use]
    pub fn is_seen(&self) -> bool {
        self.space.is_none() || self.space == own_space()
    }

    /// Returns whether it still runs: there is a process of its number that
    /// began when it did. One that has ended and was not awaited yet does not
    /// run; one that cannot be seen from here may.
    #[must_use]
    pub fn runs(&self) -> bool {
        if !self.is_seen() {
            return true;
        }
        look(self.pid).is_some_and(|found| {
            let both = self.began.zip(found.began);
            found.is_alive && both.is_none_or(|(then, now)| then == now)
        })
    }
}

/// Returns the list of processes that the caller's numbers count in.
#[cfg(target_os = "linux")]
fn own_space() -> Option<u64> {
    use std::os::unix::fs::MetadataExt;
    use std::sync::OnceLock;

    static OWN: OnceLock<Option<u64>> = OnceLock::new();
    *OWN.get_or_init(|| {
        let found = std::fs::metadata("/proc/self/ns/pid");
        found.ok().map(|found| found.ino())
    })
}

#[cfg(not(target_os = "linux"))]
const fn own_space() -> Option<u64> {
    None
}

/// Returns every process with its parent. Reads a file of each. None where the
/// system tells neither by a file.
#[must_use]
pub fn parents() -> Vec<(u32, u32)> {
    let listed = std::fs::read_dir("/proc").into_iter().flatten();
    let numbers = listed.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    let with_parent = |pid: u32| {
        let stat = super::atomic::read(&stat_of(pid), STAT_BYTES).ok()?;
        Some((pid, field(&stat, PARENT)?.parse().ok()?))
    };
    numbers.filter_map(with_parent).collect()
}

/// What the system says of a process.
struct Found {
    began: Option<u64>,
    is_alive: bool,
}

/// Looks a process up; `None` when there is none of that number.
#[cfg(target_os = "linux")]
fn look(pid: u32) -> Option<Found> {
    match super::atomic::read(&stat_of(pid), STAT_BYTES) {
        Ok(stat) => Some(parse(&stat)),
        // Without `/proc` only the number tells.
        Err(_) => exists(pid),
    }
}

#[cfg(target_os = "linux")]
fn parse(stat: &[u8]) -> Found {
    Found {
        began: field(stat, BEGAN).and_then(|began| began.parse().ok()),
        is_alive: !matches!(field(stat, STATE), Some("Z" | "X")),
    }
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn look(pid: u32) -> Option<Found> {
    exists(pid)
}

fn stat_of(pid: u32) -> PathBuf {
    PathBuf::from(format!("/proc/{pid}/stat"))
}

/// Returns a field of `proc_pid_stat(5)` behind the name, which may hold
/// anything.
fn field(stat: &[u8], number: usize) -> Option<&str> {
    let name = stat.iter().rposition(|byte| *byte == b')')?;
    let rest = std::str::from_utf8(stat.get(name + 1..)?).ok()?;
    rest.split_ascii_whitespace().nth(number)
}

fn exists(pid: u32) -> Option<Found> {
    let pid = i32::try_from(pid).ok().filter(|pid| *pid > 0)?;
    // Signal 0 only asks; a process of another user exists as well.
    let asked = nix::sys::signal::kill(nix::unistd::Pid::from_raw(pid), None);
    (asked != Err(nix::errno::Errno::ESRCH)).then_some(Found {
        began: None,
        is_alive: true,
    })
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "a real process that ends")]
mod tests {
    use super::*;

    #[test]
    fn a_process_runs_until_it_ends() {
        let own = Process::of(std::process::id());
        assert!(own.runs());
        let mut child = std::process::Command::new("cat")
            .stdin(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let process = Process::of(child.id());
        assert!(process.runs());
        drop(child.stdin.take());
        child.wait().unwrap();
        assert!(!process.runs());
    }

    #[test]
    #[cfg(any(target_os = "linux", target_os = "macos"))]
    fn another_process_of_the_same_number_is_not_it() {
        let own = Process::of(std::process::id());
        let other = Process {
            began: own.began.map(|began| began - 1),
            ..own
        };
        assert!(own.began.is_some() && !other.runs());
        let unknown = Process { began: None, ..own };
        assert!(unknown.runs(), "the number alone must do");
        let unseen = Process {
            space: own.space.map(|space| space + 1),
            ..other
        };
        assert_eq!(unseen.runs(), own.space.is_some(), "nobody can tell");
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_name_can_hold_anything() {
        let stat = b"7 (a) Z 1 (b) S 1 7 7 0 -1 4 1 0 0 0 0 0 0 0 20 0 1 0 4711 0";
        let found = parse(stat);
        assert_eq!((found.began, found.is_alive), (Some(4711), true));
        assert!(!parse(b"7 (cat) Z 1").is_alive);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn every_process_has_its_parent() {
        let own = (std::process::id(), std::os::unix::process::parent_id());
        assert!(parents().contains(&own));
    }

    #[test]
    fn no_number_is_no_process() {
        for pid in [0, u32::MAX, 1 << 30] {
            assert!(!Process::of(pid).runs(), "{pid}");
        }
    }
}
