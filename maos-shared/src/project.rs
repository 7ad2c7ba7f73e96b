//! Which checkout a folder lies in, which repository that belongs to, and
//! where the project's state and workspaces are. Git's files are read, git is
//! not started: this runs before every tool call.

mod gitdir;

use crate::config::limits::PATH_BYTES;
use crate::files::real_path;
use std::cell::LazyCell;
use std::io;
use std::path::{Component, Path, PathBuf};

/// Why no project could be told for a folder.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The path is relative, holds a NUL byte or is longer than the system
    /// takes.
    #[error("{0} is not an absolute path that a folder can have")]
    Path(String),
    /// The system refused to look.
    #[error("failed to read {path:?}: {source}; make it readable, or start from another folder")]
    Unreadable {
        /// What was to be read.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// A file of git's own says something that git would not accept.
    #[error(
        "{file:?} does not lead to a git repository: {problem}; run `git worktree repair` in the main checkout, or remove the file"
    )]
    Broken {
        /// The file that is wrong.
        file: PathBuf,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// `MAOS_PROJECT_ROOT_DIR` does not name a folder.
    #[error("MAOS_PROJECT_ROOT_DIR names {0:?}, which is not a folder; create it or unset it")]
    Root(PathBuf),
}

/// How a checkout relates to its repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The repository's main checkout.
    Main,
    /// A linked worktree.
    Linked,
    /// A bare repository itself: no files are checked out here.
    Bare,
    /// A linked worktree of a bare repository, or of one whose main checkout
    /// git does not record (`git init --separate-git-dir`).
    BareLinked,
    /// A submodule: a repository of its own inside another's checkout.
    Submodule,
    /// A folder without git.
    Folder,
}

/// A folder's project. Every path is absolute and real.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// What the checkout is.
    pub kind: Kind,
    /// The root of the checkout that the folder lies in.
    pub checkout: PathBuf,
    /// The root of the main checkout. For a bare repository the folder that
    /// holds its `.git`, or the repository itself when there is none; without
    /// git the session's folder.
    pub main: PathBuf,
    /// What all worktrees of the repository share.
    pub git_common_dir: Option<PathBuf>,
    /// The checkout's own git directory.
    pub git_dir: Option<PathBuf>,
    /// Where `.maos` lies.
    state_root: PathBuf,
    /// The checkout below which the workspaces lie.
    host: PathBuf,
}

impl Project {
    /// Returns the project of the folder `cwd`, found as git finds it: from the
    /// nearest folder that still exists upwards.
    ///
    /// `hint` is the folder that the client's session started in. It is the
    /// project where there is no git, and it decides about a submodule: in a
    /// session that started outside of it, a submodule is part of the checkout
    /// around it; a session that started inside has it as its project.
    /// `root_override` is where `.maos` lies instead of the main checkout.
    ///
    /// # Errors
    /// When `cwd` is no absolute path, when a `.git` file leads nowhere or to a
    /// repository that does not know this checkout, or when `root_override` is
    /// not a folder.
    pub fn find(
        cwd: &Path,
        hint: Option<&Path>,
        root_override: Option<&Path>,
    ) -> Result<Self, Error> {
        let folder = nearest_folder(cwd)?;
        let hint = LazyCell::new(|| hint.and_then(|hint| hint.canonicalize().ok()));
        let mut project = match Self::search(&folder, || hint.as_deref())? {
            Some(project) => project,
            None => Self::without_git(folder, hint.as_deref()),
        };
        if let Some(root) = root_override {
            project.state_root = match root.canonicalize() {
                Ok(real) if root.is_absolute() && real.is_dir() => real,
                _ => return Err(Error::Root(root.into())),
            };
        }
        Ok(project)
    }

    /// Returns the folder that holds the project's state: `.maos` in the main
    /// checkout, or in the root that overrides it. It need not exist.
    #[must_use]
    pub fn state_dir(&self) -> PathBuf {
        self.state_root.join(".maos")
    }

    /// Returns the folder that holds the workspaces: `.claude/worktrees` of the
    /// main checkout. A bare repository has none, so there it is the one of the
    /// checkout that the session works in, which is also what its agents get
    /// whose own checkouts lie in that folder. It need not exist.
    #[must_use]
    pub fn worktrees_dir(&self) -> PathBuf {
        self.host.join(WORKTREES)
    }

    /// Returns whether the checkout is a workspace: a linked worktree directly
    /// in the folder of workspaces. By its place alone; whether this program
    /// made it, its marker tells.
    #[must_use]
    pub fn is_workspace(&self) -> bool {
        matches!(self.kind, Kind::Linked | Kind::BareLinked)
            && self.checkout.parent() == Some(&self.worktrees_dir())
    }

    /// Returns the workspace that `path` lies in or is: the folder directly in
    /// the folder of workspaces, whether or not it exists. The path is taken as
    /// written, links are not followed; one with `..` lies in none.
    #[must_use]
    pub fn workspace_of(&self, path: &Path) -> Option<PathBuf> {
        if path.components().any(|part| part == Component::ParentDir) {
            return None;
        }
        let worktrees = self.worktrees_dir();
        let below = path.strip_prefix(&worktrees).ok()?;
        let name = below.components().next()?;
        Some(worktrees.join(name))
    }

