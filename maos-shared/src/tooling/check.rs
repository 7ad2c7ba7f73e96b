//! The job: the edited files of one checkout are formatted and checked.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use humantime::format_duration;

use super::finding::{CHANGED, Finding};
use super::leave::{Said, leave};
use super::mend::Seen;
use super::{command, matches};
use crate::config::limits::{TOOLING_BURST_LONGEST, TOOLING_DEBOUNCE};
use crate::config::{ToolSettings, ToolingSettings};
use crate::jobs::{Task, await_quiet};
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
    /// The edit that it is ordered for.
    pub(super) edit: Edit,
    /// What was edited, once its turn has come.
    pub(super) files: Files,
}

/// An edited file.
#[derive(Clone, Debug)]
pub(super) struct Edited {
    pub(super) stamp: Stamp,
    leased: Option<SystemTime>,
    owners: BTreeSet<(String, Option<String>)>,
}

pub(super) type Files = BTreeMap<PathBuf, Edited>;

/// What a run of the tools came to.
#[derive(Debug, Default)]
struct Run {
    said: Said,
    /// Which of them failed, and why.
    troubles: Vec<String>,
}

impl Run {
    /// Adds what the tool says that had this much time for these files.
    fn note(
        &mut self,
        tool: &str,
        time: Duration,
        files: &[PathBuf],
        result: io::Result<Vec<Finding>>,
    ) {
        let error = match result {
            Ok(found) => {
                let named = found.into_iter().map(|finding| Finding {
                    tool: tool.to_owned(),
                    ..finding
                });
                self.said.findings.extend(named);
                self.said.ran.push(tool.to_owned());
                return;
            }
            Err(error) => error,
        };
        if error.kind() == io::ErrorKind::NotFound {
            self.said.missing.push((tool.to_owned(), files.to_vec()));
        }
        self.troubles.push(match error.kind() {
            io::ErrorKind::TimedOut => {
                format!("{tool} did not end within {}", format_duration(time))
            }
            _ => format!("{tool}: {error}"),
        });
    }
}

/// Safe at any kill: an edit is taken by one rename, a file replaced by one;
/// what was found and not left yet is lost, and the next edit finds it again.
impl Task for Check {
    fn record(&self) -> io::Result<()> {
        self.state.record_edit(&self.checkout, &self.edit)
    }

    fn settle(&self) {
        let waiting = || self.state.edits_waiting(&self.checkout);
        await_quiet(TOOLING_DEBOUNCE, TOOLING_BURST_LONGEST, waiting);
    }

    fn take(&mut self) -> io::Result<Option<Vec<String>>> {
        let mut edits = self.state.take_edits(&self.checkout)?;
        // Of no use any more to a session that is over.
        edits.retain(|edit| !self.state.session(&edit.session).is_over());
        let mut sessions: Vec<_> = edits.iter().map(|edit| edit.session.clone()).collect();
        sessions.dedup();
        self.files = by_file(edits);
        Ok(Some(sessions))
    }

    /// Checks what was taken, and returns what was done.
    fn work(mut self) -> Result<String, String> {
        let mut files = std::mem::take(&mut self.files);
        let run = self.run_tools(&mut files);
        self.leave(&files, &run.said)
            .map_err(|error| error.to_string())?;
        if run.troubles.is_empty() {
            let (files, findings) = (files.len(), run.said.findings.len());
            Ok(format!("{files} files, {findings} findings"))
        } else {
            Err(run.troubles.join("; "))
        }
    }
}

impl Check {
    /// Runs every tool that is for any of the files.
    fn run_tools(&self, files: &mut Files) -> Run {
        let mut run = Run::default();
        let rust = self.settings.rust;
        let rusty: Vec<PathBuf> = self.rust(files).map(|(file, _)| file.clone()).collect();
        if !rusty.is_empty() {
            run.note("rustfmt", rust.fmt_time(), &rusty, self.format(files));
            run.note("clippy", rust.clippy_time(), &rusty, self.clippy(files));
        }
        for tool in &self.settings.run {
            let named = files.keys().filter(|file| matches(tool, file));
            let named: Vec<PathBuf> = named.cloned().collect();
            if named.is_empty() {
                continue;
            }
            let programs = [(&tool.format, true), (&tool.command, false)];
            for (words, formats) in programs {
                let Some(name) = words.first() else {
                    continue;
                };
                let said = match formats {
                    true => self.format_by(tool, &named, files),
                    false => self.check_by(tool, &named, files),
                };
                run.note(name, tool.time(), &named, said);
            }
        }
        run
    }

    /// Formats files by a tool of the person's own.
    fn format_by(
        &self,
        tool: &ToolSettings,
        named: &[PathBuf],
        files: &mut Files,
    ) -> io::Result<Vec<Finding>> {
        let until = Instant::now() + tool.time();
        let mut findings = Vec::new();
        for (file, edited) in of(named, files) {
            let limit = until.saturating_duration_since(Instant::now());
            let seen = self.seen(file, edited);
            let (finding, stamp) = command::format(&self.state, &seen, tool, limit)?;
            findings.extend(finding);
            edited.stamp = stamp.unwrap_or(edited.stamp);
        }
        Ok(findings)
    }

    /// Checks files by a tool of the person's own. One that changes them all the
    /// same is told of, unless an edit is in flight that tells as much.
    fn check_by(
        &self,
        tool: &ToolSettings,
        named: &[PathBuf],
        files: &mut Files,
    ) -> io::Result<Vec<Finding>> {
        let untouched = |(file, edited): &(&PathBuf, &mut Edited)| {
            self.seen(file, edited).is_still(&self.state)
        };
        let before: Vec<_> = of(named, files)
            .filter(untouched)
            .map(|(it, _)| it.clone())
            .collect();
        let paths: Vec<&Path> = named.iter().map(PathBuf::as_path).collect();
        let said = command::run(tool, &paths, &self.checkout, tool.time());
        let mut findings = Vec::new();
        for (file, edited) in of(&before, files) {
            if let Ok(stamp) = Stamp::of(file)
                && stamp != edited.stamp
                && !self.seen(file, edited).is_being_edited(&self.state)
            {
                findings.push(Finding::of_file(
                    file,
                    format!("was changed by a check{CHANGED}"),
                ));
                edited.stamp = stamp;
            }
        }
        findings.extend(said?);
        Ok(findings)
    }

    /// Leaves what is said to those who edited the files.
    fn leave(&self, files: &Files, said: &Said) -> io::Result<()> {
        let mut owners: BTreeMap<_, Vec<PathBuf>> = BTreeMap::new();
        for (file, edited) in files {
            for owner in &edited.owners {
                owners.entry(owner).or_default().push(file.clone());
            }
        }
        for ((session, agent), own) in owners {
            let session = self.state.session(session);
            leave(&session, agent.as_deref(), &own, said, &self.checkout)?;
        }
        Ok(())
    }

    pub(super) fn seen<'a>(&'a self, file: &'a Path, edited: &Edited) -> Seen<'a> {
        Seen {
            file,
            checkout: &self.checkout,
            stamp: edited.stamp,
            leased: edited.leased,
        }
    }
}

fn of<'a>(
    named: &'a [PathBuf],
    files: &'a mut Files,
) -> impl Iterator<Item = (&'a PathBuf, &'a mut Edited)> {
    files.iter_mut().filter(|(file, _)| named.contains(file))
}

/// Returns the edits by file; of several, the newest says how it is.
fn by_file(mut edits: Vec<Edit>) -> Files {
    crate::order::sort_by(&mut edits, &|a, b| {
        a.stamp.changed().cmp(&b.stamp.changed())
    });
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
