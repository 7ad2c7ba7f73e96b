//! Git commands that lose work: changes that no commit holds, commits that no
//! name leads to, what others pushed.
//!
//! In an agent's own workspace it may discard what it left uncommitted there.
//! What all worktrees share stays: branches, the stash, the reflog, objects.

use super::super::arguments::{Argument, Options, leading_text, program, read};
use super::super::git_line;
use super::super::list::List;
use super::super::place::Scene;
use super::super::shell::{Command, Word};
use super::Denial;

/// Returns the objection to the git commands of a script.
pub(super) fn judge(scene: &Scene<'_>) -> Option<Denial> {
    let commands = scene.script.commands.iter();
    commands
        .filter(|command| program(command).as_deref() == Some("git"))
        .find_map(|command| {
            let loss = loss(command)?;
            (!loss.is_local() || !is_in_own_workspace(scene, command)).then(|| deny(loss))
        })
}

/// What a command loses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Loss {
    ResetHard,
    Clean,
    CheckoutDiscard,
    Restore,
    SwitchDiscard,
    PushForce,
    PushDelete,
    BranchDelete,
    StashDrop,
    UpdateRef,
    Reflog,
    Prune,
    WorktreeRemove,
    FilterBranch,
}

impl Loss {
    /// Returns whether only the worktree loses something.
    fn is_local(self) -> bool {
        matches!(
            self,
            Self::ResetHard
                | Self::Clean
                | Self::CheckoutDiscard
                | Self::Restore
                | Self::SwitchDiscard
        )
    }
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
            Argument::Valued(option, dir) if option == "-C" => folder = scene.place(dir, &folder),
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

