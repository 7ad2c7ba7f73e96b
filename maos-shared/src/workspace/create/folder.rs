//! The folder of workspaces.

use crate::project::Project;
use crate::state::atomic;
use crate::workspace::Error;
use std::fs;
use std::io;
use std::path::Path;

/// Makes the folder of workspaces, which ignores itself.
pub(super) fn prepare(project: &Project, worktrees: &Path) -> Result<(), Error> {
    let host = worktrees.parent().and_then(Path::parent);
    let host = host.unwrap_or(&project.main);
    make_folder(&host.join(".claude"))?;
    make_folder(worktrees)?;
    if worktrees.canonicalize().ok().as_deref() != Some(worktrees) {
        return Err(Error::Link(worktrees.into()));
    }
    let ignore = worktrees.join(".gitignore");
    match atomic::write_new(&ignore, b"*\n") {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            Err(Error::io("write", ignore)(error))
        }
        _ => Ok(()),
    }
}

/// Makes a folder, unless it is there. It is the user's to read, so its mode is
/// the usual one.
fn make_folder(folder: &Path) -> Result<(), Error> {
    match fs::create_dir(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            return Err(Error::io("make the folder", folder)(error));
        }
        _ => {}
    }
    match folder.symlink_metadata() {
        Ok(metadata) if metadata.is_dir() => Ok(()),
        _ => Err(Error::Link(folder.into())),
    }
}
