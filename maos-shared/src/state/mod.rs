//! State as files in folders: who works here, in which workspace, on which
//! files. `ls -R .maos` shows all of it.

pub mod agents;
mod allowances;
pub mod atomic;
mod between;
mod crowd;
pub mod edits;
mod launches;
mod layout;
pub mod leases;
pub mod legacy;
mod live;
pub mod lock;
mod name;
mod notices;
pub mod process;
mod queue;
pub mod reservations;
#[cfg(test)]
mod scratch;
pub mod sessions;
mod sweep;
mod trash;
mod trust;

pub use between::note_for;
pub use layout::{Session, State};
pub use live::{Place, Use};
pub use name::{SafeName, sha256_hex};
pub use sweep::Swept;
pub use trust::Trust;
