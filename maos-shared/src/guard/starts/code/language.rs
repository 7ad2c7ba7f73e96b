//! What is known of a language: how its interpreters are called and how it is
//! written.

use super::super::super::arguments::Options;
use super::super::super::list::List;
use super::languages::LANGUAGES;
use super::tables::Call;
use super::tokens::Lexis;

/// A language with its interpreters.
pub(super) struct Language {
    /// Their names; digits and dots may follow (`python3.12`).
    pub(super) interpreters: List,
    /// Their options that take a value.
    pub(super) options: Options,
    /// Those of them whose value is code, by letter and long name.
    pub(super) code: &'static [(char, &'static str)],
    /// The options that say where else the code is.
    pub(super) elsewhere: &'static [(char, &'static str)],
    /// The options whose value is a file, or a module, that is read first.
    pub(super) first: &'static [(char, &'static str)],
    /// What the names of its files end with.
    pub(super) extension: &'static str,
    /// The options that set a variable.
    pub(super) assigning: &'static [(char, &'static str)],
    /// What the first operand is where no option holds code.
    pub(super) operand: Operand,
    /// The words that run code which the code holds.
    pub(super) interpreter: &'static [&'static str],
    pub(super) lexis: Lexis,
    pub(super) calls: &'static [Call],
    /// The functions that print their arguments.
    pub(super) prints: List,
    /// `|`, `<` and `>` start commands and open files.
    pub(super) pipes: bool,
}

/// What the first operand of an interpreter is.
#[derive(Clone, Copy)]
pub(super) enum Operand {
    /// A file with the code; where there is none, the input is code.
    File,
    /// The code.
    Code,
    /// The code where this option is given, or behind `eval` or `runner`; else a
    /// file.
    CodeBehind((char, &'static str)),
}

/// Returns the name of a program without a version behind it.
pub(in crate::guard::starts) fn without_version(program: &str) -> &str {
    program.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.')
}

/// Returns the language of an interpreter.
pub(super) fn of(program: &str) -> Option<&'static Language> {
    let name = without_version(program);
    let mut families = LANGUAGES.iter();
    families.find_map(|languages| languages.find(name))
}
