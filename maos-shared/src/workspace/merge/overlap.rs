//! Which files of a checkout stand in the way of a merge: what git would write over
//! without a word, since it ignores the file or was told not to look at it, and what
//! it would stop at.

use super::three_way::Conflict;
use crate::workspace::difference::{self, Change, Entry};
use crate::workspace::git::{Checkout, Git, GitError};
use crate::workspace::{Error, status};
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

/// Returns the files that differ from one commit or tree to the other and that the
/// checkout, which is at the first, has changed as well; and those that it has where
/// something is to be added, ignored ones too, or in place of a folder above that.
/// Of the paths `in_conflict`, those that the checkout has changed.
///
/// # Errors
/// With git's own reason.
pub(super) fn of(
    checkout: &Checkout,
    from: &str,
    to: &str,
    in_conflict: &[Conflict],
) -> Result<Vec<String>, Error> {
    let changes = difference::between(checkout, from, to)?;
    let dirty = status::changes(checkout)?;
    let mut dirty: BTreeSet<PathBuf> = dirty.into_iter().map(|change| change.path).collect();
    dirty.extend(changed_unseen(checkout, &changes)?);
    let goes = |change: &&Change| change.new.is_none();
    let way = Way {
        root: &checkout.folder,
        going: changes.iter().filter(goes).map(|it| &*it.path).collect(),
    };
    let in_conflict = in_conflict.iter().map(|one| PathBuf::from(&one.path));
    let mut overlap: BTreeSet<PathBuf> = in_conflict.filter(|it| dirty.contains(it)).collect();
    for change in &changes {
        if dirty.contains(&change.path) {
            overlap.insert(change.path.clone());
        } else if change.old.is_none() {
            overlap.extend(way.obstacles(&change.path));
        }
    }
    let names = overlap.iter().map(|path| path.to_string_lossy());
    Ok(names.map(String::from).collect())
}

/// Returns those of the changed files that git was told not to look at and that are
/// not as it takes them to be.
fn changed_unseen(checkout: &Checkout, changes: &[Change]) -> Result<Vec<PathBuf>, GitError> {
    let mut unseen = status::hidden(checkout)?;
    let is_as_it_was = |path: &Path, old: &Entry| -> Result<bool, GitError> {
        let hash = ["hash-object", "--"].map(OsStr::new);
        let hash = [&hash[..], &[path.as_os_str()]].concat();
        Ok(Git::reading(checkout).line(&hash)? == old.id)
    };
    let mut changed = Vec::new();
    unseen.retain(|path| changes.iter().any(|change| change.path == *path));
    for path in unseen {
        let change = changes.iter().find(|change| change.path == path);
        let old = change.and_then(|change| change.old.as_ref());
        if !old.map_or(Ok(false), |old| is_as_it_was(&path, old))? {
            changed.push(path);
        }
    }
    Ok(changed)
}

/// A checkout, and the paths in it that go.
struct Way<'a> {
    root: &'a Path,
    going: BTreeSet<&'a Path>,
}

impl Way<'_> {
    /// Returns what lies where `path` is to be added, and does not go.
    fn obstacles(&self, path: &Path) -> Vec<PathBuf> {
        let above = path.ancestors().skip(1);
        let above = above.filter(|above| !above.as_os_str().is_empty());
        for above in above {
            let found = self.root.join(above).symlink_metadata();
            if found.is_ok_and(|found| !found.is_dir()) && !self.going.contains(above) {
                return vec![above.into()];
            }
        }
        let mut found = Vec::new();
        self.collect(path, &mut found);
        found
    }

    /// Adds what lies at a path, and below it where that is a folder.
    fn collect(&self, path: &Path, found: &mut Vec<PathBuf>) {
        let place = self.root.join(path);
        match place.symlink_metadata() {
            Ok(there) if there.is_dir() => {
                let entries = fs::read_dir(place).into_iter().flatten().flatten();
                entries.for_each(|entry| self.collect(&path.join(entry.file_name()), found));
            }
            Ok(_) if !self.going.contains(path) => found.push(path.into()),
            _ => {}
        }
    }
}
