//! `maos` as a person starts it.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests start the program and lay out files"
)]

mod help;
mod journals;
mod leftovers;
mod settings;
mod status;
mod world;
