//! Builtins that change the shell.

use super::Shell;
use super::assign::Assigning;
use super::output;
use super::scope::{Letters, Value, text, unknown};
use crate::guard::arguments::{leading_text, skip};
use crate::guard::list::List;
use crate::guard::shell::syntax::Dialect;
use crate::guard::shell::{Command, Error, Part, Word};
use crate::guard::starts;

/// How many folders of a `CDPATH` are looked at.
const CDPATHS: usize = 4;

/// The options with which patterns are for hidden names too.
pub(super) const HIDING: List = List("dotglob globdots glob_dots GLOB_DOTS");

/// Builtins whose words may be names with a subscript, which they expand.
const EVALUATING: List = List("declare export local read readonly typeset unset wait");

impl Shell {
    /// Puts into effect what a builtin changes.
    pub(super) fn builtin(
        &mut self,
        name: &str,
        command: &Command,
        declared: &[Assigning],
    ) -> Result<(), Error> {
        let words = command.words.get(1..).unwrap_or_default();
        if EVALUATING.has(name) {
            words.iter().try_for_each(|word| self.evaluate_name(word))?;
        }
        self.note_shown(name, words);
        match name {
            "cd" => return self.change_folder(words, false),
            "pushd" => return self.change_folder(words, true),
            "popd" => self.scope.move_folders(|folder| folder.pop()),
            "export" | "declare" | "typeset" | "local" | "readonly" => {
                return self.declare(name, words, declared);
            }
            "[" | "test" => {
                self.note_asked(words);
                self.evaluate_test(words)?;
            }
            "let" => {
                words.iter().try_for_each(|word| self.evaluate(word))?;
                words.iter().for_each(|word| self.count(word));
            }
            "shopt" | "setopt" => self.set_globbing(words),
            "unset" => self.unset(words),
            "read" => self.read(words),
            "mapfile" | "readarray" => self.map_file(words),
            "getopts" => {
                if let Some(name) = words.get(1).and_then(Word::literal) {
                    self.scope.set(&name, vec![Value::Any]);
                }
            }
            "printf" => self.print_into_variable(command)?,
            "compgen" | "complete" => {
                let given = words.iter().skip_while(|word| leading_text(word) != "-W");
                given.skip(1).try_for_each(|word| self.expand_again(word))?;
            }
            "set" if self.dialect == Dialect::Fish => return self.set_in_fish(words),
            "set" => self.set_options(words),
            "shift" => self.shift(words),
            "alias" => return self.define_aliases(words),
            "hash" => self.remember_program(words),
            "." | "source" => return self.source(words),
            _ => {}
        }
        Ok(())
    }

    /// Notes the variables that a test asks about: of which nothing is known, whoever
    /// wrote the text took care of.
    pub(super) fn note_asked(&mut self, words: &[Word]) {
        for word in words {
            if let [Part::Variable { name, .. }] = word.parts.as_slice()
                && matches!(&*self.scope.values(name), [Value::Any])
            {
                self.scope.set(name, vec![Value::Otherwise]);
            }
        }
    }

    fn change_folder(&mut self, words: &[Word], keeps: bool) -> Result<(), Error> {
        let is_option = |word: &&Word| {
            let option = word.literal().unwrap_or_default();
            option.len() > 1 && option.starts_with('-')
        };
        let operand = words.iter().find(|word| !is_option(word));
        let dir = match operand {
            Some(word) if keeps && leading_text(word).starts_with('+') => unknown(),
            Some(word) => word.clone(),
            None if keeps => unknown(),
            None => Word {
                parts: vec![Part::Tilde(String::new())],
            },
        };
        let dir = self.opened_place(&dir).unwrap_or(dir);
        self.spend(self.dirs().len())?;
        let dirs = self.found_by_cdpath(&dir);
        let mut folders = Vec::new();
        for folder in self.scope.folders() {
            for dir in &dirs {
                let mut folder = folder.clone();
                match keeps {
                    true => folder.push(dir.clone()),
                    false => folder.enter(dir.clone()),
                }
                folders.push(folder);
            }
        }
        self.scope.set_folders(folders);
        Ok(())
    }

    /// Returns the folders that a name may lead to: here, and in those of the
    /// `CDPATH` that the text sets.
    fn found_by_cdpath(&self, dir: &Word) -> Vec<Word> {
        let mut found = vec![dir.clone()];
        let text = leading_text(dir);
        if text.is_empty() || text.starts_with(['/', '.', '-']) {
            return found;
        }
        let values = self.scope.values("CDPATH");
        for path in values.iter().filter_map(Value::word) {
            let folders = starts::pieces(path, ':').into_iter().take(CDPATHS);
            found.extend(folders.map(|mut folder| {
                folder.push_text("/");
                dir.parts.iter().for_each(|part| folder.push(part.clone()));
                folder
            }));
        }
        found
    }

