//! What a program in an argument or on the input starts.

use super::{Line, Started};

/// Returns what the code that an interpreter is given starts.
pub(super) fn started(_line: &Line<'_>) -> Vec<Started> {
    Vec::new()
}
