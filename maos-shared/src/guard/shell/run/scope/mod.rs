//! What a shell remembers: variables, functions, aliases, arguments, the folder.
//!
//! A log of the changes makes leaving a subshell cheap, and tells what a branch
//! changed so that what follows counts with every branch.

use std::collections::HashMap;
use std::rc::Rc;

use self::branch::Undo;
use super::repeat::Stretch;
use crate::guard::shell::Word;
use crate::guard::shell::syntax::tree::Function;

mod branch;
mod folder;
mod rounds;
mod value;
mod variables;

pub(super) use self::branch::Mark;
pub(super) use self::folder::Folder;
pub(super) use self::value::{Letters, Value, map_text, text, unknown};
use self::variables::Variable;

/// The arguments of a shell or function.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Arguments {
    /// `$0`, where it is known.
    pub(super) name: Option<Word>,
    /// `$1` and on; `None` where they are not known.
    pub(super) words: Option<Rc<[Word]>>,
}

/// What a name may call.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Callable {
    /// It calls a function whatever branches are taken.
    pub(super) is_sure: bool,
    /// The functions that it may be: after branches, several.
    pub(super) bodies: Vec<Body>,
    /// The shell that defined it.
    shell: usize,
}

/// A function that is defined.
#[derive(Clone, Debug)]
pub(super) struct Body {
    pub(super) function: Rc<Function>,
    /// What it came to where it was defined.
    pub(super) ran: Stretch,
}

impl PartialEq for Body {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.function, &other.function)
    }
}

/// What a shell goes back to when one that it started has ended.
pub(super) struct Outer {
    mark: Mark,
    exported_from: usize,
}

/// What `IFS` is in every new shell.
pub(super) const SEPARATORS: &str = " \t\n";

/// The state of a shell.
pub(super) struct Scope {
    variables: HashMap<String, Variable>,
    functions: HashMap<String, Callable>,
    aliases: HashMap<String, Word>,
    /// What the arguments may be.
    arguments: Vec<Arguments>,
    folders: Vec<Folder>,
    /// The local variables of the functions that run, as they were before.
    locals: Vec<Vec<(String, Option<Variable>)>>,
    /// How many shells the text has started to come here.
    shell: usize,
    /// What shells before this one exported may not have come here.
    exported_from: usize,
    /// `set -a`
    exports_all: bool,
    log: Vec<Undo>,
    /// A number for all of this but the arguments: the same number, the same
    /// state.
    state: usize,
    /// The highest of these numbers.
    last_state: usize,
}

impl Scope {
    pub(super) fn new() -> Self {
        let mut scope = Self {
            variables: HashMap::new(),
            functions: HashMap::new(),
            aliases: HashMap::new(),
            arguments: vec![Arguments::default()],
            folders: vec![Folder::default()],
            locals: Vec::new(),
            shell: 0,
            exported_from: 0,
            exports_all: false,
            log: Vec::new(),
            state: 0,
            last_state: 0,
        };
        for (name, value) in [
            ("IFS", SEPARATORS),
            ("SHELL", "/bin/sh"),
            ("BASH", "/bin/bash"),
        ] {
            scope.set(name, vec![Value::scalar(text(value))]);
            scope.export(name);
        }
        scope
    }

    /// Notes a change, and how to take it back.
    fn note(&mut self, undo: Undo) {
        if !matches!(undo, Undo::Arguments(_)) {
            self.last_state += 1;
            self.state = self.last_state;
        }
        self.log.push(undo);
    }

    /// Returns the number of the state that it is in.
    pub(super) fn state(&self) -> usize {
        self.state
    }

    pub(super) fn enter_function(&mut self) {
        self.locals.push(Vec::new());
    }

    pub(super) fn leave_function(&mut self) {
        for (name, old) in self.locals.pop().unwrap_or_default() {
            self.put(&name, old);
        }
    }

    /// Returns what a name may call. A shell that another one started has
    /// functions only where they are exported.
    pub(super) fn function(&self, name: &str) -> Option<Callable> {
        let callable = self.functions.get(name)?.clone();
        Some(Callable {
            is_sure: callable.is_sure && callable.shell == self.shell,
            ..callable
        })
    }

