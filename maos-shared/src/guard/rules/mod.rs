//! The rules, one file a family. A family is a function from the commands that
//! would run to its objections; a new one gets its line in [`FAMILIES`], its
//! rules theirs in [`super::catalogue`].

use std::path::Path;

use super::scene::Scene;
use super::shell::Script;
use super::{Access, Denial, Surroundings};

mod cloud;
mod databases;
mod devices;
mod files;
mod git;
mod maos;
mod remote;
mod secrets;
mod sent;
mod system;
mod tasks;
mod tokens;

/// Returns what a family objects to, one objection a command at most.
type Family = fn(&Scene<'_>) -> Vec<Denial>;

const FAMILIES: [Family; 10] = [
    files::judge,
    secrets::judge,
    tokens::judge,
    sent::judge,
    git::judge,
    devices::judge,
    system::judge,
    remote::judge,
    cloud::judge,
    maos::judge,
];

/// Returns what the rules object to in a script.
pub(super) fn judge(script: &Script, around: &Surroundings<'_>) -> Vec<Denial> {
    let scene = Scene::of(script, around);
    FAMILIES.iter().flat_map(|family| family(&scene)).collect()
}

/// Returns the objection to a command in an agent's workspace that changes what it
/// shares with other worktrees.
pub(super) fn judge_shared(script: &Script, around: &Surroundings<'_>) -> Option<Denial> {
    git::shared::judge(&Scene::of(script, around))
}

/// Returns what the rules object to in a file tool's path, which is resolved.
pub(super) fn judge_file(path: &Path, access: Access, around: &Surroundings<'_>) -> Vec<Denial> {
    let secrets = secrets::judge_file(path, access, around);
    let maos = maos::judge_file(path, access, around);
    secrets.into_iter().chain(maos).collect()
}
