//! How strongly a rule of the guard is meant.

use std::fmt;

use serde::Deserialize;

/// What happens when a rule objects to a call, the weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Nothing: the rule is off.
    Off,
    /// The call goes on, and the model is told.
    Warn,
    /// The person is asked.
    Ask,
    /// The call does not run.
    Deny,
}

impl Level {
    /// Returns the word that stands for it in `maos.toml` and in journals.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Warn => "warn",
            Self::Ask => "ask",
            Self::Deny => "deny",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(self.name())
    }
}
