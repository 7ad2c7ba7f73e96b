//! The branches that a new one could clash with.

use crate::workspace::git::{Checkout, Git, GitError};
use crate::workspace::name::Name;
use std::collections::HashSet;

/// The branches that could be in the way, lower case: some file systems take
/// two spellings for one file.
pub(super) struct Branches(HashSet<String>);

impl Branches {
    /// Lists them.
    pub(super) fn list(checkout: &Checkout) -> Result<Self, GitError> {
        let list = [
            "for-each-ref",
            "--format=%(refname:lstrip=2)",
            "refs/heads/agent",
            "refs/heads/agent-*",
            "refs/heads/agent-*/**",
            "refs/heads/worktree-*",
            "refs/heads/worktree-*/**",
        ];
        let names = Git::reading(checkout).run(&list)?;
        let names = String::from_utf8_lossy(&names).to_lowercase();
        Ok(Self(names.lines().map(str::to_owned).collect()))
    }

    /// Returns the branch to make for a name, unless it is taken.
    pub(super) fn free(&self, name: &Name) -> Option<String> {
        let is_blocked = || {
            let parts = name.branch.match_indices('/');
            let mut above = parts.map(|(at, _)| &name.branch[..at]);
            above.any(|above| self.0.contains(&above.to_lowercase()))
        };
        let branch = if is_blocked() {
            &name.flat
        } else {
            &name.branch
        };
        let lower = branch.to_lowercase();
        let below = format!("{lower}/");
        let is_taken =
            self.0.contains(&lower) || self.0.iter().any(|other| other.starts_with(&below));
        (!is_taken).then(|| branch.clone())
    }
}
