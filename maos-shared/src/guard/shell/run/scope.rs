//! What a shell remembers: variables, functions, aliases, arguments, the folder.
//!
//! A log of the changes makes leaving a subshell cheap, and tells what a branch
//! changed so that what follows counts with every branch.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::repeat::Stretch;
use crate::config::limits;
use crate::guard::shell::syntax::tree::Function;
use crate::guard::shell::{Part, Word};

/// A value that a variable may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// Nothing in the text says: it may be unset, too.
    Any,
    Unset,
    Scalar(Rc<Word>),
    /// The elements with their subscripts.
    Array(Rc<[(String, Word)]>),
}

impl Value {
    pub(super) fn scalar(word: Word) -> Self {
        Self::Scalar(Rc::new(word))
    }
}

/// A variable: every value that it may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Variable {
    pub(super) values: Vec<Value>,
    /// Programs get it in their environment.
    pub(super) exported: bool,
    /// `declare -l`, `declare -u`.
    letters: Letters,
    /// The shell that set it: 0 is the one that reads the text.
    shell: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Letters {
    #[default]
    AsGiven,
    Lower,
    Upper,
}

/// Where a shell is: the folders that it went to, and those that `pushd` keeps.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    pub(super) dirs: Rc<[Word]>,
    below: Option<Rc<Folder>>,
}

/// The arguments of a shell or function.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Arguments {
    /// `$0`, where it is known.
    pub(super) name: Option<Word>,
    /// `$1` and on; `None` where they are not known.
    pub(super) words: Option<Rc<[Word]>>,
}

/// A function that is defined.
#[derive(Clone, Debug)]
pub(super) struct Callable {
    pub(super) function: Rc<Function>,
    /// What its body came to where it was defined.
    pub(super) ran: Stretch,
}

/// A place in the log of changes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark(usize);

/// How to take one change back.
enum Undo {
    Variable(String, Option<Variable>),
    Function(String, Option<Callable>),
    Alias(String, Option<Word>),
    Arguments(Arguments),
    Folders(Vec<Folder>),
}

/// What a branch left changed.
#[derive(Default)]
pub(super) struct Branch {
    variables: HashMap<String, Option<Variable>>,
    functions: HashMap<String, Option<Callable>>,
    aliases: HashMap<String, Option<Word>>,
    arguments: Option<Arguments>,
    folders: Option<Vec<Folder>>,
}

impl Branch {
    /// Returns whether it left nothing changed that another run could meet.
    pub(super) fn is_empty(&self) -> bool {
        self.variables.is_empty() && self.arguments.is_none() && self.folders.is_none()
    }
}

/// The state of a shell.
pub(super) struct Scope {
    variables: HashMap<String, Variable>,
    functions: HashMap<String, Callable>,
    aliases: HashMap<String, Word>,
    arguments: Arguments,
    folders: Vec<Folder>,
    /// The local variables of the functions that run, as they were before.
    locals: Vec<Vec<(String, Option<Variable>)>>,
    /// How many shells the text has started to come here.
    shell: usize,
    /// `set -a`
    exports_all: bool,
    log: Vec<Undo>,
}

impl Scope {
    pub(super) fn new() -> Self {
        let start = Folder {
            dirs: Rc::default(),
            below: None,
        };
        let mut scope = Self {
            variables: HashMap::new(),
            functions: HashMap::new(),
            aliases: HashMap::new(),
            arguments: Arguments::default(),
            folders: vec![start],
            locals: Vec::new(),
            shell: 0,
            exports_all: false,
            log: Vec::new(),
        };
        for (name, value) in [
            ("IFS", " \t\n"),
            ("SHELL", "/bin/sh"),
            ("BASH", "/bin/bash"),
        ] {
            scope.set(name, vec![Value::scalar(text(value))]);
            scope.export(name);
        }
        scope
    }

    pub(super) fn mark(&self) -> Mark {
        Mark(self.log.len())
    }

    /// Takes back every change since.
    pub(super) fn undo(&mut self, mark: Mark) {
        while self.log.len() > mark.0
            && let Some(undo) = self.log.pop()
        {
            self.take_back(undo);
        }
    }

