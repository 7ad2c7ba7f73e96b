//! The languages, a row each.

use super::super::super::arguments::Options;
use super::super::super::list::{List, Table, table};
use super::language::{Language, Operand};
use super::literals::ESCAPED;
use super::tokens::{Lexis, Special};

mod compiled;
mod others;
mod scripting;

/// `#` comments, strings with escapes.
const PLAIN_LEXIS: Lexis = Lexis {
    comments: List("#"),
    blocks: &[],
    single: Some(ESCAPED),
    double: ESCAPED,
    back: None,
    back_runs: false,
    special: Special::None,
    regex: false,
    join: "",
    adjacent: false,
    gap: "",
    letter: '_',
};

const PLAIN_LANGUAGE: Language = Language {
    interpreters: List(""),
    options: Options {
        short: "e",
        long: List("eval"),
    },
    code: &[('e', "eval")],
    elsewhere: &[],
    first: &[],
    extension: "",
    assigning: &[],
    operand: Operand::File,
    interpreter: &[],
    lexis: PLAIN_LEXIS,
    calls: &[],
    prints: List(""),
    pipes: false,
};

/// `//` comments, strings with escapes.
const BRACES_LEXIS: Lexis = Lexis {
    comments: List("//"),
    blocks: &[("/*", "*/")],
    ..PLAIN_LEXIS
};

/// All of them.
pub(super) static LANGUAGES: [Table<Language>; 3] = [
    table!(scripting::SCRIPTING, interpreters),
    table!(compiled::COMPILED, interpreters),
    table!(others::OTHERS, interpreters),
];
