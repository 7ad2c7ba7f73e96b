//! The life of a session, and what the main agent is told between turns.

mod notification;
mod settings;

use std::io;

use maos_shared::cleanup;
use maos_shared::config::CleanUpSettings;
use maos_shared::config::limits::BRANCHES_NAMED;
use maos_shared::hook::{Answer, Call, Error};
use maos_shared::jobs;
use maos_shared::journal::rfc3339;
use maos_shared::report;
use maos_shared::state::leases::Owner;
use maos_shared::state::legacy::TakenOver;
use maos_shared::state::sessions::{SessionEnd, SessionFact};
use maos_shared::state::{Session, State, note_for};
use maos_shared::workspace::merge;

/// Answers SessionStart: the session is written down. After a resume or a
/// compaction the model is told again which branches agents left ([`left`]).
///
/// # Errors
/// When state cannot be read. That it cannot be written, or that a `maos.toml`
/// is wrong, is told to the person.
pub fn start(call: &Call<'_>) -> Result<Answer, Error> {
    let source = call.input.source.as_deref().unwrap_or("startup");
    let state = call.state()?;
    let session = state.session(&call.input.session_id);
    let settings = call.settings();
    let mut troubles = settings::problems(call, settings);
    match state.take_over() {
        Ok(taken) => troubles.extend(taken_over(&state, &taken)),
        // That it cannot be written is told below.
        Err(error) => log::warn!("taking over: {error}"),
    }
    if let Err(error) = session.begin(&session_fact(call, source)) {
        troubles.push(format!(
            "MAOS cannot keep state here ({error}). The guard works; agents get no worktrees and \
             nothing is journalled until that is mended."
        ));
    } else {
        troubles.extend(in_the_way(&state, &session));
        clean_up(call, &settings.user.cleanup);
    }
    if let Err(error) = merge::recover(call.project()?) {
        troubles.push(format!("MAOS: {error}"));
    }
    let again = matches!(source, "resume" | "compact" | "clear");
    let told = if again {
        left(call, &state, &session)?
    } else {
        String::new()
    };
    Ok(Answer::tell(call.event, told).and_say(troubles.join("\n")))
}

/// Returns what to tell of what stands in the place of a part of the state, in one
/// line.
fn in_the_way(state: &State, session: &Session) -> Option<String> {
    let found = state.in_the_way(session);
    let names: Vec<_> = found
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    (!names.is_empty()).then(|| {
        format!(
            "MAOS cannot keep all of its state: {} should be a folder or a file that it is not; \
             move it away. The guard works; leases, journals or jobs may be off until then.",
            names.join(", ")
        )
    })
}

/// Returns what the session's agents left. Of more than a message names, nothing: to
/// read of each of them takes longer than a session may wait to begin, so a job does,
/// and leaves it for the next prompt or tool call.
fn left(call: &Call<'_>, state: &State, session: &Session) -> Result<String, Error> {
    let maos = call.environment.maos_command();
    if !session.has_more_agents_than(BRANCHES_NAMED)? {
        return Ok(report::of_session(session, &maos)?);
    }
    let order = jobs::Order {
        kind: jobs::Kind::Report,
        about: &call.input.session_id,
        session: Some(&call.input.session_id),
    };
    let session = session.clone();
    let tell = move || {
        let told = report::of_session(&session, &maos)?;
        if !told.is_empty() {
            session.add_to_note(&note_for(None), &told)?;
        }
        Ok(String::new())
    };
    let work = || tell().map_err(|error: io::Error| error.to_string());
    jobs::start(state, &order, work)?;
    Ok(String::new())
}

/// Returns what to tell of what an earlier MAOS had left, in one line.
fn taken_over(state: &State, taken: &TakenOver) -> Option<String> {
    let (count, first) = (taken.left.len(), taken.left.first()?);
    let more = match count {
        1 => String::new(),
        _ => format!(", and {} more", count - 1),
    };
    Some(format!(
        "MAOS took over {} agents of its earlier version in {} and left what it cannot read: \
         {first}{more}. Nothing was lost; move it away.",
        taken.agents,
        state.root().display()
    ))
}

/// Answers SessionEnd: the session's leases and reservations are freed, jobs that are of no use
/// after it are ended, and its end is written down beside how it began.
///
/// # Errors
/// When state cannot be written.
pub fn end(call: &Call<'_>) -> Result<Answer, Error> {
    let state = call.state()?;
    let id = &*call.input.session_id;
    let reason = call.input.reason.as_deref().unwrap_or("other");
    let session = state.session(id);
    if let Some(client) = call.client()
        && session
            .client()?
            .is_some_and(|other| other != client && other.runs())
    {
        // Another client has gone on with it: what it holds stays.
        let is_own = |owner: &Owner| owner.session == id && owner.client == Some(client);
        state.release_leases(|lease| is_own(&lease.owner))?;
        state.release_reservations(|one| is_own(&one.owner))?;
        return Ok(Answer::Silence);
    }
    // None of these is a reason to leave out another.
    let ended = session.end(&SessionEnd {
        ended: rfc3339(call.now),
        reason: reason.to_owned(),
    });
    let released = session.release_all_leases();
    let given_back = state.release_reservations(|one| one.owner.session == id);
    if let Err(error) = jobs::end_with_session(&state, id) {
        log::warn!("jobs: {error}");
    }
    clean_up(call, &call.settings().user.cleanup);
    ended.and(released).and(given_back.map(drop))?;
    Ok(Answer::Silence)
}

/// Orders a clean-up, where one is due. That it cannot be started now is no
/// reason not to begin or end: the next session orders it again.
fn clean_up(call: &Call<'_>, settings: &CleanUpSettings) {
    let ordered = call.project().and_then(|project| {
        let state = call.state()?;
        Ok(cleanup::order(project, &state, settings)?)
    });
    if let Err(error) = ordered {
        log::warn!("clean-up: {error}");
    }
}

/// Answers UserPromptSubmit: where the prompt says that agents have ended in
/// the background, the main agent is told what they did. Where something else
/// has ended, such as a workflow, that may have had agents too: the main agent
/// is told of all whose work it has not been told of.
///
/// # Errors
/// When state cannot be read.
pub fn prompt(call: &Call<'_>) -> Result<Answer, Error> {
    let prompt = call.input.prompt.as_deref().unwrap_or_default();
    let tasks = notification::tasks(prompt);
    let session = call.state()?.session(&call.input.session_id);
    let mut reports = Vec::new();
    reports.push(call.tell(session.note(&note_for(None))?));
    if tasks.is_empty() {
        return Ok(Answer::tell(call.event, reports.join("\n\n")));
    }
    // The stop of an agent may have been killed while its work came back.
    merge::recover(call.project()?)?;
    let (agents, others): (Vec<_>, Vec<_>) = tasks
        .into_iter()
        .partition(|task| session.stage(task).is_some());
    for agent in agents {
        reports.push(report::tell(call, &session, agent)?);
    }
    if !others.is_empty() {
        reports.push(report::tell_rest(call, &session)?);
    }
    reports.retain(|report| !report.is_empty());
    Ok(Answer::tell(call.event, reports.join("\n\n")))
}

/// Answers PreCompact.
///
/// # Errors
/// None today.
pub fn pre_compact(_call: &Call<'_>) -> Result<Answer, Error> {
    Ok(Answer::Silence)
}

fn session_fact(call: &Call<'_>, source: &str) -> SessionFact {
    SessionFact {
        session_id: call.input.session_id.to_string(),
        started: rfc3339(call.now),
        source: source.to_owned(),
        cwd: call.input.cwd().to_path_buf(),
        client: call.client(),
    }
}
