//! Calling the person: what is said, when, and through which provider.

mod blocks;
mod call;
mod clock;
mod errand;
mod kind;
mod message;
mod providers;
mod record;
mod say;
mod spoken;
mod terminal;
mod transcript;
mod wish;

pub use call::call;
pub use errand::LastAnswer;
pub use kind::{BLOCKED, Kind};
pub use message::{Message, Notice};
pub use providers::{Order, SPEAKER, players};
pub use say::say;
pub use spoken::spoken;
pub use terminal::{Terminal, sequence};
pub use transcript::last_answer;
