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

    /// Returns what speaks against the call, whether or not it may run.
    #[must_use]
    pub fn objection(&self) -> Option<&Denial> {
        match self {
            Self::Pass => None,
            Self::Allowed(denial) | Self::Warn(denial) | Self::Ask(denial) | Self::Deny(denial) => {
                Some(denial)
            }
        }
    }

    /// Returns the word that stands for it in journals and in JSON.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Allowed(_) => "allowed",
            Self::Warn(_) => "warn",
            Self::Ask(_) => "ask",
            Self::Deny(_) => "deny",
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

    /// Returns the reason as a journal may keep it: what stands in backticks
    /// comes from the call, and can be anything, also a secret. A name may hold
    /// backticks itself, so all goes from the first to the last.
    #[must_use]
    pub fn reason_without_names(&self) -> String {
        match (self.reason.find('`'), self.reason.rfind('`')) {
            (Some(first), Some(last)) if first < last => {
                format!("{}…{}", &self.reason[..first], &self.reason[last + 1..])
            }
            _ => self.reason.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_journal_gets_no_name_of_a_call() {
        let kept = |reason: &str| {
            let reason = reason.to_owned();
            let (rule, instead) = ("own.a".into(), String::new());
            Denial {
                rule,
                reason,
                instead,
            }
            .reason_without_names()
        };
        assert_eq!(
            kept("This removes `/a`: that is it."),
            "This removes …: that is it."
        );
        assert_eq!(kept("`a`b` and `c` go."), "… go.");
        assert_eq!(kept("A ` alone."), "A ` alone.");
    }
}
