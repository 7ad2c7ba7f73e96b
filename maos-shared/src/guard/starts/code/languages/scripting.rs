//! Languages of scripts.

use super::super::super::super::arguments::{NONE, Options};
use super::super::super::super::list::List;
use super::super::language::{Language, Operand};
use super::super::literals::{DECIMAL, DOLLAR, HASH, PLAIN, TEMPLATE};
use super::super::tables;
use super::super::tokens::{Lexis, Special};
use super::{PLAIN_LANGUAGE, PLAIN_LEXIS};

pub(super) const SCRIPTING: &[Language] = &[
    Language {
        interpreters: List("python pypy ipython micropython"),
        options: Options {
            short: "cmWXQ",
            long: List("check-hash-based-pycs"),
        },
        code: &[('c', "")],
        elsewhere: &[('m', "")],
        interpreter: &["python3", "-c"],
        lexis: Lexis {
            special: Special::Python,
            join: "+",
            ..PLAIN_LEXIS
        },
        calls: tables::PYTHON,
        prints: List("print write"),
        ..PLAIN_LANGUAGE
    },
    Language {
        interpreters: List("node nodejs deno bun tsx ts-node"),
        options: Options {
            short: "erCc",
            long: List(
                "eval print require import conditions cwd config env-file env-file-if-exists",
            ),
        },
        code: &[('e', "eval"), (NONE, "print")],
        first: &[('r', "require"), (NONE, "import")],
        extension: ".js",
        operand: Operand::CodeBehind(('p', "")),
        interpreter: &["node", "-e"],
        lexis: Lexis {
            comments: List("//"),
            blocks: &[("/*", "*/")],
            back: Some(TEMPLATE),
            regex: true,
            join: "+",
            letter: '$',
            ..PLAIN_LEXIS
        },
        calls: tables::JAVASCRIPT,
        prints: List("log write"),
        ..PLAIN_LANGUAGE
    },
    Language {
        interpreters: List("perl"),
        options: Options {
            short: "eEMmIFCDx",
            long: List(""),
        },
        code: &[('e', ""), ('E', "")],
        first: &[('M', ""), ('m', "")],
        extension: ".pm",
        interpreter: &["perl", "-e"],
        lexis: Lexis {
            single: Some(PLAIN),
            double: DOLLAR,
            back: Some(DOLLAR),
            back_runs: true,
            special: Special::Perl,
            regex: true,
            join: ".",
            ..PLAIN_LEXIS
        },
        calls: tables::PERL,
        prints: List("print say printf"),
        ..PLAIN_LANGUAGE
    },
    Language {
        interpreters: List("ruby jruby irb rails"),
        options: Options {
            short: "eIrCEF",
            long: List("encoding external-encoding internal-encoding"),
        },
        code: &[('e', "")],
        first: &[('r', "")],
        extension: ".rb",
        operand: Operand::CodeBehind((NONE, "")),
        interpreter: &["ruby", "-e"],
        lexis: Lexis {
            blocks: &[("\n=begin", "\n=end")],
            single: Some(PLAIN),
            double: HASH,
            back: Some(HASH),
            back_runs: true,
            special: Special::Ruby,
            regex: true,
            join: "+",
            ..PLAIN_LEXIS
        },
        calls: tables::RUBY,
        prints: List("puts print"),
        ..PLAIN_LANGUAGE
    },
    Language {
        interpreters: List("php"),
        options: Options {
            short: "rBREcdfztFS",
            long: List("run process-begin process-code process-end php-ini define file"),
        },
        code: &[
            ('r', "run"),
            ('B', "process-begin"),
            ('R', "process-code"),
            ('E', "process-end"),
        ],
        elsewhere: &[('f', "file"), ('S', "server")],
        interpreter: &["php", "-r"],
        lexis: Lexis {
            comments: List("# //"),
            blocks: &[("/*", "*/")],
            single: Some(PLAIN),
            double: DOLLAR,
            back: Some(DOLLAR),
            back_runs: true,
            join: ".",
            ..PLAIN_LEXIS
        },
        calls: tables::PHP,
        prints: List("echo print printf"),
        ..PLAIN_LANGUAGE
    },
    Language {
        interpreters: List("lua luajit texlua"),
        options: Options {
            short: "elj",
            long: List(""),
        },
        code: &[('e', "")],
        interpreter: &["lua", "-e"],
        lexis: Lexis {
            comments: List("--"),
            blocks: &[("--[[", "]]"), ("--[=[", "]=]")],
            single: Some(DECIMAL),
            double: DECIMAL,
            special: Special::Lua,
            join: "..",
            ..PLAIN_LEXIS
        },
        calls: tables::LUA,
        prints: List("print write"),
        ..PLAIN_LANGUAGE
    },
];
