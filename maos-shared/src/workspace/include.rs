//! Copies of files that git ignores: those that `.worktreeinclude` at the root
//! of the checkout names, in the syntax of `.gitignore`.

use super::below::Folder;
use super::git::{Checkout, Git};
use super::{Error, GitError};
use crate::config::limits::{INCLUDED_BYTES, INCLUDED_FILES};
use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};

/// The file's name.
const FILE: &str = ".worktreeinclude";

/// Copies what is named, and is ignored, into a workspace that is not handed out
/// yet. A link is copied as a link, if it stays in the checkout. What is there
/// already stays. Where a file cannot be copied, or there is more than the
/// limits allow, a warning says what is missing.
///
/// # Errors
/// When git fails, or one of the two roots cannot be opened.
pub(super) fn copy(from: &Checkout, to: &Checkout) -> Result<(), Error> {
    copy_within(from, to, INCLUDED_FILES, INCLUDED_BYTES)
}

/// As [`copy`], at most so many files and bytes.
fn copy_within(from: &Checkout, to: &Checkout, files: usize, bytes: u64) -> Result<(), Error> {
    let is_file = from.folder.join(FILE).symlink_metadata();
    if !is_file.is_ok_and(|found| found.is_file()) {
        return Ok(());
    }
    let open = |checkout: &Checkout| {
        Folder::open(&checkout.folder).map_err(Error::io("open", &checkout.folder))
    };
    let mut copying = Copying {
        root: &from.folder,
        from: open(from)?,
        to: open(to)?,
        room: bytes,
    };
    let named = named(from)?;
    let mut missing: Vec<(&Path, io::Error)> = Vec::new();
    for path in named.iter().take(files) {
        if let Err(error) = copying.copy(path) {
            missing.push((path, error));
        }
    }
    if let Some((path, error)) = missing.first() {
        let count = missing.len();
        log::warn!("{count} files of {FILE} are not in the workspace, such as {path:?}: {error}");
    }
    if let Some(more) = named.len().checked_sub(files).filter(|more| *more > 0) {
        log::warn!(
            "{FILE} names {more} files more than the {files} that are copied; use workspace.link for large folders"
        );
    }
    Ok(())
}

/// Returns the files that are named and ignored, relative to the checkout.
fn named(from: &Checkout) -> Result<Vec<PathBuf>, GitError> {
    let git = || Git::reading(from);
    let list = [
        "ls-files",
        "-z",
        "--others",
        "--ignored",
        &format!("--exclude-from={FILE}"),
    ];
    let named = git().run(&list)?;
    if named.is_empty() {
        return Ok(Vec::new());
    }
    let ignored = match git().input(named).run(&["check-ignore", "-z", "--stdin"]) {
        Err(GitError::Failed { code: Some(1), .. }) => return Ok(Vec::new()),
        ignored => ignored?,
    };
    let paths = ignored.split(|byte| *byte == 0);
    Ok(paths
        // Another repository is named with a slash at its end.
        .filter(|path| !path.is_empty() && !path.ends_with(b"/"))
        .map(|path| PathBuf::from(OsStr::from_bytes(path)))
        .filter(|path| !is_owned(path))
        .collect())
}

/// Returns whether a path lies in what MAOS keeps of its own.
fn is_owned(path: &Path) -> bool {
    path.starts_with(".maos") || path.starts_with(".claude/worktrees")
}

/// One copying.
struct Copying<'a> {
    root: &'a Path,
    from: Folder,
    to: Folder,
    /// How many bytes may still be copied.
    room: u64,
}

impl Copying<'_> {
    fn copy(&mut self, path: &Path) -> io::Result<()> {
        let (source, name) = self.from.above(path)?;
        let made = match source.link(name) {
            Ok(target) if self.stays_inside(path, Path::new(&target)) => {
                let (to, name) = self.to.make_above(path)?;
                to.make_link(name, &target)
            }
            Ok(_) => {
                return Err(io::Error::other(
                    "it is a link that leads out of the checkout",
                ));
            }
            Err(_) => self.copy_file(&source, name, path),
        };
        match made {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            made => made,
        }
    }

    fn copy_file(&mut self, source: &Folder, name: &OsStr, path: &Path) -> io::Result<()> {
        let (mut file, found) = source.file(name)?;
        self.room = self
            .room
            .checked_sub(found.len())
            .ok_or_else(|| io::Error::other("more bytes are named than are copied"))?;
        let (to, name) = self.to.make_above(path)?;
        to.copy(name, &mut file, &found)
    }

    /// Returns whether a link leads to something in its checkout, as it is
    /// written and as it is.
    fn stays_inside(&self, link: &Path, target: &Path) -> bool {
        let mut depth = link.components().count().saturating_sub(1);
        for component in target.components() {
            match component {
                Component::Normal(_) => depth += 1,
                Component::CurDir => {}
                Component::ParentDir if depth > 0 => depth -= 1,
                _ => return false,
            }
        }
        let real = self.root.join(link).canonicalize();
        real.is_ok_and(|real| real.starts_with(self.root))
    }
}

#[cfg(test)]
mod tests;
