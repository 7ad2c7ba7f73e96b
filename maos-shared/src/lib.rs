//! What two MAOS programs need. One folder a subject, dependencies downwards
//! only; ARCHITECTURE.md is the map.

pub mod cleanup;
pub mod completion;
pub mod config;
pub mod files;
pub mod guard;
pub mod hook;
pub mod jobs;
pub mod journal;
pub mod json;
#[cfg(any(target_env = "musl", all(test, target_os = "linux")))]
mod memory;
pub mod notify;
pub mod order;
pub mod project;
pub mod report;
pub mod sibling;
pub mod state;
#[cfg(test)]
mod testing;
pub mod tooling;
#[cfg(all(target_os = "linux", panic = "abort"))]
mod unwinding;
pub mod workspace;
