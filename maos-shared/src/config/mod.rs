//! What a person or a caller can set, and the defaults.

mod environment;
pub mod limits;

pub use environment::Environment;
