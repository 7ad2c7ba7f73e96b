//! Languages for one thing: statistics, editors, other programs, lines of text.

use super::super::super::super::arguments::Options;
use super::super::super::super::list::List;
use super::super::language::{Language, Operand};
use super::super::literals::{DOLLAR, HASH, LONG};
use super::super::tables;
use super::super::tokens::Lexis;
use super::{PLAIN_LANGUAGE, PLAIN_LEXIS};

pub(super) const OTHERS: &[Language] = &[
    Language {
        interpreters: List("R Rscript"),
        options: Options {
            short: "efg",
            long: List("file gui args"),
        },
        code: &[('e', "")],
        elsewhere: &[('f', "file")],
        interpreter: &["Rscript", "-e"],
        lexis: Lexis {
            single: Some(LONG),
            double: LONG,
            ..PLAIN_LEXIS
        },
        calls: tables::R,
        prints: List("cat writeLines"),
        ..PLAIN_LANGUAGE
    },
    Language {
        interpreters: List("julia"),
        options: Options {
            short: "eELJCptm",
            long: List("eval print load project sysimage"),
        },
        code: &[('e', "eval"), ('E', "print")],
        interpreter: &["julia", "-e"],
        lexis: Lexis {
            blocks: &[("#=", "=#")],
            single: None,
            double: DOLLAR,
            back: Some(DOLLAR),
            back_runs: true,
            join: "*",
            ..PLAIN_LEXIS
        },
        calls: tables::JULIA,
        prints: List("println print"),
        ..PLAIN_LANGUAGE
    },
    Language {
        interpreters: List("osascript"),
        options: Options {
            short: "els",
            long: List(""),
        },
        code: &[('e', "")],
        lexis: Lexis {
            comments: List("-- #"),
            blocks: &[("(*", "*)")],
            single: None,
            double: LONG,
            join: "&",
            ..PLAIN_LEXIS
        },
        calls: tables::APPLESCRIPT,
        ..PLAIN_LANGUAGE
    },
    Language {
        interpreters: List("elixir iex"),
        lexis: Lexis {
            single: Some(LONG),
            double: HASH,
            join: "<>",
            letter: '!',
            ..PLAIN_LEXIS
        },
        calls: tables::ELIXIR,
        ..PLAIN_LANGUAGE
    },
    Language {
        interpreters: List("emacs guile sbcl clojure clj racket"),
        options: Options {
            short: "elcq",
            long: List("eval load"),
        },
        code: &[('e', "eval"), ('c', "")],
        lexis: Lexis {
            comments: List(";"),
            single: None,
            double: LONG,
            gap: " ",
            letter: '-',
            ..PLAIN_LEXIS
        },
        calls: tables::LISP,
        ..PLAIN_LANGUAGE
    },
    Language {
        interpreters: List("vimscript"),
        calls: tables::VIMSCRIPT,
        ..PLAIN_LANGUAGE
    },
    Language {
        interpreters: List("awk gawk mawk nawk"),
        options: Options {
            short: "FvfeEil",
            long: List("field-separator assign file source exec include load"),
        },
        code: &[('e', "source")],
        elsewhere: &[('f', "file"), ('E', "exec")],
        assigning: &[('v', "assign")],
        operand: Operand::Code,
        lexis: Lexis {
            single: None,
            regex: true,
            adjacent: true,
            ..PLAIN_LEXIS
        },
        calls: tables::AWK,
        prints: List("print printf"),
        pipes: true,
        ..PLAIN_LANGUAGE
    },
];
