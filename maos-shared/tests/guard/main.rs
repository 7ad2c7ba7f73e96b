//! The guard, held against tables of commands, against the corpora, and against
//! what must hold for any command at all.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod corpus;
mod effect;
mod properties;
mod rules;
mod tables;
mod workspace;
