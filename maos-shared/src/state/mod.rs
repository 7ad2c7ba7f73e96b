//! State as files in folders: who works here, in which workspace, on which
//! files. `ls -R .maos` shows all of it.

pub mod atomic;
mod name;

pub use name::{SafeName, sha256_hex};
