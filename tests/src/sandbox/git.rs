//! The project's repository.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Sandbox, entries};
use crate::process::{self, Finished, Stdout};

impl Sandbox {
    /// Commits all that is in the project.
    pub fn commit(&self, message: &str) {
        self.git(["add", "--all"]);
        self.git(["commit", "--quiet", "--allow-empty", "--message", message]);
    }

    /// Returns this sandbox with all that is in the project committed.
    #[must_use]
    pub fn committed(self, message: &str) -> Self {
        self.commit(message);
        self
    }

    /// Returns what git prints for `arguments` in the project, trimmed.
    ///
    /// # Panics
    /// When git fails.
    pub fn git<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> String {
        let arguments: Vec<A> = arguments.into_iter().collect();
        let run = || self.try_git(arguments.iter().map(AsRef::as_ref));
        // Git's own `worktree add` is no single step to another git, and a job may
        // be at it.
        let is_in_between = |git: &Finished| git.err().contains("commondir");
        let again = std::iter::repeat_with(run).take(100);
        let git = again.into_iter().find(|git| !is_in_between(git));
        git.unwrap_or_else(run).exits(0).out().trim_end().to_owned()
    }

    /// Runs git in the project, whether or not it works.
    #[must_use]
    pub fn try_git<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Finished {
        let mut git = self.command("git");
        git.args(arguments);
        process::run(git, Vec::new(), Stdout::Kept, Duration::from_secs(60))
    }

    /// Returns what git calls changed or untracked in the main checkout.
    #[must_use]
    pub fn status(&self) -> String {
        self.git(["status", "--porcelain", "--untracked-files=all"])
    }

    /// Returns the commit that is checked out in the main checkout.
    #[must_use]
    pub fn head(&self) -> String {
        self.git(["rev-parse", "HEAD"])
    }

    /// Returns the local branches below `prefix`, sorted.
    #[must_use]
    pub fn branches(&self, prefix: &str) -> Vec<String> {
        let refs = format!("refs/heads/{prefix}");
        let names = self.git(["for-each-ref", "--format=%(refname:short)", &refs]);
        names.lines().map(str::to_owned).collect()
    }

    /// Returns the text of `path` as committed on `branch`, `None` when the
    /// branch has no such file.
    #[must_use]
    pub fn committed_file(&self, branch: &str, path: &str) -> Option<String> {
        let listed = self.git(["ls-tree", "-r", "--name-only", branch, "--", path]);
        (listed == path).then(|| self.git(["show", &format!("{branch}:{path}")]))
    }

    /// Returns the references that keep rescued work, sorted.
    #[must_use]
    pub fn rescued(&self) -> Vec<String> {
        let names = self.git(["for-each-ref", "--format=%(refname)", "refs/maos/rescue"]);
        names.lines().map(str::to_owned).collect()
    }

    /// Returns the roots of the linked worktrees, without spare ones: a job
    /// makes those at any time.
    ///
    /// # Panics
    /// When git finds that one of them is not in order.
    #[must_use]
    pub fn worktrees(&self) -> Vec<PathBuf> {
        let list = self.git(["worktree", "list", "--porcelain"]);
        assert!(!list.contains("\nprunable"), "{list}");
        let paths = list
            .lines()
            .filter_map(|line| line.strip_prefix("worktree "));
        let paths = paths.skip(1).map(PathBuf::from);
        let paths: Vec<_> = paths.filter(|path| !is_spare(path)).collect();
        for path in &paths {
            assert!(path.join(".git").is_file(), "{} is gone", path.display());
        }
        paths
    }

    /// Returns the folders in the folder of workspaces, sorted, without spares.
    #[must_use]
    pub fn workspaces(&self) -> Vec<PathBuf> {
        let found = entries(&self.project().join(".claude/worktrees"));
        let is_workspace = |path: &PathBuf| path.is_dir() && !is_spare(path);
        found.into_iter().filter(is_workspace).collect()
    }

    /// Checks that nothing is missing or broken in the repository.
    ///
    /// # Panics
    /// When git finds something.
    pub fn is_whole(&self) {
        let found = self.git(["fsck", "--strict", "--no-dangling", "--no-progress"]);
        assert_eq!(found, "", "the repository is damaged");
    }
}

/// Returns whether a folder is that of a spare workspace, or being deleted.
fn is_spare(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with("spare-") || name.starts_with(".tmp-")
}
