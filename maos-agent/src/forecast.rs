//! When an agent stops, its work is compared with that of the others, before
//! anybody merges: those who conflict, and the main agent, hear of it with their
//! next tool call.

use maos_shared::cleanup;
use maos_shared::hook::{Call, Error};
use maos_shared::jobs::{self, Kind, Order};
use maos_shared::project::Project;
use maos_shared::state::agents::{Held, Outcome, Returned, Stage, fact};
use maos_shared::state::{Session, State, note_for};
use maos_shared::workspace::Workspace;
use maos_shared::workspace::merge::{self, Conflict, Piece};

/// Starts the comparison as a job; nobody waits for it.
///
/// # Errors
/// When state cannot be read or written.
pub(crate) fn start(
    call: &Call<'_>,
    agent: &str,
    own: &Workspace,
    outcome: &Outcome,
) -> Result<(), Error> {
    if outcome.files.is_empty() {
        return Ok(());
    }
    let state = call.state()?;
    let order = Order {
        kind: Kind::Forecast,
        about: agent,
        session: Some(&call.input.session_id),
    };
    let from = own.from.as_deref().unwrap_or(&call.project()?.main);
    let forecast = Forecast {
        project: Project::find(from, None, None)?,
        session: state.session(&call.input.session_id),
        agent: agent.to_owned(),
        maos: call.environment.maos_command(),
    };
    let sessions = state.clone();
    let work = move || match forecast.make(&sessions) {
        Ok(found) => Ok(format!("{found} conflicts")),
        Err(error) => Err(error.to_string()),
    };
    jobs::start(&state, &order, work)?;
    Ok(())
}

/// The comparison of one agent's work with all that it has to fit.
struct Forecast {
    /// The checkout that the agent started from.
    project: Project,
    session: Session,
    agent: String,
    /// How a shell command calls `maos`.
    maos: String,
}

impl Forecast {
    /// Compares the work with the files of the checkout, and with that of every
    /// other agent, of all sessions, and leaves notes. Returns with how many it
    /// conflicts.
    fn make(&self, state: &State) -> Result<usize, Error> {
        // Nobody waits here, and a person's own `git merge` told nobody.
        if let Err(error) = cleanup::release_merged(&self.project, state) {
            log::warn!("leases: {error}");
        }
        let Some(own) = work(&self.project, &self.session, &self.agent, Stage::Completed)? else {
            return Ok(0);
        };
        let mut found = 0;
        if !own.is_back {
            found += usize::from(self.compare_with_files(&own.piece)?);
        }
        for session in state.all_sessions()? {
            for stage in [Stage::Active, Stage::Completed] {
                for other in session.agents(stage)? {
                    let is_own =
                        other.agent_id == self.agent && session.dir() == self.session.dir();
                    if is_own {
                        continue;
                    }
                    let id = &other.agent_id;
                    let theirs = work(&self.project, &session, id, stage)?;
                    // What came back is in the files of the checkout.
                    let theirs = theirs.filter(|theirs| !theirs.is_back);
                    if let Some(theirs) = theirs
                        && self.compare_with(&own, &session, &theirs.piece)?
                    {
                        found += 1;
                    }
                }
            }
        }
        Ok(found)
    }

    /// Returns whether the work conflicts with the files of the checkout. Where
    /// it was to come there and could not, that is told already.
    fn compare_with_files(&self, own: &Piece) -> Result<bool, Error> {
        let held = self.session.fact::<Held>(&self.agent, fact::HELD)?;
        if held.is_some_and(|held| held.commit == own.tip) {
            return Ok(false);
        }
        let clashes = merge::clash_with_files(&self.project, own)?;
        if clashes.is_empty() {
            return Ok(false);
        }
        let (agent, files) = (&self.agent, listed(&clashes));
        let place = self.project.checkout.display();
        self.leave(
            &self.session,
            None,
            &format!(
                "MAOS: the work of agent {agent} conflicts with what is in {place} in {files}. \
                 Nothing of it is merged yet"
            ),
        );
        Ok(true)
    }

    /// Returns whether the work conflicts with that of an agent of `session`.
    fn compare_with(&self, own: &Work, session: &Session, theirs: &Piece) -> Result<bool, Error> {
        let clashes = merge::clash(&self.project, &own.piece, theirs)?;
        if clashes.is_empty() {
            return Ok(false);
        }
        let (one, other, files) = (&self.agent, &theirs.name, listed(&clashes));
        let place = self.project.checkout.display();
        let standing = match own.is_back {
            true => format!("That of {one} is in {place} by now"),
            false => "Nothing of it is merged yet".to_owned(),
        };
        let of_both = format!(
            "MAOS: the work of the agents {one} and {other} conflicts in {files}. {standing}"
        );
        let of = |agent: &str| {
            format!("MAOS: your work and that of agent {agent} conflict in {files}. {standing}")
        };
        self.leave(&self.session, Some(one), &of(other));
        self.leave(session, Some(other), &of(one));
        self.leave(&self.session, None, &of_both);
        if session.dir() != self.session.dir() {
            self.leave(session, None, &of_both);
        }
        Ok(true)
    }

    /// Leaves a note for an agent, or for the main one.
    fn leave(&self, session: &Session, to: Option<&str>, text: &str) {
        let maos = &self.maos;
        let text = format!(
            "{text}; whichever comes second has to be settled. \
             `{maos} conflicts` shows who fits whom."
        );
        if let Err(error) = session.add_to_note(&note_for(to), &text) {
            log::warn!("note: {error}");
        }
    }
}

/// The work of an agent.
struct Work {
    piece: Piece,
    /// All of it has come back.
    is_back: bool,
}

/// Returns what an agent has done: committed, or while it is at work, as its files
/// are now. Nothing where that is nothing.
fn work(
    project: &Project,
    session: &Session,
    id: &str,
    stage: Stage,
) -> Result<Option<Work>, Error> {
    let Some(own) = session.fact::<Workspace>(id, fact::WORKSPACE)? else {
        return Ok(None);
    };
    let outcome = session.fact::<Outcome>(id, fact::RESULT)?;
    let stopped = outcome.as_ref().map(|outcome| &*outcome.commit);
    let stopped = stopped.filter(|commit| !commit.is_empty());
    let found = match stage {
        Stage::Active => merge::files_of(&own)?,
        _ => merge::tip(project, &own, stopped)?,
    };
    let Some(tip) = found else {
        return Ok(None);
    };
    let base = merge::since(project, &own.base, None, &tip)?;
    if base == tip {
        return Ok(None);
    }
    let returned = session.fact::<Returned>(id, fact::RETURNED)?;
    Ok(Some(Work {
        is_back: returned.is_some_and(|returned| returned.commit == tip),
        piece: Piece {
            name: id.to_owned(),
            base,
            tip,
            message: String::new(),
        },
    }))
}

fn listed(clashes: &[Conflict]) -> String {
    let files: Vec<String> = clashes.iter().map(ToString::to_string).collect();
    files.join(", ")
}
