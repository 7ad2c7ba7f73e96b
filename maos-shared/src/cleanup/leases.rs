//! Leases whose work is merged, by whoever it was: a person's own `git merge` says
//! nothing to anybody, so each clean-up looks, and whoever compares work.

use std::collections::BTreeSet;

use crate::project::Project;
use crate::state::agents::{Outcome, Stage, fact};
use crate::state::{Session, State};
use crate::workspace::{self, Workspace, merge};

/// Gives back what agents hold that have stopped and whose work is merged, by
/// ancestry or by what it changes; returns how many agents. Lists all leases, and
/// blocks while git looks at each such agent's work.
///
/// Safe at any kill and beside others: what one agent holds is given back in one
/// step, and one that is resumed meanwhile takes its leases anew.
///
/// # Errors
/// Where the leases cannot be listed, and the first reason why one agent's work
/// could not be judged or given back; all others are done.
pub fn release_merged(project: &Project, state: &State) -> Result<usize, String> {
    let leases = state.leases().map_err(|error| error.to_string())?;
    let holders = leases.into_iter().filter_map(|lease| {
        let agent = lease.owner.agent?;
        Some((lease.owner.session, agent))
    });
    let holders: BTreeSet<_> = holders.collect();
    let mut released = 0;
    let mut trouble = None;
    for (session, agent) in &holders {
        let session = state.session(session);
        let freed = match is_merged(project, &session, agent) {
            Ok(true) => session
                .release_leases_of(Some(agent))
                .map_err(|error| error.to_string()),
            Ok(false) => continue,
            Err(error) => Err(error),
        };
        match freed {
            Ok(()) => released += 1,
            Err(error) => trouble = trouble.or(Some(error)),
        }
    }
    trouble.map_or(Ok(released), Err)
}

/// Returns whether an agent has stopped, and all that it did is merged.
fn is_merged(project: &Project, session: &Session, agent: &str) -> Result<bool, String> {
    if !session.stage_is(agent, Stage::Completed) {
        return Ok(false);
    }
    let own = session.fact_if_whole::<Workspace>(agent, fact::WORKSPACE);
    let outcome = session.fact_if_whole::<Outcome>(agent, fact::RESULT);
    let (Some(own), Some(outcome)) = (own, outcome) else {
        return Ok(false);
    };
    // What no commit took is merged by none.
    if outcome.trouble.is_some() {
        return Ok(false);
    }
    let commit = Some(&*outcome.commit).filter(|commit| !commit.is_empty());
    let judge = || {
        let Some(tip) = merge::tip(project, &own, commit)? else {
            return Ok(false);
        };
        let base = merge::since(project, &own.base, None, &tip)?;
        workspace::is_merged(project, &base, &tip, Some(&own.branch))
    };
    judge().map_err(|error: workspace::Error| error.to_string())
}
