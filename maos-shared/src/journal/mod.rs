//! Append-only journals: one JSON object a line, one write a line, no secrets.

mod entry;
mod redact;
mod rotate;
mod time;

pub use entry::Entry;
pub use redact::{Fields, shorten};
pub use rotate::{earlier, rotate};
pub use time::rfc3339;
