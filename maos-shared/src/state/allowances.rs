//! Rules that a person has let off for a while, in the person's own folder, out of
//! reach of any repository, a file each:
//! `<settings>/.maos/allowed/<sha256 of the project's .maos>/<rule>.json`.
//!
//! A file is written whole and ends by itself: after its time it counts for nothing,
//! whether or not it still lies there. The next one takes those away that are over.

use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use super::agents::{list, read_json};
use super::{SafeName, State, atomic, sha256_hex};
use crate::journal::rfc3339;

const FOLDER: &str = ".maos/allowed";

/// What a person has let off in one project.
#[derive(Clone, Debug)]
pub struct Allowances {
    settings: PathBuf,
    state: State,
}

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

impl Allowances {
    /// Returns those that are kept in the client's folder of settings for the project
    /// that has this state.
    #[must_use]
    pub fn in_settings(settings: &Path, state: State) -> Self {
        Self {
            settings: settings.to_owned(),
            state,
        }
    }

    /// Lets a rule off until a time, in place of an earlier such time, and writes that
    /// into the project's audit journal. Lists a folder.
    ///
    /// # Errors
    /// What the system says.
    pub fn give(&self, rule: &str, until: SystemTime) -> io::Result<()> {
        #[derive(Serialize)]
        struct Line<'a> {
            time: &'a str,
            event: &'a str,
            outcome: &'a str,
            rule: &'a str,
            until: &'a str,
        }
        let allowance = Allowance {
            rule: rule.to_owned(),
            since: rfc3339(self.state.now()),
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
        self.state.prepare()?;
        atomic::append(&self.state.audit(), &line)?;
        fs::create_dir_all(&self.settings)?;
        // A person may keep the folder of settings behind a link.
        let settings = self.settings.canonicalize()?;
        let folder = atomic::ensure_dir(&settings, &self.below())?;
        self.remove_ended(&folder)?;
        let path = folder.join(file_name(rule));
        atomic::replace(&path, &serde_json::to_vec(&allowance)?)
    }

    /// Returns whether a rule is let off now. A file that cannot be read, or is
    /// damaged, lets nothing off.
    #[must_use]
    pub fn has(&self, rule: &str) -> bool {
        let path = self.settings.join(self.below()).join(file_name(rule));
        let allowance = read_json::<Allowance>(&path).ok().flatten();
        allowance.is_some_and(|found| found.rule == rule && self.counts(&found))
    }

    fn counts(&self, allowance: &Allowance) -> bool {
        let until = humantime::parse_rfc3339(&allowance.until);
        until.is_ok_and(|until| until > self.state.now())
    }

    fn below(&self) -> PathBuf {
        let project = self.state.root().as_os_str().as_bytes();
        Path::new(FOLDER).join(sha256_hex(project))
    }

    fn remove_ended(&self, folder: &Path) -> io::Result<()> {
        for path in list(folder)? {
            let allowance = read_json::<Allowance>(&path).ok().flatten();
            if allowance.is_some_and(|found| !self.counts(&found)) {
                // Another may have been faster.
                let _ = fs::remove_file(path);
            }
        }
        Ok(())
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
    fn an_allowance_ends_by_itself_and_is_for_one_project() {
        let dir = tempfile::tempdir().unwrap();
        let time = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        let settings = dir.path().join("settings");
        let at = |project: &str, seconds| {
            let state = State::at(dir.path().join(project).join(".maos"), time(seconds));
            Allowances::in_settings(&settings, state)
        };
        for project in ["one", "other"] {
            fs::create_dir(dir.path().join(project)).unwrap();
        }
        assert!(!at("one", 1000).has("git.push-force"));
        at("one", 1000).give("git.push-force", time(1600)).unwrap();
        assert!(at("one", 1599).has("git.push-force"));
        assert!(!at("one", 1600).has("git.push-force"));
        assert!(!at("one", 1599).has("git.reset-hard"));
        assert!(!at("other", 1599).has("git.push-force"));
        let audit = atomic::read(&at("one", 0).state.audit(), 1000).unwrap();
        let audit = String::from_utf8(audit).unwrap();
        assert!(audit.contains("\"until\":\"1970-01-01T00:26:40"), "{audit}");

        at("one", 2000).give("git.reset-hard", time(2600)).unwrap();
        let left = list(&settings.join(at("one", 0).below())).unwrap();
        assert_eq!(left.len(), 1, "what is over goes: {left:?}");
    }
}