    fn declare(
        &mut self,
        builtin: &str,
        words: &[Word],
        declared: &[Assigning],
    ) -> Result<(), Error> {
        let is_option = |word: &&Word| leading_text(word).starts_with(['-', '+']);
        let options: String = words
            .iter()
            .take_while(is_option)
            .map(leading_text)
            .collect();
        if options.contains('f') {
            return Ok(());
        }
        let is_local = match builtin {
            "local" => true,
            "declare" | "typeset" => !options.contains('g'),
            _ => false,
        };
        for word in words.iter().skip_while(is_option) {
            let known = leading_text(word);
            let (name, value) = match known.split_once('=') {
                Some((name, _)) => (name, Some(skip(word, name.len() + 1))),
                None => (known, None),
            };
            let (name, appends) = match name.strip_suffix('+') {
                Some(name) => (name, true),
                None => (name, false),
            };
            if is_local {
                self.scope.make_local(name);
            }
            if options.contains('l') {
                self.scope.set_letters(name, Letters::Lower);
            } else if options.contains('u') {
                self.scope.set_letters(name, Letters::Upper);
            }
            if options.contains('i')
                && let Some(value) = &value
            {
                self.evaluate(value)?;
            }
            match value {
                Some(value) => self.assign(&Assigning::scalar(name, appends, value))?,
                None if builtin == "local" => self.scope.set(name, vec![Value::Unset]),
                None => {}
            }
            if builtin != "export" && options.contains('n') {
                self.scope.make_reference(name);
            }
            if builtin == "export" || options.contains('x') {
                self.scope.export(name);
            }
        }
        for assigning in declared.iter().filter(|one| one.plain().is_none()) {
            self.assign(assigning)?;
        }
        Ok(())
    }

    fn unset(&mut self, words: &[Word]) {
        let mut only_functions = false;
        for name in words.iter().filter_map(Word::literal) {
            if name.starts_with('-') {
                only_functions |= name.contains('f');
                continue;
            }
            self.scope.doubt_function(&name);
            if !only_functions {
                self.scope.set(&name, vec![Value::Unset]);
            }
        }
    }

    /// Puts what `printf -v` prints into its variable.
    fn print_into_variable(&mut self, command: &Command) -> Result<(), Error> {
        let Some([option, variable, words @ ..]) = command.words.get(1..) else {
            return Ok(());
        };
        let (Some("-v"), Some(name)) = (option.literal().as_deref(), variable.literal()) else {
            return Ok(());
        };
        self.evaluate_name(variable)?;
        let printing = Command {
            words: [text("printf")]
                .into_iter()
                .chain(words.iter().cloned())
                .collect(),
            ..Command::default()
        };
        let value = output::of(&printing, None, &|_| None).known();
        let value = value.map_or(Value::Any, Value::scalar);
        self.fill(&name, vec![value]);
        Ok(())
    }

    /// Gives a variable the values that stand behind it, as `fish` does.
    fn set_in_fish(&mut self, words: &[Word]) -> Result<(), Error> {
        let is_option = |word: &&Word| leading_text(word).starts_with('-');
        let mut words = words.iter().skip_while(is_option);
        let Some(name) = words.next().and_then(Word::literal) else {
            return Ok(());
        };
        let values: Vec<Word> = words.cloned().collect();
        match <[Word; 1]>::try_from(values) {
            Ok([value]) => self.assign(&Assigning::scalar(&name, false, value)),
            Err(values) => {
                let keys = (0..values.len()).map(|at| at.to_string());
                let value = Value::Array(keys.zip(values).collect());
                self.scope.set(&name, vec![value]);
                Ok(())
            }
        }
    }

    /// Sets whether patterns are for hidden names too.
    fn set_globbing(&mut self, words: &[Word]) {
        let is_meant = |word: &Word| HIDING.has(leading_text(word));
        if words.iter().any(is_meant) {
            self.globs_hidden = !words.iter().any(|word| leading_text(word) == "-u");
        }
    }

    /// Takes the arguments that `set` gives to the shell.
    fn set_options(&mut self, words: &[Word]) {
        let mut words = words.iter();
        let mut rest = words.as_slice();
        while let Some(word) = words.next() {
            let known = leading_text(word);
            if matches!(known, "--" | "-") && word.parts.len() == 1 {
                rest = words.as_slice();
                break;
            }
            if !known.starts_with(['-', '+']) || known.len() < 2 {
                break;
            }
            if known.starts_with('-') && known.contains('a') {
                self.scope.export_all();
            }
            if known.ends_with('o') {
                words.next();
            }
            rest = words.as_slice();
            if rest.is_empty() {
                return;
            }
        }
        self.scope.change_arguments(|_| Some(rest.into()));
    }

    fn shift(&mut self, words: &[Word]) {
        let count = match words.first() {
            Some(word) => word.literal().and_then(|count| count.parse().ok()),
            None => Some(1),
        };
        let count: Option<usize> = count;
        self.scope
            .change_arguments(|words| Some(words?.get(count?..)?.into()));
    }

    /// `hash -p FILE NAME`: the name calls the file from here on.
    fn remember_program(&mut self, words: &[Word]) {
        if let [option, file, name] = words
            && leading_text(option) == "-p"
            && let Some(name) = name.literal()
        {
            self.scope.set_alias(&name, file.clone());
        }
    }

    /// `alias NAME=TEXT …`; `alias NAME TEXT` of `fish`. What is defined to be
    /// called later counts here.
    fn define_aliases(&mut self, words: &[Word]) -> Result<(), Error> {
        let mut defined: Vec<(String, Word)> = words
            .iter()
            .filter_map(|word| {
                let (name, _) = leading_text(word).split_once('=')?;
                Some((name.to_owned(), skip(word, name.len() + 1)))
            })
            .collect();
        if let [name, value] = words
            && let Some(name) = name.literal().filter(|_| defined.is_empty())
        {
            defined.push((name, value.clone()));
        }
        for (name, value) in defined {
            if self.deferred {
                let by = self.script.commands.len() - 1;
                self.subshell(|shell| shell.text(&value, by))?;
            }
            self.scope.set_alias(&name, value);
        }
        Ok(())
    }
}
