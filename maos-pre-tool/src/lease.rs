//! Who else is changing this file: a lease is taken for every file that a tool
//! names as its target. In one and the same checkout another's lease refuses
//! the call; between worktrees it is only told, since each has its own copy.

use std::path::{Path, PathBuf};

use maos_shared::guard::Denial;
use maos_shared::hook::{Answer, Call, Error};
use maos_shared::project::Project;
use maos_shared::state::leases::{Lease as Held, Owner, Taken};

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
    let path = match instead {
        Some(path) => real_path(path),
        None => real_path(&call.input.absolute(&asked.path)),
    };
    let Some((checkout, file)) = in_checkout(call.project()?, &path) else {
        return Ok(Lease::Held(String::new()));
    };
    let owner = Owner {
        session: call.input.session_id.to_string(),
        agent: call.input.agent().map(ToOwned::to_owned),
        agent_type: call.input.agent_type.as_deref().map(ToOwned::to_owned),
        client_pid: call.environment.client_pid,
        checkout: checkout.clone(),
    };
    match call.state()?.take_lease(&file, &owner, call.input.tool()) {
        Ok(Taken::Yes) => Ok(Lease::Held(String::new())),
        Ok(Taken::HeldBy(held)) if held.owner.checkout == checkout => Ok(Lease::Refused(
            objection::refuse(call, &refusal(&held), None),
        )),
        Ok(Taken::HeldBy(held)) => Ok(Lease::Held(warning(&held))),
        Err(error) => {
            // Coordination must not stop work where state cannot be written.
            log::warn!("lease: {error}");
            Ok(Lease::Held(String::new()))
        }
    }
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
