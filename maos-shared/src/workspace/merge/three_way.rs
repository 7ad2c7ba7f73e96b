//! Three-way merges of whole trees by git itself, beside every checkout: all
//! that it writes are objects.
//!
//! What comes to a person's files is merged as the person merges, by the programs
//! that attributes name (`merge=ours` with `merge.ours.driver = true` keeps one
//! side unseen). Whether something is there already, and so nowhere else, is told
//! by text alone: such a program says that two sides fit, not what became of them.

use crate::workspace::difference;
use crate::workspace::git::{Checkout, Git, GitError};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;

/// What a merge comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Merged {
    /// Both sides fit; this tree holds both.
    Clean(String),
    /// They do not. The tree holds the files in conflict with git's marks.
    Conflict {
        /// The paths in conflict, sorted.
        conflicts: Vec<Conflict>,
        /// The tree.
        tree: String,
    },
}

/// One path that both sides changed so that they do not fit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Conflict {
    /// The path, from the root of the repository. Bytes that are no UTF-8 are
    /// replaced.
    pub path: String,
    /// What kind of conflict it is, in git's words: `contents`,
    /// `modify/delete`, `add/add`, `binary`, …
    pub kind: String,
}

/// Git's own program that takes the lines of both sides, deleted ones too.
const UNION: &str = "merge.union.driver";

/// Who the commits are by that only name the trees of a merge. Nothing refers to
/// them afterwards.
const NOBODY: [&str; 2] = ["user.name=MAOS", "user.email=maos@localhost"];

/// Merges what `theirs` changed since `base` into `ours`; each is a commit or a
/// tree. Where they come from does not count: the base is the one that is named.
/// Blocks while git works.
///
/// # Errors
/// When git does not know one of them.
pub(super) fn merge(
    checkout: &Checkout,
    base: &str,
    ours: &str,
    theirs: &str,
) -> Result<Merged, GitError> {
    merge_by(checkout, Git::reading(checkout), base, ours, theirs)
}

/// As [`merge`], but files that these programs merge, or git's `union`, are in
/// conflict where both sides changed them.
///
/// # Errors
/// As [`merge`].
fn merge_text(
    checkout: &Checkout,
    programs: &[String],
    base: &str,
    ours: &str,
    theirs: &str,
) -> Result<Merged, GitError> {
    merge_by(checkout, by_text(checkout, programs), base, ours, theirs)
}

/// A git that merges files by text alone.
fn by_text(checkout: &Checkout, programs: &[String]) -> Git {
    // One that is named so comes before git's own.
    let programs = programs.iter().map(String::as_str).chain([UNION]);
    programs.fold(Git::reading(checkout), |git, program| {
        git.setting(format!("{program}=false"))
    })
}

fn merge_by(
    checkout: &Checkout,
    git: Git,
    base: &str,
    ours: &str,
    theirs: &str,
) -> Result<Merged, GitError> {
    let [base, ours, theirs] = [base, ours, theirs].map(|one| tree(checkout, one));
    let (base, ours, theirs) = (base?, ours?, theirs?);
    if base == theirs || ours == theirs {
        return Ok(Merged::Clean(ours));
    }
    if base == ours {
        return Ok(Merged::Clean(theirs));
    }
    // Git finds the base among the ancestors, so these have no other.
    let base = commit(checkout, &base, &[])?;
    let ours = commit(checkout, &ours, &["-p", &base])?;
    let theirs = commit(checkout, &theirs, &["-p", &base])?;
    let merge = ["merge-tree", "--write-tree", "-z", "--name-only"];
    let merge = [&merge[..], &[&ours, &theirs]].concat();
    let git = git.setting("merge.conflictStyle=merge");
    let (is_clean, text) = git.judge(&merge)?;
    Ok(read(&text, is_clean))
}

