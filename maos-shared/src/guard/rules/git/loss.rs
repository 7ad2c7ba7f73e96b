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

/// Returns the objection to a loss.
pub(super) fn deny(loss: Loss) -> Denial {
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
        rule: rule.into(),
        reason: reason.to_owned(),
        instead: instead.to_owned(),
    }
}
