//! How the work of agents comes back: merged with what is there meanwhile,
//! always against the commit that the agent started from, or that came back
//! last. Where that commit lies in the history does not count, so what was
//! uncommitted when an agent started never comes back as a change of its own.

mod apply;
mod bring;
mod difference;
mod files;
mod intent;
mod names;
mod stage;
mod three_way;

pub use bring::{Delivery, Return, bring_back, recover};
pub use intent::Ticket;
pub use three_way::Conflict;
