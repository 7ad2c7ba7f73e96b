//! Which projects' files a person has read and trusts: in the person's own
//! folder, out of reach of any repository, a file each:
//! `<settings>/.maos/trusted/<sha256 of the project's path>.json`. It is written
//! whole, and holds for exactly the bytes that the person has seen.

use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use super::agents::read_json;
use super::{atomic, sha256_hex};
use crate::journal::rfc3339;

const FOLDER: &str = ".maos/trusted";

/// What a person trusts.
#[derive(Clone, Debug)]
pub struct Trust {
    settings: PathBuf,
}

#[derive(Debug, Serialize, Deserialize)]
struct Given {
    /// The project, for people.
    project: String,
    /// The hash of the file.
    sha256: String,
    /// RFC 3339.
    since: String,
}

impl Trust {
    /// Returns the trust that is kept in the client's folder of settings.
    #[must_use]
    pub fn in_settings(settings: &Path) -> Self {
        Self {
            settings: settings.to_owned(),
        }
    }

    /// Returns whether the person trusts these bytes as the file of a project,
    /// whose main checkout is named. A note that is damaged trusts nothing.
    #[must_use]
    pub fn is_given(&self, project: &Path, bytes: &[u8]) -> bool {
        let path = self.settings.join(FOLDER).join(file_name(project));
        let given = read_json::<Given>(&path).ok().flatten();
        given.is_some_and(|given| given.sha256 == sha256_hex(bytes))
    }

    /// Trusts these bytes as the file of a project, in place of earlier ones.
    ///
    /// # Errors
    /// What the system says.
    pub fn give(&self, project: &Path, bytes: &[u8], now: SystemTime) -> io::Result<()> {
        let given = Given {
            project: project.display().to_string(),
            sha256: sha256_hex(bytes),
            since: rfc3339(now),
        };
        fs::create_dir_all(&self.settings)?;
        // A person may keep the folder of settings behind a link.
        let settings = self.settings.canonicalize()?;
        let folder = atomic::ensure_dir(&settings, FOLDER.as_ref())?;
        let path = folder.join(file_name(project));
        atomic::replace(&path, &serde_json::to_vec(&given)?)
    }
}

fn file_name(project: &Path) -> String {
    format!("{}.json", sha256_hex(project.as_os_str().as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_for_one_project_and_one_text() {
        let dir = tempfile::tempdir().unwrap();
        let trust = Trust::in_settings(dir.path());
        let (one, other) = (Path::new("/one"), Path::new("/other"));
        assert!(!trust.is_given(one, b"text"));
        trust.give(one, b"text", SystemTime::UNIX_EPOCH).unwrap();
        assert!(trust.is_given(one, b"text"));
        assert!(!trust.is_given(one, b"text "));
        assert!(!trust.is_given(other, b"text"));
        trust.give(one, b"new", SystemTime::UNIX_EPOCH).unwrap();
        assert!(trust.is_given(one, b"new") && !trust.is_given(one, b"text"));
        let path = dir.path().join(FOLDER).join(file_name(one));
        atomic::replace(&path, b"{}").unwrap();
        assert!(!trust.is_given(one, b"new"));
    }
}
