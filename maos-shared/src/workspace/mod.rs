//! Workspaces: the worktrees that agents work in.

#[cfg(test)]
pub(crate) mod scratch;
/// stub
#[derive(Debug, thiserror::Error)]
#[error("stub")]
pub struct Error;
