//! Goes through the tree of a text as the shell would, without running it: each
//! branch counts as taken, and what cannot be known stays unknown.

use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use self::calls::Calls;
use self::links::Link;
use self::output::Printed;
pub(in crate::guard) use self::output::{decode, substitute};
use self::repeat::Definitions;
use self::scope::{Arguments, Body, Scope};
use self::written::Written;
use super::syntax::{self, Dialect, tree};
use super::text::Text;
use super::{Error, Script, Stdin, Word};
use crate::config::limits;

mod assign;
mod braces;
mod builtins;
mod calls;
mod changes;
mod choices;
mod command;
mod compiled;
mod compound;
mod copies;
mod downloads;
mod environment;
mod evaluated;
mod expand;
mod fields;
mod found;
mod links;
mod lookup;
mod named;
mod numbers;
mod output;
mod parameters;
mod partly;
mod pipeline;
mod pipes;
mod reading;
mod redirect;
mod repeat;
mod scope;
mod shown;
mod simple;
mod source;
mod spelling;
mod substitution;
mod written;

/// Returns what a text would run.
///
/// # Errors
/// [`Error::Syntax`] where a shell would refuse it, [`Error::Limit`] where it
/// is more than the guard follows.
pub(super) fn script(text: &str) -> Result<Script, Error> {
    let mut shell = Shell {
        script: Script::default(),
        scope: Scope::new(),
        input: Input::default(),
        depth: 0,
        starts: 0,
        steps: 0,
        captures: 0,
        started_by: None,
        dialect: Dialect::default(),
        calls: Vec::new(),
        definitions: Definitions::default(),
        aliases: Vec::new(),
        repeats: false,
        deferred: false,
        processes: HashMap::new(),
        descriptors: HashMap::new(),
        files: HashMap::new(),
        copies: HashMap::new(),
        links: HashMap::new(),
        pipes: HashMap::new(),
        globs_hidden: false,
        kept: 0,
        known_calls: Calls::default(),
        left_out: 0,
        definition: 0,
        last_definition: 0,
    };
    let (list, dialect) = syntax::read_any(&Text::plain(text))?;
    shell.dialect = dialect;
    shell.list(&list)?;
    shell.definitions.empty(&mut shell.script);
    Ok(shell.script)
}

/// Where commands read from, and what of it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Input {
    stdin: Stdin,
    text: Option<Word>,
    /// The file that was opened for it.
    from: Option<Rc<Word>>,
}

/// The state of going through a text. Each file of this module adds what the
/// shell does with the form that it is named for.
struct Shell {
    script: Script,
    scope: Scope,
    input: Input,
    depth: usize,
    /// How many commands were started, one by the other, to come here.
    starts: usize,
    steps: usize,
    /// How many readers there are of what is printed.
    captures: usize,
    started_by: Option<usize>,
    /// The grammar of the text that is gone through.
    dialect: Dialect,
    /// The functions that run.
    calls: Vec<String>,
    /// The definitions of those that were called.
    definitions: Definitions,
    /// The aliases that are being expanded.
    aliases: Vec<String>,
    /// What is gone through runs later: the body of a function where it is
    /// defined, a trap.
    deferred: bool,
    /// A loop is in its second round.
    repeats: bool,
    /// What the commands of process substitutions print.
    processes: HashMap<Range<usize>, Word>,
    /// What can be read from the descriptors that `exec` opened.
    descriptors: HashMap<String, Input>,
    /// The files that were written, by their paths.
    files: HashMap<String, Written>,
    /// The names of the programs that files are copies of, or links to, by the
    /// files' paths.
    copies: HashMap<String, String>,
    /// The other names of places, by their paths.
    links: HashMap<String, Link>,
    /// Pipes with names and coprocesses, by their paths, each with the commands that
    /// may read from it.
    pipes: HashMap<String, Range<usize>>,
    /// Patterns are for hidden names too (`shopt -s dotglob`).
    globs_hidden: bool,
    /// How often a file was written or a descriptor opened.
    kept: usize,
    known_calls: Calls,
    /// How many calls were left out, as functions were on their way into
    /// themselves.
    left_out: usize,
    /// The number of the definition that is gone through; 0 outside of any.
    definition: usize,
    last_definition: usize,
}

impl Shell {
    /// Counts steps.
    fn spend(&mut self, steps: usize) -> Result<(), Error> {
        self.steps = self.steps.saturating_add(steps);
        match self.steps > limits::SHELL_STEPS {
            true => Err(Error::Limit {
                what: "too long to follow in steps",
                limit: limits::SHELL_STEPS,
            }),
            false => Ok(()),
        }
    }

    /// Counts the steps of copying a text.
    fn spend_bytes(&mut self, bytes: usize) -> Result<(), Error> {
        self.spend(bytes / limits::SHELL_STEP_BYTES)
    }

