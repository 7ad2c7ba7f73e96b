//! Nothing but tests: `tests/` holds the guard's parser against published ones.
//! A crate of its own, so that no program depends on any of them.
