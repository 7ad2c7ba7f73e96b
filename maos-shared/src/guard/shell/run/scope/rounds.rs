//! The rounds of a loop, one after the other: what begins empty, and what is known
//! after the last.

use super::branch::{Branch, Mark, Undo};
use super::{Scope, Value};

impl Scope {
    /// Lets the variables that a branch changed be empty of which nothing is known
    /// and whose names are the shell's own: those of the environment have capitals.
    pub(in super::super) fn begin_empty(&mut self, branch: &Branch) {
        let is_own = |name: &str| !name.contains(|c: char| c.is_ascii_uppercase());
        for name in branch.variables.keys().filter(|name| is_own(name)) {
            let is_known = |value: &Value| matches!(value, Value::Scalar(_) | Value::Array(_));
            if !self.values(name).iter().any(is_known) {
                self.set(name, vec![Value::Unset]);
            }
        }
    }

    /// Returns whether each variable that changed since has one value, and the
    /// shell is in one folder, with one list of arguments.
    pub(in super::super) fn is_known_since(&self, mark: Mark) -> bool {
        self.log[mark.at..].iter().all(|undo| match undo {
            Undo::Variable(name, _) => {
                let now = self.variables.get(name);
                now.is_none_or(|variable| variable.values.len() == 1)
            }
            Undo::Folders(_) => self.folders.len() == 1,
            Undo::Arguments(_) => self.arguments.len() == 1,
            Undo::Function(..) | Undo::Alias(..) => true,
        })
    }
}
