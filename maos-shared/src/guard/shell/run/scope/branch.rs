//! The log of changes: taken back after a subshell, joined after branches.

use std::collections::{HashMap, HashSet};

use super::value::add_values;
use super::{Arguments, Body, Callable, Folder, Scope, Value, Variable, replace, unknown};
use crate::config::limits;
use crate::guard::shell::Word;

/// A place in the log of changes.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Mark {
    /// How long the log was.
    pub(super) at: usize,
    state: usize,
}

/// How to take one change back.
pub(super) enum Undo {
    Variable(String, Option<Variable>),
    Function(String, Option<Callable>),
    Alias(String, Option<Word>),
    Arguments(Vec<Arguments>),
    Folders(Vec<Folder>),
}

/// What a branch left changed.
#[derive(Default)]
pub(in super::super) struct Branch {
    pub(super) variables: HashMap<String, Option<Variable>>,
    functions: HashMap<String, Option<Callable>>,
    aliases: HashMap<String, Option<Word>>,
    arguments: Option<Vec<Arguments>>,
    folders: Option<Vec<Folder>>,
}

impl Branch {
    /// Returns whether it left nothing changed that another run could meet.
    pub(in super::super) fn is_empty(&self) -> bool {
        self.variables.is_empty() && self.arguments.is_none() && self.folders.is_none()
    }
}

impl Scope {
    pub(in super::super) fn mark(&self) -> Mark {
        Mark {
            at: self.log.len(),
            state: self.state,
        }
    }

    /// Takes back every change since.
    pub(in super::super) fn undo(&mut self, mark: Mark) {
        while self.log.len() > mark.at
            && let Some(undo) = self.log.pop()
        {
            self.take_back(undo);
        }
        self.state = mark.state;
    }

    /// Returns how many changes there were since.
    pub(in super::super) fn changes_since(&self, mark: Mark) -> usize {
        self.log.len() - mark.at
    }

    /// Notes where all that changed since is as it was.
    pub(in super::super) fn settle(&mut self, mark: Mark) {
        let mut seen = HashSet::new();
        // The oldest change says how it was.
        let is_as_before = self.log[mark.at..].iter().all(|undo| match undo {
            Undo::Variable(name, old) => {
                !seen.insert(name) || self.variables.get(name) == old.as_ref()
            }
            Undo::Folders(old) => *old == self.folders,
            Undo::Arguments(_) => true,
            Undo::Function(..) | Undo::Alias(..) => false,
        });
        if is_as_before {
            self.state = mark.state;
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
    pub(in super::super) fn end_branch(&mut self, mark: Mark) -> Branch {
        let mut branch = Branch::default();
        while self.log.len() > mark.at
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
        self.state = mark.state;
        branch
    }

    /// Goes on as if any of the branches had run; or, where that may be, `none`.
    pub(in super::super) fn join(&mut self, branches: Vec<Branch>, none: bool) {
        let changed: HashSet<&String> = branches
            .iter()
            .flat_map(|branch| branch.variables.keys())
            .collect();
        let joined: Vec<(String, Option<Variable>)> = changed
            .into_iter()
            .map(|name| (name.clone(), self.joined_variable(name, &branches, none)))
            .collect();
        let folders = self.joined_folders(&branches, none);
        let arguments = self.joined_arguments(&branches, none);
        let functions = self.joined_functions(&branches, none);
        for (name, variable) in joined {
            self.put(&name, variable);
        }
        for (name, function) in functions {
            self.set_function(&name, function);
        }
        for branch in branches {
            for (name, alias) in branch.aliases {
                let old = replace(&mut self.aliases, &name, alias);
                self.note(Undo::Alias(name, old));
            }
        }
        if let Some(arguments) = arguments {
            self.set_arguments(arguments);
        }
        if let Some(folders) = folders {
            self.set_folders(folders);
        }
    }

    /// Goes on as if what changed since `mark` may not have happened. A folder
    /// that was gone to counts.
    pub(in super::super) fn end_unsure(&mut self, mark: Option<Mark>) {
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
        let mut exported = true;
        for end in none.then_some(before).into_iter().chain(ends) {
            if let Some(variable) = end {
                exported &= variable.exported;
                joined.get_or_insert_with(|| variable.clone());
            }
            match end.map_or(&[Value::Unset][..], |variable| &variable.values) {
                [Value::Unset] => add_values(&mut values, &[Value::Otherwise]),
                known => add_values(&mut values, known),
            }
        }
        joined.map(|variable| Variable {
            values,
            exported,
            ..variable
        })
    }

    /// Returns, for each function that a branch defined or removed, all that it
    /// may be.
    fn joined_functions(&self, branches: &[Branch], none: bool) -> Vec<(String, Option<Callable>)> {
        let changed: HashSet<&String> = branches
            .iter()
            .flat_map(|branch| branch.functions.keys())
            .collect();
        let joined = changed.into_iter().map(|name| {
            let before = self.functions.get(name);
            let ends = branches
                .iter()
                .map(|branch| match branch.functions.get(name) {
                    Some(changed) => changed.as_ref(),
                    None => before,
                });
            let mut joined: Option<Callable> = None;
            let mut is_sure = true;
            for end in none.then_some(before).into_iter().chain(ends) {
                is_sure &= end.is_some_and(|one| one.is_sure);
                match (&mut joined, end) {
                    (Some(joined), Some(end)) => {
                        let known = |body: &&Body| !joined.bodies.contains(body);
                        let more: Vec<Body> = end.bodies.iter().filter(known).cloned().collect();
                        joined.bodies.extend(more);
                    }
                    (None, Some(end)) => joined = Some(end.clone()),
                    (_, None) => {}
                }
            }
            let joined = joined.map(|mut joined| {
                joined.bodies.truncate(limits::SHELL_VALUES);
                Callable { is_sure, ..joined }
            });
            (name.clone(), joined)
        });
        joined.collect()
    }

    fn joined_arguments(&self, branches: &[Branch], none: bool) -> Option<Vec<Arguments>> {
        if branches.iter().all(|branch| branch.arguments.is_none()) {
            return None;
        }
        let ends = branches
            .iter()
            .map(|branch| branch.arguments.as_ref().unwrap_or(&self.arguments));
        let before = none.then_some(&self.arguments);
        let mut arguments: Vec<Arguments> = Vec::new();
        for one in before.into_iter().chain(ends).flatten() {
            if !arguments.contains(one) {
                arguments.push(one.clone());
            }
        }
        match arguments.len() > limits::SHELL_VALUES {
            true => Some(vec![Arguments::default()]),
            false => Some(arguments),
        }
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
