//! The rules, one file a family. A family is a function from the commands that
//! would run to the first objection; a new one gets its line in [`FAMILIES`].

use std::path::Path;

use super::place::Scene;
use super::shell::Script;
use super::{Access, Denial, Surroundings, Verdict};

mod devices;
mod files;
mod git;
mod remote;
mod secrets;
mod system;

/// The families, in the order in which they are asked.
const FAMILIES: [fn(&Scene<'_>) -> Option<Denial>; 6] = [
    files::judge,
    secrets::judge,
    git::judge,
    devices::judge,
    system::judge,
    remote::judge,
];

/// Returns the verdict on the commands of a script.
pub(super) fn judge(script: &Script, around: &Surroundings<'_>) -> Verdict {
    let scene = Scene { script, around };
    let denial = FAMILIES.iter().find_map(|family| family(&scene));
    denial.into()
}

/// Returns the objection to a file tool's path, which is resolved.
pub(super) fn judge_file(path: &Path, access: Access, around: &Surroundings<'_>) -> Option<Denial> {
    secrets::judge_file(path, access, around)
}
