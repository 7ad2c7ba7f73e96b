//! Languages that are compiled first, or run as if they were not.

use super::super::super::super::arguments::{NONE, Options};
use super::super::super::super::list::List;
use super::super::language::{Language, Operand};
use super::super::literals::{HASH, RAW};
use super::super::tables;
use super::super::tokens::Lexis;
use super::{BRACES_LEXIS, PLAIN_LANGUAGE, PLAIN_LEXIS};

pub(super) const COMPILED: &[Language] = &[
    Language {
        // `-run`
        interpreters: List("tcc"),
        options: Options {
            short: "oIDULlB",
            long: List(""),
        },
        code: &[],
        elsewhere: &[('o', ""), ('c', "")],
        lexis: BRACES_LEXIS,
        calls: tables::C,
        ..PLAIN_LANGUAGE
    },
    Language {
        // `run`
        interpreters: List("go"),
        options: Options {
            short: "oCp",
            long: List(""),
        },
        code: &[],
        lexis: Lexis {
            back: Some(RAW),
            join: "+",
            ..BRACES_LEXIS
        },
        calls: tables::GO,
        ..PLAIN_LANGUAGE
    },
    Language {
        interpreters: List("crystal"),
        operand: Operand::CodeBehind((NONE, "")),
        lexis: Lexis {
            double: HASH,
            back: Some(HASH),
            back_runs: true,
            ..PLAIN_LEXIS
        },
        calls: tables::RUBY,
        ..PLAIN_LANGUAGE
    },
    Language {
        interpreters: List("groovy scala jshell kotlin"),
        options: Options {
            short: "e",
            long: List("classpath"),
        },
        lexis: Lexis {
            comments: List("//"),
            blocks: &[("/*", "*/")],
            join: "+",
            ..PLAIN_LEXIS
        },
        calls: tables::JAVA,
        ..PLAIN_LANGUAGE
    },
    Language {
        interpreters: List("ghc gnuplot ocaml octave"),
        calls: tables::SYSTEM,
        ..PLAIN_LANGUAGE
    },
];
