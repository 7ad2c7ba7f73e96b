//! How everyday programs read their arguments: which are data, which patterns
//! for names, which files.

use super::arguments::{Argument, Options, before, leading_text, options, read, skip};
use super::list::{List, Table, table};
use super::shell::Word;
use usages::USAGES;

mod usages;

/// Programs with arguments that are no files, and how to tell them.
pub(super) struct Usage {
    programs: List,
    /// The options that take a value.
    options: Options,
    /// The first operand is data: a pattern, a filter, a program's text.
    first_is_data: bool,
    /// Unless one of these options stands for it, by letter and long name.
    replacing: &'static [(char, &'static str)],
    /// The options whose value is a file.
    files: &'static [(char, &'static str)],
    /// The options whose value is data, or behind an `@` a file.
    fields: &'static [(char, &'static str)],
    /// The options whose value is a pattern for names.
    globs: &'static [(char, &'static str)],
    /// What its operands are, behind the first one that is data.
    operands: Operands,
}

/// What the operands of a program are.
#[derive(Clone, Copy)]
enum Operands {
    /// Files.
    Files,
    /// Addresses; only those of files (`file://`) matter.
    Addresses,
    /// `name=value`, `name@FILE`.
    Fields,
}

/// Returns how a program reads its arguments, where that is known.
pub(super) fn usage(program: &str) -> Option<&'static Usage> {
    static BY_PROGRAM: Table<Usage> = table!(&USAGES, programs);
    BY_PROGRAM.find(program)
}

/// Returns how `git grep` reads its arguments.
pub(super) fn git_grep() -> &'static Usage {
    &USAGES[0]
}

impl Usage {
    /// Returns the arguments that may name files.
    pub(super) fn files(&self, words: &[Word]) -> Vec<Word> {
        let (words, mut files) = match self.programs.has("jq") {
            true => without_bindings(words),
            false => (words.to_vec(), Vec::new()),
        };
        let arguments = read(&words, &self.options);
        let replaced = arguments.iter().any(|one| self.has(one, self.replacing));
        let mut data = usize::from(self.first_is_data && !replaced);
        for argument in &arguments {
            match argument {
                Argument::Operand(_) if data > 0 => data -= 1,
                Argument::Operand(word) => files.extend(self.files_of_operand(word)),
                Argument::Valued(_, value) if self.has(argument, self.fields) => {
                    files.extend(files_of_field(value));
                }
                Argument::Valued(_, value) if self.has(argument, self.files) => {
                    files.push(value.clone());
                }
                Argument::Valued(..) | Argument::Flag(_) => {}
            }
        }
        files
    }

    /// Returns the patterns for names.
    pub(super) fn patterns(&self, words: &[Word]) -> Vec<Word> {
        let arguments = read(words, &self.options).into_iter();
        let patterns = arguments.filter_map(|argument| match &argument {
            Argument::Valued(_, value) if self.has(&argument, self.globs) => Some(value.clone()),
            _ => None,
        });
        patterns.collect()
    }

    fn files_of_operand(&self, word: &Word) -> Vec<Word> {
        match self.operands {
            Operands::Addresses if !leading_text(word).starts_with("file:") => Vec::new(),
            Operands::Files | Operands::Addresses => vec![word.clone()],
            Operands::Fields => files_of_field(word),
        }
    }

    /// Returns whether an argument is one of these options, and none whose name
    /// is longer (`--exclude`, `--exclude-from`).
    fn has(&self, argument: &Argument<'_>, options: &[(char, &str)]) -> bool {
        let (Argument::Flag(given) | Argument::Valued(given, _)) = argument else {
            return false;
        };
        let name = given.strip_prefix("--");
        let mut options = options.iter();
        options.any(|(letter, long)| {
            let is_another = name.is_some_and(|name| name != *long && self.options.long.has(name));
            argument.is(Some(*letter), long) && !is_another
        })
    }
}

