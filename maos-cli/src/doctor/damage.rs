//! State that cannot be read any more, and worktrees that are gone though nobody
//! removed them. All else shows it as far as it can, and keeps silent.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use maos_shared::project::Project;
use maos_shared::state::agents::{Held, Launch, Outcome, Returned, Stage, fact};
use maos_shared::state::{Session, State};
use maos_shared::workspace::{Workspace, registered};

use super::Finding;

/// Looks at the files of every session and agent, and for worktrees that are gone.
pub(super) fn examine(project: &Project, state: &State) -> Vec<Finding> {
    let mut findings = Vec::new();
    // Of those that were removed in order git knows nothing any more.
    let worktrees = project.worktrees_dir();
    let registered = note(&mut findings, registered(project)).unwrap_or_default();
    let is_lost = |folder: &PathBuf| folder.starts_with(&worktrees) && !folder.exists();
    let mut lost: BTreeSet<PathBuf> = registered.into_iter().filter(is_lost).collect();
    let sessions = state.all_sessions();
    for session in sessions.iter().flatten() {
        note(&mut findings, session.began());
        note(&mut findings, session.client());
        note(&mut findings, session.ended());
        for stage in Stage::ALL {
            for agent in session.agents(stage).into_iter().flatten() {
                let id = &agent.agent_id;
                let of_agent = examine_agent(&mut findings, session, stage, id, &mut lost);
                findings.extend(of_agent);
            }
        }
    }
    let nobodys = lost.iter().map(|folder| {
        let found = format!("{} is gone, and git knows it still", folder.display());
        Finding::note("worktree", found, remedy(folder, None))
    });
    findings.extend(nobodys);
    findings
}

/// Looks at an agent's files, and returns what is to be said of its worktree.
fn examine_agent(
    findings: &mut Vec<Finding>,
    session: &Session,
    stage: Stage,
    id: &str,
    lost: &mut BTreeSet<PathBuf>,
) -> Option<Finding> {
    note(findings, session.fact::<Launch>(id, fact::LAUNCH));
    note(findings, session.fact::<Returned>(id, fact::RETURNED));
    note(findings, session.fact::<Held>(id, fact::HELD));
    let outcome = note(findings, session.fact::<Outcome>(id, fact::RESULT));
    let workspace = note(findings, session.fact::<Workspace>(id, fact::WORKSPACE));
    let Workspace { path, branch, .. } = workspace.flatten()?;
    let was_lost = lost.remove(&path);
    let (shown, remedy) = (path.display(), remedy(&path, Some(&branch)));
    let trouble = outcome.flatten().and_then(|outcome| outcome.trouble);
    Some(match (stage, trouble) {
        (Stage::Active, _) if was_lost || !path.exists() => {
            let found = format!("{shown} is gone, and its agent has not stopped");
            Finding::fault("worktree", found, remedy)
        }
        (_, Some(trouble)) if was_lost => {
            let found = format!("{shown} is gone with work that was not committed: {trouble}");
            Finding::fault("worktree", found, remedy)
        }
        _ if was_lost => {
            let found = format!("{shown} is gone; its agent has stopped");
            Finding::note("worktree", found, remedy)
        }
        _ => return None,
    })
}

/// Returns what helps where a worktree is gone. MAOS has locked it, so git does not
/// forget it by a `prune`.
fn remedy(folder: &Path, branch: Option<&str>) -> String {
    let folder = folder.display();
    let kept = branch.map(|branch| format!("; what was committed is on {branch}"));
    format!(
        "if it was moved, `git worktree repair NEW-PLACE` in the repository finds it; else `git \
         worktree remove --force --force {folder}` forgets it{}; `maos rescue` lists what was \
         rescued",
        kept.unwrap_or_default()
    )
}

/// Returns what a file says; notes that it is damaged.
fn note<T>(findings: &mut Vec<Finding>, read: io::Result<T>) -> Option<T> {
    let error = match read {
        Ok(read) => return Some(read),
        Err(error) => error.to_string(),
    };
    let (found, remedy) = error.rsplit_once("; ").unwrap_or((&error, "move it away"));
    let remedy = format!("{remedy}; the agents' commits are in git all the same");
    findings.push(Finding::fault("state", found, remedy));
    None
}
