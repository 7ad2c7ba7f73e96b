//! What the name of a command may stand for: an alias, the program that a pattern
//! finds, what is left where a part of it turns out empty.

use super::Shell;
use super::command::Caller;
use super::scope::text;
use crate::guard::glob::Pattern;
use crate::guard::list::List;
use crate::guard::shell::text::Text;
use crate::guard::shell::{Command, Error, Part, Word};

impl Shell {
    /// Adds the command that is left where what is not known of the program's
    /// name turns out empty.
    pub(super) fn without_unknown(
        &mut self,
        command: &Command,
        caller: Caller,
    ) -> Result<(), Error> {
        let Some((program, rest)) = command.words.split_first() else {
            return Ok(());
        };
        if program
            .parts
            .iter()
            .any(|part| matches!(part, Part::Glob(_)))
        {
            return self.as_found(program, command, caller);
        }
        let known: Option<String> = program.parts.iter().map(known_text).collect();
        let words = if let Some(known) = known.filter(|known| !known.is_empty()) {
            let mut words = vec![text(&known)];
            words.extend(rest.iter().cloned());
            words
        } else if vanishes(program) {
            rest.iter()
                .skip_while(|word| vanishes(word))
                .cloned()
                .collect()
        } else {
            return Ok(());
        };
        let is_program = words.first().is_some_and(|first| {
            let name = first.literal().unwrap_or_default();
            !name.is_empty() && !name.starts_with('-') && !name.ends_with('/')
        });
        if is_program {
            let command = Command {
                words,
                ..command.clone()
            };
            self.nested(|shell| shell.command(command, caller, &[]))?;
        }
        Ok(())
    }

    /// Adds the commands that a pattern in the place of the program may be.
    fn as_found(&mut self, program: &Word, by: &Command, caller: Caller) -> Result<(), Error> {
        const FOUND: List = List("bash cat curl dd find git mv rm sh shred");
        let pattern: Option<String> = program.parts.iter().map(pattern_text).collect();
        let Some((_, pattern)) = pattern.as_deref().and_then(|path| path.rsplit_once('/')) else {
            return Ok(());
        };
        let pattern = Pattern::parse(pattern);
        for name in FOUND.names().filter(|name| pattern.matches(name)) {
            let mut found = by.clone();
            found.words[0] = text(name);
            self.nested(|shell| shell.command(found, caller, &[]))?;
        }
        Ok(())
    }

    /// Runs what an alias stands for; returns whether there is one. Scripts
    /// expand none unless told to, but whoever defines one may mean it.
    pub(super) fn alias(
        &mut self,
        name: &str,
        command: &Command,
        at: usize,
    ) -> Result<bool, Error> {
        let Some(value) = self.scope.alias(name).cloned() else {
            return Ok(false);
        };
        if self.aliases.iter().any(|open| open == name) {
            return Ok(false);
        }
        let mut text = Text::of(&value);
        // One that ends with a blank lets the next word be an alias as well.
        let mut last = Some(&value);
        for word in &command.words[1..] {
            let goes_on = last.is_some_and(ends_in_blank);
            let name = word.known().filter(|_| goes_on);
            last = name.and_then(|name| self.scope.alias(&name));
            text.push_str(" ");
            match last {
                Some(value) => text.push_word(value),
                None => text.push_given(word.clone()),
            }
        }
        self.spend_bytes(text.as_str().len())?;
        self.aliases.push(name.to_owned());
        let result = self.run_text(&text, at);
        self.aliases.pop();
        result.map(|_| true)
    }
}

fn ends_in_blank(value: &Word) -> bool {
    matches!(value.parts.last(), Some(Part::Text(text)) if text.ends_with([' ', '\t']))
}

/// Returns the pattern that a part is.
fn pattern_text(part: &Part) -> Option<&str> {
    match part {
        Part::Text(text) | Part::Glob(text) => Some(text),
        _ => None,
    }
}

/// Returns what a part is if all that is not known of it is nothing.
fn known_text(part: &Part) -> Option<&str> {
    match part {
        Part::Text(text) => Some(text),
        Part::Variable { .. } | Part::Output { .. } | Part::Streamed | Part::Unknown { .. } => {
            Some("")
        }
        Part::Glob(_) | Part::Tilde(_) | Part::Process { .. } => None,
    }
}

/// Returns whether a word may be none at all.
fn vanishes(word: &Word) -> bool {
    let may_vanish = |part: &Part| {
        matches!(
            part,
            Part::Variable { quoted: false, .. }
                | Part::Output { quoted: false, .. }
                | Part::Unknown { quoted: false }
        )
    };
    !word.parts.is_empty() && word.parts.iter().all(may_vanish)
}
