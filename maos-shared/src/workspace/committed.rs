//! A file as it was committed.

use super::git::{Git, GitError};
use super::{Error, checkout_of};
use crate::project::Project;
use std::path::Path;

/// What the commit that is checked out has of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Committed {
    /// There is no such file in it.
    New,
    /// The file, byte for byte.
    As(Vec<u8>),
}

/// Returns what the commit that `checkout` has checked out has of `file`, a path
/// in it. Blocks while git reads it.
///
/// # Errors
/// Where there is no repository, and with git's own reason.
pub fn committed(checkout: &Path, file: &Path) -> Result<Committed, Error> {
    let project = Project::find(checkout, None, None)?;
    let checkout = checkout_of(&project)?;
    let inside = file.strip_prefix(&checkout.folder).unwrap_or(file);
    let Some(inside) = inside.to_str() else {
        return Ok(Committed::New);
    };
    let name = format!("HEAD:{inside}");
    match Git::reading(&checkout).judge(&["cat-file", "blob", &name]) {
        Ok((true, bytes)) => Ok(Committed::As(bytes)),
        // Git knows no such name: no commit yet, or no such file in it.
        Ok((false, _)) | Err(GitError::Failed { .. }) => Ok(Committed::New),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::scratch::Scratch;
    use super::*;

    #[test]
    fn a_file_is_what_the_commit_has_of_it() {
        let scratch = Scratch::with_repository();
        let workspace = scratch.workspace("a1");
        let file = workspace.path.join("new.txt");
        scratch.write(&file, "x\n");
        assert_eq!(committed(&workspace.path, &file).unwrap(), Committed::New);
        let folder = workspace.path.to_str().unwrap().to_owned();
        scratch.git(&folder, &["add", "-A"]);
        scratch.git(&folder, &["commit", "-q", "-m", "x"]);
        scratch.write(&file, "y\n");
        let found = committed(&workspace.path, &file).unwrap();
        assert_eq!(found, Committed::As(b"x\n".to_vec()));
        let elsewhere = tempfile::tempdir().unwrap();
        assert!(committed(elsewhere.path(), &file).is_err());
    }
}