    fn take_back(&mut self, undo: Undo) {
        match undo {
            Undo::Variable(name, old) => restore(&mut self.variables, name, old),
            Undo::Function(name, old) => restore(&mut self.functions, name, old),
            Undo::Alias(name, old) => restore(&mut self.aliases, name, old),
            Undo::Arguments(old) => self.arguments = old,
            Undo::Folders(old) => self.folders = old,
        }
    }

    /// Takes back every change since, and returns what it amounted to.
    pub(super) fn end_branch(&mut self, mark: Mark) -> Branch {
        let mut branch = Branch::default();
        while self.log.len() > mark.0
            && let Some(undo) = self.log.pop()
        {
            match &undo {
                Undo::Variable(name, _) => keep(&mut branch.variables, name, &self.variables),
                Undo::Function(name, _) => keep(&mut branch.functions, name, &self.functions),
                Undo::Alias(name, _) => keep(&mut branch.aliases, name, &self.aliases),
                Undo::Arguments(_) => {
                    branch
                        .arguments
                        .get_or_insert_with(|| self.arguments.clone());
                }
                Undo::Folders(_) => {
                    branch.folders.get_or_insert_with(|| self.folders.clone());
                }
            }
            self.take_back(undo);
        }
        branch
    }

    /// Goes on as if any of the branches ran; or none, where that `may` be.
    pub(super) fn join(&mut self, branches: Vec<Branch>, none: bool) {
        let changed: HashSet<&String> = branches
            .iter()
            .flat_map(|branch| branch.variables.keys())
            .collect();
        let joined: Vec<(String, Option<Variable>)> = changed
            .into_iter()
            .map(|name| (name.clone(), self.joined_variable(name, &branches, none)))
            .collect();
        let folders = self.joined_folders(&branches, none);
        let arguments = branches.iter().any(|branch| branch.arguments.is_some());
        for (name, variable) in joined {
            self.put(&name, variable);
        }
        for branch in branches {
            for (name, function) in branch.functions {
                let old = replace(&mut self.functions, &name, function);
                self.log.push(Undo::Function(name, old));
            }
            for (name, alias) in branch.aliases {
                let old = replace(&mut self.aliases, &name, alias);
                self.log.push(Undo::Alias(name, old));
            }
        }
        if arguments {
            self.set_arguments(Arguments::default());
        }
        if let Some(folders) = folders {
            self.set_folders(folders);
        }
    }

    /// Goes on as if what changed since `mark` may not have happened. A folder
    /// that was gone to counts.
    pub(super) fn end_unsure(&mut self, mark: Option<Mark>) {
        let Some(mark) = mark else { return };
        let mut branch = self.end_branch(mark);
        let folders = branch.folders.take();
        self.join(vec![branch], true);
        if let Some(folders) = folders {
            self.set_folders(folders);
        }
    }

    fn joined_variable(&self, name: &str, branches: &[Branch], none: bool) -> Option<Variable> {
        let before = self.variables.get(name);
        let ends = branches
            .iter()
            .map(|branch| match branch.variables.get(name) {
                Some(changed) => changed.as_ref(),
                None => before,
            });
        let mut values = Vec::new();
        let mut joined: Option<Variable> = None;
        for end in none.then_some(before).into_iter().chain(ends) {
            match end {
                Some(variable) => {
                    add_values(&mut values, &variable.values);
                    joined.get_or_insert_with(|| variable.clone());
                }
                None => add_values(&mut values, &[Value::Any]),
            }
        }
        joined.map(|variable| Variable { values, ..variable })
    }

    fn joined_folders(&self, branches: &[Branch], none: bool) -> Option<Vec<Folder>> {
        if branches.iter().all(|branch| branch.folders.is_none()) {
            return None;
        }
        let ends = branches
            .iter()
            .map(|branch| branch.folders.as_ref().unwrap_or(&self.folders));
        let before = none.then_some(&self.folders);
        let mut folders: Vec<Folder> = Vec::new();
        for folder in before.into_iter().chain(ends).flatten() {
            if !folders.iter().any(|known| known.dirs == folder.dirs) {
                folders.push(folder.clone());
            }
        }
        if folders.len() > limits::SHELL_FOLDERS {
            folders.truncate(1);
            folders
                .iter_mut()
                .for_each(|folder| folder.enter(unknown()));
        }
        Some(folders)
    }

