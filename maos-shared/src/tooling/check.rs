//! The job: the edited files of one checkout are formatted and checked.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use humantime::format_duration;

use super::finding::{self, CHANGED, Finding, note_name};
use super::mend::Seen;
use super::package::Package;
use super::{clippy, command, fmt, is_rust, matches};
use crate::config::limits::TOOLING_DEBOUNCE;
use crate::config::{Tool, ToolSettings, ToolingSettings};
use crate::files::read_start;
use crate::state::State;
use crate::state::edits::{Edit, Stamp};

/// The check of a checkout.
#[derive(Clone, Debug)]
pub(super) struct Check {
    pub(super) state: State,
    pub(super) checkout: PathBuf,
    /// The main checkout of its repository.
    pub(super) main: PathBuf,
    pub(super) settings: ToolingSettings,
}

/// An edited file.
#[derive(Clone, Debug)]
struct Edited {
    stamp: Stamp,
    leased: Option<SystemTime>,
    owners: BTreeSet<(String, Option<String>)>,
}

type Files = BTreeMap<PathBuf, Edited>;

/// What the tools say.
#[derive(Debug, Default)]
struct Said {
    findings: Vec<Finding>,
    /// Which of them failed, and why.
    troubles: Vec<String>,
}

impl Said {
    /// Adds what one of them says that had this much time. Returns whether the
    /// next one may run.
    fn note(&mut self, name: &str, time: Duration, result: io::Result<Vec<Finding>>) -> bool {
        let error = match result {
            Ok(found) => {
                self.findings.extend(found);
                return true;
            }
            Err(error) => error,
        };
        let is_slow = error.kind() == io::ErrorKind::TimedOut;
        self.troubles.push(match is_slow {
            true => format!("{name} did not end within {}", format_duration(time)),
            false => format!("{name}: {error}"),
        });
        !is_slow
    }
}

impl Check {
    /// Checks all edits that nobody has looked at yet, when the burst that they
    /// belong to is over. Returns what was done.
    ///
    /// Safe at any kill: an edit is taken by one rename, a file replaced by one;
    /// what was found and not left yet is lost, and the next edit finds it again.
    pub(super) fn run(self) -> Result<String, String> {
        thread::sleep(TOOLING_DEBOUNCE);
        let edits = self.state.take_edits(&self.checkout);
        let mut files = by_file(edits.map_err(|error| error.to_string())?);
        let said = self.run_tools(&mut files);
        self.leave(&files, &said.findings)
            .map_err(|error| error.to_string())?;
        if said.troubles.is_empty() {
            let (files, findings) = (files.len(), said.findings.len());
            Ok(format!("{files} files, {findings} findings"))
        } else {
            Err(said.troubles.join("; "))
        }
    }

    /// Runs every tool. One that does not end in time is the last: the end of
    /// the job ends it and all that it has started.
    fn run_tools(&self, files: &mut Files) -> Said {
        let mut said = Said::default();
        let rust = self.settings.rust;
        if !said.note("rustfmt", rust.fmt_time(), self.format(files))
            || !said.note("cargo clippy", rust.clippy_time(), self.clippy(files))
        {
            return said;
        }
        for tool in &self.settings.run {
            let name = tool.command.first().map_or("tooling.run", String::as_str);
            if !said.note(name, tool.time(), self.run_tool(tool, files)) {
                break;
            }
        }
        said
    }

    /// Formats the Rust files.
    fn format(&self, files: &mut Files) -> io::Result<Vec<Finding>> {
        let until = Instant::now() + self.settings.rust.fmt_time();
        let mut findings = Vec::new();
        for (file, edited) in self.rust(files) {
            let Some(package) = Package::of(file, &self.checkout) else {
                continue;
            };
            let limit = until.saturating_duration_since(Instant::now());
            let seen = self.seen(file, edited);
            let tool = self.settings.rust.fmt;
            let (finding, stamp) = fmt::run(&self.state, &seen, &package, tool, limit)?;
            findings.extend(finding);
            edited.stamp = stamp.unwrap_or(edited.stamp);
        }
        Ok(findings)
    }

