//! What all worktrees share: an agent's own branch is its own, the stash, others'
//! branches and the settings are not.

use super::super::super::Denial;
use super::super::super::arguments::leading_text;
use super::super::super::effect;
use super::super::super::git_line;
use super::super::super::list::List;
use super::super::super::scene::Scene;
use super::super::super::shell::Command;
use super::{Asked, Judge, Loss, deny, is_git, is_in_own_workspace, judging, loss};

/// Returns the objection to the first command that changes, from the workspace of an
/// agent, what it shares with all other worktrees.
pub(in crate::guard) fn judge(scene: &Scene<'_>) -> Option<Denial> {
    let mut commands = scene.script.commands.iter();
    let found = commands.find_map(|command| {
        let here = is_git(command) && is_in_own_workspace(scene, command);
        here.then(|| loss(scene, command, &JUDGES)).flatten()
    })?;
    // A repository that the text makes is the agent's own.
    let makes_one = scene.script.commands.iter().any(makes_repository);
    (!makes_one).then(|| deny(found))
}

const JUDGES: [Judge; 11] = [
    judging("stash", "m", "message", |asked| {
        (!asked.first_is("create list show")).then_some(Loss::SharedStash)
    }),
    judging(
        "config",
        "ft",
        "file blob type default comment value url",
        settings,
    ),
    judging("branch", "u", "set-upstream-to sort format", branch),
    judging("update-ref", "m", "", |asked| {
        const SHARED: [&str; 3] = ["refs/heads/", "refs/maos/", "refs/stash"];
        let names = |name: &str| SHARED.iter().any(|shared| name.starts_with(shared));
        let moves = asked
            .operands()
            .next()
            .is_some_and(|one| names(leading_text(one)));
        (moves || asked.has_long("stdin")).then_some(Loss::OtherBranch)
    }),
    judging("symbolic-ref", "m", "", |asked| {
        let name = asked.operands().next().map_or("", leading_text);
        let sets = asked.operand_count() > 1 || asked.has('d', "delete");
        (sets && !name.starts_with("refs/remotes/")).then_some(Loss::TakenBranch)
    }),
    judging(
        "checkout",
        "bB",
        "orphan conflict pathspec-from-file",
        takes,
    ),
    judging("switch", "cC", "create force-create orphan conflict", takes),
    judging(
        "fetch",
        "jo",
        "depth deepen jobs refmap upload-pack",
        |asked| {
            asked
                .has('u', "update-head-ok")
                .then_some(Loss::TakenBranch)
        },
    ),
    judging("worktree", "", "reason expire", worktree),
    judging(
        "tag",
        "mFu",
        "message file local-user cleanup format sort",
        |asked| {
            let lists = asked.has('l', "list");
            let changes = asked.has('d', "delete") || asked.has('f', "force");
            (changes && !lists).then_some(Loss::SharedTag)
        },
    ),
    judging("remote", "", "", |asked| {
        let changes = asked.first_is("remove rename rm set-branches set-url");
        changes.then_some(Loss::SharedRemote)
    }),
];

fn takes(asked: &Asked<'_>) -> Option<Loss> {
    asked
        .has_long("ignore-other-worktrees")
        .then_some(Loss::TakenBranch)
}

/// A branch that is checked out is the agent's own: it may be renamed to a name that
/// is free.
fn branch(asked: &Asked<'_>) -> Option<Loss> {
    let named = asked.operand_count();
    let overwrites = asked.has('M', "") || asked.has('C', "") || asked.has('f', "force");
    let deletes = asked.has('d', "delete") || asked.has('D', "");
    let renames_other = asked.has('m', "move") && named > 1;
    (!deletes && named > 0 && (overwrites || renames_other)).then_some(Loss::OtherBranch)
}

/// Every worktree reads the settings but those of `--worktree`.
fn settings(asked: &Asked<'_>) -> Option<Loss> {
    const HARMLESS: [&str; 4] = ["advice.", "branch.", "color.", "safe.directory"];
    const ASKING: List = List("edit remove-section rename-section set unset");
    let elsewhere = asked.has_long("worktree") || asked.has('f', "file") || asked.has_long("blob");
    if elsewhere || effect::only_reads(asked.command, false) {
        return None;
    }
    let mut names = asked.operands().map(leading_text);
    let name = names.find(|name| !ASKING.has(name)).unwrap_or_default();
    let name = name.to_ascii_lowercase();
    let harmless = HARMLESS.iter().any(|begin| name.starts_with(begin));
    (!harmless).then_some(Loss::SharedSettings)
}

/// Worktrees of the agent's own lie in its workspace, or are temporary.
fn worktree(asked: &Asked<'_>) -> Option<Loss> {
    if asked.first_is("prune") {
        return (!asked.has('n', "dry-run")).then_some(Loss::OtherWorktree);
    }
    if !asked.first_is("lock move remove unlock") {
        return None;
    }
    let around = asked.scene.around;
    let folder = asked.scene.folder(&asked.command.dirs);
    let is_own = asked.operands().nth(1).is_some_and(|named| {
        let place = asked.scene.place(named, &folder);
        place.is_below(around.project) || around.temp.iter().any(|temp| place.is_below(temp))
    });
    (!is_own).then_some(Loss::OtherWorktree)
}

fn makes_repository(command: &Command) -> bool {
    let words = command.words.get(1..).unwrap_or_default();
    let subcommand = git_line::subcommand(words).filter(|_| is_git(command));
    subcommand.is_some_and(|(name, _)| const { List("clone init") }.has(&name))
}
