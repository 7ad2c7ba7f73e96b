//! What the submodules of a workspace have that those of the main checkout have
//! not: it is in the workspace alone, and goes with it.

use super::listed;
use crate::config::limits::SUBMODULE_DEPTH;
use crate::workspace::git::{Checkout, Git, GitError};
use crate::workspace::rescue::{RESCUE, SHORT};
use crate::workspace::status::{self, Submodules};
use crate::workspace::{Error, commit, name};
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::Path;

/// Keeps what is committed in the submodules of a workspace and not in those of the
/// main checkout, whose common git directory is `common_dir`: there, under
/// references. Else a commit above them would name one that goes with the workspace.
///
/// # Errors
/// When git fails.
pub(in crate::workspace) fn keep(workspace: &Checkout, common_dir: &Path) -> Result<(), Error> {
    let name = workspace.folder.file_name().unwrap_or_default();
    let name = name::component(&name.to_string_lossy());
    keep_to(workspace, common_dir, &name, SUBMODULE_DEPTH)
}

fn keep_to(above: &Checkout, common_dir: &Path, name: &str, depth: usize) -> Result<(), Error> {
    for module in listed(above)? {
        let (inside, original) = module.places(above, common_dir);
        let is_there = |path: &Path| path.symlink_metadata().is_ok();
        if !is_there(&inside.git_dir) || !is_there(&original.git_dir) {
            continue;
        }
        for commit in own_commits(&inside, &original.git_dir)? {
            let short = commit.get(..SHORT).unwrap_or(&commit);
            let into = format!("{commit}:{RESCUE}/{name}-{short}");
            let mut fetch = ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head"]
                .map(OsString::from)
                .to_vec();
            fetch.extend(["--no-recurse-submodules".into(), "--".into()]);
            fetch.extend([inside.git_dir.clone().into(), into.into()]);
            // A commit that a reference does not name can be asked for as well.
            Git::writing(&original)
                .setting("protocol.version=2")
                .run(&fetch)?;
        }
        if depth > 0 {
            keep_to(&inside, &original.git_dir, name, depth - 1)?;
        }
    }
    Ok(())
}

/// Returns whether the submodules of a workspace hold nothing that is not in
/// those of the main checkout, whose common git directory is `common_dir`: no
/// change, and no reference to a commit that is not there.
///
/// # Errors
/// When git fails.
pub(in crate::workspace) fn hold_nothing(
    workspace: &Checkout,
    common_dir: &Path,
) -> Result<bool, Error> {
    hold_nothing_to(workspace, common_dir, SUBMODULE_DEPTH)
}

fn hold_nothing_to(above: &Checkout, common_dir: &Path, depth: usize) -> Result<bool, Error> {
    let known = listed(above)?;
    let modules = above.git_dir.join("modules");
    let names: Vec<&str> = known.iter().map(|module| &*module.name).collect();
    // One of another commit may be anything.
    if !holds_only(&modules, &names) {
        return Ok(false);
    }
    for module in &known {
        let (checkout, original) = module.places(above, common_dir);
        if checkout.git_dir.symlink_metadata().is_err() {
            continue;
        }
        let common_dir = original.git_dir;
        let status = status::look(Git::reading(&checkout), Submodules::All)?;
        let is_empty = status.changes.is_empty()
            && status.head.as_ref() == Some(&module.commit)
            && common_dir.symlink_metadata().is_ok()
            && own_commits(&checkout, &common_dir)?.is_empty()
            && depth > 0
            && hold_nothing_to(&checkout, &common_dir, depth - 1)?;
        if !is_empty {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Returns whether a folder of submodules' git directories holds none but those
/// of these names.
fn holds_only(modules: &Path, names: &[&str]) -> bool {
    let Ok(entries) = fs::read_dir(modules) else {
        return modules.symlink_metadata().is_err();
    };
    let first = |name: &&str| {
        Path::new(name)
            .components()
            .next()
            .map(|part| part.as_os_str().to_owned())
    };
    let known: Vec<OsString> = names.iter().filter_map(first).collect();
    entries
        .flatten()
        .all(|entry| known.contains(&entry.file_name()))
}

/// Returns the commits that a submodule has checked out, or that a reference or an
/// earlier stash of it names, and that the repository at `git_dir` does not have.
fn own_commits(checkout: &Checkout, git_dir: &Path) -> Result<Vec<String>, GitError> {
    let git = || Git::reading(checkout).without_index();
    let mut ids = git().run(&["for-each-ref", "--format=%(objectname)"])?;
    if let Some(head) = commit::head(checkout)? {
        ids.extend_from_slice(format!("\n{head}\n").as_bytes());
    }
    // Only the newest stash is a reference.
    if let Ok(stashes) = git().run(&["reflog", "show", "--format=%H", "refs/stash"]) {
        ids.extend_from_slice(&stashes);
    }
    let original = Checkout {
        git_dir: git_dir.into(),
        folder: git_dir.into(),
    };
    let check = Git::reading(&original).input(ids.trim_ascii());
    let found = check.line(&["cat-file", "--batch-check"])?;
    let missing = found
        .lines()
        .filter_map(|line| line.strip_suffix(" missing"));
    let missing: BTreeSet<&str> = missing.filter(|id| !id.is_empty()).collect();
    Ok(missing.into_iter().map(str::to_owned).collect())
}
