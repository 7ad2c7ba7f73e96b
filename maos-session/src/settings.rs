//! What is wrong with the settings, for the person who is at the terminal when
//! a session begins.

use maos_shared::config::{Layers, NotifySettings, ToolingSettings};
use maos_shared::guard::Policy;
use maos_shared::hook::Call;

/// Returns what is wrong with the person's and the project's `maos.toml`, a
/// line each.
pub(crate) fn problems(call: &Call<'_>, layers: &Layers) -> Vec<String> {
    let policy = Policy::new(&layers.user.guard, &layers.project.guard);
    let folder = call.environment.client_settings();
    let own = NotifySettings::load(folder.as_deref()).map(drop);
    let own = own.and_then(|()| ToolingSettings::load(folder.as_deref()).map(drop));
    let own = match own {
        // What cannot be read at all is among the problems already.
        Err(error) if layers.problems.is_empty() => Some(error.to_string()),
        _ => None,
    };
    let problems = layers.problems.iter().cloned().chain(policy.problems());
    let problems = problems.chain(own);
    problems.map(|problem| format!("MAOS: {problem}")).collect()
}
