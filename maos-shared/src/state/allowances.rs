//! Rules that a person has let off for a while, a file each:
//! `.maos/allowed/<rule>.json`. It is written whole and ends by itself: after
//! its time it counts for nothing, whether or not it still lies there.

use std::io;
use std::path::PathBuf;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use super::agents::{list, read_json};
use super::{SafeName, State, atomic};
use crate::journal::rfc3339;

const FOLDER: &str = "allowed";

/// A rule that is let off for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Allowance {
    /// The rule's id.
    rule: String,
    /// RFC 3339.
    since: String,
    /// RFC 3339.
    until: String,
}

impl State {
    /// Lets a rule off until a time, in place of an earlier such time, and
    /// writes that into the audit journal.
    ///
    /// # Errors
    /// What the system says.
    pub fn allow(&self, rule: &str, until: SystemTime) -> io::Result<()> {
        #[derive(Serialize)]
        struct Line<'a> {
            time: &'a str,
            event: &'a str,
            outcome: &'a str,
            rule: &'a str,
            until: &'a str,
        }
        let folder = self.make(FOLDER.as_ref())?;
        let allowance = Allowance {
            rule: rule.to_owned(),
            since: rfc3339(self.now()),
            until: rfc3339(until),
        };
        let mut line = serde_json::to_vec(&Line {
            time: &allowance.since,
            event: "Allow",
            outcome: "allow",
            rule,
            until: &allowance.until,
        })?;
        line.push(b'\n');
        atomic::append(&self.audit(), &line)?;
        let path = folder.join(file_name(rule));
        atomic::replace(&path, &serde_json::to_vec(&allowance)?)
    }

    /// Returns whether a rule is let off now. A file that cannot be read, or is
    /// damaged, lets nothing off.
    #[must_use]
    pub fn is_allowed(&self, rule: &str) -> bool {
        let path = self.root().join(FOLDER).join(file_name(rule));
        let Ok(Some(allowance)) = read_json::<Allowance>(&path) else {
            return false;
        };
        let until = humantime::parse_rfc3339(&allowance.until);
        allowance.rule == rule && until.is_ok_and(|until| until > self.now())
    }

    /// Returns the files of allowances whose time is over. Lists a folder.
    ///
    /// # Errors
    /// What the system says about the folder; damaged files are passed over.
    pub(super) fn ended_allowances(&self) -> io::Result<Vec<PathBuf>> {
        let is_over = |path: &PathBuf| {
            let read = read_json::<Allowance>(path).ok().flatten();
            let until = read.and_then(|read| humantime::parse_rfc3339(&read.until).ok());
            until.is_some_and(|until| until <= self.now())
        };
        let all = list(&self.root().join(FOLDER))?;
        Ok(all.into_iter().filter(is_over).collect())
    }
}

fn file_name(rule: &str) -> String {
    format!("{}.json", SafeName::new(&rule.replace('.', "-")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn an_allowance_ends_by_itself() {
        let dir = tempfile::tempdir().unwrap();
        let at = |seconds| {
            let now = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
            State::at(dir.path().join(".maos"), now)
        };
        assert!(!at(1000).is_allowed("git.push-force"));
        let until = SystemTime::UNIX_EPOCH + Duration::from_secs(1600);
        at(1000).allow("git.push-force", until).unwrap();
        assert!(at(1599).is_allowed("git.push-force"));
        assert!(!at(1600).is_allowed("git.push-force"));
        assert!(!at(1599).is_allowed("git.reset-hard"));
        let audit = atomic::read(&at(0).audit(), 1000).unwrap();
        assert!(
            String::from_utf8(audit)
                .unwrap()
                .contains("\"until\":\"1970-01-01T00:26:40")
        );
    }
}
