//! When an agent stops, its work is compared with that of the others, before
//! anybody merges: those who conflict, and the main agent, hear of it with their
//! next tool call.

use maos_shared::hook::{Call, Error};
use maos_shared::jobs::{self, Kind, Order};
use maos_shared::project::Project;
use maos_shared::state::agents::{Outcome, Returned, Stage, fact};
use maos_shared::state::{Session, note_for};
use maos_shared::workspace::Workspace;
use maos_shared::workspace::merge::{self, Piece};

/// Starts the comparison as a job; nobody waits for it.
///
/// # Errors
/// When state cannot be read or written.
pub(crate) fn start(call: &Call<'_>, agent: &str, outcome: &Outcome) -> Result<(), Error> {
    if outcome.files.is_empty() {
        return Ok(());
    }
    let state = call.state()?;
    let order = Order {
        kind: Kind::Forecast,
        about: agent,
        session: Some(&call.input.session_id),
    };
    let session = state.session(&call.input.session_id);
    let (project, agent) = (call.project()?.clone(), agent.to_owned());
    let work = move || match compare(&project, &session, &agent) {
        Ok(found) => Ok(format!("{found} conflicts")),
        Err(error) => Err(error.to_string()),
    };
    jobs::start(&state, &order, work)?;
    Ok(())
}

/// Compares an agent's work with that of every other agent of the session, and
/// leaves notes. Returns with how many it conflicts.
fn compare(project: &Project, session: &Session, agent: &str) -> Result<usize, Error> {
    let Some(own) = piece(project, session, agent)? else {
        return Ok(0);
    };
    let mut found = 0;
    for stage in [Stage::Active, Stage::Completed] {
        for other in session.agents(stage)? {
            let id = &other.agent_id;
            let Some(theirs) = piece(project, session, id)?.filter(|_| id != agent) else {
                continue;
            };
            let clashes = merge::clash(project, &own, &theirs)?;
            if clashes.is_empty() {
                continue;
            }
            found += 1;
            let files: Vec<String> = clashes.iter().map(ToString::to_string).collect();
            tell(session, agent, id, &files.join(", "));
        }
    }
    Ok(found)
}

/// Returns what an agent has committed, or nothing where all of it came back.
fn piece(project: &Project, session: &Session, id: &str) -> Result<Option<Piece>, Error> {
    let Some(own) = session.fact::<Workspace>(id, fact::WORKSPACE)? else {
        return Ok(None);
    };
    let Some(tip) = merge::tip_of(project, &own.branch)? else {
        return Ok(None);
    };
    let returned = session.fact::<Returned>(id, fact::RETURNED)?;
    let is_back = returned.is_some_and(|returned| returned.commit == tip);
    let piece = Piece {
        name: id.to_owned(),
        base: own.base,
        tip,
        message: String::new(),
    };
    Ok((!is_back && piece.base != piece.tip).then_some(piece))
}

fn tell(session: &Session, one: &str, other: &str, files: &str) {
    let notes = [
        (
            Some(one),
            format!("MAOS: your work and that of agent {other} conflict"),
        ),
        (
            Some(other),
            format!("MAOS: your work and that of agent {one} conflict"),
        ),
        (
            None,
            format!("MAOS: the work of the agents {one} and {other} conflicts"),
        ),
    ];
    for (to, text) in notes {
        let text = format!(
            "{text} in {files}. Nothing of it is merged yet; whichever comes second has to be \
             settled. `maos conflicts` shows who fits whom."
        );
        if let Err(error) = session.add_to_note(&note_for(to), &text) {
            log::warn!("note: {error}");
        }
    }
}
