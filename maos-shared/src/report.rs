//! What the agent that launched another is told of its work. `maos` is how a shell
//! command calls that program ([`crate::config::Environment::maos_command`]): what
//! is told to be done must work as it is told.

mod work;

use std::fmt::Write as _;
use std::io;

use crate::completion;
use crate::config::limits::{BRANCHES_NAMED, CONTEXT_BYTES, FILES_NAMED};
use crate::hook::{self, Call};
use crate::json::{self, printable};
use crate::state::Session;
use crate::state::agents::{Held, Launch, Outcome, Returned, Stage, fact};
use crate::workspace::Workspace;

/// Returns what agent `id` of this session has done and how to bring it in, or
/// an empty text when it has no workspace of its own.
///
/// # Errors
/// When a state file is damaged.
pub fn of_agent(session: &Session, id: &str, maos: &str) -> io::Result<String> {
    let Some(workspace) = session.fact::<Workspace>(id, fact::WORKSPACE)? else {
        return Ok(String::new());
    };
    let outcome = session.fact::<Outcome>(id, fact::RESULT)?;
    let mut text = format!("MAOS: {} ", name(session, id));
    let path = workspace.path.display();
    match outcome {
        None => {
            let _ = write!(
                text,
                "works in its own git worktree, {path}, on branch {}.",
                workspace.branch
            );
        }
        Some(outcome) => {
            let standing = Standing::of(session, id, &outcome)?;
            work::describe(&mut text, id, &workspace, &outcome, &standing, maos);
        }
    }
    Ok(bounded(text))
}

/// Returns what [`of_agent`] does of an agent that has ended, which is completed where
/// its stop was not; it counts as told once the answer of `call` is out.
///
/// # Errors
/// When a state file is damaged.
pub fn tell(call: &Call<'_>, session: &Session, id: &str) -> io::Result<String> {
    if let Err(error) = completion::complete(call, session, id) {
        return unfinished(session, id, &error);
    }
    let text = of_agent(session, id, &call.environment.maos_command())?;
    let outcome = session.fact::<Outcome>(id, fact::RESULT)?;
    let work = outcome.map(|outcome| (id.to_owned(), outcome.commit));
    keep_told(call, session, work.into_iter().collect());
    Ok(text)
}

/// Returns a line for each stopped agent of this session that changed files
/// and was not told of since, or an empty text; they count as told once the answer
/// of `call` is out. Lists a folder.
///
/// # Errors
/// When a state file is damaged.
pub fn tell_rest(call: &Call<'_>, session: &Session) -> io::Result<String> {
    let (mut lines, mut work) = (Vec::new(), Vec::new());
    for id in session.untold()? {
        let Some(outcome) = session.fact::<Outcome>(&id, fact::RESULT)? else {
            continue;
        };
        let told = session.fact_if_whole::<String>(&id, fact::TOLD);
        if told.as_ref() != Some(&outcome.commit) && !outcome.files.is_empty() {
            lines.push(stopped(session, &id, &outcome)?);
        }
        if lines.len() <= BRANCHES_NAMED {
            work.push((id, outcome.commit));
        }
    }
    keep_told(call, session, work);
    let maos = call.environment.maos_command();
    Ok(list("MAOS: branches that agents left", &lines, &maos))
}

/// Lets it be kept that the work of agents, each with its commit, has been told.
/// Where that cannot be kept, it is told once more.
fn keep_told(call: &Call<'_>, session: &Session, work: Vec<(String, String)>) {
    let session = session.clone();
    call.when_heard(move || {
        for (id, commit) in work {
            let kept = session.record(&id, fact::TOLD, &commit).and_then(|()| {
                session.has_been_told_of(&id, || {
                    let result = session.fact::<Outcome>(&id, fact::RESULT);
                    result.is_ok_and(|it| it.is_none_or(|it| it.commit == commit))
                })
            });
            if let Err(error) = kept {
                log::warn!("told: {error}");
            }
        }
    });
}

/// Returns what is told of an agent that has ended and could not be completed.
fn unfinished(session: &Session, id: &str, why: &hook::Error) -> io::Result<String> {
    let who = name(session, id);
    let place = match session.fact::<Workspace>(id, fact::WORKSPACE)? {
        Some(own) => format!(" Nothing is lost: it is in {}.", own.path.display()),
        None => String::new(),
    };
    let why = printable(&why.to_string());
    Ok(bounded(format!(
        "MAOS: {who} has ended, but its work could not be taken over ({why}).{place}"
    )))
}

