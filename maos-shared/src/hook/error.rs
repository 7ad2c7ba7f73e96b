//! Why a hook could not do its work: one line for the person and the model.

use crate::json;
use crate::project;
use crate::workspace;

/// What went wrong in a hook.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The input cannot be read.
    #[error("{0}")]
    Input(String),
    /// A part of the input is of another type than it should be.
    #[error(transparent)]
    Json(#[from] json::Error),
    /// The checkout cannot be made out.
    #[error(transparent)]
    Project(#[from] project::Error),
    /// A workspace operation failed.
    #[error(transparent)]
    Workspace(#[from] workspace::Error),
    /// A program that was asked for its part could not do it; its own words.
    #[error("{0}")]
    Program(String),
    /// State could not be read or written; the text names the path.
    #[error("MAOS state: {0}")]
    State(#[from] std::io::Error),
}

impl Error {
    /// Returns an error about the input.
    pub fn input(text: impl Into<String>) -> Self {
        Self::Input(text.into())
    }
}
