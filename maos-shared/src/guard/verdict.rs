//! What the guard answers.

use std::borrow::Cow;

/// The answer on one tool call.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// No objection; whether it runs is for the user's own permissions to say.
    Pass,
    /// It may run, since a person has let the rule off for now.
    Allowed(Denial),
    /// It may run, and the model is told what speaks against it.
    Warn(Denial),
    /// The user is asked.
    Ask(Denial),
    /// It must not run.
    Deny(Denial),
}

impl Verdict {
    /// Returns why the call must not run, where that is the answer.
    #[must_use]
    pub fn denial(&self) -> Option<&Denial> {
        match self {
            Self::Deny(denial) => Some(denial),
            Self::Pass | Self::Allowed(_) | Self::Warn(_) | Self::Ask(_) => None,
        }
    }

    /// Returns the verdict where there is nobody to ask: what would be asked is
    /// denied.
    #[must_use]
    pub fn unasked(self) -> Self {
        match self {
            Self::Ask(denial) => Self::Deny(denial),
            other => other,
        }
    }
}

/// What speaks against a call, and what to do in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denial {
    /// The rule's id, family first: `files.rm-root`.
    pub rule: Cow<'static, str>,
    /// One sentence.
    pub reason: String,
    /// What to do instead; a command named in backticks passes the guard. May
    /// be empty for a rule of the user's own.
    pub instead: String,
}

impl Denial {
    /// Returns the text for the model: reason, next step, rule, and the `id` by
    /// which a person finds it in the audit journal.
    #[must_use]
    pub fn message(&self, id: &str) -> String {
        let Self {
            rule,
            reason,
            instead,
        } = self;
        let space = if instead.is_empty() { "" } else { " " };
        format!("{reason}{space}{instead} (MAOS rule {rule}, id {id})")
    }
}
