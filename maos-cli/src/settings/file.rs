//! One settings file: read whole, copied aside, replaced by a rename.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use tempfile::NamedTempFile;

use super::merge::TextError;

/// The largest settings file that is read, in bytes.
const LIMIT: u64 = 16 * 1024 * 1024;
/// How many links are followed from one to the next.
const MAX_LINKS: usize = 40;
/// The mark that some editors put at the start of a file of UTF-8.
const BYTE_ORDER_MARK: &str = "\u{feff}";
/// What stands between the file's name and the time in a copy's name.
const BACKUP_MARK: &str = ".maos-backup-";

/// Why a settings file could not be read or written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FileError {
    /// The system refused.
    #[error("failed to {action} {}: {source}; nothing was changed in it", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// It is a folder, a device or a pipe.
    #[error("{} is not a regular file; move it away, then run this again", .0.display())]
    NotAFile(PathBuf),
    /// It is larger than any settings.
    #[error("{} is larger than {LIMIT} bytes; move it away, then run this again", .0.display())]
    TooLarge(PathBuf),
    /// It is not UTF-8.
    #[error("{}:{problem}; save it as UTF-8, then run this again", path.display())]
    Encoding {
        /// The file.
        path: PathBuf,
        /// Where the first such byte stands.
        problem: TextError,
    },
    /// Somebody wrote it meanwhile.
    #[error("{} changed while it was edited; nothing was written, run this again", .0.display())]
    Changed(PathBuf),
}

/// A settings file as it was read.
#[derive(Debug)]
pub(super) struct SettingsFile {
    /// The path as it was given; copies lie beside it.
    path: PathBuf,
    /// The file that the path leads to through links.
    target: PathBuf,
    /// What the file holds, or `None` when there is none.
    content: Option<String>,
}

/// A copy that was made of the file.
pub(super) struct Backup {
    pub(super) path: PathBuf,
    content: String,
}

impl SettingsFile {
    /// Reads the file at `path`, which may be missing or a link.
    ///
    /// # Errors
    /// When it cannot be read, is no regular file, too large or not UTF-8.
    pub(super) fn open(path: &Path) -> Result<Self, FileError> {
        let target = follow(path)?;
        let content = read(&target)?;
        Ok(Self {
            path: path.to_owned(),
            target,
            content,
        })
    }

    /// Returns the text without a byte order mark; empty when there is no file.
    pub(super) fn text(&self) -> &str {
        let content = self.content.as_deref().unwrap_or_default();
        content.strip_prefix(BYTE_ORDER_MARK).unwrap_or(content)
    }

    /// Copies the file beside itself under a name that holds the time `now`,
    /// and returns that name; `None` when there is no file.
    ///
    /// # Errors
    /// When the copy cannot be written.
    pub(super) fn back_up(&self, now: SystemTime) -> Result<Option<PathBuf>, FileError> {
        let Some(content) = &self.content else {
            return Ok(None);
        };
        let time = humantime::format_rfc3339_seconds(now).to_string();
        let time = time.replace(['-', ':'], "");
        let mut attempt = 0_u32;
        loop {
            let number = if attempt == 0 {
                String::new()
            } else {
                format!("-{attempt}")
            };
            let name = format!("{}{time}{number}", self.backup_prefix());
            let backup = self.path.with_file_name(name);
            let aside = self.write_aside(&backup, content)?;
            match aside.persist_noclobber(&backup) {
                Ok(_) => return Ok(Some(backup)),
                Err(error) if error.error.kind() == ErrorKind::AlreadyExists => attempt += 1,
                Err(error) => return Err(io_error("write", &backup, error.error)),
            }
        }
    }

