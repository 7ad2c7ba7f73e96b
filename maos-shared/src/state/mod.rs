//! State as files in folders: who works here, in which workspace, on which
//! files. `ls -R .maos` shows all of it.

pub mod agents;
mod allowances;
pub mod atomic;
mod between;
mod launches;
mod layout;
pub mod leases;
pub mod lock;
mod name;
mod notices;
pub mod sessions;
mod trash;

pub use between::note_for;
pub use layout::{Session, State};
pub use name::{SafeName, sha256_hex};
