//! `maos status`: who works here.

use std::path::{Path, PathBuf};

use maos_shared::config::Environment;
use maos_shared::state::agents::{Agent, Launch, Outcome, Stage, fact};
use maos_shared::state::sessions::SessionFact;
use maos_shared::state::{Session, State};
use maos_shared::workspace::Workspace;

use crate::error::{Error, exit_code};
use crate::output::Output;
use crate::place;

/// Show the sessions of a project and their agents: state, type, id, branch,
/// workspace, task and result.
///
/// The newest sessions come last.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  maos status
  maos status --project ~/src/shop -n 1")]
pub(crate) struct Args {
    /// A folder of the project
    #[arg(long, value_name = "DIR", default_value = ".")]
    project: PathBuf,
    /// How many sessions to show
    #[arg(short = 'n', value_name = "COUNT", default_value_t = 5)]
    sessions: usize,
}

impl Args {
    pub(super) fn run(&self, output: &mut Output) -> Result<u8, Error> {
        let environment = Environment::read();
        let project = place::project(&environment, &self.project)?;
        let state = State::at(project.state_dir(), environment.now());
        let sessions = sessions(&state)?;
        if sessions.is_empty() {
            let root = state.root().display();
            output.line(format_args!("no session yet: {root} holds none"))?;
        }
        let hidden = sessions.len().saturating_sub(self.sessions);
        for (began, session) in &sessions[hidden..] {
            show_session(output, session, began.as_ref(), &project.main)?;
        }
        if hidden > 0 {
            output.line(format_args!("{hidden} older sessions; -n shows more"))?;
        }
        Ok(exit_code::DONE)
    }
}

/// Returns the sessions, oldest first. One whose own file is missing or damaged
/// still has agents to show.
fn sessions(state: &State) -> Result<Vec<(Option<SessionFact>, Session)>, Error> {
    let load = |session: Session| (session.began().unwrap_or_default(), session);
    let mut sessions: Vec<_> = state.all_sessions()?.into_iter().map(load).collect();
    sessions.sort_by(|(a, _), (b, _)| {
        let started = |fact: &Option<SessionFact>| fact.as_ref().map(|fact| fact.started.clone());
        started(a).cmp(&started(b))
    });
    Ok(sessions)
}

fn show_session(
    output: &mut Output,
    session: &Session,
    began: Option<&SessionFact>,
    main: &Path,
) -> Result<(), Error> {
    let name = session
        .dir()
        .file_name()
        .unwrap_or_default()
        .to_string_lossy();
    // As with its begin: a damaged file is no reason not to show the agents.
    let ended = session.ended().unwrap_or_default();
    match (began, ended) {
        (Some(began), Some(end)) => output.line(format_args!(
            "session {name}, {} to {} ({})",
            began.started, end.ended, end.reason
        ))?,
        (Some(began), None) => output.line(format_args!(
            "session {name}, since {} ({})",
            began.started, began.source
        ))?,
        (None, Some(end)) => output.line(format_args!(
            "session {name}, ended {} ({})",
            end.ended, end.reason
        ))?,
        (None, None) => output.line(format_args!("session {name}"))?,
    }
    for stage in Stage::ALL {
        for agent in session.agents(stage)? {
            show_agent(output, session, stage, &agent, main)?;
        }
    }
    Ok(())
}

fn show_agent(
    output: &mut Output,
    session: &Session,
    stage: Stage,
    agent: &Agent,
    main: &Path,
) -> Result<(), Error> {
    let (id, kind) = (&agent.agent_id, &agent.agent_type);
    let stage = match stage {
        Stage::Pending => "pending",
        Stage::Active => "active",
        Stage::Completed => "completed",
    };
    let task = session.fact::<Launch>(id, fact::LAUNCH)?;
    let task = task
        .map(|task| format!("  {}", task.description))
        .unwrap_or_default();
    output.line(format_args!("  {stage:<9}  {kind}  {id}{task}"))?;
    if let Some(workspace) = session.fact::<Workspace>(id, fact::WORKSPACE)? {
        let path = workspace.path.strip_prefix(main).unwrap_or(&workspace.path);
        let branch = &workspace.branch;
        output.line(format_args!("             {branch}  in {}", path.display()))?;
    }
    if let Some(outcome) = session.fact::<Outcome>(id, fact::RESULT)? {
        let (commits, files) = (outcome.commits, outcome.files.len());
        output.line(format_args!(
            "             commits: {commits}, files: {files}"
        ))?;
        if let Some(trouble) = outcome.trouble {
            output.line(format_args!("             not committed: {trouble}"))?;
        }
    }
    Ok(())
}
