//! State as files in folders: who works here, in which workspace, on which
//! files. `ls -R .maos` shows all of it.

pub mod agents;
mod allowances;
pub mod atomic;
mod crowd;
pub mod edits;
mod launches;
mod layout;
pub mod leases;
pub mod legacy;
mod live;
pub mod lock;
mod name;
mod notes;
mod notices;
mod offers;
pub mod process;
mod queue;
pub mod reservations;
#[cfg(test)]
mod scratch;
pub mod sessions;
mod shape;
mod sweep;
mod trash;
mod trust;
mod untold;

pub use allowances::Allowances;
pub use layout::{Session, State};
pub use live::{Place, Places, Use};
pub use name::{SafeName, sha256_hex};
pub use notes::{Note, note_for};
pub use sweep::Swept;
pub use trust::Trust;