    /// Returns whether `-c NAME=VALUE` in front of the subcommand gives a
    /// setting, in lowercase, one of these values.
    fn is_set(&self, name: &str, values: &'static str) -> bool {
        let globals = git_line::globals(&self.command.words[1..]);
        globals.iter().any(|global| match global {
            Argument::Valued(option, value) if option == "-c" => {
                let setting = value.literal().unwrap_or_default().to_ascii_lowercase();
                let value = setting
                    .strip_prefix(name)
                    .and_then(|rest| rest.strip_prefix('='));
                value.is_some_and(|value| List(values).has(value))
            }
            _ => false,
        })
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

const JUDGES: [Judge; 16] = [
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
    judging("push", "o", "push-option repo receive-pack exec", push),
    judging("branch", "u", "set-upstream-to sort format", |asked| {
        let forced = asked.has('d', "delete") && asked.has('f', "force");
        (asked.has('D', "") || forced).then_some(Loss::BranchDelete)
    }),
    judging("stash", "m", "message", |asked| {
        asked.first_is("drop clear").then_some(Loss::StashDrop)
    }),
    judging("update-ref", "m", "", |asked| {
        (asked.has('d', "delete") || asked.has_long("stdin")).then_some(Loss::UpdateRef)
    }),
    judging("reflog", "n", "expire expire-unreachable", |asked| {
        let only_says = asked.has_long("dry-run");
        (asked.first_is("expire delete") && !only_says).then_some(Loss::Reflog)
    }),
    judging("gc", "", "", |asked| {
        let at_once = pruned(asked, "prune", false) || asked.is_set("gc.pruneexpire", AT_ONCE);
        at_once.then_some(Loss::Prune)
    }),
    judging("prune", "", "expire", |asked| {
        let only_says = asked.has('n', "dry-run");
        (pruned(asked, "expire", true) && !only_says).then_some(Loss::Prune)
    }),
    judging("worktree", "", "", |asked| {
        (asked.first_is("remove") && asked.has('f', "force")).then_some(Loss::WorktreeRemove)
    }),
    judging("filter-branch filter-repo", "", "", |_| {
        Some(Loss::FilterBranch)
    }),
];

fn loss(command: &Command) -> Option<Loss> {
    let (subcommand, words) = git_line::subcommand(command.words.get(1..)?)?;
    let judge = JUDGES
        .iter()
        .find(|judge| judge.subcommands.has(&subcommand))?;
    (judge.loss)(&Asked {
        command,
        words,
        arguments: read(words, &judge.options),
    })
}

fn clean(asked: &Asked<'_>) -> Option<Loss> {
    let unasked = asked.is_set("clean.requireforce", "false no off 0");
    let deletes = asked.has('f', "force") || unasked;
    (deletes && !asked.has('n', "dry-run")).then_some(Loss::Clean)
}

/// A checkout of files overwrites them; a checkout of a branch refuses to, but
/// with force.
fn checkout(asked: &Asked<'_>) -> Option<Loss> {
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

/// Longest ending of a name that is taken for a kind of file.
const ENDING_LETTERS: usize = 5;

/// Returns whether a word rather names a file than a branch: `.`, `./x`, `x/`,
/// a pattern, `x.rs`.
fn is_file(word: &Word) -> bool {
    let Some(text) = word.literal() else {
        let is_pattern = |part: &_| matches!(part, super::super::shell::Part::Glob(_));
        return word.parts.iter().any(is_pattern);
    };
    let ending = text.rsplit_once('.').map_or("", |(_, ending)| ending);
    let has_ending = (2..=ENDING_LETTERS).contains(&ending.len())
        && ending.bytes().all(|byte| byte.is_ascii_alphabetic());
    matches!(text.as_str(), "." | "..")
        || text.starts_with(['.', '/', ':'])
        || text.ends_with('/')
        || has_ending
}

fn restore(asked: &Asked<'_>) -> Option<Loss> {
    let resolves = asked.has_long("ours") || asked.has_long("theirs");
    let index_alone = asked.has('S', "staged") && !asked.has('W', "worktree");
    let has_files = asked.operand_count() > 0 || asked.has_long("pathspec-from-file");
    (has_files && !index_alone && !resolves).then_some(Loss::Restore)
}

fn push(asked: &Asked<'_>) -> Option<Loss> {
    let forces = |word: &Word| {
        let text = leading_text(word);
        text.starts_with('+') || text.contains(":+")
    };
    let deletes = |word: &Word| leading_text(word).starts_with(':') && !is(word, ":");
    if asked.has('f', "force") || asked.has_long("mirror") || asked.operands().any(forces) {
        Some(Loss::PushForce)
    } else if asked.has('d', "delete") || asked.has_long("prune") || asked.operands().any(deletes) {
        Some(Loss::PushDelete)
    } else {
        None
    }
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

fn deny(loss: Loss) -> Denial {
    let (rule, reason, instead) = match loss {
        Loss::ResetHard => (
            "git.reset-hard",
            "A hard reset throws away every change that is not committed.",
            "Put the changes aside with `git stash push -u`; to move the branch and keep them, use \
             `git reset --keep HEAD~1`.",
        ),
        Loss::Clean => (
            "git.clean",
            "This deletes files that git does not track, and nothing brings them back.",
            "List them with `git clean -nd`, then remove by name what you made, such as \
             `rm -rf build`.",
        ),
        Loss::CheckoutDiscard | Loss::Restore => (
            if loss == Loss::Restore {
                "git.restore"
            } else {
                "git.checkout-discard"
            },
            "This overwrites files with another version, and their changes are in no commit.",
            "Put the changes aside with `git stash push -- src/file`, which leaves the committed \
             version; look at another one with `git show HEAD:src/file`; change to a branch with \
             `git switch main`.",
        ),
        Loss::SwitchDiscard => (
            "git.switch-discard",
            "This changes the branch and throws away every change that is not committed.",
            "Put the changes aside with `git stash push -u`, then `git switch main`.",
        ),
        Loss::PushForce => (
            "git.push-force",
            "A forced push overwrites commits on the remote that others may have pushed.",
            "Push with `git push --force-with-lease`, which stops when there are any, or ask the \
             user.",
        ),
        Loss::PushDelete => (
            "git.push-delete",
            "This deletes a branch or tag on the remote, where others may need it.",
            "Name what should go and ask the user; `git ls-remote origin` shows what is there.",
        ),
        Loss::BranchDelete => (
            "git.branch-delete",
            "This deletes a branch even when no other one has its commits.",
            "Use `git branch -d feature`, which refuses then; ask the user about one that it \
             refuses.",
        ),
        Loss::StashDrop => (
            "git.stash-drop",
            "Work in the stash has no other copy, and all worktrees share one stash.",
            "Look at it with `git stash show -p`, or take it with `git stash pop`.",
        ),
        Loss::UpdateRef => (
            "git.update-ref",
            "This deletes a name that commits are found by, whether or not another one has them.",
            "Use `git branch -d feature`, which refuses where commits would be lost.",
        ),
        Loss::Reflog => (
            "git.reflog",
            "The reflog is what lost commits are found by.",
            "Leave it to expire by itself; look at it with `git reflog show`.",
        ),
        Loss::Prune => (
            "git.gc-prune",
            "This deletes at once every object that no name leads to, lost commits among them.",
            "Use `git gc`, which keeps those of the last two weeks.",
        ),
        Loss::WorktreeRemove => (
            "git.worktree-remove",
            "This removes a worktree even when there is uncommitted work in it.",
            "Use `git worktree remove ../feature`, which refuses then; ask the user about one that \
             it refuses.",
        ),
        Loss::FilterBranch => (
            "git.filter-branch",
            "This rewrites the history of whole branches.",
            "Undo a commit with a new one, `git revert HEAD`, or ask the user to rewrite history.",
        ),
    };
    Denial {
        rule,
        reason: reason.to_owned(),
        instead: instead.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::super::Surroundings;
    use super::super::super::shell::Script;
    use super::super::super::starts::testing::test_command;
    use super::*;

    /// Returns the objection to one command. Commands within others, and
    /// several in one text, the corpus of the parser's tests has.
    fn objection(command: Command, in_workspace: bool) -> Option<Denial> {
        let around = Surroundings {
            cwd: Path::new("/home/dev/project/sub"),
            home: Some(Path::new("/home/dev")),
            project: Path::new("/home/dev/project"),
            in_workspace,
            temp: &[],
        };
        let script = Script {
            commands: vec![command],
            redirections: Vec::new(),
        };
        judge(&Scene {
            script: &script,
            around: &around,
        })
    }

    fn rule(text: &str, in_workspace: bool) -> &'static str {
        objection(test_command(text), in_workspace).map_or("", |denial| denial.rule)
    }

    #[test]
    fn what_loses_work_is_denied() {
        for (text, expected) in [
            ("git reset --hard", "git.reset-hard"),
            ("git reset --hard ¤", "git.reset-hard"),
            ("/usr/bin/git -C repo reset --ha HEAD~1", "git.reset-hard"),
            ("git -Crepo reset --hard", "git.reset-hard"),
            ("git --git-dir repo/.git reset --h", "git.reset-hard"),
            ("git read-tree -u --reset HEAD", "git.reset-hard"),
            ("git clean -f", "git.clean"),
            ("git clean build -xfd .", "git.clean"),
            ("git clean -f -e *.keep .", "git.clean"),
            ("git -c clean.requireForce=false clean", "git.clean"),
            ("git checkout -- file.txt", "git.checkout-discard"),
            ("git checkout -- -f", "git.checkout-discard"),
            ("git checkout .", "git.checkout-discard"),
            ("git checkout src/main.rs", "git.checkout-discard"),
            ("git checkout HEAD src", "git.checkout-discard"),
            (
                "git checkout @{upstream} -- package.json",
                "git.checkout-discard",
            ),
            (
                "git checkout HEAD --pathspec-from-file=paths",
                "git.checkout-discard",
            ),
            ("git checkout --forc main", "git.checkout-discard"),
            ("git checkout-index -af", "git.checkout-discard"),
            ("git restore .", "git.restore"),
            ("git restore -s HEAD file", "git.restore"),
            ("git restore --staged --worktree file", "git.restore"),
            ("git restore -SW file", "git.restore"),
            ("git restore --pathspec-from-file paths", "git.restore"),
            ("git switch -qf main", "git.switch-discard"),
            ("git switch --discard-changes main", "git.switch-discard"),
            ("git push -u --force origin main", "git.push-force"),
            ("git push origin +main", "git.push-force"),
            (
                "git push origin refs/heads/a:+refs/heads/a",
                "git.push-force",
            ),
            ("git push --mirror", "git.push-force"),
            ("git push --force-with-lease -f", "git.push-force"),
            ("git push origin --delete main", "git.push-delete"),
            ("git push -d origin main", "git.push-delete"),
            ("git push origin :main", "git.push-delete"),
            ("git branch -D feature", "git.branch-delete"),
            ("git branch --del --forc feature", "git.branch-delete"),
            ("git branch -df feature", "git.branch-delete"),
            ("git stash drop stash@{0}", "git.stash-drop"),
            ("git stash clear", "git.stash-drop"),
            ("git update-ref -d refs/heads/main", "git.update-ref"),
            ("git update-ref --stdin", "git.update-ref"),
            ("git reflog expire --expire=now --all", "git.reflog"),
            ("git reflog delete HEAD@{1}", "git.reflog"),
            ("git gc --prune=now", "git.gc-prune"),
            ("git -c gc.pruneExpire=now gc", "git.gc-prune"),
            ("git prune", "git.gc-prune"),
            ("git worktree remove --force ../a", "git.worktree-remove"),
            ("git worktree remove -f ../a", "git.worktree-remove"),
            ("git filter-branch --tree-filter ls", "git.filter-branch"),
        ] {
            assert_eq!(rule(text, false), expected, "{text}");
        }
    }

    #[test]
    fn what_keeps_work_passes() {
        for text in [
            "git reset --soft HEAD~1",
            "git reset HEAD file",
            "git reset --keep HEAD~1",
            "git reset -- --hard",
            "git clean -nd",
            "git clean -nfd",
            "git clean --dry-run",
            "git checkout feature-branch",
            "git checkout release/1.2",
            "git checkout v2.0.1",
            "git checkout main --",
            "git checkout -",
            "git checkout -b new origin/main",
            "git checkout -bnew",
            "git checkout --orphan new",
            "git checkout -t origin/feature",
            "git checkout --conflict merge main",
            "git checkout --theirs -- file.txt",
            "git restore --staged .",
            "git restore --recurse-submodules --staged file",
            "git restore",
            "git switch -c feature",
            "git switch --detach main",
            "git push origin main:main",
            "git push git push git push",
            "git push --force-with-lease",
            "git push --force-if-includes --force-with-lease",
            "git push -o ci.skip origin :",
            "git branch -d feature",
            "git branch -f feature main",
            "git stash pop stash@{2}",
            "git stash push -m 'drop x'",
            "git update-ref refs/heads/a b",
            "git reflog show",
            "git reflog expire --dry-run --all",
            "git gc",
            "git gc --prune=2.weeks.ago",
            "git prune --dry-run",
            "git prune --expire=2.weeks",
            "git remote prune origin",
            "git worktree remove ../a",
            "git worktree add -f ../a",
            "git rm --force --cached file",
            "git commit -m 'git reset --hard'",
            "echo git reset --hard",
        ] {
            assert_eq!(rule(text, false), "", "{text}");
        }
    }

    #[test]
    fn an_agent_may_discard_in_its_own_workspace_alone() {
        for text in [
            "git reset --hard",
            "git clean -fd",
            "git checkout -- .",
            "git -C .. restore .",
            "git switch -f main",
        ] {
            assert_eq!(rule(text, true), "", "{text}");
        }
        for text in [
            "git -C ../.. reset --hard",
            "git -C ¤ reset --hard",
            "git --git-dir=/x/.git reset --hard",
            "git --work-tree=/x clean -f",
            "GIT_DIR=/x/.git git reset --hard",
            "git stash drop",
            "git push -f",
            "git branch -D feature",
            "git gc --prune=now",
        ] {
            assert_ne!(rule(text, true), "", "{text}");
        }
    }

    #[test]
    fn names_from_a_stream_count() {
        for text in ["git checkout --", "git restore"] {
            let mut command = test_command(text);
            command.more_arguments = true;
            assert!(objection(command, false).is_some(), "{text}");
        }
    }

    #[test]
    fn the_next_step_passes() {
        for text in [
            "git reset --hard",
            "git clean -f",
            "git checkout .",
            "git restore .",
            "git switch -f a",
            "git push -f",
            "git push -d origin a",
            "git branch -D a",
            "git stash drop",
            "git update-ref -d a",
            "git reflog delete a",
            "git prune",
            "git worktree remove -f a",
            "git filter-branch",
        ] {
            let denial = objection(test_command(text), false).expect("a denial");
            let steps: Vec<&str> = denial.instead.split('`').skip(1).step_by(2).collect();
            assert!(!steps.is_empty(), "{text}");
            for step in steps {
                assert_eq!(rule(step, false), "", "{step}");
            }
        }
    }
}
