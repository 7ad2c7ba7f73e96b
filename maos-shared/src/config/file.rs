//! A `maos.toml` as it stands on the disk: read once, and understood for each
//! section that somebody wants.

use std::io;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

use super::limits::SETTINGS_BYTES;
use super::{problem, tree};
use crate::files::read_start;

/// The bytes of a `maos.toml`, and where they came from.
#[derive(Clone, Debug)]
pub struct SettingsFile {
    path: PathBuf,
    bytes: Vec<u8>,
}

/// Why a `maos.toml` does not count.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// It cannot be read.
    #[error("{}: {source}; its settings do not count until it can be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// It is not what it should be.
    #[error("{}:{line}:{column}: {problem}; none of this file's settings count until that is mended", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The column in characters, from 1.
        column: usize,
        /// What is wrong there, in one line.
        problem: String,
    },
}

impl SettingsFile {
    /// Returns the file at `path`; `None` when there is none.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(path: &Path) -> Result<Option<Self>, SettingsError> {
        let path = path.to_owned();
        match read_start(&path, SETTINGS_BYTES) {
            Ok(bytes) => Ok(Some(Self { path, bytes })),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(SettingsError::Unreadable { path, source }),
        }
    }

    /// Returns what it holds.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns whether a key or a value of it may be `word`. What a comment says,
    /// or a part of a word, counts as well; a key that is spelled with escapes
    /// does not.
    #[must_use]
    pub fn mentions(&self, word: &str) -> bool {
        memchr::memmem::find(&self.bytes, word.as_bytes()).is_some()
    }

    /// Returns what it sets, as far as `T` has fields for it.
    ///
    /// # Errors
    /// When it is not a `maos.toml`: with line and column.
    pub(super) fn parse<T: DeserializeOwned>(&self) -> Result<T, SettingsError> {
        let text = String::from_utf8_lossy(&self.bytes);
        tree::read(&text).map_err(|wrong| {
            let at = wrong.at.map_or(0, |at| at.start);
            let before = text.get(..at).unwrap_or(&text);
            let last = before.rsplit('\n').next().unwrap_or_default();
            SettingsError::Invalid {
                path: self.path.clone(),
                line: before.matches('\n').count() + 1,
                column: last.chars().count() + 1,
                problem: problem::told(&wrong.message),
            }
        })
    }
}
