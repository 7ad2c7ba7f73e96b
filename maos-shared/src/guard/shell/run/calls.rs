//! Calls of the functions that a text defines.

use std::collections::HashMap;
use std::rc::Rc;

use super::Shell;
use super::output::Printed;
use super::scope::{Arguments, Body};
use crate::config::limits;
use crate::guard::shell::syntax::tree::Function;
use crate::guard::shell::{Error, Stdin, Word};

/// How often a function may be on its way into itself.
const RECURSIONS: usize = 1;

/// What came of a command's name being that of a function.
pub(super) enum Called {
    /// There is none.
    Nothing,
    /// There may be one: it may be another program just as well.
    Perhaps(Printed),
    /// It was one.
    Surely(Printed),
}

/// The calls that are remembered, by their functions: a call with the same
/// arguments in the same state comes to the same, so it is not followed again.
/// Without that, functions that each call two others double the work.
#[derive(Debug, Default)]
pub(super) struct Calls(HashMap<*const Function, Vec<Call>>);

/// All that the commands of a call depend on, and what came of them.
#[derive(Debug, PartialEq)]
struct Call {
    arguments: Vec<Word>,
    /// [`super::scope::Scope::state`]
    state: usize,
    /// [`Shell::kept`]
    kept: usize,
    stdin: Stdin,
    started_by: Option<usize>,
    deferred: bool,
    /// The definition that is gone through: its commands may be emptied.
    definition: usize,
    repeats: bool,
}

impl Shell {
    /// Calls the function of this name, which the command `at` does.
    pub(super) fn call(&mut self, name: &str, words: &[Word], at: usize) -> Result<Called, Error> {
        let Some(callable) = self.scope.function(name) else {
            return Ok(Called::Nothing);
        };
        if callable.is_sure
            && let Some(command) = self.script.commands.get_mut(at)
        {
            command.calls_function = true;
        }
        let printed = match callable.bodies.as_slice() {
            [body] => self.call_body(name, words, body)?,
            bodies => {
                let mut ends = Vec::new();
                for body in bodies {
                    let mark = self.scope.mark();
                    self.call_body(name, words, body)?;
                    ends.push(self.scope.end_branch(mark));
                }
                self.scope.join(ends, false);
                Printed::unknown()
            }
        };
        Ok(match callable.is_sure {
            true => Called::Surely(printed),
            false => Called::Perhaps(printed),
        })
    }

    /// Runs the body of a function; one that is on its way into itself too
    /// often is left out.
    fn call_body(&mut self, name: &str, words: &[Word], body: &Body) -> Result<Printed, Error> {
        let open = self.calls.iter().filter(|open| *open == name).count();
        if open > RECURSIONS {
            self.left_out += 1;
            return Ok(Printed::unknown());
        }
        let call = self.remembered(words);
        let key = Rc::as_ptr(&body.function);
        if let Some(call) = &call
            && self.known_calls.has(key, call)
        {
            return Ok(Printed::unknown());
        }
        let left_out = self.left_out;
        let mark = self.scope.mark();
        let printed = self.run_body(name, words, body)?;
        if let Some(call) = call {
            self.spend(self.scope.changes_since(mark))?;
            self.scope.settle(mark);
            if left_out == self.left_out {
                self.known_calls.add(key, call);
            }
        }
        Ok(printed)
    }

    /// Returns what a call depends on, where it can be told by that: nobody
    /// reads what it prints, and what it reads itself is not known.
    fn remembered(&self, words: &[Word]) -> Option<Call> {
        (self.captures == 0 && self.input.text.is_none()).then(|| Call {
            arguments: words.to_vec(),
            state: self.scope.state(),
            kept: self.kept,
            stdin: self.input.stdin.clone(),
            started_by: self.started_by,
            deferred: self.deferred,
            definition: self.definition,
            repeats: self.repeats,
        })
    }

    fn run_body(&mut self, name: &str, words: &[Word], body: &Body) -> Result<Printed, Error> {
        let start = self.here();
        let outer = self.scope.arguments().to_vec();
        let zero = outer.first().and_then(|one| one.name.clone());
        self.scope.set_arguments(vec![Arguments {
            name: zero,
            words: Some(words.into()),
        }]);
        self.scope.enter_function();
        self.calls.push(name.to_owned());
        let printed = self.nested(|shell| shell.node(&body.function.body))?;
        self.calls.pop();
        self.scope.leave_function();
        self.scope.set_arguments(outer);
        // Whoever reads what they print names the commands by their places.
        let dropped = self.captures == 0 && self.drop_repeated(&body.ran, start);
        self.definitions.called(&body.ran, dropped);
        Ok(printed)
    }
}

impl Calls {
    fn has(&self, function: *const Function, call: &Call) -> bool {
        self.0
            .get(&function)
            .is_some_and(|known| known.contains(call))
    }

    /// Remembers a call in place of the oldest.
    fn add(&mut self, function: *const Function, call: Call) {
        let known = self.0.entry(function).or_default();
        if known.len() >= limits::SHELL_CALLS {
            known.remove(0);
        }
        known.push(call);
    }
}
