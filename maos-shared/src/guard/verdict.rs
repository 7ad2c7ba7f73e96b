//! What the guard answers.

/// The answer on one tool call.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// No objection; whether it runs is for the user's own permissions to say.
    Pass,
    /// It must not run.
    Deny(Denial),
}

impl Verdict {
    /// Returns why the call must not run, where that is the answer.
    #[must_use]
    pub fn denial(&self) -> Option<&Denial> {
        match self {
            Self::Deny(denial) => Some(denial),
            Self::Pass => None,
        }
    }
}

impl From<Option<Denial>> for Verdict {
    fn from(denial: Option<Denial>) -> Self {
        denial.map_or(Self::Pass, Self::Deny)
    }
}

/// Why a call must not run, and what to do in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denial {
    /// The rule's id, family first: `files.rm-root`.
    pub rule: &'static str,
    /// One sentence.
    pub reason: String,
    /// What to do instead; a command named in backticks passes the guard.
    pub instead: String,
}

impl Denial {
    /// Returns the text for the model: reason, next step, rule.
    #[must_use]
    pub fn message(&self) -> String {
        format!("{} {} (MAOS rule {})", self.reason, self.instead, self.rule)
    }
}
