//! Who else is changing this file: a lease is taken for every file that a tool
//! names as its target. In one and the same checkout another's lease refuses
//! the call; between worktrees it is only told, since each has its own copy
//! (`leases.mode` can say otherwise). Who holds it is told as well, with its own
//! next call. What others have reserved is met before that (`reservation.rs`).

use std::io;
use std::path::{Path, PathBuf};

use maos_shared::config::LeaseMode;
use maos_shared::guard::Denial;
use maos_shared::hook::{Answer, Call, Error};
use maos_shared::json::printable;
use maos_shared::project::Project;
use maos_shared::state::agents::Stage;
use maos_shared::state::leases::{Lease as Held, Owner, Taken, Terms};
use maos_shared::state::{State, note_for};

use crate::location::real_path;
use crate::objection;
use crate::reservation::{self, Met};
use crate::tools::Tool;

/// What came of the lease.
pub(crate) enum Lease {
    /// Another holds it in the same checkout.
    Refused(Answer),
    /// Held, or none is needed; what the model should know of others.
    Held(String),
}

impl Lease {
    /// Returns it with another text for the model in front.
    fn and_tell(self, text: String) -> Self {
        match self {
            Self::Held(told) if !text.is_empty() && !told.is_empty() => {
                Self::Held(format!("{text}\n\n{told}"))
            }
            Self::Held(told) if told.is_empty() => Self::Held(text),
            as_it_is => as_it_is,
        }
    }
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
    let reserved = match reservation::meet(call, &state, &file, &owner, mode) {
        Met::Refused(answer) => return Ok(Lease::Refused(answer)),
        Met::Told(text) => text,
    };
    let tool = call.input.tool();
    let taken = match mode {
        LeaseMode::Auto => state.take_lease_on_copy(&file, &owner, tool, terms),
        _ => state.take_lease(&file, &owner, tool, terms),
    };
    Ok(after(call, &state, taken, &owner, mode).and_tell(reserved))
}

/// Returns what comes of the attempt to take the lease.
fn after(
    call: &Call<'_>,
    state: &State,
    taken: io::Result<Taken>,
    owner: &Owner,
    mode: LeaseMode,
) -> Lease {
    match taken {
        Ok(Taken::Yes) => Lease::Held(told(call, state, owner)),
        Ok(Taken::Beside(held)) => {
            tell_who_changes(state, &held, owner);
            Lease::Held(warning(&held))
        }
        Ok(Taken::HeldBy(held)) => {
            tell_who_changes(state, &held, owner);
            match refuses(mode, &held.owner, owner) {
                _ if has_stopped(state, &held.owner, owner) => {
                    Lease::Held(warning(&held) + &on_its_branch(call, &held.owner))
                }
                true => refused(call, &held),
                false => Lease::Held(warning(&held)),
            }
        }
        // Others are at it: who has the file cannot be told, and it may be one.
        Err(error) if error.kind() == io::ErrorKind::TimedOut => {
            Lease::Refused(objection::refuse(call, &busy(&error), None))
        }
        Err(error) => {
            // Coordination must not stop work where state cannot be written.
            log::warn!("lease: {error}");
            Lease::Held(String::new())
        }
    }
}

/// Returns whether what one holds refuses the call of another.
pub(crate) fn refuses(mode: LeaseMode, holder: &Owner, caller: &Owner) -> bool {
    match mode {
        LeaseMode::Enforce => true,
        LeaseMode::Auto => holder.checkout == caller.checkout,
        LeaseMode::Warn | LeaseMode::Off => false,
    }
}

/// Returns whether a main agent meets what an agent of its own left that has
/// stopped: nobody else can settle that, so it is only told.
fn has_stopped(state: &State, holder: &Owner, caller: &Owner) -> bool {
    let is_own = caller.agent.is_none() && holder.session == caller.session;
    let agent = holder.agent.as_deref().filter(|_| is_own);
    agent.is_some_and(|agent| {
        let session = state.session(&holder.session);
        session.stage_is(agent, Stage::Completed)
    })
}

