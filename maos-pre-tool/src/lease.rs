//! Who else is changing this file: a lease is taken for every file that a tool
//! names as its target. In one and the same checkout another's lease refuses
//! the call; between worktrees it is only told, since each has its own copy
//! (`leases.mode` can say otherwise). Who holds it is told as well, with its own
//! next change.

use std::path::{Path, PathBuf};

use maos_shared::config::LeaseMode;
use maos_shared::guard::Denial;
use maos_shared::hook::{Answer, Call, Error};
use maos_shared::project::Project;
use maos_shared::state::State;
use maos_shared::state::leases::{Lease as Held, Owner, Taken, Terms};
use maos_shared::state::process::Process;

use crate::location::real_path;
use crate::objection;
use crate::tools::Tool;

/// What came of the lease.
pub(crate) enum Lease {
    /// Another holds it in the same checkout.
    Refused(Answer),
    /// Held, or none is needed; what the model should know of others.
    Held(String),
}

/// Takes the lease for a call that changes a file. `instead` is the file that
/// isolation put in the place of the one asked for.
///
/// # Errors
/// When the project is broken.
pub(crate) fn take(call: &Call<'_>, tool: &Tool, instead: Option<&Path>) -> Result<Lease, Error> {
    let Some(asked) = tool.changed_file() else {
        return Ok(Lease::Held(String::new()));
    };
    let settings = call.settings().leases();
    let mode = settings.mode.unwrap_or_default();
    if mode == LeaseMode::Off {
        return Ok(Lease::Held(String::new()));
    }
    let project = call.project()?;
    let asked = call.input.absolute(&asked.path);
    let path = real_path(instead.unwrap_or(&asked), &project.checkout);
    let Some((checkout, file)) = in_checkout(project, &path) else {
        return Ok(Lease::Held(String::new()));
    };
    let owner = owner(call, &checkout);
    let terms = Terms {
        ttl: settings.ttl(),
        wait: settings.wait(),
    };
    let state = call.state()?;
    match state.take_lease(&file, &owner, call.input.tool(), terms) {
        Ok(Taken::Yes) => Ok(Lease::Held(told(&state, &owner))),
        Ok(Taken::HeldBy(held)) => {
            let same = held.owner.checkout == checkout;
            tell_holder(&state, &held, &owner);
            match mode {
                LeaseMode::Enforce => Ok(refused(call, &held)),
                LeaseMode::Auto if same => Ok(refused(call, &held)),
                _ => Ok(Lease::Held(warning(&held))),
            }
        }
        Err(error) => {
            // Coordination must not stop work where state cannot be written.
            log::warn!("lease: {error}");
            Ok(Lease::Held(String::new()))
        }
    }
}

fn owner(call: &Call<'_>, checkout: &Path) -> Owner {
    let client = call.environment.client_pid.map(Process::of);
    Owner {
        session: call.input.session_id.to_string(),
        agent: call.input.agent().map(ToOwned::to_owned),
        agent_type: call.input.agent_type.as_deref().map(ToOwned::to_owned),
        client_pid: client.map(|client| client.pid),
        client_began: client.and_then(|client| client.began),
        checkout: checkout.to_owned(),
    }
}

fn refused(call: &Call<'_>, held: &Held) -> Lease {
    Lease::Refused(objection::refuse(call, &refusal(held), None))
}

/// Leaves a word for who holds a lease that another met. It only informs, so
/// state that cannot be written stops nothing.
fn tell_holder(state: &State, held: &Held, other: &Owner) {
    let text = format!(
        "{} wanted to change {}, which you are changing: finish with it soon, or tell it what you \
         are about to change.",
        other.describe(),
        held.file
    );
    let session = state.session(&held.owner.session);
    if let Err(error) = session.leave_note(&note_of(&held.owner), &text) {
        log::warn!("note on a lease: {error}");
    }
}

/// Returns the word that was left for the owner of leases; mostly none.
fn told(state: &State, owner: &Owner) -> String {
    let session = state.session(&owner.session);
    let note = session.take_note(&note_of(owner)).unwrap_or_else(|error| {
        log::warn!("note on a lease: {error}");
        None
    });
    note.unwrap_or_default()
}

/// Returns the name of the note for an owner. An agent's id never begins so.
fn note_of(owner: &Owner) -> String {
    let agent = owner.agent.as_deref().unwrap_or_default();
    format!("lease-{agent}")
}

/// Returns the checkout that `path` lies in and the path below its root.
fn in_checkout(project: &Project, path: &Path) -> Option<(PathBuf, String)> {
    let workspace = project.workspace_of(path);
    let roots = [
        workspace.as_deref(),
        Some(project.checkout.as_path()),
        Some(project.main.as_path()),
    ];
    roots.into_iter().flatten().find_map(|root| {
        let below = path.strip_prefix(root).ok()?;
        let file = below.to_str().filter(|file| !file.is_empty())?;
        Some((root.to_path_buf(), file.to_owned()))
    })
}

fn refusal(held: &Held) -> Denial {
    Denial {
        rule: "leases.held".into(),
        reason: format!(
            "`{}` is being changed by {} ({}, since {}, until {} unless renewed).",
            held.file,
            held.owner.describe(),
            held.purpose,
            held.since,
            held.until
        ),
        instead: "Work on another file first, or ask it to finish.".to_owned(),
    }
}

fn warning(held: &Held) -> String {
    format!(
        "{} is being changed by {} as well, in {} (since {}): expect to merge both changes.",
        held.file,
        held.owner.describe(),
        held.owner.checkout.display(),
        held.since
    )
}
