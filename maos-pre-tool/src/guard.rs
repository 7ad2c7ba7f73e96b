//! Hands the call to the guard with what it has to know of the machine.

use std::path::{Path, PathBuf};

use maos_shared::config::limits::PATH_BYTES;
use maos_shared::guard::{
    Access, Effect, Judgement, Policy, Surroundings, Verdict, judge_command, judge_file,
};
use maos_shared::hook::{Answer, Call, Error};
use maos_shared::json::Object;
use maos_shared::project::Project;
use maos_shared::state::Allowances;

use crate::location::real_path;
use crate::objection;
use crate::tools::Tool;

/// What came of the guard.
pub(crate) enum Judged {
    /// The call must not run.
    Denied(Answer),
    /// It may go on.
    Passed(Box<Passed>),
}

/// A call that the guard lets go on.
#[derive(Default)]
pub(crate) struct Passed {
    /// The judgement where the call is a command.
    pub(crate) judgement: Option<Judgement>,
    /// What is to be said about it.
    remark: Option<Remark>,
}

/// What a rule says about a call that may go on.
enum Remark {
    /// The person decides.
    Ask(String),
    /// The model is told.
    Warn(String),
}

impl Passed {
    /// Returns the answer with what the rules have to say put to it; a refusal
    /// stays one.
    pub(crate) fn remark_on(self, call: &Call<'_>, answer: Answer) -> Answer {
        match self.remark {
            _ if answer.refusal().is_some() => answer,
            Some(Remark::Ask(text)) => Answer::ask(text).with_input_of(answer),
            Some(Remark::Warn(text)) => answer.and_tell(call.event, text),
            None => answer,
        }
    }
}

/// Judges the call.
///
/// # Errors
/// When its project cannot be made out and it could change something.
pub(crate) fn judge(call: &Call<'_>, tool: &Tool, input: &Object<'_>) -> Result<Judged, Error> {
    let policy = policy(call);
    let judge_path = |path: &str, access| judge_path(call, &policy, path, access);
    match tool {
        Tool::Command(command) => judge_shell(call, &policy, command),
        Tool::Read(file) => judge_path(&file.path, Access::Read),
        Tool::Write(file) | Tool::Edit(file) => judge_path(&file.path, Access::Write),
        Tool::Search(path) => {
            // A search shows what is in the files that its filter names.
            let mut last = Judged::Passed(Box::default());
            for text in [path.clone(), input.text("glob")?].into_iter().flatten() {
                last = judge_path(&text, Access::Read)?;
                if let Judged::Denied(_) = last {
                    break;
                }
            }
            Ok(last)
        }
        Tool::Launch | Tool::Harmless | Tool::Unknown => Ok(Judged::Passed(Box::default())),
    }
}

/// Returns what the person's and the project's `maos.toml` make of the rules.
/// What is wrong with them is told when a session begins.
fn policy(call: &Call<'_>) -> Policy {
    let layers = call.settings();
    for problem in &layers.problems {
        log::warn!("{problem}");
    }
    let policy = Policy::new(&layers.user.guard, &layers.project.guard);
    match (call.state(), call.environment.client_settings()) {
        (Ok(state), Some(settings)) => {
            let allowances = Allowances::in_settings(&settings, state);
            policy.allowing(move |rule| allowances.has(rule))
        }
        _ => policy,
    }
}

fn judge_shell(call: &Call<'_>, policy: &Policy, command: &str) -> Result<Judged, Error> {
    let mut judgement = surrounded(call, policy, |around| {
        judge_command(command, around, policy)
    });
    call.note(|note| note.programs = std::mem::take(&mut judgement.programs));
    let verdict = std::mem::replace(&mut judgement.verdict, Verdict::Pass);
    // A broken checkout stops what could change files; looking is how the
    // agent finds out what is wrong with it.
    if judgement.effect == Effect::Modifies && verdict.denial().is_none() {
        call.project()?;
    }
    Ok(answer(call, verdict, Some(judgement)))
}

fn judge_path(
    call: &Call<'_>,
    policy: &Policy,
    path: &str,
    access: Access,
) -> Result<Judged, Error> {
    if path.contains('\0') {
        return Err(Error::input("the path holds a NUL character"));
    }
    // The client may shorten a path with many `..` before the system sees it.
    if path.len() > PATH_BYTES {
        return Err(Error::input(format!(
            "the path is longer than the {PATH_BYTES} bytes that the system takes"
        )));
    }
    let known = call
        .project()
        .map_or(Path::new("/"), |found| &found.checkout);
    let real = real_path(&call.input.absolute(path), known);
    let verdict = surrounded(call, policy, |around| {
        let as_written = judge_file(path, access, around, policy);
        match as_written {
            Verdict::Pass => judge_file(&real.to_string_lossy(), access, around, policy),
            objection => objection,
        }
    });
    Ok(answer(call, verdict, None))
}

fn answer(call: &Call<'_>, verdict: Verdict, judgement: Option<Judgement>) -> Judged {
    let verdict = match call.input.asks_nobody() {
        true => verdict.unasked(),
        false => verdict,
    };
    let text = match verdict.objection() {
        Some(denial) => objection::note(call, verdict.name(), denial, judgement.as_ref()),
        None => String::new(),
    };
    let remark = match verdict {
        Verdict::Deny(_) => return Judged::Denied(Answer::deny(text)),
        Verdict::Ask(_) => Some(Remark::Ask(text)),
        Verdict::Warn(_) => Some(Remark::Warn(text)),
        _ => None,
    };
    Judged::Passed(Box::new(Passed { judgement, remark }))
}

/// Calls `judge` with the call's surroundings. Where the project cannot be made
/// out, the agent's folder stands for it: the guard still works.
fn surrounded<T>(
    call: &Call<'_>,
    policy: &Policy,
    judge: impl FnOnce(&Surroundings<'_>) -> T,
) -> T {
    let cwd = call.input.cwd();
    let project = call.project().ok();
    let ground = Ground {
        cwd,
        project: project.map_or(cwd, |project| &project.checkout),
        in_workspace: policy.discards_in_worktrees() && project.is_some_and(Project::is_workspace),
        free: policy
            .free_folders(call.environment.home.as_deref())
            .collect(),
    };
    surrounded_by(call, ground, judge)
}

/// Where a call comes from, as in [`Surroundings`].
pub(crate) struct Ground<'a> {
    pub(crate) cwd: &'a Path,
    pub(crate) project: &'a Path,
    pub(crate) in_workspace: bool,
    /// Folders that count as temporary beside the system's.
    pub(crate) free: Vec<PathBuf>,
}

/// Calls `judge` as if the call came from `ground`.
pub(crate) fn surrounded_by<T>(
    call: &Call<'_>,
    ground: Ground<'_>,
    judge: impl FnOnce(&Surroundings<'_>) -> T,
) -> T {
    let mut temp = call.environment.temporary_folders();
    temp.extend(ground.free);
    judge(&Surroundings {
        cwd: ground.cwd,
        home: call.environment.home.as_deref(),
        project: ground.project,
        in_workspace: ground.in_workspace,
        temp: &temp,
        settings: call.environment.client_settings().as_deref(),
    })
}
