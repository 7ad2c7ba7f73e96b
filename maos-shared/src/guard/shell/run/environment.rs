//! What programs get from the shell in their environment, and act upon.

use std::borrow::Cow;

use super::Shell;
use super::scope::Value;
use crate::guard::arguments::program;
use crate::guard::shell::{Command, Word};
use crate::guard::starts;

impl Shell {
    /// Returns a command with the variables in front of it that hold settings or
    /// options of its program, and that it gets from the shell.
    pub(super) fn with_settings<'c>(&self, command: &'c Command) -> Cow<'c, Command> {
        let names: Vec<String> = match program(command).as_deref() {
            Some("git") => {
                let is_counted = self.scope.variable("GIT_CONFIG_COUNT").is_some();
                starts::git_variables(is_counted).collect()
            }
            Some(name @ ("tar" | "gtar" | "zip" | "make" | "gmake" | "man")) => {
                starts::option_variables(name).collect()
            }
            _ => return Cow::Borrowed(command),
        };
        let passed = names.into_iter().filter_map(|name| {
            let values = self.scope.values(&name);
            let value = values.iter().find_map(Value::word)?.clone();
            Some((name, value))
        });
        let mut assignments: Vec<(String, Word)> = passed.collect();
        if assignments.is_empty() {
            return Cow::Borrowed(command);
        }
        assignments.extend(command.assignments.iter().cloned());
        Cow::Owned(Command {
            assignments,
            ..command.clone()
        })
    }
}
