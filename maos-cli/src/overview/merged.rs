//! Which work is merged as it is. Git tells, by one start, which takes longer than
//! all else that a status line needs; so its answer is kept, in
//! `.maos/merged.json`, for as long as nothing moves that it depends on.
//!
//! Why this is safe: the file is replaced whole by one rename, and an answer counts
//! only beside the question that it was given to.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::MetadataExt;

use maos_shared::files::read_start;
use maos_shared::project::Project;
use maos_shared::state::agents::read_json;
use maos_shared::state::{State, atomic};
use maos_shared::workspace::merged_branches;
use serde::{Deserialize, Serialize};

use super::AgentView;

/// How long the name of a commit or of what is checked out may be, in bytes.
const REFERENCE: u64 = 4096;

/// What the answer depends on.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Question {
    /// What is checked out, and where that is.
    head: [String; 2],
    /// When the packed references were written: seconds, nanoseconds and bytes.
    packed: Option<(i64, i64, u64)>,
    /// The branches that are asked for, and their commits.
    branches: Vec<(Option<String>, Option<String>)>,
}

/// An answer of git.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    question: Question,
    merged: BTreeSet<String>,
}

/// Returns the branches whose commits are all in the branch that the main checkout
/// is on: of those of `agents` all. Without git nothing is known to be merged.
pub(super) fn among(
    agents: &[&mut AgentView],
    project: &Project,
    state: &State,
) -> BTreeSet<String> {
    let ask = || merged_branches(project).unwrap_or_default();
    let Some(question) = question(agents, project) else {
        return ask();
    };
    let file = state.merged();
    let kept = read_json::<Kept>(&file).ok().flatten();
    if let Some(kept) = kept.filter(|kept| kept.question == question) {
        return kept.merged;
    }
    let kept = Kept {
        merged: ask(),
        question,
    };
    if let Ok(bytes) = serde_json::to_vec(&kept) {
        // Where that cannot be, git is asked again.
        let _ = atomic::replace(&file, &bytes);
    }
    kept.merged
}

/// Returns what the answer depends on; `None` where that is not in files of git
/// that are known.
fn question(agents: &[&mut AgentView], project: &Project) -> Option<Question> {
    let common = project.git_common_dir.as_ref()?;
    let read = |name: &str| {
        let bytes = read_start(&common.join(name), REFERENCE).ok()?;
        String::from_utf8(bytes).ok()
    };
    // Of a bare repository too, what is checked out beside it is in its own folder.
    let head = read("HEAD")?;
    let branch = head.strip_prefix("ref: ").map(str::trim_end);
    if branch.is_some_and(|name| !name.starts_with("refs/") || name.contains("..")) {
        return None;
    }
    let at = branch.and_then(read);
    let packed = fs::symlink_metadata(common.join("packed-refs")).ok();
    let packed = packed.map(|found| (found.mtime(), found.mtime_nsec(), found.len()));
    if at.is_none() && branch.is_some() && packed.is_none() {
        return None;
    }
    let branch_of = |agent: &&mut AgentView| (agent.branch.clone(), agent.tip.clone());
    Some(Question {
        head: [head, at.unwrap_or_default()],
        packed,
        branches: agents.iter().map(branch_of).collect(),
    })
}
