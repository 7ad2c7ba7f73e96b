//! The languages, a row each.

use super::super::super::arguments::{NONE, Options};
use super::super::super::list::List;
use super::language::{Language, Operand};
use super::literals::{DECIMAL, DOLLAR, ESCAPED, HASH, LONG, PLAIN, RAW, TEMPLATE};
use super::tables;
use super::tokens::{Lexis, Special};

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

pub(super) const LANGUAGES: [Language; 18] = [
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
        interpreters: List("ghc gnuplot ocaml octave"),
        calls: tables::SYSTEM,
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
