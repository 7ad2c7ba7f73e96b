//! Git commands that lose work: changes that no commit holds, commits that no
//! name leads to, what others pushed.
//!
//! In an agent's own workspace it may discard what it left uncommitted there.
//! What all worktrees share stays: branches, the stash, the reflog, objects.

use std::borrow::Cow;

use super::super::arguments::{Argument, Options, leading_text, program, read};
use super::super::git_line;
use super::super::list::List;
use super::super::scene::Scene;
use super::super::shell::{Command, Redirection, Stdin, Word};
use super::Denial;
use loss::{Loss, deny};

mod loss;
mod settings;
pub(super) mod shared;
mod undone;

/// Returns the objections to the git commands of a script.
pub(super) fn judge(scene: &Scene<'_>) -> Vec<Denial> {
    let commands = scene.commands();
    commands
        .filter_map(|command| {
            let own = is_git(command).then(|| loss(scene, command, &JUDGES));
            let own = own.flatten();
            let loss = own.or_else(|| undone::loss(scene, command))?;
            (!loss.is_local() || !is_in_own_workspace(scene, command)).then(|| deny(loss))
        })
        .collect()
}

fn is_git(command: &Command) -> bool {
    matches!(program(command).as_deref(), Some("git" | "hub"))
}

/// Returns whether a command works on the workspace of the agent that runs it.
fn is_in_own_workspace(scene: &Scene<'_>, command: &Command) -> bool {
    const ELSEWHERE: [&str; 2] = ["git-dir", "work-tree"];
    let assignments = command.assignments.iter();
    let mut variables = assignments.map(|(name, _)| name.as_str());
    let globals = git_line::globals(&command.words[1..]);
    let mut folder = scene.folder(&command.dirs);
    for global in &globals {
        match global {
            Argument::Valued(option, dir) if option == "-C" => {
                folder = Cow::Owned(scene.place(dir, &folder));
            }
            other if ELSEWHERE.iter().any(|long| other.is(None, long)) => return false,
            _ => {}
        }
    }
    scene.around.in_workspace
        && folder.is_within(scene.around.project)
        && !variables.any(|name| matches!(name, "GIT_DIR" | "GIT_WORK_TREE"))
}

/// What a subcommand is asked to do.
struct Asked<'a> {
    scene: &'a Scene<'a>,
    command: &'a Command,
    /// The words after the subcommand.
    words: &'a [Word],
    arguments: Vec<Argument<'a>>,
}

impl Asked<'_> {
    fn has(&self, letter: char, long: &str) -> bool {
        self.arguments.iter().any(|one| one.is(Some(letter), long))
    }

    fn has_long(&self, long: &str) -> bool {
        self.arguments.iter().any(|one| one.is(None, long))
    }

    fn operands(&self) -> impl Iterator<Item = &Word> {
        self.arguments.iter().filter_map(|argument| match argument {
            Argument::Operand(word) => Some(*word),
            _ => None,
        })
    }

    /// Returns how many operands there are, those from a stream counted as one.
    fn operand_count(&self) -> usize {
        self.operands().count() + usize::from(self.command.more_arguments)
    }

    fn first_is(&self, expected: &'static str) -> bool {
        let first = self.operands().next().and_then(Word::literal);
        first.is_some_and(|first| List(expected).has(&first))
    }

    /// Returns whether something answers what it asks: there is nobody at a
    /// terminal.
    fn is_answered(&self) -> bool {
        let reads = |one: &Redirection| one.operator == "<";
        self.command.stdin != Stdin::Inherited || self.command.redirections.iter().any(reads)
    }

    /// Returns what is lost by settings that come with the call, one of these.
    fn by_settings(&self, losses: &[Loss]) -> Option<Loss> {
        settings::losses(self.command).find(|loss| losses.contains(loss))
    }
}

