//! The real client, with the programs as its hooks.

mod agents;
mod crash;
mod failures;
mod guard;
mod harness;
mod leases;
mod merging;
mod permissions;
mod plugin;
mod resume;
mod shared;
mod terminal;
mod tooling;
mod workflows;
mod worktrees;
