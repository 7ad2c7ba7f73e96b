//! Slow work in processes that no hook waits for.

mod detach;

pub use detach::detached;
