//! What git commands lose, and what to do instead.

use super::super::Denial;

/// What a command loses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Loss {
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
    /// Of what all worktrees share, by an agent in one of them.
    SharedStash,
    SharedSettings,
    SharedTag,
    SharedRemote,
    OtherBranch,
    OtherWorktree,
    TakenBranch,
}

impl Loss {
    /// Returns whether only the worktree loses something.
    pub(super) fn is_local(self) -> bool {
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

/// The rule for agents in workspaces.
const SHARED: &str = "isolation.git";

/// Returns the objection to a loss.
pub(super) fn deny(loss: Loss) -> Denial {
    let (rule, reason, instead) = match loss {
        Loss::ResetHard => (
            "git.reset-hard",
            "A hard reset throws away every change that is not committed.",
            "Put the changes aside with `git stash push -u`, in a worktree of your own with \
             `git commit -am wip`; to move the branch and keep them, use `git reset --keep HEAD~1`.",
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
             version, in a worktree of your own with `git commit -m wip src/file`; look at another one with `git show HEAD:src/file`; change to a branch with \
             `git switch main`.",
        ),
        Loss::SwitchDiscard => (
            "git.switch-discard",
            "This changes the branch and throws away every change that is not committed.",
            "Put the changes aside with `git stash push -u`, in a worktree of your own with \
             `git commit -am wip`, then `git switch main`.",
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
            "Look at it with `git stash show -p`, or use it with `git stash apply`, which keeps it.",
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
        Loss::SharedStash => (
            SHARED,
            "All worktrees share one stash: what lies in it may be the user's, and another agent \
             may take what is put there.",
            "Commit on this agent's own branch, `git commit -am wip`; `git reset --soft HEAD~1` \
             takes the commit back and keeps the changes.",
        ),
        Loss::SharedSettings => (
            SHARED,
            "All worktrees share these settings, so this changes how git works for the user.",
            "Give the setting to the one call that needs it: `git -c user.name=agent commit -m \
             fix`.",
        ),
        Loss::SharedTag => (
            SHARED,
            "All worktrees share the tags, and this moves or deletes one.",
            "Make another with `git tag v2`, or say in your result which one should change.",
        ),
        Loss::SharedRemote => (
            SHARED,
            "All worktrees share the remotes, and this changes one.",
            "Add another with `git remote add fork https://example.com/fork.git`, or say in your \
             result what should change.",
        ),
        Loss::OtherBranch => (
            SHARED,
            "All worktrees share the branches, and this moves or renames one that is not this \
             agent's.",
            "Begin a branch with `git switch -c feature`; `git branch -m feature` renames the one \
             that is checked out here.",
        ),
        Loss::OtherWorktree => (
            SHARED,
            "This removes, moves or locks a worktree that is not this agent's.",
            "Leave it; `git worktree list` shows them all. Say in your result which one should go.",
        ),
        Loss::TakenBranch => (
            SHARED,
            "This takes a branch that another worktree may have checked out, whose files would no \
             longer fit it.",
            "Begin a branch of its own there: `git switch -c feature main`.",
        ),
    };
    Denial {
        rule: rule.into(),
        reason: reason.to_owned(),
        instead: instead.to_owned(),
    }
}
