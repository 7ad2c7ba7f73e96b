//! What one agent that has stopped did, in words.

use std::fmt::Write as _;

use super::{Standing, named, printable};
use crate::state::agents::{Left, Outcome, Returned};
use crate::workspace::Workspace;

/// Adds what an agent that has stopped did, where it is, and how it is brought in.
pub(super) fn describe(
    text: &mut String,
    id: &str,
    workspace: &Workspace,
    outcome: &Outcome,
    standing: &Standing,
    maos: &str,
) {
    let path = workspace.path.display();
    let branch = &outcome.branch;
    if let Some(trouble) = &outcome.trouble {
        let _ = write!(
            text,
            "stopped, but its work could not be committed ({trouble}). Nothing is lost: it is in \
             {path}, on branch {branch}. "
        );
    }
    let is_back = matches!(standing, Standing::Back(back) if !back.files.is_empty());
    if outcome.files.is_empty() && !is_back {
        if outcome.trouble.is_none() && outcome.left.is_empty() {
            let _ = write!(text, "changed no files; there is nothing to merge.");
        } else if outcome.trouble.is_none() {
            text.push_str("has nothing to merge.");
        }
        leave(text, workspace, outcome);
        return;
    }
    text.push_str("worked in its own git worktree; ");
    let place = |text: &mut String| {
        let commits = outcome.commits;
        let _ = write!(
            text,
            "Branch: {branch} ({commits} commits)\nWorktree: {path}\n"
        );
    };
    match standing {
        Standing::Back(back) => came_back(text, back, place),
        Standing::Held(_) | Standing::OnBranch => {
            text.push_str("nothing is in your checkout yet");
            if let Standing::Held(held) = standing {
                let _ = write!(text, ", since {}", printable(&held.reason));
                if !held.files.is_empty() {
                    let _ = write!(text, ": {}", named(&held.files));
                }
            }
            text.push_str(".\n");
            place(text);
            let (files, id) = (named(&outcome.files), printable(id));
            let _ = write!(text, "Changed files: {files}\nLook: {maos} diff {id}\n");
            let _ = match standing {
                Standing::Held(held) if held.is_conflict => write!(
                    text,
                    "Bring it in, with git's marks in the files that conflict: \
                     {maos} merge --resolve {id}"
                ),
                _ => write!(text, "Bring it in: {maos} merge {id}"),
            };
        }
    }
    leave(text, workspace, outcome);
}

/// Describes what stays in the workspace since no commit takes it.
fn leave(text: &mut String, workspace: &Workspace, outcome: &Outcome) {
    if !outcome.left.is_empty() {
        let (left, path) = (names_of(&outcome.left), workspace.path.display());
        let _ = write!(
            text,
            "\nNot committed, and only in {path}: {left}. Copy what is needed from there."
        );
    }
}

pub(super) fn names_of(left: &[Left]) -> String {
    let names = left.iter().map(|one| format!("{} ({})", one.path, one.why));
    named(&names.collect::<Vec<_>>())
}

/// Describes work that is in the checkout.
fn came_back(text: &mut String, back: &Returned, place: impl Fn(&mut String)) {
    let into = back.into.display();
    let _ = match &back.merged {
        Some(commit) => writeln!(text, "it is merged in {into} as commit {commit}."),
        None if back.files.is_empty() && back.dropped.is_empty() => {
            writeln!(text, "all of it was in {into} already.")
        }
        None if back.files.is_empty() => writeln!(text, "nothing of it is in {into}."),
        None => writeln!(
            text,
            "its changes are in {into} now, uncommitted; nothing else there was touched."
        ),
    };
    if !back.files.is_empty() {
        let _ = writeln!(text, "Changed files: {}", named(&back.files));
    }
    if !back.dropped.is_empty() {
        let _ = writeln!(
            text,
            "On the branch alone, since a merge driver of the person's kept what was there: {}",
            named(&back.dropped)
        );
    }
    if let Some(kept) = &back.kept {
        let _ = writeln!(text, "What was uncommitted there before is kept in {kept}.");
    }
    place(text);
    text.truncate(text.trim_end().len());
}
