//! Merging one agent's work although it conflicts, for whoever settles it in the
//! files.

use super::bring::{Delivery, Return, bring_with_marks};
use super::change::{lock, mend, unfinished};
use super::intent::Ticket;
use super::join::{Piece, make};
use super::three_way::{self, Conflict, Merged};
use super::{overlap, secrets};
use crate::config::limits::RETURN_WAIT;
use crate::project::Project;
use crate::state::agents::Returned;
use crate::workspace::git::{Checkout, Git};
use crate::workspace::{Error, checkout_of, commit};

/// What became of work that was merged with its conflicts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// The files that have git's marks, or need a choice.
    pub to_settle: Vec<String>,
    /// Files that stay on the branch: they may hold secrets.
    pub secret: Vec<String>,
    /// It is in the files alone, the index as it was; else it is in the index, and
    /// what is to be settled is unmerged there.
    pub in_files: Option<Returned>,
}

/// Merges one piece in the project's checkout, conflicts and all: files in conflict
/// have git's marks. Where the checkout has no changes of its own in these files, it
/// is a merge of git's that waits for `git add` and `git commit`. Where it has, such
/// as the work of another agent that came back, the files are merged as they are,
/// and the index stays; what was not committed is kept under `refs/maos/rescue/`
/// first. No file that git ignores, or was told not to look at, is written over.
///
/// # Errors
/// As [`super::join()`]; and when a file stands in the way that is in no commit.
pub fn resolve(project: &Project, piece: &Piece, ticket: Ticket) -> Result<Resolved, Error> {
    let checkout = checkout_of(project)?;
    let locked = lock(&checkout, RETURN_WAIT)?;
    mend(&checkout)?;
    if let Some(operation) = unfinished(&checkout)? {
        return Err(Error::InTheWay {
            operation,
            path: checkout.folder,
        });
    }
    let (tip, left_out) = secrets::without(&checkout, &piece.base, &piece.tip)?;
    let stopped = piece.tip.clone();
    let piece = &Piece {
        tip,
        ..piece.clone()
    };
    let secret: Vec<String> = left_out
        .iter()
        .map(|path| path.to_string_lossy().into_owned())
        .collect();
    let head = commit::head(&checkout)?;
    let head = head.ok_or_else(|| Error::NoCommit(checkout.folder.clone()))?;
    let (tree, conflicts) = match three_way::merge(&checkout, &piece.base, &head, &piece.tip)? {
        Merged::Clean(tree) => (tree, Vec::new()),
        Merged::Conflict { conflicts, tree } => (tree, conflicts),
    };
    if overlap::of(&checkout, &head, &tree, &conflicts)?.is_empty() {
        return Ok(Resolved {
            to_settle: pick(&checkout, piece, &conflicts)?,
            secret,
            in_files: None,
        });
    }
    drop(locked);
    let delivery = Delivery {
        into: &checkout.folder,
        base: &piece.base,
        tip: &piece.tip,
        ticket,
    };
    match bring_with_marks(&delivery)? {
        (Return::Held(held), _) => Err(Error::Obstructed {
            reason: held.reason,
            files: held.files.join(", "),
        }),
        (Return::Nothing, _) => Ok(Resolved {
            to_settle: Vec::new(),
            secret,
            in_files: None,
        }),
        (Return::Applied(returned), conflicts) => Ok(Resolved {
            to_settle: conflicts.into_iter().map(|one| one.path).collect(),
            secret,
            in_files: Some(Returned {
                commit: stopped,
                ..returned
            }),
        }),
    }
}

/// Has git merge it into the index and the files. Returns the paths that are in
/// conflict.
fn pick(checkout: &Checkout, piece: &Piece, foreseen: &[Conflict]) -> Result<Vec<String>, Error> {
    let tree = commit::tree(checkout, &piece.tip)?;
    let picked = make(checkout, &tree, &piece.base, &piece.message, None)?;
    let pick = ["cherry-pick", "--no-commit", &picked];
    let (is_clean, _) = Git::writing(checkout).patient().judge(&pick)?;
    let list = ["diff", "--name-only", "--diff-filter=U", "-z"];
    let names = Git::reading(checkout).run(&list)?;
    let names = names
        .split(|byte| *byte == 0)
        .filter(|name| !name.is_empty());
    let names: Vec<String> = names
        .map(|name| String::from_utf8_lossy(name).into_owned())
        .collect();
    match names.is_empty() && !is_clean {
        true => Ok(foreseen.iter().map(|one| one.path.clone()).collect()),
        false => Ok(names),
    }
}
