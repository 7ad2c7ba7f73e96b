//! State that cannot be read any more, and worktrees that are gone though their
//! agents have not stopped. All else shows it as far as it can, and keeps silent.

use std::io;

use maos_shared::state::agents::{Held, Launch, Outcome, Returned, Stage, fact};
use maos_shared::state::{Session, State};
use maos_shared::workspace::Workspace;

use super::Finding;

/// Looks at the files of every session and agent.
pub(super) fn examine(state: &State) -> Vec<Finding> {
    let mut findings = Vec::new();
    let sessions = state.all_sessions();
    for session in sessions.iter().flatten() {
        note(&mut findings, session.began());
        note(&mut findings, session.client());
        note(&mut findings, session.ended());
        for stage in Stage::ALL {
            for agent in session.agents(stage).into_iter().flatten() {
                examine_agent(&mut findings, session, stage, &agent.agent_id);
            }
        }
    }
    findings
}

fn examine_agent(findings: &mut Vec<Finding>, session: &Session, stage: Stage, id: &str) {
    note(findings, session.fact::<Launch>(id, fact::LAUNCH));
    note(findings, session.fact::<Outcome>(id, fact::RESULT));
    note(findings, session.fact::<Returned>(id, fact::RETURNED));
    note(findings, session.fact::<Held>(id, fact::HELD));
    let workspace = session.fact::<Workspace>(id, fact::WORKSPACE);
    if let Some(Some(workspace)) = note(findings, workspace)
        && stage == Stage::Active
        && !workspace.path.exists()
    {
        let (path, branch) = (workspace.path.display(), workspace.branch);
        findings.push(Finding::fault(
            "worktree",
            format!("{path} is gone, and its agent has not stopped"),
            format!(
                "run `git worktree prune`; what was committed is on {branch}, `maos rescue` lists the rest"
            ),
        ));
    }
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
