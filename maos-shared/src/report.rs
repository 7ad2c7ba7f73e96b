//! What the agent that launched another is told of its work.

use std::fmt::Write as _;
use std::io;

use crate::config::limits::{CONTEXT_BYTES, FILES_NAMED};
use crate::json;
use crate::state::Session;
use crate::state::agents::{Launch, Outcome, Stage, WorkspaceFact, fact};

/// Returns what agent `id` of this session has done and how to bring it in, or
/// an empty text when it has no workspace of its own.
///
/// # Errors
/// When a state file is damaged.
pub fn of_agent(session: &Session, id: &str) -> io::Result<String> {
    let Some(workspace) = session.fact::<WorkspaceFact>(id, fact::WORKSPACE)? else {
        return Ok(String::new());
    };
    let outcome = session.fact::<Outcome>(id, fact::RESULT)?;
    let mut text = format!("MAOS: {} ", name(session, id)?);
    let path = workspace.path.display();
    match outcome {
        None => {
            let _ = write!(
                text,
                "works in its own git worktree, {path}, on branch {}.",
                workspace.branch
            );
        }
        Some(outcome) => describe(&mut text, &workspace, &outcome),
    }
    Ok(bounded(text))
}

/// Returns a line for each stopped agent of this session that changed files,
/// or an empty text. Lists a folder.
///
/// # Errors
/// When a state file is damaged.
pub fn of_session(session: &Session) -> io::Result<String> {
    let mut text = String::new();
    for agent in session.agents(Stage::Completed)? {
        let outcome = session.fact::<Outcome>(&agent.agent_id, fact::RESULT)?;
        let Some(outcome) = outcome.filter(|outcome| !outcome.files.is_empty()) else {
            continue;
        };
        if text.is_empty() {
            text.push_str("MAOS: branches that agents of this session left:\n");
        }
        let (branch, files) = (&outcome.branch, outcome.files.len());
        let who = name(session, &agent.agent_id)?;
        let _ = writeln!(text, "- {branch} ({files} files), by {who}");
    }
    Ok(bounded(text))
}

fn describe(text: &mut String, workspace: &WorkspaceFact, outcome: &Outcome) {
    let path = workspace.path.display();
    let branch = &outcome.branch;
    if let Some(trouble) = &outcome.trouble {
        let _ = write!(
            text,
            "stopped, but its work could not be committed ({trouble}). Nothing is lost: it is in \
             {path}, on branch {branch}. "
        );
    }
    if outcome.files.is_empty() {
        if outcome.trouble.is_none() {
            let _ = write!(text, "changed no files; there is nothing to merge.");
        }
        return;
    }
    let named = outcome.files.iter().take(FILES_NAMED);
    let mut files = named.map(|file| printable(file)).collect::<Vec<_>>().join(", ");
    if outcome.files.len() > FILES_NAMED {
        let _ = write!(files, " and {} more", outcome.files.len() - FILES_NAMED);
    }
    let _ = write!(
        text,
        "worked in its own git worktree; nothing is in your checkout yet.\n\
         Branch: {branch} ({} commits)\nWorktree: {path}\nChanged files: {files}\n\
         Look: git diff {}...{branch}\nBring it in: git merge {branch}",
        outcome.commits, workspace.base
    );
}

fn name(session: &Session, id: &str) -> io::Result<String> {
    let agent_type = session.agent(id)?.map(|agent| agent.agent_type);
    let launch = session.fact::<Launch>(id, fact::LAUNCH)?;
    let mut name = format!("agent {}", printable(id));
    if let Some(agent_type) = agent_type {
        name = format!("agent {} ({})", printable(&agent_type), printable(id));
    }
    if let Some(launch) = launch.filter(|launch| !launch.description.is_empty()) {
        let _ = write!(name, " \"{}\"", printable(&launch.description));
    }
    Ok(name)
}

fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

fn bounded(text: String) -> String {
    if text.len() <= CONTEXT_BYTES {
        return text;
    }
    format!("{}…", json::cut(&text, CONTEXT_BYTES))
}
