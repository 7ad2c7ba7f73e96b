//! Every rule that can object to a call, with the level that it has unless
//! `maos.toml` says otherwise. A test of the rules checks that none is missing.
//! The families `agents`, `isolation` and `leases` are not the guard's: they keep agents
//! out of each other's way, and `maos-pre-tool` knows when they object.

use crate::config::Level;

/// A rule of the guard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its id, family first: `files.rm-root`.
    pub id: &'static str,
    /// Its level where nobody sets another.
    pub level: Level,
    /// Whether that level is its only one: no file can weaken it.
    pub fixed: bool,
    /// What it stops, as the end of "it stops …".
    pub stops: &'static str,
}

/// Returns every rule, sorted by id.
#[must_use]
pub const fn rules() -> &'static [Rule] {
    RULES
}

/// Returns the rule with this id.
#[must_use]
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES
        .binary_search_by(|rule| rule.id.cmp(id))
        .ok()
        .map(|at| &RULES[at])
}

/// A rule that stops a call and can be set to another level.
const fn denies(id: &'static str, stops: &'static str) -> Rule {
    Rule {
        id,
        level: Level::Deny,
        fixed: false,
        stops,
    }
}

/// A rule against what cannot be made good again, or falls on others.
const fn always_denies(id: &'static str, stops: &'static str) -> Rule {
    Rule {
        id,
        level: Level::Deny,
        fixed: true,
        stops,
    }
}

/// A rule about which the person is asked.
const fn asks(id: &'static str, stops: &'static str) -> Rule {
    Rule {
        id,
        level: Level::Ask,
        fixed: false,
        stops,
    }
}

const RULES: &[Rule] = &[
    always_denies(
        "agents.limit",
        "launches of more agents than a session may have at work, or launch in a minute",
    ),
    asks(
        "cloud.destroy",
        "the destruction of containers' data, clusters, clouds and databases",
    ),
    always_denies("devices.format", "partitioning and formatting of disks"),
    always_denies("devices.write", "writes to disks"),
    denies(
        "files.find-delete",
        "`find -delete` below a folder that is no build product",
    ),
    denies("files.move-to-null", "moves of files into `/dev/null`"),
    denies(
        "files.overwrite",
        "source files and manifests emptied, files shredded",
    ),
    always_denies("files.rm-git", "the removal of a repository's `.git`"),
    denies(
        "files.rm-outside",
        "removals outside the project and the temporary folders",
    ),
    denies(
        "files.rm-project",
        "the removal of the project, the current folder or one above them",
    ),
    always_denies(
        "files.rm-root",
        "the removal of the root, a top folder or the home",
    ),
    denies("files.rm-system", "the removal of the system's files"),
    denies(
        "files.rm-unknown",
        "the removal of a folder that is known only when it runs",
    ),
    denies(
        "git.branch-delete",
        "deletions of branches that hold work (`branch -D`)",
    ),
    denies("git.checkout-discard", "`checkout` that discards changes"),
    denies("git.clean", "`clean -f`: the removal of untracked files"),
    denies(
        "git.filter-branch",
        "rewriting of history (`filter-branch`)",
    ),
    denies("git.gc-prune", "pruning of what no branch holds"),
    denies("git.push-delete", "deletions of remote branches"),
    denies("git.push-force", "pushes that overwrite remote work"),
    denies("git.reflog", "deletions from the reflog"),
    denies("git.reset-hard", "`reset --hard`"),
    denies("git.restore", "`restore` that discards changes"),
    denies("git.stash-drop", "`stash drop` and `stash clear`"),
    denies("git.switch-discard", "`switch` that discards changes"),
    denies("git.update-ref", "deletions of references"),
    denies("git.worktree-remove", "forced removal of worktrees"),
    always_denies(
        "guard.limit",
        "commands longer or deeper than the guard follows",
    ),
    always_denies("guard.unreadable", "commands that the guard cannot read"),
    always_denies(
        "isolation.command",
        "commands that change files outside of the agent's own worktree",
    ),
    always_denies(
        "isolation.edit",
        "edits of files in a checkout that agents share",
    ),
    always_denies(
        "isolation.foreign",
        "changes to what belongs to another agent, to git or to MAOS",
    ),
    always_denies(
        "isolation.git",
        "changes by an agent to the stash, settings and others' branches, which all worktrees share",
    ),
    always_denies(
        "isolation.merge",
        "merges of agents' work by a subagent: they are for the main agent",
    ),
    always_denies(
        "isolation.workspace",
        "changes by an agent that no worktree can be made for",
    ),
    always_denies(
        "leases.held",
        "changes to a file that another is changing in the same checkout",
    ),
    always_denies(
        "leases.reserved",
        "changes to a file that another has reserved in the same checkout",
    ),
    always_denies("maos.command", "commands of `maos` that are for a person"),
    always_denies("maos.programs", "changes to the programs of MAOS"),
    always_denies(
        "maos.settings",
        "changes to the settings that register MAOS, and to `maos.toml`",
    ),
    always_denies("maos.state", "changes to `.maos`"),
    always_denies(
        "maos.worktrees",
        "the removal of agents' worktrees with all their work",
    ),
    denies(
        "remote.decode-to-shell",
        "decoded text that goes into a shell unread",
    ),
    denies("remote.hidden-to-shell", "text handed to a shell by `>(…)`"),
    denies(
        "remote.pipe-to-shell",
        "downloads that go into a shell unread",
    ),
    denies("secrets.env-file", "the use of `.env` files and their kin"),
    denies(
        "secrets.key-file",
        "the use of keys, credentials and histories",
    ),
    denies(
        "secrets.sent",
        "the whole environment, or the history, sent elsewhere",
    ),
    asks(
        "secrets.shown",
        "tokens and passwords shown by the programs that keep them",
    ),
    denies(
        "system.accounts",
        "changes to accounts and to what the machine starts from",
    ),
    denies("system.crontab", "the deletion of the whole crontab"),
    always_denies(
        "system.fork-bomb",
        "commands that start themselves without end",
    ),
    always_denies("system.kill-all", "the end of every process"),
    always_denies(
        "system.permissions",
        "new permissions or owners for the system or the home",
    ),
    always_denies("system.power", "the machine's shutdown or restart"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_can_be_searched() {
        assert!(RULES.is_sorted_by(|a, b| a.id < b.id));
        assert_eq!(rule("files.rm-root").map(|rule| rule.fixed), Some(true));
        assert_eq!(rule("files.none"), None);
    }

    #[test]
    fn a_family_stands_before_the_point() {
        for rule in RULES {
            assert_eq!(rule.id.matches('.').count(), 1, "{}", rule.id);
        }
    }
}