    /// Does something that lies one level deeper.
    fn nested<T>(&mut self, run: impl FnOnce(&mut Self) -> Result<T, Error>) -> Result<T, Error> {
        if self.depth >= limits::SHELL_DEPTH {
            return Err(Error::Limit {
                what: "nested too deeply",
                limit: limits::SHELL_DEPTH,
            });
        }
        self.depth += 1;
        let result = run(self);
        self.depth -= 1;
        result
    }

    /// Does something in a subshell: what it changes is gone afterwards.
    fn subshell<T>(&mut self, run: impl FnOnce(&mut Self) -> Result<T, Error>) -> Result<T, Error> {
        let mark = self.scope.mark();
        let result = self.nested(run);
        self.scope.undo(mark);
        result
    }

    /// Does something that reads from `input`.
    fn with_input<T>(
        &mut self,
        input: Input,
        run: impl FnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let outer = std::mem::replace(&mut self.input, input);
        let result = run(self);
        self.input = outer;
        result
    }

    /// Runs a list and returns what it prints.
    fn captured(&mut self, list: &tree::List) -> Result<Printed, Error> {
        self.captures += 1;
        let printed = self.list(list);
        self.captures -= 1;
        printed
    }

    fn list(&mut self, list: &tree::List) -> Result<Printed, Error> {
        let mut printed = Printed::nothing();
        for chain in &list.chains {
            let start = self.script.commands.len();
            let more = match chain.background {
                true => {
                    self.subshell(|shell| shell.chain(chain))?;
                    Printed::unknown()
                }
                false => self.chain(chain)?,
            };
            let by = start..self.script.commands.len();
            match self.captures {
                0 => printed = Printed::unknown(),
                _ => printed.push_from(more, by),
            }
        }
        Ok(printed.unless_all_unknown())
    }

    /// Runs pipelines joined by `&&` and `||`. What follows `&&` counts with
    /// what came before it; what follows `||` and the chain itself counts with
    /// any part of it left out.
    fn chain(&mut self, chain: &tree::Chain) -> Result<Printed, Error> {
        let mut printed = self.pipeline(&chain.first)?;
        let mut open = None;
        for (joint, pipeline) in &chain.rest {
            if *joint == tree::Joint::Or {
                self.scope.end_unsure(open.take());
            }
            open.get_or_insert_with(|| self.scope.mark());
            let start = self.script.commands.len();
            let more = self.pipeline(pipeline)?;
            let by = start..self.script.commands.len();
            printed.push_perhaps(more, by);
        }
        self.scope.end_unsure(open);
        Ok(printed.unless_all_unknown())
    }

    fn node(&mut self, node: &tree::Node) -> Result<Printed, Error> {
        match node {
            tree::Node::Simple(simple) => self.simple(simple),
            tree::Node::Compound(compound, redirects) => {
                let (input, sinks) = self.redirect_compound(redirects)?;
                let run = |shell: &mut Self| {
                    shell.nested(|shell| match input {
                        Some(input) => shell.with_input(input, |shell| shell.compound(compound)),
                        None => shell.compound(compound),
                    })
                };
                let mut printed = self.writing(&sinks, run, |printed| printed.clone().known())?;
                if !redirects.is_empty() {
                    printed.redirected(redirects);
                }
                Ok(printed)
            }
            tree::Node::Function(function) => self.define(function).map(|()| Printed::nothing()),
        }
    }

    /// Defines a function. Its body counts here with arguments that are not
    /// known.
    fn define(&mut self, function: &Rc<tree::Function>) -> Result<(), Error> {
        let start = self.here();
        let outer = std::mem::replace(&mut self.deferred, true);
        self.last_definition += 1;
        let around = std::mem::replace(&mut self.definition, self.last_definition);
        self.subshell(|shell| {
            shell.scope.set_arguments(vec![Arguments::default()]);
            shell.scope.enter_function();
            let result = shell.with_input(Input::default(), |shell| shell.node(&function.body));
            shell.scope.leave_function();
            result
        })?;
        self.deferred = outer;
        self.definition = around;
        let body = Body {
            function: Rc::clone(function),
            ran: self.stretch_from(start),
        };
        self.scope.define(&function.name, body);
        Ok(())
    }

    /// Runs the text that a word of the command `by` holds.
    fn text(&mut self, word: &Word, by: usize) -> Result<Printed, Error> {
        let printed = match word.parts.as_slice() {
            [super::Part::Process { .. }] => self.text_of(word),
            _ => None,
        };
        let word = printed.as_ref().unwrap_or(word);
        self.spend_bytes(expand::size(word))?;
        self.run_text(&Text::of(word), by)
    }

    fn run_text(&mut self, text: &Text, by: usize) -> Result<Printed, Error> {
        let span = self
            .script
            .commands
            .get(by)
            .map(|command| command.span.clone());
        self.nested(|shell| {
            let list = syntax::read(text, shell.depth, span, shell.dialect)?;
            let outer = shell.started_by.replace(by);
            let printed = shell.list(&list);
            shell.started_by = outer;
            printed
        })
    }
}
