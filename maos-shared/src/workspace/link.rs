//! What workspaces share with the checkout: folders and files that git ignores
//! and `workspace.link` names.

use super::below::Folder;
use super::git::{Checkout, Git};
use super::{Error, GitError};
use crate::config::Shared;
use crate::config::limits::LINKED_ENTRIES;
use std::fs;
use std::io;
use std::path::Path;

/// Makes the links of a workspace that is not handed out yet. What is not there,
/// or not ignored by git, or there already, is left out; where that is against
/// what the settings say, with a warning.
///
/// # Errors
/// When git fails, or the workspace cannot be opened.
pub(super) fn make(from: &Checkout, to: &Checkout, links: &[Shared]) -> Result<(), Error> {
    for shared in links {
        let path = shared.path();
        let Some(target) = target(from, path) else {
            continue;
        };
        if !is_ignored(from, path)? {
            log::warn!("workspace.link: {path:?} is not ignored by git, so it is not shared");
            continue;
        }
        if let Err(error) = link(to, path, &target)? {
            log::warn!("workspace.link: {path:?} is not shared: {error}");
        }
    }
    Ok(())
}

/// Returns the real path of what is shared, if it lies in the checkout.
fn target(from: &Checkout, path: &Path) -> Option<std::path::PathBuf> {
    let real = from.folder.join(path).canonicalize().ok()?;
    real.starts_with(&from.folder).then_some(real)
}

fn is_ignored(checkout: &Checkout, path: &Path) -> Result<bool, GitError> {
    let check = [
        "check-ignore".as_ref(),
        "-q".as_ref(),
        "--".as_ref(),
        path.as_os_str(),
    ];
    Git::reading(checkout)
        .find(&check)
        .map(|found| found.is_some())
}

/// Makes one link. A pattern such as `node_modules/` is for folders alone, and a
/// link there would count as the agent's work; then a folder is made whose
/// entries are the links.
fn link(to: &Checkout, path: &Path, target: &Path) -> Result<io::Result<()>, Error> {
    let root = Folder::open(&to.folder).map_err(Error::io("open", &to.folder))?;
    let made = root
        .make_above(path)
        .and_then(|(above, name)| above.make_link(name, target.as_os_str()));
    match made {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(Ok(())),
        Err(error) => return Ok(Err(error)),
        Ok(()) => {}
    }
    if is_ignored(to, path)? {
        return Ok(Ok(()));
    }
    let place = to.folder.join(path);
    Ok(fs::remove_file(&place).and_then(|()| link_entries(&root, path, target)))
}

fn link_entries(root: &Folder, path: &Path, target: &Path) -> io::Result<()> {
    let (above, name) = root.above(path)?;
    let folder = above.make(name)?;
    for entry in fs::read_dir(target)?.take(LINKED_ENTRIES) {
        let entry = entry?;
        folder.make_link(&entry.file_name(), entry.path().as_os_str())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::workspace::scratch::{Scratch, request, settings};
    use crate::workspace::{Request, create};

    #[test]
    fn what_is_ignored_is_shared_and_never_becomes_work() {
        let scratch = Scratch::with_repository();
        scratch.write("main/.gitignore", "node_modules/\ncache\n*.log\n");
        scratch.git("main", &["commit", "-q", "-a", "-m", "ignore"]);
        scratch.write("main/node_modules/left-pad/index.js", "x");
        scratch.write("main/cache/object", "x");
        scratch.write("elsewhere/secret", "x");
        std::os::unix::fs::symlink("../elsewhere", scratch.path("main/out.log")).unwrap();
        let settings =
            settings("link = ['node_modules', 'cache', 'src', 'none', 'out.log', 'a.txt']");
        let main = scratch.path("main");
        let request = Request {
            settings: &settings,
            ..request(&main, "coder", "a5584d067ecffbeda")
        };
        let made = scratch.undisturbed("main", || {
            create(&scratch.project("main"), &request).unwrap()
        });
        let shared = |name: &str| made.path.join(name).canonicalize().unwrap();
        let inside = main.join("node_modules/left-pad/index.js");
        assert_eq!(shared("node_modules/left-pad/index.js"), inside);
        assert_eq!(shared("cache"), main.join("cache"));
        assert!(!made.path.join("src").is_symlink());
        assert!(made.path.join("out.log").symlink_metadata().is_err());
        assert_eq!(
            scratch.git(&made.path, &["status", "--porcelain", "-uall"]),
            ""
        );
    }
}