/// Returns a line for each agent of this session that changed files, also for
/// those that have not stopped: the client may have been killed. An empty text
/// where there is none. Lists two folders.
///
/// # Errors
/// When a state file is damaged.
pub fn of_session(session: &Session, maos: &str) -> io::Result<String> {
    let mut lines = Vec::new();
    for (id, outcome) in with_work(session)? {
        lines.push(stopped(session, &id, &outcome)?);
    }
    for agent in session.agents(Stage::Active)? {
        let id = &agent.agent_id;
        if let Some(workspace) = session.fact::<Workspace>(id, fact::WORKSPACE)? {
            let (branch, path) = (&workspace.branch, workspace.path.display());
            let who = name(session, id);
            lines.push(format!(
                "- {branch}, by {who}, which has not stopped: its last work is not committed, in {path}"
            ));
        }
    }
    Ok(list(
        "MAOS: branches of this session's agents",
        &lines,
        maos,
    ))
}

/// Returns the stopped agents that changed files, or left some that no commit takes.
fn with_work(session: &Session) -> io::Result<Vec<(String, Outcome)>> {
    let mut found = Vec::new();
    for agent in session.agents(Stage::Completed)? {
        let outcome = session.fact::<Outcome>(&agent.agent_id, fact::RESULT)?;
        let has_work = |outcome: &Outcome| !outcome.files.is_empty() || !outcome.left.is_empty();
        if let Some(outcome) = outcome.filter(has_work) {
            found.push((agent.agent_id, outcome));
        }
    }
    Ok(found)
}

fn stopped(session: &Session, id: &str, outcome: &Outcome) -> io::Result<String> {
    let (branch, files) = (&outcome.branch, outcome.files.len());
    let who = name(session, id);
    let standing = match Standing::of(session, id, outcome)? {
        Standing::Back(back) => format!("; its changes are in {}", back.into.display()),
        Standing::Held(held) => format!("; not brought in: {}", printable(&held.reason)),
        Standing::OnBranch => String::new(),
    };
    let left = match &*outcome.left {
        [] => String::new(),
        left => format!("; not committed, in its worktree: {}", work::names_of(left)),
    };
    Ok(format!(
        "- {branch} ({files} files), by {who}{standing}{left}"
    ))
}

/// Where the newest work of a stopped agent is.
enum Standing {
    /// In the checkout that it started from.
    Back(Returned),
    /// On its branch, since it could not come back.
    Held(Held),
    /// On its branch.
    OnBranch,
}

impl Standing {
    fn of(session: &Session, id: &str, outcome: &Outcome) -> io::Result<Self> {
        let back = session.fact_if_whole::<Returned>(id, fact::RETURNED);
        if let Some(back) = back.filter(|back| back.commit == outcome.commit) {
            return Ok(Self::Back(back));
        }
        let held = session.fact_if_whole::<Held>(id, fact::HELD);
        let held = held.filter(|held| held.commit == outcome.commit);
        Ok(held.map_or(Self::OnBranch, Self::Held))
    }
}

fn list(title: &str, lines: &[String], maos: &str) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let mut text = format!("{title}; `{maos} merge` brings one in:\n");
    for line in lines.iter().take(BRANCHES_NAMED) {
        let _ = writeln!(text, "{line}");
    }
    if lines.len() > BRANCHES_NAMED {
        let more = lines.len() - BRANCHES_NAMED;
        let _ = writeln!(text, "- and {more} more; `{maos} status` shows all of them");
    }
    bounded(text)
}

/// Returns the first files, and how many more there are.
fn named(files: &[String]) -> String {
    let first = files.iter().take(FILES_NAMED);
    let mut text = first
        .map(|file| printable(file))
        .collect::<Vec<_>>()
        .join(", ");
    if files.len() > FILES_NAMED {
        let _ = write!(text, " and {} more", files.len() - FILES_NAMED);
    }
    text
}

fn name(session: &Session, id: &str) -> String {
    // Without its file it has a name all the same.
    let agent_type = session
        .agent(id)
        .ok()
        .flatten()
        .map(|agent| agent.agent_type);
    let launch = session.fact_if_whole::<Launch>(id, fact::LAUNCH);
    let mut name = format!("agent {}", printable(id));
    if let Some(agent_type) = agent_type {
        name = format!("agent {} ({})", printable(&agent_type), printable(id));
    }
    if let Some(launch) = launch.filter(|launch| !launch.description.is_empty()) {
        let _ = write!(name, " \"{}\"", printable(&launch.description));
    }
    name
}

fn bounded(text: String) -> String {
    if text.len() <= CONTEXT_BYTES {
        return text;
    }
    format!("{}…", json::cut(&text, CONTEXT_BYTES))
}
