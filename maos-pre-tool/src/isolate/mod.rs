//! Keeps a subagent's changes out of every checkout but its own workspace.
//!
//! An agent that the client isolated works in its workspace already; what is
//! left is to stop it from reaching out. An agent that shares a checkout gets
//! a workspace with its first change: a new file is written there, a command
//! runs there, an edit is refused once with the path to use, and what it reads
//! from then on is read there. Without a workspace nothing is changed: the
//! call fails with the reason.

mod command;
mod files;
mod making;

use std::path::{Path, PathBuf};

use maos_shared::guard::{Denial, Judgement};
use maos_shared::hook::{Answer, Call, Error};
use maos_shared::journal::rfc3339;
use maos_shared::json::Object;
use maos_shared::project::{Kind, Project};
use maos_shared::state::agents::{Agent, Stage, fact};
use maos_shared::workspace::Workspace;

use crate::location::{Location, real_path};
use crate::objection;
use crate::tools::Tool;

/// A call with its place.
pub(crate) struct Placed {
    /// The answer so far.
    pub(crate) answer: Answer,
    /// The file that will be changed, where it is another than was asked for.
    pub(crate) file: Option<PathBuf>,
}

impl Placed {
    /// Returns a call that stays as it is.
    pub(crate) fn as_asked() -> Self {
        Self::with(Answer::Silence)
    }

    fn with(answer: Answer) -> Self {
        Self { answer, file: None }
    }
}

/// Finds the place for a subagent's call. Where the workspace that it needs
/// cannot be made, the call is refused with the reason, also for a person who
/// lets calls pass when the guard fails: it would change what others work on.
///
/// # Errors
/// When the project or the state is broken.
pub(crate) fn place(
    call: &Call<'_>,
    agent: &str,
    tool: &Tool,
    input: &Object<'_>,
    judgement: Option<&Judgement>,
) -> Result<Placed, Error> {
    if matches!(tool, Tool::Harmless | Tool::Launch) {
        return Ok(Placed::as_asked());
    }
    let project = call.project()?;
    if project.kind == Kind::Folder {
        return Ok(Placed::as_asked());
    }
    let known: Option<Workspace> = call
        .state()?
        .session(&call.input.session_id)
        .fact(agent, fact::WORKSPACE)?;
    let subject = Subject {
        call,
        agent,
        project,
        input,
        known,
    };
    if subject.known.is_some() {
        subject.is_at_work()?;
    }
    let placed = match tool {
        Tool::Command(command) => subject.command(command, judgement),
        Tool::Read(file) => subject.read(file),
        Tool::Search(path) => subject.search(path.as_deref()),
        Tool::Write(file) => subject.write(file),
        Tool::Edit(file) => subject.edit(file),
        Tool::Unknown => subject.unknown(),
        Tool::Harmless | Tool::Launch => Ok(Placed::as_asked()),
    };
    match placed {
        Err(error @ (Error::Program(_) | Error::State(_))) => {
            let denial = Denial {
                rule: "isolation.workspace".into(),
                reason: format!(
                    "This agent needs a git worktree of its own for its changes, and none can be \
                     made: {error}."
                ),
                instead: "Nothing was changed; tell the user what is in the way.".to_owned(),
            };
            Ok(Placed::with(objection::refuse(call, &denial, judgement)))
        }
        placed => placed,
    }
}

/// A subagent's call and what is known of the agent.
struct Subject<'a> {
    call: &'a Call<'a>,
    agent: &'a str,
    project: &'a Project,
    input: &'a Object<'a>,
    /// The workspace that it has already.
    known: Option<Workspace>,
}

impl Subject<'_> {
    fn refuse_foreign(&self, path: &str) -> Result<Placed, Error> {
        let place = match &self.known {
            Some(own) => format!("Work in {}", own.path.display()),
            None => "Work in this agent's own checkout".to_owned(),
        };
        let denial = Denial {
            rule: "isolation.foreign".into(),
            reason: format!("`{path}` belongs to another agent, to git or to MAOS."),
            instead: format!("{place}; what other agents did comes by merging their branches."),
        };
        Ok(Placed::with(objection::refuse(self.call, &denial, None)))
    }

    fn locate(&self, path: &str, own: Option<&Workspace>) -> Location {
        let path = real_path(&self.call.input.absolute(path), &self.project.checkout);
        Location::of(&path, self.project, own.map(|own| own.path.as_path()))
    }

    /// Returns whether the agent's folder lies in its workspace.
    fn is_in(&self, own: &Workspace) -> bool {
        self.project.checkout == own.path
    }

    fn redirect(&self, field: &str, there: &Path) -> Result<Placed, Error> {
        let path = there
            .to_str()
            .ok_or_else(|| Error::input("the worktree's path is not UTF-8"))?;
        let input = self.input.with(&[(field, path)])?;
        Ok(Placed::with(Answer::rewrite(input)))
    }

    /// Returns the agent's workspace, made now if it has none.
    ///
    /// Safe at any kill: making it is idempotent by the agent's id, the fact is
    /// written whole before the agent counts as active, and the next call takes
    /// the steps that are missing.
    fn workspace(&self) -> Result<Workspace, Error> {
        if let Some(known) = &self.known
            && known.path.is_dir()
        {
            return Ok(known.clone());
        }
        making::make(self.call, self.agent, self.agent_type())?;
        let session = self.call.state()?.session(&self.call.input.session_id);
        let made = session.fact(self.agent, fact::WORKSPACE)?;
        let made = made.ok_or_else(|| Error::Program("nobody knows where it is".to_owned()))?;
        self.activate()?;
        Ok(made)
    }

    /// Keeps that the agent is at work. It counts as active, also where the event that
    /// said so was killed. It has its workspace all the same, so what cannot be
    /// written stops nothing.
    fn is_at_work(&self) -> Result<(), Error> {
        let session = self.call.state()?.session(&self.call.input.session_id);
        if !session.is_at_work(self.agent).unwrap_or(true)
            && let Err(error) = self.activate()
        {
            log::warn!("agent: {error}");
        }
        Ok(())
    }

    /// Lets the agent count as active.
    fn activate(&self) -> Result<(), Error> {
        let session = self.call.state()?.session(&self.call.input.session_id);
        let agent = Agent {
            agent_id: self.agent.to_owned(),
            agent_type: self.agent_type().to_owned(),
            registered: rfc3339(self.call.now),
            client: self.call.client(),
        };
        Ok(session.bring(&agent, Stage::Active)?)
    }

    fn agent_type(&self) -> &str {
        self.call.input.agent_type.as_deref().unwrap_or("agent")
    }
}

/// Returns `below` in the workspace; joining an empty path would add a slash.
fn inside(own: &Workspace, below: &Path) -> PathBuf {
    if below.as_os_str().is_empty() {
        own.path.clone()
    } else {
        own.path.join(below)
    }
}
