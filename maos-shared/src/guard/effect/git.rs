//! Which git commands only read.

use super::super::arguments::{Argument, leading_text};
use super::super::git_line;
use super::super::list::List;
use super::super::shell::Word;
use super::{arguments, is_one_of};

/// Subcommands that read, whatever their options, but for those that name a
/// file or a program to give the output to.
const READING: List = List(
    "\
    annotate blame cat-file check-attr check-ignore cherry count-objects describe diff \
    diff-files diff-index diff-tree for-each-ref grep help log ls-files ls-tree \
    merge-base name-rev range-diff rev-list rev-parse shortlog show show-branch show-ref status \
    var verify-commit version whatchanged",
);

/// Returns whether these words after `git` only read.
pub(super) fn only_reads(words: &[Word]) -> bool {
    let Some((subcommand, rest)) = git_line::subcommand(words) else {
        return words
            .iter()
            .all(|word| is_one_of(word, const { List("--version --help -v -h") }));
    };
    let globals = &words[..words.len() - rest.len()];
    globals_are_harmless(globals)
        && match &*subcommand {
            "ls-remote" => !starts_transport(rest),
            name if READING.has(name) => !gives_away(rest),
            "branch" => lists(rest, BRANCH_FLAGS),
            "tag" => lists(rest, TAG_FLAGS),
            "config" => config_reads(rest),
            "remote" => rest.is_empty() || first_is(rest, "-v --verbose show get-url"),
            "stash" => first_is(rest, "list show") && !gives_away(rest),
            "reflog" => rest.is_empty() || first_is(rest, "show"),
            "worktree" | "bundle" => first_is(rest, "list list-heads"),
            "submodule" => rest.is_empty() || first_is(rest, "status summary"),
            "notes" => rest.is_empty() || first_is(rest, "list show"),
            "symbolic-ref" => matches!(rest, [name] if !leading_text(name).starts_with('-')),
            _ => false,
        }
}

/// Returns whether no global option changes what the subcommand runs.
fn globals_are_harmless(globals: &[Word]) -> bool {
    const HARMLESS: [&str; 6] = [
        "color.",
        "advice.",
        "core.quotepath=",
        "core.quotePath=",
        "core.pager=cat",
        "log.",
    ];
    let mut words = globals.iter();
    while let Some(word) = words.next() {
        if is_one_of(word, const { List("-c") }) {
            let setting = words.next().and_then(Word::literal).unwrap_or_default();
            if !HARMLESS
                .iter()
                .any(|harmless| setting.starts_with(harmless))
            {
                return false;
            }
        } else {
            let text = leading_text(word);
            if text.starts_with("-c")
                || text.starts_with("--exec-path")
                || text.starts_with("--config-env")
            {
                return false;
            }
        }
    }
    true
}

/// Returns whether the output goes to a file or to a program.
fn gives_away(words: &[Word]) -> bool {
    words.iter().any(|word| {
        let text = leading_text(word);
        (text.starts_with("--ou") && !text.starts_with("--output-indicator"))
            || text.starts_with("--op")
            || text.starts_with("--ext-diff")
            || text.starts_with("--textconv")
            || text.starts_with("-O")
    })
}

/// Returns whether a program of the caller's answers in place of the remote's.
fn starts_transport(words: &[Word]) -> bool {
    words.iter().any(|word| {
        let text = leading_text(word);
        text.starts_with("--u") || text.starts_with("--exe") || text.starts_with("ext::")
    })
}

fn first_is(words: &[Word], expected: &'static str) -> bool {
    words
        .first()
        .is_some_and(|word| is_one_of(word, List(expected)))
}

const BRANCH_FLAGS: List = List(
    "\
    -a --all -r --remotes -v --verbose -l --list --show-current --contains --no-contains \
    --merged --no-merged --points-at --sort --format --color --no-color --column --no-column -i \
    --ignore-case --abbrev --no-abbrev",
);

const TAG_FLAGS: List = List(
    "\
    -l --list -n --contains --no-contains --merged --no-merged --points-at --sort --format \
    --color --column --no-column -i --ignore-case --verify -v --omit-empty",
);

/// Options beside which an operand is a pattern or a commit, no new name.
const LISTING: List = List(
    "\
    -l --list --contains --no-contains --merged --no-merged --points-at -v",
);

/// Returns whether a `branch` or `tag` lists.
fn lists(words: &[Word], flags: List) -> bool {
    let arguments = arguments(words, "", "sort format");
    let mut lists = false;
    let mut operands = false;
    for argument in &arguments {
        match argument {
            Argument::Operand(_) => operands = true,
            Argument::Flag(name) | Argument::Valued(name, _) => {
                let is_count = name
                    .strip_prefix('-')
                    .is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
                if !flags.has(name) && !is_count {
                    return false;
                }
                lists |= LISTING.has(name);
            }
        }
    }
    lists || !operands
}

fn config_reads(words: &[Word]) -> bool {
    const READING: List = List(
        "\
        --get --get-all --get-regexp --get-urlmatch --get-color --get-colorbool --list -l get \
        list",
    );
    const PLACES: List = List(
        "\
        --global --local --system --worktree --show-origin --show-scope -z --null --name-only \
        --includes --no-includes --bool --int --path",
    );
    let asked = words.iter().position(|word| !is_one_of(word, PLACES));
    match asked.map(|at| &words[at..]) {
        None => false,
        Some([one]) if is_one_of(one, const { List("edit") }) => false,
        Some([one]) => !leading_text(one).starts_with('-') || is_one_of(one, READING),
        Some([first, ..]) => is_one_of(first, READING),
        Some([]) => false,
    }
}