    /// Returns the checkout of this repository that `path` lies in, wherever that is.
    /// Looks into each folder above it.
    #[must_use]
    pub fn checkout_around<'a>(&self, path: &'a Path) -> Option<&'a Path> {
        let common = self.git_common_dir.as_deref()?;
        let mut around = path.ancestors().skip(1);
        around.find(|at| leads_to(at, common))
    }

    /// Looks for a repository from `folder` upwards; asks for the hint where
    /// that decides, which in most repositories it never does.
    fn search<'a>(
        folder: &Path,
        hint: impl Fn() -> Option<&'a Path>,
    ) -> Result<Option<Self>, Error> {
        for at in folder.ancestors() {
            let found = match gitdir::follow(at)? {
                Some(link) => Self::of_checkout(at, link),
                None => match Self::of_bare(at) {
                    Some(project) => project,
                    None => continue,
                },
            };
            let is_foreign = || hint().is_some_and(|hint| !hint.starts_with(at));
            if found.kind == Kind::Submodule && is_foreign() {
                continue;
            }
            return Ok(Some(found));
        }
        Ok(None)
    }

    /// The project of a checkout whose `.git` entry leads to `link`.
    fn of_checkout(checkout: &Path, link: gitdir::Link) -> Self {
        let common = &link.common_dir;
        let layout = gitdir::layout(common);
        let linked = link.git_dir != *common;
        let recorded = layout
            .worktree
            .and_then(|worktree| common.join(worktree).canonicalize().ok())
            .filter(|worktree| leads_to(worktree, common));
        let in_place = common.parent().filter(|_| common.ends_with(".git"));
        let main = match (layout.bare, recorded) {
            (true, _) => None,
            (false, Some(recorded)) => Some(recorded),
            (false, None) => in_place.map(Path::to_owned),
        };
        let kind = match (linked, &main) {
            (true, Some(_)) => Kind::Linked,
            (true, None) => Kind::BareLinked,
            (false, Some(_)) if is_module(common) => Kind::Submodule,
            (false, _) if layout.bare => Kind::Bare,
            (false, _) => Kind::Main,
        };
        let state_root = main.clone().unwrap_or_else(|| bare_root(common));
        let main = match kind {
            Kind::Main | Kind::Submodule => checkout.to_owned(),
            _ => state_root.clone(),
        };
        let host = match kind {
            Kind::BareLinked => host_of(checkout, common),
            _ => main.clone(),
        };
        Self {
            kind,
            checkout: checkout.to_owned(),
            main,
            git_common_dir: Some(link.common_dir),
            git_dir: Some(link.git_dir),
            state_root,
            host,
        }
    }

    /// The project of the folder `at` when that is itself a bare repository.
    fn of_bare(at: &Path) -> Option<Self> {
        let is_bare =
            !at.ends_with(".git") && gitdir::is_repository(at, at) && gitdir::layout(at).bare;
        is_bare.then(|| {
            let root = bare_root(at);
            Self {
                kind: Kind::Bare,
                checkout: root.clone(),
                main: root.clone(),
                git_common_dir: Some(at.to_owned()),
                git_dir: Some(at.to_owned()),
                state_root: root.clone(),
                host: root,
            }
        })
    }

    /// The project of a folder that no repository holds.
    fn without_git(folder: PathBuf, hint: Option<&Path>) -> Self {
        let root = match hint.filter(|hint| folder.starts_with(hint)) {
            Some(hint) => hint.to_owned(),
            None => folder,
        };
        Self {
            kind: Kind::Folder,
            checkout: root.clone(),
            main: root.clone(),
            git_common_dir: None,
            git_dir: None,
            state_root: root.clone(),
            host: root,
        }
    }
}

/// Where the workspaces lie below a checkout.
pub const WORKTREES: &str = ".claude/worktrees";

/// Returns the real path of the nearest folder at or above `path`.
fn nearest_folder(path: &Path) -> Result<PathBuf, Error> {
    let length = path.as_os_str().len();
    if !path.is_absolute() || length > PATH_BYTES {
        let shown: String = path.to_string_lossy().chars().take(200).collect();
        return Err(Error::Path(format!("{shown:?}")));
    }
    // The client starts a hook in the folder that it names, and the system calls
    // that by its real path.
    if let Ok(own) = nix::unistd::getcwd()
        && own == path
    {
        return Ok(own);
    }
    for at in path.ancestors() {
        match real_path(at, Path::new("/")) {
            Ok(real) if real.is_dir() => return Ok(real),
            Ok(_) => {}
            Err(error) if means_missing(&error) => {}
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => {
                return Err(Error::Path(format!("{path:?}")));
            }
            Err(source) => {
                return Err(Error::Unreadable {
                    path: at.into(),
                    source,
                });
            }
        }
    }
    Err(Error::Path(format!("{path:?}")))
}

fn means_missing(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::InvalidFilename
    )
}

/// Returns whether the `.git` entry of `checkout` leads to the repository
/// `common`, as its main checkout or as a linked worktree.
fn leads_to(checkout: &Path, common: &Path) -> bool {
    matches!(gitdir::follow(checkout), Ok(Some(link)) if link.common_dir == common)
}

/// Returns whether a git directory is where git keeps those of submodules:
/// below the folder `modules` of another.
fn is_module(git_dir: &Path) -> bool {
    let mut outer = git_dir.ancestors().skip(1);
    outer.any(|at| at.ends_with("modules"))
}

/// Returns the folder that stands for a bare repository: the one whose `.git`
/// it is, or that holds a `.git` file naming it, else the repository itself.
fn bare_root(common: &Path) -> PathBuf {
    let around = common.parent().filter(|parent| leads_to(parent, common));
    around.unwrap_or(common).to_owned()
}

/// Returns the checkout below which the workspaces of a bare repository lie
/// when the session is in `checkout`: that checkout, or the one around it when
/// it is a workspace itself.
fn host_of(checkout: &Path, common: &Path) -> PathBuf {
    let around = checkout
        .parent()
        .filter(|parent| parent.ends_with(WORKTREES))
        .and_then(|parent| parent.parent()?.parent());
    let around = around.filter(|around| leads_to(around, common));
    around.unwrap_or(checkout).to_owned()
}

#[cfg(test)]
mod tests;
