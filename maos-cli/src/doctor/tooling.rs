//! The tools that check what agents edit: are they there?

use maos_shared::config::{Environment, Tool, ToolingSettings};
use maos_shared::project::Project;

use super::Finding;
use crate::programs;

/// Looks for the tools that the project's files, or the person's settings, ask for.
/// `None` where they ask for none.
pub(super) fn examine(environment: &Environment, project: &Project) -> Option<Finding> {
    let folder = environment.client_settings();
    // What is wrong with the file is told beside this.
    let settings = ToolingSettings::load(folder.as_deref()).unwrap_or_default();
    let is_rust = project.checkout.join("Cargo.toml").is_file();
    let for_rust = [
        (settings.rust.fmt, "rustfmt"),
        (settings.rust.clippy, "cargo-clippy"),
    ];
    let for_rust = for_rust
        .into_iter()
        .filter(|(tool, _)| is_rust && *tool != Some(Tool::Off))
        .map(|(_, program)| program.to_owned());
    let own = settings.run.iter().flat_map(|it| [&it.format, &it.command]);
    let own = own.filter_map(|words| words.first().cloned());
    let wanted: Vec<String> = for_rust.chain(own).collect();
    let is_there = |name: &&String| programs::is_on_path(name, environment);
    let (there, missing): (Vec<_>, Vec<_>) = wanted.iter().partition(is_there);
    let listed = |names: &[&String]| {
        let names: Vec<&str> = names.iter().map(|name| name.as_str()).collect();
        names.join(", ")
    };
    match (there.is_empty(), missing.is_empty()) {
        (true, true) => None,
        (_, true) => Some(Finding::good("tools", listed(&there))),
        _ => Some(Finding::note(
            "tools",
            format!("not on the search path: {}", listed(&missing)),
            "install them, or switch them off in [tooling]; until then edits go unchecked",
        )),
    }
}