    /// Checks the packages of the Rust files.
    fn clippy(&self, files: &mut Files) -> io::Result<Vec<Finding>> {
        let tool = self.settings.rust.clippy;
        if tool == Some(Tool::Off) {
            return Ok(Vec::new());
        }
        let mut packages: BTreeMap<Package, Vec<PathBuf>> = BTreeMap::new();
        for (file, _) in self.rust(files) {
            let package = Package::of(file, &self.checkout);
            let is_meant = |package: &Package| tool.is_some() || self.is_built(package);
            if let Some(package) = package.filter(is_meant) {
                packages.entry(package).or_default().push(file.clone());
            }
        }
        let until = Instant::now() + self.settings.rust.clippy_time();
        let mut findings = Vec::new();
        for (package, named) in packages {
            let named: Vec<&Path> = named.iter().map(PathBuf::as_path).collect();
            let limit = until.saturating_duration_since(Instant::now());
            let found = clippy::run(&package, &named, limit)?;
            if tool == Some(Tool::Fix) {
                findings.extend(self.mend(&found, files)?);
            }
            findings.extend(found.findings);
        }
        Ok(findings)
    }

    /// Returns whether somebody has built the package here or in the main
    /// checkout: then its build scripts have run before.
    fn is_built(&self, package: &Package) -> bool {
        let inside = package.workspace.strip_prefix(&self.checkout);
        let in_main = inside.map(|inside| self.main.join(inside));
        let folders = [Some(package.workspace.clone()), in_main.ok()];
        let mut folders = folders.into_iter().flatten();
        folders.any(|folder| folder.join("target").is_dir())
    }

    /// Makes the replacements that are certain, in files that are still what
    /// clippy has seen.
    fn mend(&self, found: &clippy::Found, files: &mut Files) -> io::Result<Vec<Finding>> {
        let mut findings = Vec::new();
        for (file, edited) in self.rust(files) {
            let own = found.replacements.iter().filter(|it| it.file == *file);
            let own: Vec<_> = own.cloned().collect();
            let seen = self.seen(file, edited);
            if own.is_empty() || !seen.is_still(&self.state) {
                continue;
            }
            let text = read_start(file, edited.stamp.bytes())?;
            let Some(mended) = clippy::mended(&text, own) else {
                continue;
            };
            if let Some(stamp) = seen.replace(&self.state, &mended)? {
                let text = format!("clippy mended some of what it found{CHANGED}");
                findings.push(Finding::of_file(file, text));
                edited.stamp = stamp;
            }
        }
        Ok(findings)
    }

    fn run_tool(&self, tool: &ToolSettings, files: &Files) -> io::Result<Vec<Finding>> {
        let named = files.keys().filter(|file| matches(tool, file));
        let named: Vec<&Path> = named.map(PathBuf::as_path).collect();
        if named.is_empty() {
            return Ok(Vec::new());
        }
        command::run(tool, &named, &self.checkout, tool.time())
    }

    /// Leaves the findings to those who edited the files.
    fn leave(&self, files: &Files, findings: &[Finding]) -> io::Result<()> {
        let mut owners: BTreeMap<_, Vec<PathBuf>> = BTreeMap::new();
        for (file, edited) in files {
            for owner in &edited.owners {
                owners.entry(owner).or_default().push(file.clone());
            }
        }
        for ((session, agent), own) in owners {
            let session = self.state.session(session);
            let name = note_name(agent.as_deref());
            let found = findings.iter().filter(|it| own.contains(&it.file));
            let found: Vec<_> = found.cloned().collect();
            let earlier = session.take_note(&name)?;
            let lines = finding::lines(&found, earlier.as_deref(), &own, &self.checkout);
            if !lines.is_empty() {
                session.leave_note(&name, &lines.join("\n"))?;
            }
        }
        Ok(())
    }

    fn rust<'a>(
        &self,
        files: &'a mut Files,
    ) -> impl Iterator<Item = (&'a PathBuf, &'a mut Edited)> {
        let settings = self.settings.rust;
        files
            .iter_mut()
            .filter(move |(file, _)| is_rust(settings, file))
    }

    fn seen<'a>(&'a self, file: &'a Path, edited: &Edited) -> Seen<'a> {
        Seen {
            file,
            checkout: &self.checkout,
            stamp: edited.stamp,
            leased: edited.leased,
        }
    }
}

/// Returns the edits by file; of several, the newest says how it is.
fn by_file(mut edits: Vec<Edit>) -> Files {
    edits.sort_by_key(|edit| edit.stamp.changed());
    let mut files = Files::new();
    for edit in edits {
        let found = files.entry(edit.file).or_insert_with(|| Edited {
            stamp: edit.stamp,
            leased: edit.leased,
            owners: BTreeSet::new(),
        });
        found.stamp = edit.stamp;
        found.leased = edit.leased;
        found.owners.insert((edit.session, edit.agent));
    }
    files
}
