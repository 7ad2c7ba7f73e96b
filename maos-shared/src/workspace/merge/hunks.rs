//! Where two sides of a file do not fit.

use super::three_way::Conflict;
use crate::config::limits::{HUNK_LINES, HUNKS_SHOWN};
use crate::workspace::git::{Checkout, Git, GitError};
use serde::Serialize;

/// A place in a file where both sides changed the same lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Hunk {
    /// The file, from the root of the repository.
    pub path: String,
    /// The line that it begins at in the merged file, from 1.
    pub line: usize,
    /// The lines of the branch that is merged into; the first of them.
    pub ours: Vec<String>,
    /// The lines of the agent; the first of them.
    pub theirs: Vec<String>,
}

/// Returns the hunks of the conflicts of a merge, as far as they are of lines,
/// from the tree with git's marks.
///
/// # Errors
/// When git fails.
pub(super) fn of(
    checkout: &Checkout,
    tree: &str,
    conflicts: &[Conflict],
) -> Result<Vec<Hunk>, GitError> {
    let mut hunks = Vec::new();
    for conflict in conflicts.iter().filter(|one| one.kind == "contents") {
        let file = format!("{tree}:{}", conflict.path);
        // A path that is no UTF-8 is another one here; it has no hunks then.
        let (is_there, text) = match Git::reading(checkout).judge(&["cat-file", "blob", &file]) {
            Err(GitError::Failed { .. }) => (false, Vec::new()),
            shown => shown?,
        };
        if is_there {
            hunks.extend(read(&conflict.path, &String::from_utf8_lossy(&text)));
        }
        if hunks.len() >= HUNKS_SHOWN {
            break;
        }
    }
    hunks.truncate(HUNKS_SHOWN);
    Ok(hunks)
}

/// Reads git's marks: `<<<<<<<`, `=======`, `>>>>>>>` at the begin of a line.
fn read(path: &str, text: &str) -> Vec<Hunk> {
    let mut hunks = Vec::new();
    let mut open: Option<(Hunk, bool)> = None;
    for (number, line) in text.lines().enumerate() {
        match &mut open {
            None if line.starts_with("<<<<<<< ") => {
                let hunk = Hunk {
                    path: path.to_owned(),
                    line: number + 1,
                    ours: Vec::new(),
                    theirs: Vec::new(),
                };
                open = Some((hunk, true));
            }
            None => {}
            Some((_, in_ours)) if *in_ours && line == "=======" => *in_ours = false,
            Some(_) if line.starts_with(">>>>>>> ") => {
                hunks.extend(open.take().map(|(hunk, _)| hunk));
            }
            Some((hunk, in_ours)) => {
                let side = if *in_ours {
                    &mut hunk.ours
                } else {
                    &mut hunk.theirs
                };
                if side.len() < HUNK_LINES {
                    side.push(line.to_owned());
                }
            }
        }
    }
    hunks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_hunk_has_its_line_and_both_sides() {
        let text = "a\n<<<<<<< x\none\n=======\ntwo\nthree\n>>>>>>> y\nb\n<<<<<<< x\n=======\nz\n>>>>>>> y\n";
        let hunks = read("f", text);
        assert_eq!(hunks.len(), 2);
        assert_eq!(
            (hunks[0].line, &hunks[0].ours[..]),
            (2, &["one".to_owned()][..])
        );
        assert_eq!(hunks[0].theirs, ["two", "three"]);
        assert_eq!((hunks[1].line, hunks[1].ours.len()), (9, 0));
        assert_eq!(read("f", "<<<<<<< x\nnever closed\n"), []);
    }
}