    fn put(&mut self, name: &str, variable: Option<Variable>) {
        let old = replace(&mut self.variables, name, variable);
        self.log.push(Undo::Variable(name.to_owned(), old));
    }

    /// Gives a variable these values, any of which it may have.
    pub(super) fn set(&mut self, name: &str, values: Vec<Value>) {
        let old = self.variables.get(name);
        let letters = old.map_or(Letters::AsGiven, |old| old.letters);
        let variable = Variable {
            values: capped(values)
                .into_iter()
                .map(|value| with_letters(value, letters))
                .collect(),
            exported: self.exports_all || old.is_some_and(|old| old.exported),
            letters,
            shell: self.shell,
        };
        self.put(name, Some(variable));
    }

    /// Returns the values that a variable may have.
    pub(super) fn values(&self, name: &str) -> Cow<'_, [Value]> {
        let Some(variable) = self.variables.get(name) else {
            return Cow::Borrowed(&[Value::Any]);
        };
        if variable.shell == self.shell || variable.exported {
            return Cow::Borrowed(&variable.values);
        }
        let mut values = variable.values.clone();
        add_values(&mut values, &[Value::Unset]);
        Cow::Owned(values)
    }

    pub(super) fn variable(&self, name: &str) -> Option<Variable> {
        self.variables.get(name).cloned()
    }

    /// Gives a variable back what [`Scope::variable`] returned.
    pub(super) fn put_back(&mut self, name: &str, variable: Option<Variable>) {
        self.put(name, variable);
    }

    pub(super) fn export(&mut self, name: &str) {
        self.change(name, |variable| variable.exported = true);
    }

    pub(super) fn export_all(&mut self) {
        self.exports_all = true;
    }

    pub(super) fn set_letters(&mut self, name: &str, letters: Letters) {
        self.change(name, |variable| variable.letters = letters);
    }

    fn change(&mut self, name: &str, change: impl FnOnce(&mut Variable)) {
        let mut variable = self.variable(name).unwrap_or(Variable {
            values: vec![Value::Any],
            exported: false,
            letters: Letters::AsGiven,
            shell: self.shell,
        });
        change(&mut variable);
        self.put(name, Some(variable));
    }

    /// Makes a variable local to the function that runs.
    pub(super) fn make_local(&mut self, name: &str) {
        let old = self.variable(name);
        if let Some(locals) = self.locals.last_mut()
            && !locals.iter().any(|(known, _)| known == name)
        {
            locals.push((name.to_owned(), old));
        }
    }

    pub(super) fn enter_function(&mut self) {
        self.locals.push(Vec::new());
    }

    pub(super) fn leave_function(&mut self) {
        for (name, old) in self.locals.pop().unwrap_or_default() {
            self.put(&name, old);
        }
    }

    pub(super) fn function(&self, name: &str) -> Option<Callable> {
        self.functions.get(name).cloned()
    }

    pub(super) fn set_function(&mut self, name: &str, function: Callable) {
        let old = self.functions.insert(name.to_owned(), function);
        self.log.push(Undo::Function(name.to_owned(), old));
    }

    pub(super) fn alias(&self, name: &str) -> Option<&Word> {
        self.aliases.get(name)
    }

    pub(super) fn set_alias(&mut self, name: &str, value: Word) {
        let old = self.aliases.insert(name.to_owned(), value);
        self.log.push(Undo::Alias(name.to_owned(), old));
    }

    pub(super) fn arguments(&self) -> &Arguments {
        &self.arguments
    }

    pub(super) fn set_arguments(&mut self, arguments: Arguments) {
        let old = std::mem::replace(&mut self.arguments, arguments);
        self.log.push(Undo::Arguments(old));
    }

    /// Returns the folders that the shell may be in.
    pub(super) fn folders(&self) -> &[Folder] {
        &self.folders
    }

    pub(super) fn set_folders(&mut self, folders: Vec<Folder>) {
        let old = std::mem::replace(&mut self.folders, folders);
        self.log.push(Undo::Folders(old));
    }

    /// Changes every folder that the shell may be in.
    pub(super) fn move_folders(&mut self, change: impl FnMut(&mut Folder)) {
        let mut folders = self.folders.clone();
        folders.iter_mut().for_each(change);
        self.set_folders(folders);
    }

    /// Begins a shell that has only what is exported.
    pub(super) fn enter_shell(&mut self) {
        self.shell += 1;
    }

    pub(super) fn leave_shell(&mut self) {
        self.shell -= 1;
    }
}

