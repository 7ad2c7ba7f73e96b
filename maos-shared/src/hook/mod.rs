//! The contract with Claude Code: what a hook is sent, what it may answer.

mod event;

pub use event::{Event, Policy};
