//! Files that hold secrets.

use std::path::Path;

use super::super::place::Scene;
use super::{Access, Denial, Surroundings};

pub(super) fn judge(_scene: &Scene<'_>) -> Option<Denial> {
    None
}

pub(super) fn judge_file(
    _path: &Path,
    _access: Access,
    _around: &Surroundings<'_>,
) -> Option<Denial> {
    None
}

/// Returns whether a path names a file that holds secrets.
#[must_use]
pub fn is_secret_file(_path: &Path) -> bool {
    false
}