/// Says where the work of an agent is that has stopped, and what brings it in.
fn on_its_branch(call: &Call<'_>, holder: &Owner) -> String {
    let agent = holder.agent.as_deref().unwrap_or_default();
    let maos = call.environment.maos_command();
    format!(
        " It has stopped, and its work waits on its branch: `{maos} merge {}` brings it in.",
        printable(agent)
    )
}

fn owner(call: &Call<'_>, checkout: &Path) -> Owner {
    Owner {
        session: call.input.session_id.to_string(),
        agent: call.input.agent().map(ToOwned::to_owned),
        agent_type: call.input.agent_type.as_deref().map(ToOwned::to_owned),
        client: call.client(),
        checkout: checkout.to_owned(),
    }
}

fn refused(call: &Call<'_>, held: &Held) -> Lease {
    Lease::Refused(objection::refuse(call, &refusal(held), None))
}

fn tell_who_changes(state: &State, held: &Held, owner: &Owner) {
    let text = format!(
        "{} wanted to change {}, which you are changing: finish with it soon, or tell it what you \
         are about to change.",
        owner.describe(),
        held.file
    );
    let who = owner.agent.as_deref().unwrap_or(&owner.session);
    tell_holder(state, &held.owner, &format!("{}-{who}", held.file), &text);
}

/// Leaves a word for who holds what another met. It only informs, so state that
/// cannot be written stops nothing. A person finds it in `maos audit`.
///
/// `about` is what it is about: a newer word about the same takes its place.
pub(crate) fn tell_holder(state: &State, holder: &Owner, about: &str, text: &str) {
    if holder.session.is_empty() {
        return;
    }
    let session = state.session(&holder.session);
    let name = note_for(holder.agent.as_deref());
    if let Err(error) = session.leave_in_note(&name, about, text) {
        log::warn!("note on a lease: {error}");
    }
}

/// Returns the word that was left for the owner of leases; mostly none.
fn told(call: &Call<'_>, state: &State, owner: &Owner) -> String {
    let session = state.session(&owner.session);
    let name = note_for(owner.agent.as_deref());
    let note = session.note(&name).unwrap_or_else(|error| {
        log::warn!("note on a lease: {error}");
        None
    });
    call.tell(note)
}

/// Returns the checkout that `path` lies in and the path below its root.
fn in_checkout(project: &Project, path: &Path) -> Option<(PathBuf, String)> {
    let workspace = project.workspace_of(path);
    let roots = [
        workspace.as_deref(),
        Some(project.checkout.as_path()),
        Some(project.main.as_path()),
    ];
    let below = |root: &Path| {
        let below = path.strip_prefix(root).ok()?;
        let file = below.to_str().filter(|file| !file.is_empty())?;
        Some((root.to_path_buf(), file.to_owned()))
    };
    let found = roots.into_iter().flatten().find_map(below);
    // A worktree of the person's own may lie anywhere.
    found.or_else(|| below(project.checkout_around(path)?))
}

fn refusal(held: &Held) -> Denial {
    Denial {
        rule: "leases.held".into(),
        reason: format!(
            "`{}` is being changed by {} ({}, since {}, until {} unless renewed).",
            held.file,
            held.owner.describe(),
            printable(&held.purpose),
            held.since,
            held.until
        ),
        instead: "Work on another file first, or ask it to finish.".to_owned(),
    }
}

fn busy(error: &io::Error) -> Denial {
    Denial {
        rule: "leases.held".into(),
        reason: format!("Whether another is changing this file cannot be told now ({error})."),
        instead: "Try it again.".to_owned(),
    }
}

fn warning(held: &Held) -> String {
    format!(
        "{} is being changed by {} as well, in {} ({}, since {}, until {} unless renewed): expect \
         to merge both changes.",
        held.file,
        held.owner.describe(),
        held.owner.checkout.display(),
        printable(&held.purpose),
        held.since,
        held.until
    )
}
