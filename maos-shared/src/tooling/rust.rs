//! The tools for Rust, on the edited files of a checkout.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::check::{Check, Edited, Files};
use super::finding::{CHANGED, Finding};
use super::package::Package;
use super::{clippy, fmt, is_rust};
use crate::config::Tool;
use crate::files::read_start;

impl Check {
    /// Formats the Rust files.
    pub(super) fn format(&self, files: &mut Files) -> io::Result<Vec<Finding>> {
        let until = Instant::now() + self.settings.rust.fmt_time();
        let mut findings = Vec::new();
        for (file, edited) in self.rust(files) {
            let Some(package) = Package::of(file, &self.checkout) else {
                continue;
            };
            let seen = self.seen(file, edited);
            let tool = self.settings.rust.fmt;
            let (finding, stamp) = fmt::run(&self.state, &seen, &package, tool, until)?;
            findings.extend(finding);
            edited.stamp = stamp.unwrap_or(edited.stamp);
        }
        Ok(findings)
    }

    /// Checks the packages of the Rust files.
    pub(super) fn clippy(&self, files: &mut Files) -> io::Result<Vec<Finding>> {
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
        folders.any(|folder| folder.join(clippy::TARGET).is_dir())
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

    /// Returns the Rust files among them.
    pub(super) fn rust<'a>(
        &self,
        files: &'a mut Files,
    ) -> impl Iterator<Item = (&'a PathBuf, &'a mut Edited)> {
        let settings = self.settings.rust;
        files
            .iter_mut()
            .filter(move |(file, _)| is_rust(settings, file))
    }
}
