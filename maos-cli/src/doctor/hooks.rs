//! The registration in each settings file, and the programs that it names.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use maos_shared::config::Environment;
use maos_shared::hook::Event;
use maos_shared::project::Project;
use maos_shared::state::State;

use super::{Finding, plugin};
use crate::probe;
use crate::settings::{self, Found};
use crate::when;

/// What helps when the registration is wrong.
const REGISTER: &str = "run scripts/install.sh, or `maos register --programs DIR`, or start the \
                        client with the plugin (scripts/plugin.sh)";
/// A hook that takes longer than this is felt.
const SLOW: Duration = Duration::from_millis(100);

/// Looks at the settings files that the client reads and at every program that
/// they register.
pub(super) fn examine(environment: &Environment, project: &Project, state: &State) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut registered: Vec<(PathBuf, Found)> = Vec::new();
    for path in files(environment, project) {
        match settings::find(&path) {
            Ok(found) => {
                findings.extend(file(&path, &found));
                registered.push((path, found));
            }
            Err(error) => findings.push(Finding::fault(
                "settings",
                error.to_string(),
                "correct the file; the client ignores it as it is",
            )),
        }
    }
    let plugin = registered.iter().find(|(_, found)| found.plugin);
    let plugin = plugin.map(|(path, _)| format!("{} switches it on", path.display()));
    let own = plugin::own();
    let brings = |folder: &PathBuf| format!("`claude --plugin-dir {}` brings it", folder.display());
    let plugin = plugin.or_else(|| own.as_ref().map(brings));
    registered.retain(|(_, found)| !found.programs.is_empty());
    let mut folders: BTreeSet<PathBuf> = registered
        .iter()
        .flat_map(|(_, found)| &found.programs)
        .filter_map(|(_, program)| Some(program.parent()?.to_owned()))
        .collect();
    folders.extend(own.map(|folder| folder.join(plugin::PROGRAMS)));
    findings.extend(match registered.as_slice() {
        [] if plugin.is_some() => None,
        [_, ..] if plugin.is_some() => Some(Finding::note(
            "settings",
            "the plugin and a settings file register the hooks: each runs more than once",
            "run `maos unregister --settings FILE`, or disable the plugin",
        )),
        [] => Some(match plugin::running(state) {
            Some(session) => Finding::good(
                "plugin",
                format!("{session} runs with the hooks, which no settings file has"),
            ),
            None => Finding::fault(
                "settings",
                "no settings file registers the hooks, and no client runs that has the plugin",
                REGISTER,
            ),
        }),
        [_] => None,
        [..] => Some(Finding::note(
            "settings",
            "several files register the hooks: each runs more than once",
            "run `maos unregister --settings FILE` for all but one",
        )),
    });
    findings.extend(plugin.map(|found| Finding::good("plugin", found)));
    findings.extend(folders.iter().flat_map(|folder| programs(folder)));
    findings
}

/// Returns the settings files that the client reads for a project.
fn files(environment: &Environment, project: &Project) -> Vec<PathBuf> {
    let own = environment.client_settings();
    let mut files: Vec<PathBuf> = own.into_iter().collect();
    files.push(project.checkout.join(".claude"));
    let mut files: Vec<PathBuf> = files.iter().map(|dir| dir.join("settings.json")).collect();
    files.push(project.checkout.join(".claude/settings.local.json"));
    files.dedup();
    files
}

