//! Merging agents' work into the branch that is checked out, for a person.
//!
//! All merges are made as trees and commits first, beside the checkout. Only
//! when all of them are clean and no file that is changed by them is changed in
//! the checkout too, git moves the branch forward to the last commit and
//! updates the files, all or none, as it does for a fast-forward. So a kill
//! leaves the branch before or after all of it; what git leaves half done in
//! the files then is what `git status` shows, and the branch holds the work.

use super::change::{lock, mend, unfinished};
use super::hunks::{self, Hunk};
use super::three_way::{self, Conflict, Merged};
use super::{overlap, secrets};
use crate::config::limits::RETURN_WAIT;
use crate::project::Project;
use crate::workspace::difference;
use crate::workspace::git::{Author, Checkout, Git, GitError};
use crate::workspace::{Error, checkout_of, commit};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The work of one agent.
#[derive(Clone, Debug)]
pub struct Piece {
    /// By what the caller knows it.
    pub name: String,
    /// The commit up to which it is there already.
    pub base: String,
    /// Its last commit.
    pub tip: String,
    /// What the commit says that holds it.
    pub message: String,
}

/// How work becomes commits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// One commit for each agent.
    Each,
    /// One commit for all agents.
    Squash,
    /// The commits of each agent one by one, with their messages and authors.
    Rebase,
    /// None: the files and the index are changed.
    NoCommit,
}

/// What a merge came to.
#[derive(Clone, Debug)]
pub enum Joined {
    /// All work is merged.
    Done(Vec<Part>),
    /// Nothing is changed: these do not fit.
    Conflict(Vec<Clash>),
    /// Nothing is changed: the checkout has changes of its own in these files.
    Overlap(Vec<String>),
}

/// One agent's part of a merge.
#[derive(Clone, Debug)]
pub struct Part {
    /// The name of the piece.
    pub name: String,
    /// The last commit that holds it; nothing where there is none, or where all
    /// of it was there already.
    pub commit: Option<String>,
    /// The files that it changed.
    pub files: Vec<String>,
    /// Files that it changed and that are as before: a program that the person
    /// merges with kept them.
    pub dropped: Vec<String>,
    /// Files that it changed and that stay on its branch: they may hold secrets.
    pub secret: Vec<String>,
}

/// Work that does not fit.
#[derive(Clone, Debug)]
pub struct Clash {
    /// The name of the piece.
    pub name: String,
    /// The paths in conflict.
    pub conflicts: Vec<Conflict>,
    /// Where in them.
    pub hunks: Vec<Hunk>,
}

/// Merges the pieces into the branch that is checked out in the project's
/// checkout, those first that touch the fewest files of others. Either all of
/// them are merged or nothing is changed. The commits are the person's: they
/// have the person's name, and are not signed; no hook runs.
/// Blocks while git works, and while an agent's work comes back.
///
/// # Errors
/// When a merge or rebase is unfinished, or with git's own reason.
pub fn join(project: &Project, pieces: &[Piece], style: Style) -> Result<Joined, Error> {
    let checkout = checkout_of(project)?;
    let _lock = lock(&checkout, RETURN_WAIT)?;
    mend(&checkout)?;
    if let Some(operation) = unfinished(&checkout)? {
        return Err(Error::InTheWay {
            operation,
            path: checkout.folder,
        });
    }
    let head = commit::head(&checkout)?;
    let head = head.ok_or_else(|| Error::NoCommit(checkout.folder.clone()))?;
    let mut making = Making {
        checkout: &checkout,
        style,
        last: head.clone(),
        parts: Vec::new(),
        clashes: Vec::new(),
    };
    for piece in order(&checkout, pieces)? {
        making.add(piece)?;
    }
    if !making.clashes.is_empty() {
        return Ok(Joined::Conflict(making.clashes));
    }
    let last = making.finish(&head, pieces)?;
    let overlap = overlap::of(&checkout, &head, &last, &[])?;
    if !overlap.is_empty() {
        return Ok(Joined::Overlap(overlap));
    }
    advance(&checkout, &head, &last, style)?;
    Ok(Joined::Done(making.parts))
}

/// Returns the pieces, those first that change the fewest files that others
/// change too.
fn order<'a>(checkout: &Checkout, pieces: &'a [Piece]) -> Result<Vec<&'a Piece>, GitError> {
    let mut changed = Vec::new();
    let mut by_path: BTreeMap<PathBuf, usize> = BTreeMap::new();
    for piece in pieces {
        let changes = difference::between(checkout, &piece.base, &piece.tip)?;
        for change in &changes {
            *by_path.entry(change.path.clone()).or_default() += 1;
        }
        changed.push((piece, changes));
    }
    changed.sort_by_key(|(_, changes)| {
        let shared = changes.iter().filter(|change| by_path[&change.path] > 1);
        shared.count()
    });
    Ok(changed.into_iter().map(|(piece, _)| piece).collect())
}

/// The commits of a merge, while they are made.
struct Making<'a> {
    checkout: &'a Checkout,
    style: Style,
    /// The newest commit.
    last: String,
    parts: Vec<Part>,
    clashes: Vec<Clash>,
}