    /// Returns the newest copy whose text satisfies `wanted`.
    ///
    /// # Errors
    /// When the folder cannot be listed.
    pub(super) fn backup_where(
        &self,
        wanted: impl Fn(&str) -> bool,
    ) -> Result<Option<Backup>, FileError> {
        let folder = folder_of(&self.path);
        let prefix = self.backup_prefix();
        let mut names = Vec::new();
        for entry in fs::read_dir(folder).map_err(|e| io_error("list", folder, e))? {
            let name = entry.map_err(|e| io_error("list", folder, e))?.file_name();
            names.extend(
                name.into_string()
                    .ok()
                    .filter(|name| name.starts_with(&prefix)),
            );
        }
        names.sort_unstable();
        for name in names.into_iter().rev() {
            let path = folder.join(name);
            // A copy that cannot be read is no help, and no hindrance either.
            let Ok(Some(content)) = read(&path) else {
                continue;
            };
            if wanted(content.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&content)) {
                return Ok(Some(Backup { path, content }));
            }
        }
        Ok(None)
    }

    /// Replaces the file's text, keeping its byte order mark, mode and owner.
    ///
    /// # Errors
    /// When the file may not be written, or was written by another meanwhile.
    pub(super) fn replace(&self, text: &str) -> Result<(), FileError> {
        let content = self.content.as_deref().unwrap_or_default();
        if content.starts_with(BYTE_ORDER_MARK) {
            self.write(&format!("{BYTE_ORDER_MARK}{text}"))
        } else {
            self.write(text)
        }
    }

    /// Puts the bytes of `backup` back and deletes the copy.
    ///
    /// # Errors
    /// As [`Self::replace`].
    pub(super) fn restore(&self, backup: &Backup) -> Result<(), FileError> {
        self.write(&backup.content)?;
        fs::remove_file(&backup.path).map_err(|e| io_error("delete", &backup.path, e))
    }

    /// Deletes the file.
    ///
    /// # Errors
    /// As [`Self::replace`].
    pub(super) fn delete(&self) -> Result<(), FileError> {
        self.require_unchanged()?;
        fs::remove_file(&self.target).map_err(|e| io_error("delete", &self.target, e))
    }

    fn write(&self, content: &str) -> Result<(), FileError> {
        let folder = folder_of(&self.target);
        fs::create_dir_all(folder).map_err(|e| io_error("create", folder, e))?;
        if self.content.is_some() {
            // A rename would get round a file that its owner made read-only.
            let opened = File::options().write(true).open(&self.target);
            opened.map_err(|e| io_error("write", &self.target, e))?;
        }
        let aside = self.write_aside(&self.target, content)?;
        self.require_unchanged()?;
        aside
            .persist(&self.target)
            .map_err(|e| io_error("write", &self.target, e.error))?;
        let synced = File::open(folder).and_then(|folder| folder.sync_all());
        synced.map_err(|e| io_error("sync", folder, e))
    }

    /// Writes a nameless neighbour of `path` with the mode and owner of the
    /// file; it is deleted when dropped.
    fn write_aside(&self, path: &Path, content: &str) -> Result<NamedTempFile, FileError> {
        let failed = |e| io_error("write", path, e);
        let mut builder = tempfile::Builder::new();
        let builder = builder.prefix(".settings.json.maos-");
        let mode = fs::Permissions::from_mode(0o666);
        let mut aside = builder
            .permissions(mode)
            .tempfile_in(folder_of(path))
            .map_err(failed)?;
        aside.write_all(content.as_bytes()).map_err(failed)?;
        if self.content.is_some() {
            let old = fs::metadata(&self.target).map_err(failed)?;
            // Only root can give a file away: where another runs this, the
            // file becomes his, as with every editor.
            let _ = fchown(aside.as_file(), Some(old.uid()), Some(old.gid()));
            let mode = fs::Permissions::from_mode(old.mode() & 0o7777);
            aside.as_file().set_permissions(mode).map_err(failed)?;
        }
        aside.as_file().sync_all().map_err(failed)?;
        Ok(aside)
    }

    fn require_unchanged(&self) -> Result<(), FileError> {
        if read(&self.target)? == self.content {
            Ok(())
        } else {
            Err(FileError::Changed(self.target.clone()))
        }
    }

    fn backup_prefix(&self) -> String {
        let name = self.path.file_name().unwrap_or_default();
        format!("{}{BACKUP_MARK}", name.to_string_lossy())
    }
}

/// Returns the file that `path` leads to, which may be missing.
fn follow(path: &Path) -> Result<PathBuf, FileError> {
    let mut target = path.to_owned();
    for _ in 0..MAX_LINKS {
        match fs::read_link(&target) {
            Ok(next) => target = folder_of(&target).join(next),
            Err(_) => return Ok(target),
        }
    }
    let source = io::Error::other("too many links, one to the next");
    Err(io_error("read", path, source))
}

/// Returns the text of the file at `path`, or `None` when there is none.
fn read(path: &Path) -> Result<Option<String>, FileError> {
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => {}
        Ok(_) => return Err(FileError::NotAFile(path.to_owned())),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(io_error("read", path, error)),
    }
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(LIMIT + 1).read_to_end(&mut bytes));
    if read.map_err(|e| io_error("read", path, e))? as u64 > LIMIT {
        return Err(FileError::TooLarge(path.to_owned()));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let before = String::from_utf8_lossy(&error.as_bytes()[..valid]);
        FileError::Encoding {
            path: path.to_owned(),
            problem: TextError::at(&before, before.len(), "not UTF-8"),
        }
    })?;
    Ok(Some(text))
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

fn io_error(action: &'static str, path: &Path, source: io::Error) -> FileError {
    FileError::Io {
        action,
        path: path.to_owned(),
        source,
    }
}
