//! Workspaces: the worktrees that agents work in.

#[cfg(test)]
pub(crate) mod scratch;