/// Returns the files in a value that is data unless an `@`, or in a form a `<`,
/// says otherwise: `@FILE`, `name@FILE`, `name=@FILE;type=text/plain`.
fn files_of_field(value: &Word) -> Vec<Word> {
    let text = leading_text(value);
    let is_name = |c: char| c.is_alphanumeric() || "-_.[]".contains(c);
    let name = text.find(|c| !is_name(c)).unwrap_or(text.len());
    let marks = ["=@", ":=@", "@", "=<", "<"];
    let Some(mark) = marks.iter().find(|mark| text[name..].starts_with(**mark)) else {
        return Vec::new();
    };
    let whole = skip(value, name + mark.len());
    let first = before(&whole, &[';', ',']);
    vec![whole, first]
}

/// Returns the arguments of `jq` and its kin without what it binds to names
/// (`--arg NAME VALUE`, `--args VALUE…`), and the files among that (`--rawfile
/// NAME FILE`).
fn without_bindings(words: &[Word]) -> (Vec<Word>, Vec<Word>) {
    let (mut kept, mut files) = (Vec::new(), Vec::new());
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match leading_text(word) {
            "--arg" | "--argjson" => drop(words.nth(1)),
            "--slurpfile" | "--rawfile" | "--argfile" => files.extend(words.nth(1).cloned()),
            "--args" | "--jsonargs" => break,
            _ => kept.push(word.clone()),
        }
    }
    (kept, files)
}

/// Returns whether a program never looks into the files that it names, or takes
/// its arguments for data.
pub(super) fn names_only(program: &str) -> bool {
    NAMES_ONLY.has(program)
}

const NAMES_ONLY: List = List(
    "\
    : [ [[ alias basename cd chgrp chmod chown command declare dir dirname dirs du echo exa exit \
    export expr eza false fd fdfind file find gfind hash help kill let local locate ls lsd maos \
    man mkdir popd printf pushd pwd read readlink readonly realpath return rmdir set shift sleep \
    stat test touch tree true type typeset unset whereis which",
);

/// The long options whose value is data in about every program.
const DATA_OPTIONS: List = List(
    "\
    body cacert cert certificate client-certificate client-key comment description env-file exclude \
    exclude-dir filter grep identity-file ignore ignore-path ignore-pattern key key-file keyfile \
    kubeconfig label match message name notes pattern private-key signing-key ssl-certfile \
    ssl-keyfile subject test-name-pattern testNamePattern title tlscert tlskey userconfig",
);

/// The programs whose `--env-file` goes to the program that they start, as the
/// file is meant to.
const STARTERS: List = List(
    "\
    act bun deno docker docker-compose dotenv fastapi flask gunicorn hypercorn modal nerdctl next \
    node nodemon npm npx pnpm podman poetry pytest python python3 sam tsx uv uvicorn vercel vite \
    wrangler yarn",
);

/// The options whose value is a file that is loaded into the environment.
pub(super) const LOADING: Options = options("", "env-file env-file-if-exists");

/// Returns whether the value of this long option, without dashes, is no file
/// that `program` shows or changes.
pub(super) fn is_data_option(program: &str, option: &str) -> bool {
    match option {
        "env-file" | "env-file-if-exists" | "secret" => STARTERS.has(program),
        _ => DATA_OPTIONS.has(option),
    }
}

/// Returns whether the value of this option letter is no file that `program`
/// reads.
pub(super) fn is_data_letter(program: &str, letter: &str) -> bool {
    match letter {
        "-m" => matches!(program, "git" | "hg" | "svn" | "jj"),
        "-am" | "-sm" | "-asm" | "-sam" => program == "git",
        "-t" | "-b" => matches!(program, "gh" | "jest" | "vitest"),
        "-e" | "--rsh" => program == "rsync",
        "-k" => program == "pytest",
        "-keyout" | "-out" | "-key" | "-inkey" | "-signkey" | "-CAkey" | "-sign" => {
            program == "openssl"
        }
        _ => false,
    }
}