    /// Returns whether a function surely stands in for the program of its name.
    pub(super) fn stands_in(&self, name: &str) -> bool {
        let function = self.functions.get(name);
        function.is_some_and(|one| one.is_sure && one.shell == self.shell)
            && !self.aliases.contains_key(name)
    }

    /// Returns the functions that these names call; all, without any names.
    pub(super) fn bodies(&self, names: Vec<String>) -> Vec<Body> {
        let functions = self.functions.iter();
        let meant = functions.filter(|(name, _)| names.is_empty() || names.contains(name));
        meant.flat_map(|(_, one)| one.bodies.clone()).collect()
    }

    pub(super) fn define(&mut self, name: &str, body: Body) {
        let callable = Callable {
            is_sure: true,
            bodies: vec![body],
            shell: self.shell,
        };
        self.set_function(name, Some(callable));
    }

    fn set_function(&mut self, name: &str, function: Option<Callable>) {
        let old = replace(&mut self.functions, name, function);
        self.note(Undo::Function(name.to_owned(), old));
    }

    /// Notes that a function may be gone.
    pub(super) fn doubt_function(&mut self, name: &str) {
        if let Some(function) = self.function(name) {
            let function = Callable {
                is_sure: false,
                ..function
            };
            self.set_function(name, Some(function));
        }
    }

    pub(super) fn alias(&self, name: &str) -> Option<&Word> {
        self.aliases.get(name)
    }

    pub(super) fn set_alias(&mut self, name: &str, value: Word) {
        let old = self.aliases.insert(name.to_owned(), value);
        self.note(Undo::Alias(name.to_owned(), old));
    }

    /// Returns what the arguments may be.
    pub(super) fn arguments(&self) -> &[Arguments] {
        &self.arguments
    }

    pub(super) fn set_arguments(&mut self, arguments: Vec<Arguments>) {
        let old = std::mem::replace(&mut self.arguments, arguments);
        self.note(Undo::Arguments(old));
    }

    /// Changes the arguments, whatever they are.
    pub(super) fn change_arguments(
        &mut self,
        change: impl Fn(Option<&[Word]>) -> Option<Rc<[Word]>>,
    ) {
        let changed = self.arguments.iter().map(|one| Arguments {
            name: one.name.clone(),
            words: change(one.words.as_deref()),
        });
        let changed = changed.collect();
        self.set_arguments(changed);
    }

    /// Returns the folders that the shell may be in.
    pub(super) fn folders(&self) -> &[Folder] {
        &self.folders
    }

    pub(super) fn set_folders(&mut self, folders: Vec<Folder>) {
        if self.folders == folders {
            return;
        }
        let old = std::mem::replace(&mut self.folders, folders);
        self.note(Undo::Folders(old));
    }

    /// Changes every folder that the shell may be in.
    pub(super) fn move_folders(&mut self, change: impl FnMut(&mut Folder)) {
        let mut folders = self.folders.clone();
        folders.iter_mut().for_each(change);
        self.set_folders(folders);
    }

    /// Begins a shell that gets what is exported. Returns what
    /// [`Scope::leave_shell`] needs.
    pub(super) fn enter_shell(&mut self) -> Outer {
        let outer = Outer {
            mark: self.mark(),
            exported_from: self.exported_from,
        };
        self.shell += 1;
        self.set("IFS", vec![Value::scalar(text(SEPARATORS))]);
        outer
    }

    /// Begins a shell that may get nothing of what is exported.
    pub(super) fn enter_other_shell(&mut self) -> Outer {
        let outer = self.enter_shell();
        self.exported_from = self.shell;
        outer
    }

    pub(super) fn leave_shell(&mut self, outer: Outer) {
        self.undo(outer.mark);
        self.exported_from = outer.exported_from;
        self.shell -= 1;
    }
}

/// Sets or removes an entry; returns what it was.
fn replace<T>(map: &mut HashMap<String, T>, name: &str, value: Option<T>) -> Option<T> {
    match value {
        Some(value) => map.insert(name.to_owned(), value),
        None => map.remove(name),
    }
}