impl Folder {
    /// Goes to a folder. The ones before it are dropped where it is absolute;
    /// so is what lies too far back to be followed, but for one that says so.
    pub(super) fn enter(&mut self, dir: Word) {
        let is_absolute = match dir.parts.first() {
            Some(Part::Text(text)) => text.starts_with('/'),
            Some(Part::Tilde(name)) => name != "+" && name != "-",
            _ => false,
        };
        let skipped = match is_absolute {
            true => self.dirs.len(),
            false => self.dirs.len().saturating_sub(limits::SHELL_DIRS),
        };
        let kept = self.dirs.iter().skip(skipped).cloned();
        self.dirs = kept.chain([dir]).collect();
    }

    pub(super) fn push(&mut self, dir: Word) {
        self.below = Some(Rc::new(self.clone()));
        self.enter(dir);
    }

    pub(super) fn pop(&mut self) {
        match self.below.take() {
            Some(below) => *self = (*below).clone(),
            None => self.enter(unknown()),
        }
    }
}

fn replace<T>(map: &mut HashMap<String, T>, name: &str, value: Option<T>) -> Option<T> {
    match value {
        Some(value) => map.insert(name.to_owned(), value),
        None => map.remove(name),
    }
}

fn restore<T>(map: &mut HashMap<String, T>, name: String, old: Option<T>) {
    match old {
        Some(value) => map.insert(name, value),
        None => map.remove(&name),
    };
}

fn keep<T: Clone>(kept: &mut HashMap<String, Option<T>>, name: &str, now: &HashMap<String, T>) {
    if !kept.contains_key(name) {
        kept.insert(name.to_owned(), now.get(name).cloned());
    }
}

fn add_values(values: &mut Vec<Value>, more: &[Value]) {
    for value in more {
        if !values.contains(value) {
            values.push(value.clone());
        }
    }
    if values.len() > limits::SHELL_VALUES {
        *values = vec![Value::Any];
    }
}

fn capped(values: Vec<Value>) -> Vec<Value> {
    let mut kept = Vec::with_capacity(values.len());
    add_values(&mut kept, &values);
    kept
}

fn with_letters(value: Value, letters: Letters) -> Value {
    let change: fn(&str) -> String = match letters {
        Letters::AsGiven => return value,
        Letters::Lower => str::to_lowercase,
        Letters::Upper => str::to_uppercase,
    };
    match value {
        Value::Scalar(word) => Value::scalar(map_text(&word, change)),
        other => other,
    }
}

/// Returns the word with every text in it changed.
pub(super) fn map_text(word: &Word, change: impl Fn(&str) -> String) -> Word {
    let parts = word.parts.iter().map(|part| match part {
        Part::Text(text) => Part::Text(change(text)),
        other => other.clone(),
    });
    Word {
        parts: parts.collect(),
    }
}

/// Returns a word of known characters.
pub(super) fn text(text: &str) -> Word {
    let mut word = Word::default();
    if !text.is_empty() {
        word.parts.push(Part::Text(text.to_owned()));
    }
    word
}

/// Returns one word of which nothing is known.
pub(super) fn unknown() -> Word {
    Word {
        parts: vec![Part::Unknown { quoted: true }],
    }
}
