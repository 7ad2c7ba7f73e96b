//! What is wrong with the settings, for the person who is at the terminal when
//! a session begins.

use maos_shared::config::{Layers, NotifySettings, ToolingSettings, WorkspaceSettings};
use maos_shared::guard::Policy;
use maos_shared::hook::Call;
use maos_shared::state::Trust;

/// Returns what is wrong with the person's and the project's `maos.toml`, a
/// line each.
pub(crate) fn problems(call: &Call<'_>, layers: &Layers) -> Vec<String> {
    let policy = Policy::new(&layers.user.guard, &layers.project.guard);
    let own = match &layers.user_file {
        Some(file) => NotifySettings::of(file).and(ToolingSettings::of(file).map(drop)),
        None => Ok(()),
    };
    let own = match own {
        // What cannot be read at all is among the problems already.
        Err(error) if layers.problems.is_empty() => Some(error.to_string()),
        _ => None,
    };
    let problems = layers.problems.iter().cloned().chain(policy.problems());
    let problems = problems.chain(own).chain(untrusted(call, layers));
    problems.map(|problem| format!("MAOS: {problem}")).collect()
}

/// Returns what to do about programs that the project wants to have run.
fn untrusted(call: &Call<'_>, layers: &Layers) -> Option<String> {
    let project = call.project().ok()?.main.clone();
    let bytes = layers.project_file.as_ref()?.bytes();
    let settings = call.environment.client_settings()?;
    let runs_nothing = WorkspaceSettings::post_create(bytes).is_empty()
        && ToolingSettings::of_project(bytes).run.is_empty();
    if runs_nothing {
        return None;
    }
    (!Trust::in_settings(&settings).is_given(&project, bytes)).then(|| {
        "the project's .claude/maos.toml has programs to run (workspace.post_create, \
         tooling.run); they do not run until you have read it and run `maos trust`"
            .to_owned()
    })
}
