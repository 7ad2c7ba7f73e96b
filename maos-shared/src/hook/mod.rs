//! The contract with Claude Code: what a hook is sent, what it may answer.

mod answer;
mod call;
mod diagnostics;
mod error;
mod event;
mod input;
mod record;
mod run;

pub use answer::Answer;
pub use call::{Call, Note};
pub use error::Error;
pub use event::{Event, Policy};
pub use input::Input;
pub use run::{Handler, run};
