//! How the work of agents comes back: merged with what is there meanwhile,
//! always against the commit that the agent started from, or that came back
//! last. Where that commit lies in the history does not count, so what was
//! uncommitted when an agent started never comes back as a change of its own; what
//! counts where an agent has left it is said in `origin.rs`.

mod apply;
mod bring;
mod change;
mod compare;
mod files;
mod hunks;
mod intent;
mod join;
mod names;
mod origin;
mod overlap;
mod resolve;
mod secrets;
mod stage;
mod three_way;

pub use bring::{Delivery, Return, bring_back};
pub use change::recover;
pub use compare::{changed_files, clash, clash_here, clash_with_files, diff, files_of, head, tip};
pub use hunks::Hunk;
pub use intent::Ticket;
pub use join::{Clash, Joined, Part, Piece, Style, join};
pub use origin::since;
pub(super) use origin::start;
pub use resolve::{Resolved, resolve};
pub use three_way::Conflict;
pub(super) use three_way::is_in;
