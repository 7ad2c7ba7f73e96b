//! What two MAOS programs need. One folder a subject, dependencies downwards
//! only; ARCHITECTURE.md is the map.

pub mod guard;
pub mod hook;
pub mod project;
pub mod state;
pub mod workspace;
