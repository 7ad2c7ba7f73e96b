//! How everyday programs read their arguments: which are data, which patterns
//! for names, which files.

use super::arguments::{NONE, Options};
use super::list::List;

/// Programs with arguments that are no files, and how to tell them.
pub(super) struct Usage {
    programs: List,
    /// The options that take a value.
    pub(super) options: Options,
    /// The first operand is data: a pattern, a filter, a program's text.
    pub(super) first_is_data: bool,
    /// Unless one of these options stands for it, by letter and long name.
    pub(super) replacing: &'static [(char, &'static str)],
    /// The options whose value is a file.
    pub(super) files: &'static [(char, &'static str)],
    /// The options whose value is a pattern for names.
    pub(super) globs: &'static [(char, &'static str)],
}

/// Returns how a program reads its arguments, where that is known.
pub(super) fn usage(program: &str) -> Option<&'static Usage> {
    USAGES.iter().find(|usage| usage.programs.has(program))
}

/// Returns how `git grep` reads its arguments.
pub(super) fn git_grep() -> &'static Usage {
    &USAGES[0]
}

const USAGES: [Usage; 9] = [
    Usage {
        programs: List(
            "grep egrep fgrep rgrep zgrep zegrep zfgrep bzgrep xzgrep ggrep pcregrep pcre2grep",
        ),
        options: Options {
            short: "efmABCdD",
            long: List(
                "regexp file max-count after-context before-context context binary-files \
                 devices directories exclude exclude-dir exclude-from include label",
            ),
        },
        first_is_data: true,
        replacing: &[('e', "regexp"), ('f', "file")],
        files: &[('f', "file"), (NONE, "exclude-from")],
        globs: &[(NONE, "include")],
    },
    Usage {
        programs: List("rg ugrep"),
        options: Options {
            short: "efmABCEgjMTtdr",
            long: List(
                "regexp file max-count after-context before-context context glob iglob encoding \
                 engine color colors context-separator ignore-file max-columns max-depth \
                 max-filesize path-separator pre pre-glob replace sort sortr threads type \
                 type-add type-clear type-not",
            ),
        },
        first_is_data: true,
        replacing: &[
            ('e', "regexp"),
            ('f', "file"),
            (NONE, "files"),
            (NONE, "type-list"),
        ],
        files: &[('f', "file")],
        globs: &[('g', "glob"), (NONE, "iglob")],
    },
    Usage {
        programs: List("ag ack"),
        options: Options {
            short: "ABCGmgW",
            long: List("after before context max-count ignore ignore-dir depth"),
        },
        first_is_data: true,
        replacing: &[('g', "files-with-matches")],
        files: &[],
        globs: &[],
    },
    Usage {
        programs: List("sed gsed"),
        options: Options {
            short: "efl",
            long: List("expression file line-length"),
        },
        first_is_data: true,
        replacing: &[('e', "expression"), ('f', "file")],
        files: &[('f', "file")],
        globs: &[],
    },
    Usage {
        programs: List("awk gawk mawk nawk"),
        options: Options {
            short: "FvfeEil",
            long: List("field-separator assign file source exec include load"),
        },
        first_is_data: true,
        replacing: &[('f', "file"), ('e', "source"), ('E', "exec")],
        files: &[('f', "file"), ('E', "exec"), ('i', "include")],
        globs: &[],
    },
    Usage {
        programs: List("jq yq gojq jaq dasel fx"),
        options: Options {
            short: "fL",
            long: List("from-file indent"),
        },
        first_is_data: true,
        replacing: &[('f', "from-file")],
        files: &[('f', "from-file")],
        globs: &[],
    },
    Usage {
        programs: List("ssh scp sftp ssh-copy-id autossh"),
        options: Options {
            short: "iFoJlpPbcDeILmQRSwW",
            long: List(""),
        },
        first_is_data: false,
        replacing: &[],
        files: &[],
        globs: &[],
    },
    Usage {
        programs: List("ssh-add ssh-keygen ssh-keyscan"),
        options: Options {
            short: "fNCtbPI",
            long: List(""),
        },
        first_is_data: true,
        replacing: &[],
        files: &[],
        globs: &[],
    },
    Usage {
        programs: List("tr expr seq basename dirname"),
        options: Options {
            short: "",
            long: List(""),
        },
        first_is_data: true,
        replacing: &[],
        files: &[],
        globs: &[],
    },
];

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
        "-x" => program == "zip",
        "-e" | "--rsh" => program == "rsync",
        "-k" => program == "pytest",
        "-keyout" | "-out" | "-key" | "-inkey" | "-signkey" | "-CAkey" | "-sign" => {
            program == "openssl"
        }
        _ => false,
    }
}
