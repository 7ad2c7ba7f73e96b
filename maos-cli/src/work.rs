//! The work of agents that can be looked at and merged, and which one a person
//! means.

use std::path::PathBuf;
use std::time::Duration;

use maos_shared::guard::is_secret_file;
use maos_shared::project::Project;
use maos_shared::state::agents::{Agent, Launch, Outcome, Returned, Stage, fact};
use maos_shared::state::{Session, State};
use maos_shared::workspace::merge::{self, Piece, Ticket};
use maos_shared::workspace::{self, GitError, Touched, Workspace};
use schemars::JsonSchema;
use serde::Serialize;

use crate::error::Error;
use crate::output::{Text, Tone, counted};

/// How much of an agent's id is shown, characters.
const SHORT: usize = 8;
/// How many agents an error names.
const NAMED: usize = 8;

/// An agent's work.
pub(crate) struct Work {
    session: Session,
    agent: Agent,
    description: String,
    /// The branch that it is on, without `refs/heads/`; a commit where it is on none.
    pub(crate) branch: String,
    /// The branch that was made for it.
    first_branch: String,
    /// The commit that it is counted from: where the agent started.
    pub(crate) start: String,
    /// The commit up to which it is in the project's checkout.
    pub(crate) base: String,
    /// Its last commit.
    pub(crate) tip: String,
    /// The agent has stopped.
    pub(crate) is_done: bool,
    /// Why what it left is not committed.
    pub(crate) trouble: Option<String>,
    folder: PathBuf,
}

/// How long a session counts as open whose client is not known.
const UNKNOWN: Duration = Duration::from_secs(24 * 60 * 60);
/// How long git may look at one workspace.
const LOOK: Duration = Duration::from_secs(5);

/// What an agent that has not stopped has not committed yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Unfinished {
    /// Its id.
    agent: String,
    /// The folder that it works in.
    workspace: PathBuf,
    /// The files there that are not committed yet; its stop commits them.
    pub(crate) files: Vec<String>,
    #[serde(skip)]
    name: String,
    #[serde(skip)]
    is_open: bool,
}

impl Unfinished {
    /// Returns it for people.
    pub(crate) fn line(&self) -> Text {
        let files = counted(self.files.len(), "file");
        let (name, folder) = (&self.name, self.workspace.display());
        let verb = if self.files.len() == 1 { "is" } else { "are" };
        let state = match self.is_open {
            true => "is still at work",
            false => "was at work when its session ended",
        };
        let line = format!("{name} {state}: {files} {verb} not committed yet, in {folder}");
        Tone::Warn.of(line)
    }
}

/// Returns the work of every agent that has a branch, in the order in which
/// they began. Lists every session; git is asked for each branch.
///
/// # Errors
/// When state cannot be read, or git fails.
pub(crate) fn all(project: &Project, state: &State) -> Result<Vec<Work>, Error> {
    let mut works = Vec::new();
    for session in state.all_sessions()? {
        for stage in [Stage::Active, Stage::Completed] {
            for agent in session.agents(stage)? {
                works.extend(Work::of(project, &session, stage, agent)?);
            }
        }
    }
    works.sort_by(|a, b| a.agent.registered.cmp(&b.agent.registered));
    Ok(works)
}

/// Returns the work that `name` means: the agent's id or the begin of it, its
/// branch, or its description or a part of that.
///
/// # Errors
/// When no agent is meant, or more than one.
pub(crate) fn find<'a>(works: &'a [Work], name: &str) -> Result<&'a Work, Error> {
    let ways: [fn(&Work, &str) -> bool; 4] = [
        |work, name| {
            let names = [&work.agent.agent_id, &work.branch, &work.first_branch];
            names.into_iter().any(|known| known == name)
        },
        |work, name| work.agent.agent_id.starts_with(name),
        |work, name| work.description.eq_ignore_ascii_case(name),
        |work, name| {
            let (text, name) = (work.description.to_lowercase(), name.to_lowercase());
            text.contains(&name)
        },
    ];
    let ways = ways.iter().filter(|_| !name.is_empty());
    for way in ways {
        let meant: Vec<&Work> = works.iter().filter(|work| way(work, name)).collect();
        match meant[..] {
            [] => {}
            [work] => return Ok(work),
            _ => {
                let agents = meant.iter().take(NAMED).map(|work| work.name());
                return Err(Error::SeveralAgents {
                    name: name.to_owned(),
                    agents: agents.collect::<Vec<_>>().join(", "),
                });
            }
        }
    }
    Err(Error::NoSuchAgent(name.to_owned()))
}

/// Returns the id of the agent whose branch is named so; what is no branch of an
/// agent's stays as it is.
///
/// # Errors
/// When state cannot be read.
pub(crate) fn id_of_branch(state: &State, name: &str) -> Result<String, Error> {
    // Neither an id nor a type has one.
    if !name.contains('/') {
        return Ok(name.to_owned());
    }
    for session in state.all_sessions()? {
        for stage in Stage::ALL {
            for agent in session.agents(stage)? {
                let id = &agent.agent_id;
                let workspace = session.fact::<Workspace>(id, fact::WORKSPACE);
                let workspace = workspace.unwrap_or_default();
                if workspace.is_some_and(|workspace| workspace.branch == name) {
                    return Ok(agent.agent_id);
                }
            }
        }
    }
    Ok(name.to_owned())
}

