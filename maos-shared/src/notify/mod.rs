//! Calling the person: what is said, and through which provider.

mod message;
mod terminal;

pub use message::{Kind, Message};
pub use terminal::sequence;
