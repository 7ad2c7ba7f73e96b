//! Files that programs of the user's translate between a commit and a checkout
//! (`gitattributes(5)`, "filter"), such as those of git-lfs and git-crypt.

use super::below::Folder;
use super::git::{Checkout, Git, GitError};
use crate::guard::is_secret_file;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// Returns those of some paths, relative to the checkout of a git that reads,
/// that have a filter.
///
/// # Errors
/// When git fails.
pub(super) fn filtered(git: Git, paths: &[&Path]) -> Result<Vec<PathBuf>, GitError> {
    let mut input = Vec::new();
    for path in paths {
        input.extend_from_slice(path.as_os_str().as_bytes());
        input.push(0);
    }
    let check = ["check-attr", "--stdin", "-z", "filter"];
    let text = git.input(input).run(&check)?;
    // Path, attribute, value.
    let fields: Vec<&[u8]> = text.split(|byte| *byte == 0).collect();
    let has_filter = |row: &&[&[u8]]| !matches!(row[2], b"unspecified" | b"unset");
    let rows = fields.chunks_exact(3).filter(has_filter);
    let paths = rows.map(|row| PathBuf::from(OsStr::from_bytes(row[0])));
    Ok(paths.collect())
}

/// The filters that a checkout's configuration knows.
pub(super) struct Filters(BTreeSet<String>);

impl Filters {
    /// Reads them from the configuration.
    ///
    /// # Errors
    /// When git fails.
    pub(super) fn of(checkout: &Checkout) -> Result<Self, GitError> {
        let get = [
            "config",
            "--name-only",
            "--get-regexp",
            r"^filter\..*\.(smudge|process)$",
        ];
        let keys = Git::reading(checkout).find(&get)?.unwrap_or_default();
        let name = |key: &str| Some(key.strip_prefix("filter.")?.rsplit_once('.')?.0.to_owned());
        Ok(Self(keys.lines().filter_map(name).collect()))
    }

    /// Has a git write files as the commit holds them, without any filter.
    pub(super) fn switch_off(&self, git: Git) -> Git {
        self.0.iter().fold(git, |git, name| {
            git.setting(format!("filter.{name}.smudge="))
                .setting(format!("filter.{name}.process="))
                .setting(format!("filter.{name}.required=false"))
        })
    }

    /// Returns whether a checkout tracks a file that one of them is for.
    ///
    /// # Errors
    /// When git fails.
    pub(super) fn are_in(&self, checkout: &Checkout) -> Result<bool, GitError> {
        Ok(!self.files(checkout)?.is_empty())
    }

    /// Returns the tracked files of a checkout that one of them is for.
    fn files(&self, checkout: &Checkout) -> Result<Vec<PathBuf>, GitError> {
        let is_plain =
            |name: &&String| name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        let names = self.0.iter().filter(is_plain);
        let specs: Vec<String> = names
            .map(|name| format!(":(top,attr:filter={name})"))
            .collect();
        if specs.is_empty() {
            return Ok(Vec::new());
        }
        let specs = specs.iter().map(String::as_str);
        let list: Vec<&str> = ["ls-files", "-z", "--"].into_iter().chain(specs).collect();
        let text = Git::reading(checkout).run(&list)?;
        Ok(paths_of(&text).into_iter().map(Path::to_owned).collect())
    }

    /// Brings the files of a workspace that have a filter to what the checkout
    /// has of them: what git-lfs would download is there already, or is not
    /// there on purpose. Where the workspace's base is the commit `base` and not
    /// the checkout's files, those that may differ stay. Of what cannot be copied, a warning tells.
    ///
    /// # Errors
    /// When git fails, or one of the two roots cannot be opened.
    pub(super) fn take_over(
        &self,
        from: &Checkout,
        to: &Checkout,
        base: Option<&str>,
    ) -> Result<(), super::Error> {
        let files = self.files(to)?;
        if files.is_empty() {
            return Ok(());
        }
        let text = match base {
            Some(base) => differing(from, base)?,
            None => Vec::new(),
        };
        let differing: BTreeSet<&Path> = paths_of(&text).into_iter().collect();
        let open = |checkout: &Checkout| {
            Folder::open(&checkout.folder).map_err(super::Error::io("open", &checkout.folder))
        };
        let (source, target) = (open(from)?, open(to)?);
        let is_same = |path: &&PathBuf| {
            let path = path.as_path();
            !differing.contains(path) && !is_secret_file(path)
        };
        let mut replaced = Vec::new();
        for path in files.iter().filter(is_same) {
            match replace(&source, &target, path) {
                Ok(()) => {
                    replaced.extend_from_slice(path.as_os_str().as_bytes());
                    replaced.push(0);
                }
                Err(error) => {
                    log::warn!("{path:?} is not in the workspace as in the checkout: {error}");
                }
            }
        }
        // By its size alone git would take each for changed.
        let update = ["update-index", "-z", "--stdin"];
        Git::writing(to).input(replaced).run(&update)?;
        Ok(())
    }
}

/// Returns the paths that may differ in a checkout from a commit.
fn differing(checkout: &Checkout, commit: &str) -> Result<Vec<u8>, GitError> {
    let diff = [
        "diff-index",
        "-z",
        "--name-only",
        "--end-of-options",
        commit,
        "--",
    ];
    Git::reading(checkout).run(&diff)
}

/// Puts a copy of a file in the place of another one. Both are regular files.
fn replace(source: &Folder, target: &Folder, path: &Path) -> io::Result<()> {
    let (above, name) = source.above(path)?;
    let (mut file, found) = above.file(name)?;
    let (above, name) = target.above(path)?;
    above.file(name)?;
    above.remove(name)?;
    above.copy(name, &mut file, &found)
}

fn paths_of(text: &[u8]) -> Vec<&Path> {
    let paths = text
        .split(|byte| *byte == 0)
        .filter(|path| !path.is_empty());
    paths
        .map(|path| Path::new(OsStr::from_bytes(path)))
        .collect()
}

#[cfg(test)]
mod tests;
