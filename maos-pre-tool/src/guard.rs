//! Hands the call to the guard with what it has to know of the machine.

use std::path::{Path, PathBuf};

use maos_shared::guard::{
    Access, Denial, Effect, Judgement, Surroundings, judge_command, judge_file,
};
use maos_shared::hook::{Answer, Call, Error};
use maos_shared::json::Object;

use crate::location::real_path;
use crate::tools::Tool;

/// What came of the guard.
pub(crate) enum Judged {
    /// The call must not run.
    Denied(Answer),
    /// No objection; the judgement where the call is a command.
    Passed(Option<Judgement>),
}

/// Judges the call.
///
/// # Errors
/// When its project cannot be made out and it could change something.
pub(crate) fn judge(call: &Call<'_>, tool: &Tool, input: &Object<'_>) -> Result<Judged, Error> {
    match tool {
        Tool::Command(command) => judge_shell(call, command),
        Tool::Read(file) => judge_path(call, &file.path, Access::Read),
        Tool::Write(file) | Tool::Edit(file) => judge_path(call, &file.path, Access::Write),
        Tool::Search(path) => {
            // A search shows what is in the files that its filter names.
            for text in [path.clone(), input.text("glob")?].into_iter().flatten() {
                if let denied @ Judged::Denied(_) = judge_path(call, &text, Access::Read)? {
                    return Ok(denied);
                }
            }
            Ok(Judged::Passed(None))
        }
        Tool::Launch | Tool::Harmless | Tool::Unknown => Ok(Judged::Passed(None)),
    }
}

fn judge_shell(call: &Call<'_>, command: &str) -> Result<Judged, Error> {
    let judgement = surrounded(call, |around| judge_command(command, around));
    call.note(|note| note.programs.clone_from(&judgement.programs));
    if let Some(denial) = judgement.verdict.denial() {
        return Ok(deny(call, denial));
    }
    // A broken checkout stops what could change files; looking is how the
    // agent finds out what is wrong with it.
    if judgement.effect == Effect::Modifies {
        call.project()?;
    }
    Ok(Judged::Passed(Some(judgement)))
}

fn judge_path(call: &Call<'_>, path: &str, access: Access) -> Result<Judged, Error> {
    if path.contains('\0') {
        return Err(Error::input("the path holds a NUL character"));
    }
    let real = real_path(&call.input.absolute(path));
    let verdict = surrounded(call, |around| {
        let as_written = judge_file(path, access, around);
        match as_written.denial() {
            Some(_) => as_written,
            None => judge_file(&real.to_string_lossy(), access, around),
        }
    });
    Ok(match verdict.denial() {
        Some(denial) => deny(call, denial),
        None => Judged::Passed(None),
    })
}

fn deny(call: &Call<'_>, denial: &Denial) -> Judged {
    call.note(|note| note.rule = Some(denial.rule));
    Judged::Denied(Answer::from(denial))
}

/// Calls `judge` with the call's surroundings. Where the project cannot be made
/// out, the agent's folder stands for it: the guard still works.
fn surrounded<T>(call: &Call<'_>, judge: impl FnOnce(&Surroundings<'_>) -> T) -> T {
    let cwd = call.input.cwd();
    let ground = match call.project() {
        Ok(project) => Ground {
            cwd,
            project: &project.checkout,
            in_workspace: project.is_workspace(),
        },
        Err(_) => Ground {
            cwd,
            project: cwd,
            in_workspace: false,
        },
    };
    surrounded_by(call, &ground, judge)
}

/// Where a call comes from, as in [`Surroundings`].
pub(crate) struct Ground<'a> {
    pub(crate) cwd: &'a Path,
    pub(crate) project: &'a Path,
    pub(crate) in_workspace: bool,
}

/// Calls `judge` as if the call came from `ground`.
pub(crate) fn surrounded_by<T>(
    call: &Call<'_>,
    ground: &Ground<'_>,
    judge: impl FnOnce(&Surroundings<'_>) -> T,
) -> T {
    let mut temp = vec![PathBuf::from("/tmp"), PathBuf::from("/var/tmp")];
    temp.extend(call.environment.temp.clone());
    judge(&Surroundings {
        cwd: ground.cwd,
        home: call.environment.home.as_deref(),
        project: ground.project,
        in_workspace: ground.in_workspace,
        temp: &temp,
    })
}