impl Work {
    fn of(
        project: &Project,
        session: &Session,
        stage: Stage,
        agent: Agent,
    ) -> Result<Option<Self>, Error> {
        let id = &agent.agent_id;
        let Some(workspace) = session.fact::<Workspace>(id, fact::WORKSPACE)? else {
            return Ok(None);
        };
        let outcome = session.fact::<Outcome>(id, fact::RESULT)?;
        let stopped = outcome.as_ref().map(|outcome| &*outcome.commit);
        let stopped = stopped.filter(|commit| !commit.is_empty());
        let Some(tip) = merge::tip(project, &workspace, stopped)? else {
            return Ok(None);
        };
        // What came to another checkout is not in this one.
        let returned = session.fact::<Returned>(id, fact::RETURNED)?;
        let returned = returned.filter(|returned| returned.into == project.checkout);
        let returned = returned.as_ref().map(|returned| &*returned.commit);
        let since = |last| match merge::since(project, &workspace.base, last, &tip) {
            // Nobody has kept the commit: there is nothing to merge.
            Err(workspace::Error::Git(GitError::Failed { .. })) => Ok(None),
            found => found.map(Some),
        };
        let (Some(start), Some(base)) = (since(None)?, since(returned)?) else {
            return Ok(None);
        };
        let launch = session.fact::<Launch>(id, fact::LAUNCH)?;
        let trouble = outcome.as_ref().and_then(|outcome| outcome.trouble.clone());
        let branch = outcome.filter(|outcome| outcome.commit == tip);
        let branch = branch.map(|outcome| outcome.branch);
        Ok(Some(Self {
            session: session.clone(),
            description: launch.map(|launch| launch.description).unwrap_or_default(),
            branch: branch.unwrap_or_else(|| workspace.branch.clone()),
            first_branch: workspace.branch,
            folder: workspace.path,
            start,
            base,
            tip,
            is_done: stage == Stage::Completed,
            trouble: trouble.filter(|_| stage == Stage::Completed),
            agent,
        }))
    }

    /// Returns the agent's id.
    pub(crate) fn id(&self) -> &str {
        &self.agent.agent_id
    }

    /// Returns the agent as a person can tell it from others.
    pub(crate) fn name(&self) -> String {
        let id = self.id();
        let short = id.get(..SHORT).unwrap_or(id);
        let name = format!("{} {short}", self.agent.agent_type);
        match self.description.is_empty() {
            true => name,
            false => format!("{name} \"{}\"", self.description),
        }
    }

    /// Returns whether there is work that is not in the checkout.
    pub(crate) fn is_new(&self) -> bool {
        self.base != self.tip
    }

    /// Returns which files its commits and its workspace have otherwise than its
    /// start; where the workspace is gone, or cannot be looked at, its commits alone.
    /// Blocks while git looks, some seconds at most.
    ///
    /// # Errors
    /// With git's own reason.
    pub(crate) fn touched(&self, project: &Project) -> Result<Touched, workspace::Error> {
        self.look().or_else(|_| {
            Ok(Touched {
                committed: merge::changed_files(project, &self.start, &self.tip)?,
                uncommitted: Vec::new(),
            })
        })
    }

    fn look(&self) -> Result<Touched, workspace::Error> {
        workspace::touched(&self.folder, &self.start, &is_secret_file, LOOK)
    }

    /// Returns what it has not committed yet; nothing where it has stopped, or
    /// nothing can be told.
    pub(crate) fn unfinished(&self) -> Option<Unfinished> {
        if self.is_done {
            return None;
        }
        let files = self.look().ok()?.uncommitted;
        (!files.is_empty()).then(|| Unfinished {
            agent: self.id().to_owned(),
            workspace: self.folder.clone(),
            name: self.name(),
            is_open: self.session.is_live(UNKNOWN).unwrap_or_default(),
            files,
        })
    }

    /// Returns it for a merge, as far as it is new.
    pub(crate) fn piece(&self) -> Piece {
        self.piece_since(&self.base)
    }

    /// Returns all of it for a merge, also what came back before.
    pub(crate) fn whole_piece(&self) -> Piece {
        self.piece_since(&self.start)
    }

    fn piece_since(&self, base: &str) -> Piece {
        let title = match self.description.is_empty() {
            true => "work of an agent",
            false => &self.description,
        };
        Piece {
            name: self.id().to_owned(),
            base: base.to_owned(),
            tip: self.tip.clone(),
            message: format!(
                "{}: {title}\n\nAgent: {}\n",
                self.agent.agent_type,
                self.id()
            ),
        }
    }

    /// Returns whose work it is, for what is recorded when it is in the files.
    pub(crate) fn ticket(&self, state: &State) -> Ticket {
        let session = self.session.dir().file_name().unwrap_or_default();
        Ticket {
            state: state.root().to_owned(),
            session: session.to_string_lossy().into_owned(),
            agent: self.id().to_owned(),
        }
    }

    /// Keeps that it is in a checkout; the agent's leases end.
    ///
    /// # Errors
    /// When state cannot be written.
    pub(crate) fn record(&self, returned: &Returned) -> Result<(), Error> {
        self.session.record(self.id(), fact::RETURNED, returned)?;
        Ok(self.session.release_leases_of(Some(self.id()))?)
    }
}
