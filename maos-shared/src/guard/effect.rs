//! Does a script change anything?

use super::shell::Script;

/// What a script can do to files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It reads only.
    Reads,
    /// It may change something; so does all that is not known.
    Modifies,
}

/// Returns the effect of a script.
pub(super) fn of(_script: &Script) -> Effect {
    Effect::Modifies
}
