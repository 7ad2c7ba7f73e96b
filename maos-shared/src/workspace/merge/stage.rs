//! What a merge asks of the files of a checkout: whether each is as the merge
//! takes it to be, and the new ones made ready beside it.

use super::files::{Folder, Seen};
use super::intent::{Desk, Step};
use super::names;
use crate::guard::is_secret_file;
use crate::workspace::Error;
use crate::workspace::difference::{Change, Entry};
use crate::workspace::git::{Checkout, Git, GitError};
use std::collections::BTreeSet;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// A file that stands in the way, and why.
#[derive(Debug)]
pub(super) struct Obstacle {
    pub(super) path: String,
    pub(super) reason: &'static str,
}

impl Obstacle {
    fn at(path: &Path, reason: &'static str) -> Self {
        Self {
            path: path.to_string_lossy().into_owned(),
            reason,
        }
    }
}

/// Returns what stands in the way of changes by their names and kinds alone.
pub(super) fn refused(changes: &[Change]) -> Vec<Obstacle> {
    let refused = |change: &Change| {
        let is_submodule = |entry: &Option<Entry>| entry.as_ref().is_some_and(Entry::is_submodule);
        let reason = if let Some(problem) = names::problem(&change.path) {
            problem
        } else if is_secret_file(&change.path) {
            "it may hold secrets, so it comes by hand only"
        } else if is_submodule(&change.old) || is_submodule(&change.new) {
            "it is a submodule"
        } else {
            return None;
        };
        Some(Obstacle::at(&change.path, reason))
    };
    changes.iter().filter_map(refused).collect()
}

/// Returns the steps that make the changes, with the new files ready on the
/// desk; or what stands in the way, with the desk as it was or with some of
/// them. The order of the steps is such that a file makes room before others
/// come.
///
/// # Errors
/// With git's or the system's reason.
pub(super) fn steps(
    checkout: &Checkout,
    desk: &Desk,
    changes: &[Change],
) -> Result<Result<Vec<Step>, Vec<Obstacle>>, Error> {
    let failed = |path: &Path| Error::io("look at", checkout.folder.join(path));
    let root = Folder::open(&checkout.folder).map_err(failed(Path::new("")))?;
    let mut obstacles = Vec::new();
    let mut seen = Vec::new();
    for change in changes {
        match look(&root, change) {
            Ok(Ok(found)) => seen.push(found),
            Ok(Err(reason)) => obstacles.push(Obstacle::at(&change.path, reason)),
            Err(error) => return Err(failed(&change.path)(error)),
        }
    }
    if obstacles.is_empty() {
        obstacles = unlike(checkout, desk, changes)?;
    }
    if !obstacles.is_empty() {
        return Ok(Err(obstacles));
    }
    let staged = write_new(checkout, desk, changes, &seen)?;
    let steps = changes.iter().zip(seen).zip(staged);
    let mut steps: Vec<Step> = steps
        .map(|((change, (old, folders)), new)| Step::new(&change.path, old, new, folders))
        .collect();
    steps.sort_by_key(|step| match (&step.old, &step.new) {
        (Some(_), None) => 0,
        (Some(_), Some(_)) => 1,
        _ => 2,
    });
    Ok(Ok(steps))
}

/// Returns what is at the place of a change and how many folders are missing
/// above it, or why that is not what the merge takes it to be.
fn look(root: &Folder, change: &Change) -> io::Result<Result<(Option<Seen>, usize), &'static str>> {
    let spot = match root.spot(&change.path) {
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
            return Ok(Err(
                "a file or a link stands in the place of a folder above it",
            ));
        }
        spot => spot?,
    };
    let found = spot.map(|spot| spot.look()).transpose()?.flatten();
    Ok(match (&change.old, found) {
        (None, Some(found)) if found.is_folder() => Err("a folder is in its place"),
        (None, Some(_)) => Err("a file that git does not track is there already"),
        (Some(_), None) => Err("it is not there"),
        (_, found) => Ok((found, root.missing_above(&change.path)?)),
    })
}

/// Returns the files that do not hold what the merge took them to hold. Git
/// compares, since it knows line ends and filters.
fn unlike(checkout: &Checkout, desk: &Desk, changes: &[Change]) -> Result<Vec<Obstacle>, GitError> {
    let index = desk.path("index-old");
    let old = changes.iter().map(|change| (change, &change.old));
    fill_index(checkout, &index, old)?;
    let names =
        with_index(Git::reading(checkout), &index).run(&["ls-files", "--modified", "-z"])?;
    let names: BTreeSet<&[u8]> = names.split(|byte| *byte == 0).collect();
    let is_unlike = |change: &&Change| names.contains(change.path.as_os_str().as_bytes());
    let unlike = changes.iter().filter(is_unlike);
    Ok(unlike
        .map(|change| Obstacle::at(&change.path, "it holds changes that git does not look at"))
        .collect())
}

/// Writes the new files to the desk, as git would check them out, and returns
/// them in the order of the changes.
fn write_new(
    checkout: &Checkout,
    desk: &Desk,
    changes: &[Change],
    seen: &[(Option<Seen>, usize)],
) -> Result<Vec<Option<Seen>>, Error> {
    let index = desk.path("index-new");
    let new = changes.iter().map(|change| (change, &change.new));
    fill_index(checkout, &index, new)?;
    let mut prefix = std::ffi::OsString::from("--prefix=");
    prefix.push(desk.path("new"));
    prefix.push("/");
    let write = ["checkout-index".into(), "--all".into(), prefix];
    with_index(Git::writing(checkout), &index).run(&write)?;
    let failed = |path: &Path| Error::io("look at", desk.path("new").join(path));
    let folder = desk.open("new").map_err(failed(Path::new("")))?;
    let look = |change: &Change, old: &Option<Seen>| {
        let Some(entry) = &change.new else {
            return Ok(None);
        };
        let gone = || io::Error::from(io::ErrorKind::NotFound);
        let spot = folder.spot(&change.path)?.ok_or_else(gone)?;
        let mode = old.as_ref().and_then(Seen::file_mode);
        if let (Some(mode), true) = (mode, entry.is_regular()) {
            spot.set_mode(with_executable(mode, entry.is_executable()))?;
        }
        spot.look()?.map(Some).ok_or_else(gone)
    };
    let both = changes.iter().zip(seen);
    both.map(|(change, (old, _))| look(change, old).map_err(failed(&change.path)))
        .collect()
}

/// Returns the permissions of a file, executable for whoever may read it or for
/// nobody. Git knows of no others; who may read it is the person's affair.
const fn with_executable(mode: u32, is_executable: bool) -> u32 {
    match is_executable {
        true => mode | ((mode & 0o444) >> 2),
        false => mode & !0o111,
    }
}

/// Makes an index of these entries alone.
fn fill_index<'a>(
    checkout: &Checkout,
    index: &Path,
    entries: impl Iterator<Item = (&'a Change, &'a Option<Entry>)>,
) -> Result<(), GitError> {
    let mut lines = Vec::new();
    for (change, entry) in entries {
        if let Some(entry) = entry {
            lines.extend_from_slice(format!("{} {}\t", entry.mode, entry.id).as_bytes());
            lines.extend_from_slice(change.path.as_os_str().as_bytes());
            lines.push(0);
        }
    }
    let git = with_index(Git::writing(checkout), index).input(lines);
    git.run(&["update-index", "-z", "--index-info"]).map(drop)
}

/// A git with an index of its own, in one file.
fn with_index(git: Git, index: &Path) -> Git {
    git.index(index).setting("core.splitIndex=false")
}
