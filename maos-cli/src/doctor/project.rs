//! The project's settings, and what old work has left in its state.

use maos_shared::config::{Environment, Layers};
use maos_shared::guard::Policy;
use maos_shared::project::Project;
use maos_shared::state::State;

use super::Finding;
use crate::journal::tail;
use crate::overview::{Contents, Looked, Work, overview};

/// Without a repository no agent gets a worktree.
pub(super) fn repository(project: &Project) -> Option<Finding> {
    let none = project.git_dir.is_none();
    none.then(|| {
        let found = format!("{} is in no git repository", project.checkout.display());
        let remedy = "run `git init` and commit there; until then agents share the folder";
        Finding::note("git", found, remedy)
    })
}

/// Looks at both `maos.toml`.
pub(super) fn settings(environment: &Environment, project: &Project) -> Vec<Finding> {
    let own = environment.client_settings();
    let layers = Layers::load(own.as_deref(), &project.main);
    let policy = Policy::new(&layers.user.guard, &layers.project.guard);
    let problems = layers.problems.iter().cloned().chain(policy.problems());
    let findings: Vec<Finding> = problems
        .map(|problem| Finding::fault("maos.toml", problem, "run `maos config check`"))
        .collect();
    if findings.is_empty() {
        return vec![Finding::good("maos.toml", "no complaint")];
    }
    findings
}

/// Looks for work that waits for the person, and for what nobody cleaned up.
pub(super) fn state(project: &Project, state: &State) -> Vec<Finding> {
    let looked = Looked {
        sessions: usize::MAX,
        window: tail::WINDOW,
    };
    let found = match overview(project, state, looked, Some(&mut Contents::of(project))) {
        Ok(found) => found,
        Err(error) => {
            let remedy = "make .maos readable, or move it away";
            return vec![Finding::fault("state", error.to_string(), remedy)];
        }
    };
    let mut findings = Vec::new();
    let mut tell = |count: usize, what: &str, remedy: &str| {
        if count > 0 {
            findings.push(Finding::note("state", format!("{count} {what}"), remedy));
        }
    };
    tell(
        found.count(Work::Uncommitted),
        "agents' work could not be committed",
        "`maos status` says why and where it lies",
    );
    tell(
        found.count(Work::Halted),
        "agents ended with their client, work may lie uncommitted",
        "look into their workspaces (`maos status --json`), or resume the session",
    );
    tell(
        found.count(Work::Unmerged),
        "branches of agents wait to be merged",
        "`maos status` lists them",
    );
    if findings.is_empty() {
        let sessions = found.sessions.len();
        let sound = format!("{sessions} sessions, nothing is left over");
        findings.push(Finding::good("state", sound));
    }
    findings
}