/// Judges one settings file.
fn file(path: &Path, found: &Found) -> Vec<Finding> {
    let shown = path.display();
    if found.disabled {
        return vec![Finding::fault(
            "settings",
            format!("{shown} switches all hooks off"),
            "remove `disableAllHooks` from it",
        )];
    }
    if found.programs.is_empty() {
        return Vec::new();
    }
    let answers = |event: Event| {
        let mine = found.programs.iter().filter(|(at, _)| *at == event);
        mine.filter(|(_, program)| program.ends_with(event.program()))
            .count()
    };
    let missing: Vec<&str> = Event::ALL
        .into_iter()
        .filter(|event| answers(*event) == 0)
        .map(Event::name)
        .collect();
    if !missing.is_empty() {
        let missing = missing.join(", ");
        let found = format!("{shown} does not register {missing}");
        return vec![Finding::fault("settings", found, REGISTER)];
    }
    let hurried = found.hurried.iter().map(|(event, seconds)| {
        let (name, needed) = (event.name(), event.timeout().as_secs());
        let found = format!("{shown}: {name} has {seconds} s, and may need {needed} s");
        Finding::fault("settings", found, REGISTER)
    });
    let weakened = found.weakened.iter().map(|(event, why)| {
        let found = format!("{shown}: {} {why}", event.name());
        Finding::fault("settings", found, REGISTER)
    });
    let faults: Vec<Finding> = hurried.chain(weakened).collect();
    if !faults.is_empty() {
        return faults;
    }
    let count = Event::ALL.len();
    vec![Finding::good(
        "settings",
        format!("{shown}: all {count} events"),
    )]
}

/// Judges the programs in a folder by running each.
fn programs(folder: &Path) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut times: Vec<(Duration, &str)> = Vec::new();
    for event in Event::ALL {
        let path = folder.join(event.program());
        let answered =
            probe::check_program(&path, event).and_then(|()| probe::check_answers(&path, event));
        match answered {
            Ok(took) => times.push((took, event.program())),
            Err(error) => findings.push(broken(error.to_string())),
        }
        if let Some(found) = writable_by_others(&path) {
            let remedy = format!("run `chmod go-w {}`", path.display());
            findings.push(Finding::fault("programs", found, remedy));
        }
    }
    let (count, version) = (Event::ALL.len(), env!("CARGO_PKG_VERSION"));
    let shown = folder.display();
    if findings.is_empty() {
        let found = format!("{shown}: {count} of version {version}");
        findings.push(Finding::good("programs", found));
    }
    let Some((took, name)) = times.iter().max().copied() else {
        return findings;
    };
    let each = times.iter().map(|(took, program)| {
        let name = program.trim_start_matches("maos-");
        format!("{name} {}", time(*took))
    });
    let found = format!(
        "{} of {count} answer an event; the slowest, {name}, in {} ({})",
        times.len(),
        time(took),
        each.collect::<Vec<_>>().join(", ")
    );
    findings.push(match took > SLOW {
        true => Finding::note("hooks", found, "run `maos stats`; the machine may be busy"),
        false => Finding::good("hooks", found),
    });
    findings.push(guard(&folder.join(Event::PreToolUse.program())));
    findings
}

/// Judges whether the guard at `path` guards.
fn guard(path: &Path) -> Finding {
    let judged = probe::check_passes(path).and_then(|()| probe::check_denied(path));
    match judged {
        Ok(_) => {
            let (harmless, dangerous) = (probe::HARMLESS, probe::DANGEROUS);
            let found = format!("on: `{harmless}` passes, `{dangerous}` is denied");
            Finding::good("guard", found)
        }
        Err(error) => broken(error.to_string()),
    }
}

/// Returns the fault of a program, whose error ends in its remedy.
fn broken(error: String) -> Finding {
    match error.rsplit_once("; ") {
        Some((found, remedy)) => Finding::fault("programs", found, remedy),
        None => Finding::fault("programs", error, REGISTER),
    }
}

/// Whoever can write a hook runs as the person.
fn writable_by_others(path: &Path) -> Option<String> {
    let mode = fs::metadata(path).ok()?.permissions().mode();
    (mode & 0o022 != 0).then(|| format!("{} can be written by others", path.display()))
}

fn time(took: Duration) -> String {
    when::micros(u64::try_from(took.as_micros()).unwrap_or(u64::MAX))
}
