//! Where a path lies: in the agent's own workspace, in the checkout that it
//! shares with others, in a place that is not its business, or outside.

use std::fs;
use std::path::{Component, Path, PathBuf};

use maos_shared::files::leads_to;
use maos_shared::project::Project;

/// Most links that are followed on the way to a file.
const LINKS: usize = 32;

/// Where a path lies, links resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Location {
    /// In the agent's own workspace.
    Own,
    /// In the shared checkout, at this path below its root.
    Shared(PathBuf),
    /// In another agent's workspace, in a git directory or in MAOS's state.
    Foreign,
    /// Outside of the project.
    Outside,
}

impl Location {
    /// Returns where `path` (real, see [`real_path`]) lies for an agent whose
    /// workspace is `own`.
    pub(crate) fn of(path: &Path, project: &Project, own: Option<&Path>) -> Self {
        if own.is_some_and(|own| path.starts_with(own)) {
            return Self::Own;
        }
        if is_internal(path, project) {
            return Self::Foreign;
        }
        if let Ok(below) = path.strip_prefix(&project.checkout) {
            // The folder of workspaces lies in the main checkout as well.
            if !path.starts_with(project.worktrees_dir()) || project.is_workspace() {
                return Self::Shared(below.to_path_buf());
            }
        }
        if path.starts_with(project.worktrees_dir()) {
            return Self::Foreign;
        }
        match path.strip_prefix(&project.main) {
            Ok(below) => Self::Shared(below.to_path_buf()),
            Err(_) => Self::Outside,
        }
    }
}

/// Returns whether `path` is git's or MAOS's own.
fn is_internal(path: &Path, project: &Project) -> bool {
    let git = [&project.git_dir, &project.git_common_dir];
    git.into_iter().flatten().any(|dir| path.starts_with(dir))
        || path.starts_with(project.state_dir())
}

/// Returns `path` (absolute) without `.`, `..` and links, also where its end
/// does not exist yet: what is there is resolved, the rest appended. A link
/// that leads nowhere yet is followed as well, since a write would follow it.
/// `known` is a real path: names that both begin with are not looked up again.
pub(crate) fn real_path(path: &Path, known: &Path) -> PathBuf {
    let mut real = PathBuf::from("/");
    let mut links = 0;
    resolve(path, known, &mut real, &mut links);
    real
}

fn resolve(path: &Path, known: &Path, real: &mut PathBuf, links: &mut usize) {
    for component in path.components() {
        match component {
            Component::RootDir | Component::Prefix(_) => *real = PathBuf::from("/"),
            Component::CurDir => {}
            Component::ParentDir => {
                real.pop();
            }
            Component::Normal(name) => {
                real.push(name);
                if *links < LINKS
                    && !leads_to(real, known)
                    && let Ok(target) = fs::read_link(&*real)
                {
                    *links += 1;
                    real.pop();
                    resolve(&target, known, real, links);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn links_are_followed_even_to_what_is_not_there_yet() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        fs::create_dir(root.join("a")).unwrap();
        symlink("a", root.join("link")).unwrap();
        symlink("../new/file", root.join("a/dangling")).unwrap();
        symlink("loop", root.join("loop")).unwrap();
        let real = |path: &str| {
            let real = real_path(&root.join(path), Path::new("/"));
            for known in [&root, &root.join("a")] {
                assert_eq!(real_path(&root.join(path), known), real);
            }
            real
        };
        assert_eq!(real("link/x/../y"), root.join("a/y"));
        assert_eq!(real("link/../b"), root.join("b"), "`..` of where it leads");
        assert_eq!(real("link/dangling"), root.join("new/file"));
        assert_eq!(real("./a//."), root.join("a"));
        assert!(real("loop").starts_with(&root));
    }
}
