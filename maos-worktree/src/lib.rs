//! Hook handlers.