/// Returns whether `ours` holds all that `theirs` changed since `base`, line by
/// line; all three are commits. A conflict is an answer: no. So is a git that cannot
/// do this.
///
/// # Errors
/// When git fails.
pub(in crate::workspace) fn is_in(
    checkout: &Checkout,
    base: &str,
    theirs: &str,
    ours: &str,
) -> Result<bool, GitError> {
    let programs = programs(checkout)?;
    // Git has no way to set aside one that is named so.
    if programs.iter().any(|name| name.contains('=')) {
        return Ok(false);
    }
    let base = format!("--merge-base={base}");
    let merge = ["merge-tree", "--write-tree", &base, ours, theirs];
    match by_text(checkout, &programs).line(&merge) {
        Ok(merged) => Ok(merged == tree(checkout, ours)?),
        Err(GitError::Failed { code: Some(_), .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Returns the paths that `theirs` changed since `base` and that a program of the
/// person's left in `merged` as they are in `ours`, sorted.
///
/// # Errors
/// When git does not know one of them.
pub(super) fn dropped(
    checkout: &Checkout,
    base: &str,
    ours: &str,
    theirs: &str,
    merged: &str,
) -> Result<Vec<PathBuf>, GitError> {
    let programs = programs(checkout)?;
    if programs.is_empty() {
        return Ok(Vec::new());
    }
    let paths = |from: &str, to: &str| -> Result<BTreeSet<PathBuf>, GitError> {
        let changes = difference::between(checkout, from, to)?;
        Ok(changes.into_iter().map(|change| change.path).collect())
    };
    let would_come = match merge_text(checkout, &programs, base, ours, theirs)? {
        Merged::Clean(tree) => paths(ours, &tree)?,
        Merged::Conflict { conflicts, tree } => {
            let conflicts = conflicts.into_iter().map(|one| PathBuf::from(one.path));
            paths(ours, &tree)?.into_iter().chain(conflicts).collect()
        }
    };
    let (came, changed) = (paths(ours, merged)?, paths(base, theirs)?);
    let is_dropped = |path: &PathBuf| would_come.contains(path) && !came.contains(path);
    Ok(changed.into_iter().filter(is_dropped).collect())
}

/// Returns the settings that name programs which merge files, such as
/// `merge.ours.driver`.
fn programs(checkout: &Checkout) -> Result<Vec<String>, GitError> {
    let get = [
        "config",
        "-z",
        "--name-only",
        "--get-regexp",
        r"^merge\..*\.driver$",
    ];
    let names = Git::reading(checkout).without_index().find(&get)?;
    let names = names.unwrap_or_default();
    let names = names.split('\0').filter(|name| !name.is_empty());
    Ok(names.map(str::to_owned).collect())
}

/// Returns whether two commits or trees hold the same.
///
/// # Errors
/// When git does not know one of them.
pub(super) fn is_same(checkout: &Checkout, one: &str, other: &str) -> Result<bool, GitError> {
    Ok(one == other || tree(checkout, one)? == tree(checkout, other)?)
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.path, self.kind)
    }
}

fn tree(checkout: &Checkout, name: &str) -> Result<String, GitError> {
    let tree = format!("{name}^{{tree}}");
    Git::reading(checkout).line(&["rev-parse", "--verify", "--end-of-options", &tree])
}

fn commit(checkout: &Checkout, tree: &str, parent: &[&str]) -> Result<String, GitError> {
    let mut git = Git::reading(checkout);
    for setting in NOBODY {
        git = git.setting(setting);
    }
    git.line(&[&["commit-tree", tree, "-m", "a side of a merge"], parent].concat())
}

/// Reads `tree NUL (path NUL)* NUL (message)*`, a message being `count NUL
/// (path NUL)* type NUL text NUL` (`git-merge-tree(1)`, "Output").
fn read(text: &[u8], is_clean: bool) -> Merged {
    let text = String::from_utf8_lossy(text);
    let mut fields = text.split('\0');
    let tree = fields.next().unwrap_or_default().trim().to_owned();
    if is_clean {
        return Merged::Clean(tree);
    }
    // A path has one line, with the first kind that git tells of it.
    let mut conflicts: BTreeMap<String, String> = BTreeMap::new();
    let paths: Vec<_> = fields
        .by_ref()
        .take_while(|path| !path.is_empty())
        .collect();
    while let Some(count) = fields.next().and_then(|count| count.parse().ok()) {
        let of: Vec<_> = fields.by_ref().take(count).collect();
        let kind = fields.next().unwrap_or_default();
        // The text for people, in git's language.
        fields.next();
        let kind = kind
            .strip_prefix("CONFLICT (")
            .map(|kind| kind.trim_end_matches(')'));
        for path in of.iter().filter(|_| kind.is_some()) {
            let kind = kind.unwrap_or_default().to_owned();
            conflicts.entry((*path).to_owned()).or_insert(kind);
        }
    }
    for path in paths {
        let unknown = || "contents".to_owned();
        conflicts.entry(path.to_owned()).or_insert_with(unknown);
    }
    let conflicts = conflicts.into_iter();
    let conflicts = conflicts.map(|(path, kind)| Conflict { path, kind });
    Merged::Conflict {
        conflicts: conflicts.collect(),
        tree,
    }
}

#[cfg(test)]
mod tests;
