//! Judges what a tool call would do. Pure: no file is read, no clock, no
//! environment; what a rule needs to know of them stands in its arguments.

pub mod shell;
mod verdict;
pub use verdict::{Denial, Verdict};