/// A subcommand that may lose something.
struct Judge {
    subcommands: List,
    /// Its options that take a value.
    options: Options,
    loss: fn(&Asked<'_>) -> Option<Loss>,
}

const fn judging(
    subcommands: &'static str,
    short: &'static str,
    long: &'static str,
    loss: fn(&Asked<'_>) -> Option<Loss>,
) -> Judge {
    Judge {
        subcommands: List(subcommands),
        options: Options {
            short,
            long: List(long),
        },
        loss,
    }
}

const JUDGES: [Judge; 18] = [
    judging("reset", "", "pathspec-from-file", |asked| {
        asked.has_long("hard").then_some(Loss::ResetHard)
    }),
    judging("read-tree", "", "prefix index-output", |asked| {
        (asked.has_long("reset") && asked.has('u', "")).then_some(Loss::ResetHard)
    }),
    judging("clean", "e", "exclude", clean),
    judging(
        "checkout",
        "bB",
        "orphan conflict pathspec-from-file",
        checkout,
    ),
    judging("checkout-index", "", "prefix stage temp", |asked| {
        asked.has('f', "force").then_some(Loss::CheckoutDiscard)
    }),
    judging(
        "restore",
        "sU",
        "source conflict pathspec-from-file",
        restore,
    ),
    judging(
        "switch",
        "cC",
        "create force-create orphan conflict",
        |asked| {
            (asked.has('f', "force") || asked.has_long("discard-changes"))
                .then_some(Loss::SwitchDiscard)
        },
    ),
    judging(
        "push send-pack",
        "o",
        "push-option repo receive-pack exec",
        push,
    ),
    judging("branch", "u", "set-upstream-to sort format", |asked| {
        let forced = asked.has('d', "delete") && asked.has('f', "force");
        (asked.has('D', "") || forced).then_some(Loss::BranchDelete)
    }),
    judging("stash", "m", "message", |asked| {
        asked.first_is("drop clear").then_some(Loss::StashDrop)
    }),
    judging("update-ref", "m", "", |asked| {
        let reads = asked.has_long("stdin") && !creates_alone(asked);
        (asked.has('d', "delete") || reads).then_some(Loss::UpdateRef)
    }),
    judging("reflog", "n", "expire expire-unreachable", |asked| {
        let only_says = asked.has_long("dry-run");
        (asked.first_is("expire delete") && !only_says).then_some(Loss::Reflog)
    }),
    judging("gc", "", "", |asked| {
        let at_once = pruned(asked, "prune", false).then_some(Loss::Prune);
        at_once.or_else(|| asked.by_settings(&[Loss::Prune, Loss::Reflog]))
    }),
    judging("prune", "", "expire", |asked| {
        let only_says = asked.has('n', "dry-run");
        (pruned(asked, "expire", true) && !only_says).then_some(Loss::Prune)
    }),
    judging("worktree", "", "", |asked| {
        (asked.first_is("remove") && asked.has('f', "force")).then_some(Loss::WorktreeRemove)
    }),
    judging("submodule", "", "", |asked| {
        (asked.first_is("deinit") && asked.has('f', "force")).then_some(Loss::WorktreeRemove)
    }),
    judging("config", "ft", "file blob type default comment", |asked| {
        settings::kept(&asked.operands().collect::<Vec<_>>())
    }),
    judging("filter-branch filter-repo", "", "", |_| {
        Some(Loss::FilterBranch)
    }),
];

/// Returns what these judges find that a command loses.
fn loss<'a>(scene: &'a Scene<'a>, command: &'a Command, judges: &[Judge]) -> Option<Loss> {
    let (subcommand, words) = git_line::subcommand(command.words.get(1..)?)?;
    let judge = judges
        .iter()
        .find(|judge| judge.subcommands.has(&subcommand))?;
    let arguments = read(words, &judge.options);
    if arguments.contains(&Argument::Flag("--help".to_owned())) {
        return None;
    }
    (judge.loss)(&Asked {
        scene,
        command,
        words,
        arguments,
    })
}

fn clean(asked: &Asked<'_>) -> Option<Loss> {
    let deletes = asked.has('f', "force")
        || asked.by_settings(&[Loss::Clean]).is_some()
        || (asked.has('i', "interactive") && asked.is_answered());
    (deletes && !asked.has('n', "dry-run")).then_some(Loss::Clean)
}

/// A checkout of files overwrites them; a checkout of a branch refuses to, but
/// with force.
fn checkout(asked: &Asked<'_>) -> Option<Loss> {
    if asked.has('p', "patch") {
        return asked.is_answered().then_some(Loss::CheckoutDiscard);
    }
    let resolves = asked.has_long("ours") || asked.has_long("theirs");
    let starts_branch = asked.has('b', "")
        || asked.has('B', "")
        || asked.has('t', "track")
        || asked.has_long("orphan");
    let of_files = || {
        let end = asked.words.iter().position(|word| is(word, "--"));
        let behind =
            end.map(|end| asked.words.len() - end - 1 + usize::from(asked.command.more_arguments));
        match behind {
            Some(files) => files > 0,
            None => {
                asked.operand_count() > 1
                    || asked.has_long("pathspec-from-file")
                    || asked.operands().any(is_file)
            }
        }
    };
    let discards = !resolves && !starts_branch && of_files();
    (discards || asked.has('f', "force")).then_some(Loss::CheckoutDiscard)
}

fn is(word: &Word, expected: &str) -> bool {
    word.literal().as_deref() == Some(expected)
}

/// The endings of names that are files rather than branches.
const ENDINGS: List = List(
    "\
    astro bash bat c cc cfg clj conf cpp cs css csv cxx dart diff env erl ex exs fish go gql \
    gradle graphql h hpp hs html ini ipynb java jpg js json json5 jsonc jsx kt kts less lock log \
    lua m md mdx mjs mm mod nix patch php pl png prisma properties proto ps1 py pyi r rb rs rst \
    sass scala scss sh snap sol sql sum svelte svg swift tf tfvars toml ts tsv tsx txt vue xml \
    yaml yml zig zsh",
);

/// Returns whether a word rather names a file than a branch: `.`, `./x`, `x/`,
/// a pattern, `x.rs`.
fn is_file(word: &Word) -> bool {
    let Some(text) = word.literal() else {
        let is_pattern = |part: &_| matches!(part, super::super::shell::Part::Glob(_));
        return word.parts.iter().any(is_pattern);
    };
    let ending = text.rsplit_once('.').map_or("", |(_, ending)| ending);
    let has_ending = ENDINGS.has(&ending.to_ascii_lowercase());
    matches!(text.as_str(), "." | "..")
        || text.starts_with(['.', '/', ':'])
        || text.ends_with('/')
        || text.contains('*')
        || has_ending
}

fn restore(asked: &Asked<'_>) -> Option<Loss> {
    let resolves = asked.has_long("ours") || asked.has_long("theirs");
    let index_alone = asked.has('S', "staged") && !asked.has('W', "worktree");
    if asked.has('p', "patch") {
        return (asked.is_answered() && !index_alone).then_some(Loss::Restore);
    }
    let has_files = asked.operand_count() > 0 || asked.has_long("pathspec-from-file");
    (has_files && !index_alone && !resolves).then_some(Loss::Restore)
}

fn push(asked: &Asked<'_>) -> Option<Loss> {
    let forces = |word: &Word| {
        let text = leading_text(word);
        text.starts_with('+') || text.contains(":+")
    };
    let deletes = |word: &Word| leading_text(word).starts_with(':') && !is(word, ":");
    if asked.has('n', "dry-run") {
        None
    } else if asked.has('f', "force") || asked.has_long("mirror") || asked.operands().any(forces) {
        Some(Loss::PushForce)
    } else if asked.has('d', "delete") || asked.has_long("prune") || asked.operands().any(deletes) {
        Some(Loss::PushDelete)
    } else {
        asked.by_settings(&[Loss::PushForce, Loss::PushDelete])
    }
}

/// Returns whether the orders on the input of an `update-ref` only make new names.
fn creates_alone(asked: &Asked<'_>) -> bool {
    let said = match &asked.command.stdin {
        Stdin::Text(text) => vec![text],
        Stdin::Pipe(range) => {
            const SAYING: List = List("echo printf");
            let commands = asked.scene.script.commands.get(range.clone());
            let commands = commands.unwrap_or_default();
            let says = |one: &Command| program(one).is_some_and(|name| SAYING.has(&name));
            if !commands.iter().all(says) {
                return false;
            }
            commands.iter().flat_map(|one| &one.words).collect()
        }
        Stdin::Inherited => return false,
    };
    let known: Option<String> = said.into_iter().map(Word::literal).collect();
    known.is_some_and(|text| {
        text.contains("create ") && !text.contains("delete") && !text.contains("update")
    })
}

/// The dates that leave nothing out.
const AT_ONCE: &str = "all now 0";

/// Returns whether this option says to prune at once; `without`, whether it is
/// so without the option.
fn pruned(asked: &Asked<'_>, option: &str, without: bool) -> bool {
    let mut dates = asked
        .arguments
        .iter()
        .filter_map(|argument| match argument {
            Argument::Valued(_, date) if argument.is(None, option) => Some(date.literal()),
            _ => None,
        });
    match dates.next_back() {
        Some(date) => date.is_some_and(|date| List(AT_ONCE).has(&date)),
        None => without,
    }
}