impl Making<'_> {
    /// Puts one piece on top.
    fn add(&mut self, piece: &Piece) -> Result<(), Error> {
        let before = self.last.clone();
        let (mut dropped, mut secret) = (BTreeSet::new(), BTreeSet::new());
        let steps = match self.style {
            Style::Rebase => self.steps(piece)?,
            _ => vec![Step {
                base: piece.base.clone(),
                tip: piece.tip.clone(),
                message: piece.message.clone(),
                author: None,
            }],
        };
        for step in steps {
            let (tip, left_out) = secrets::without(self.checkout, &step.base, &step.tip)?;
            secret.extend(left_out);
            let step = Step { tip, ..step };
            match three_way::merge(self.checkout, &step.base, &self.last, &step.tip)? {
                Merged::Clean(tree) => {
                    let kept = three_way::dropped(
                        self.checkout,
                        &step.base,
                        &self.last,
                        &step.tip,
                        &tree,
                    )?;
                    dropped.extend(kept);
                    if !three_way::is_same(self.checkout, &tree, &self.last)? {
                        let Step {
                            message, author, ..
                        } = step;
                        self.last = make(self.checkout, &tree, &self.last, &message, author)?;
                    }
                }
                Merged::Conflict { conflicts, tree } => {
                    self.clashes.push(Clash {
                        name: piece.name.clone(),
                        hunks: hunks::of(self.checkout, &tree, &conflicts)?,
                        conflicts,
                    });
                    // The others are tried without it.
                    self.last = before;
                    return Ok(());
                }
            }
        }
        let changes = difference::between(self.checkout, &before, &self.last)?;
        self.parts.push(Part {
            name: piece.name.clone(),
            commit: (before != self.last && self.style != Style::NoCommit)
                .then(|| self.last.clone()),
            files: changes.iter().map(|change| text(&change.path)).collect(),
            dropped: dropped.iter().map(|path| text(path)).collect(),
            secret: secret.iter().map(|path| text(path)).collect(),
        });
        Ok(())
    }

    /// The commits of a piece, oldest first.
    fn steps(&self, piece: &Piece) -> Result<Vec<Step>, GitError> {
        let range = format!("{}..{}", piece.base, piece.tip);
        let list = [
            "rev-list",
            "--reverse",
            "--first-parent",
            "--end-of-options",
            &range,
            "--",
        ];
        let commits = Git::reading(self.checkout).line(&list)?;
        let mut base = piece.base.clone();
        let mut steps = Vec::new();
        for commit in commits.lines() {
            let before = std::mem::replace(&mut base, commit.to_owned());
            steps.push(Step::of(self.checkout, before, commit)?);
        }
        Ok(steps)
    }

    /// Returns the commit to go to; with [`Style::Squash`] one for all.
    fn finish(&mut self, head: &str, pieces: &[Piece]) -> Result<String, GitError> {
        if self.style != Style::Squash || self.last == head {
            return Ok(self.last.clone());
        }
        let message = match pieces {
            [piece] => piece.message.clone(),
            _ => {
                let messages = pieces.iter().map(|piece| piece.message.trim_end());
                let messages: Vec<_> = messages.collect();
                format!(
                    "work of {} agents\n\n{}\n",
                    pieces.len(),
                    messages.join("\n\n")
                )
            }
        };
        let tree = commit::tree(self.checkout, &self.last)?;
        let last = make(self.checkout, &tree, head, &message, None)?;
        for part in self.parts.iter_mut().filter(|part| part.commit.is_some()) {
            part.commit = Some(last.clone());
        }
        Ok(last)
    }
}

/// What one commit of a merge is made from.
struct Step {
    /// The commit that it changes.
    base: String,
    /// What it changes that to.
    tip: String,
    message: String,
    /// Where it is not the person who merges.
    author: Option<Author>,
}

impl Step {
    /// A commit as it is, on top of `base`.
    fn of(checkout: &Checkout, base: String, commit: &str) -> Result<Self, GitError> {
        let show = [
            "log",
            "-1",
            "--no-show-signature",
            "--date=raw",
            "--format=%an%n%ae%n%ad%n%B",
            commit,
            "--",
        ];
        let text = Git::reading(checkout).line(&show)?;
        let mut lines = text.splitn(4, '\n').map(str::to_owned);
        let mut next = || lines.next().unwrap_or_default();
        let author = Author {
            name: next(),
            address: next(),
            // With the sign a small number is a time as well.
            time: format!("@{}", next()),
        };
        Ok(Self {
            base,
            tip: commit.to_owned(),
            message: next() + "\n",
            // Git takes an empty name for none.
            author: (!author.name.is_empty()).then_some(author),
        })
    }
}

/// Returns a new commit of the person, or of an author.
pub(super) fn make(
    checkout: &Checkout,
    tree: &str,
    parent: &str,
    message: &str,
    author: Option<Author>,
) -> Result<String, GitError> {
    let mut git = Git::writing(checkout)
        .setting("i18n.commitEncoding=UTF-8")
        .author(author)
        .input(message.replace('\0', ""));
    for setting in commit::missing_identity(checkout)? {
        git = git.setting(setting);
    }
    git.line(&["commit-tree", tree, "-F", "-", "-p", parent])
}

/// Lets git bring the checkout from one commit to the other.
fn advance(checkout: &Checkout, head: &str, last: &str, style: Style) -> Result<(), GitError> {
    if head == last {
        return Ok(());
    }
    let git = Git::writing(checkout).patient();
    if style == Style::NoCommit {
        return git.run(&["read-tree", "-m", "-u", head, last]).map(drop);
    }
    // What the person has set for merges of their own is no part of this one.
    let merge = [
        "merge",
        "--quiet",
        "--ff-only",
        "--commit",
        "--no-squash",
        "--no-autostash",
        "--no-verify-signatures",
        "--no-overwrite-ignore",
        last,
    ];
    git.run(&merge).map(drop)
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
