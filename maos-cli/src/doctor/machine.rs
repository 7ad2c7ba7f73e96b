//! What MAOS stands on: git, the client, the file system.

use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;

use maos_shared::config::Environment;
use maos_shared::state::lock::Lock;
use maos_shared::state::{State, atomic};

use super::Finding;
use crate::programs;

/// The first git whose worktrees do all that is needed.
const GIT: (u32, u32) = (2, 38);
/// Space below which a project's work soon stops (100 MiB), in bytes.
const SPACE_NEEDED: u64 = 100 * 1024 * 1024;
/// Space below which a person should know (1 GiB), in bytes.
const SPACE_WANTED: u64 = 1024 * 1024 * 1024;

/// Looks at git and the client.
pub(super) fn programs(environment: &Environment) -> Vec<Finding> {
    let client = match programs::version("claude", environment) {
        Some(version) => Finding::good("client", version),
        None => Finding::note(
            "client",
            "no `claude` on the search path answers",
            "install Claude Code, or add it to PATH, if it is to be started from here",
        ),
    };
    vec![
        git(programs::version("git", environment).as_deref()),
        client,
    ]
}

fn git(version: Option<&str>) -> Finding {
    let remedy = format!("install git {}.{} or newer", GIT.0, GIT.1);
    let Some(version) = version else {
        return Finding::fault("git", "no `git` on the search path answers", remedy);
    };
    let numbers = version.trim_start_matches(|c: char| !c.is_ascii_digit());
    let mut numbers = numbers.split(|c: char| !c.is_ascii_digit());
    let mut number = || numbers.next().and_then(|text| text.parse::<u32>().ok());
    match (number(), number()) {
        (Some(major), Some(minor)) if (major, minor) >= GIT => Finding::good("git", version),
        _ => Finding::fault("git", format!("{version} is too old"), remedy),
    }
}

/// Looks at the file system that the state lies on, in a scratch folder there.
pub(super) fn file_system(state: &State) -> Vec<Finding> {
    let root = state.root();
    // Before the first session there is no state yet.
    let place = match root.is_dir() {
        true => root,
        false => root.parent().unwrap_or(root),
    };
    let mut findings = vec![space(place)];
    let scratch = tempfile::Builder::new()
        .prefix(".doctor-")
        .tempdir_in(place);
    let looked = scratch.and_then(|scratch| {
        let traits = traits(scratch.path())?;
        Ok([traits, case(scratch.path())])
    });
    match looked {
        Ok(traits) => findings.extend(traits),
        Err(error) => findings.push(Finding::fault(
            "files",
            format!("{}: {error}", place.display()),
            "make it writable; a network file system may lack locks",
        )),
    }
    findings
}

/// Tries in `folder` what the state needs: whole files, renames, locks.
fn traits(folder: &Path) -> io::Result<Finding> {
    let (one, other) = (folder.join("one"), folder.join("other"));
    atomic::write_new(&one, b"1")?;
    atomic::replace(&other, b"2")?;
    atomic::rename(&one, &other)?;
    if fs::read(&other)? != b"1" {
        return Err(io::Error::other("a rename does not replace a file"));
    }
    let lock = folder.join("lock");
    let held = Lock::acquire(&lock, Duration::ZERO)?;
    let excludes = Lock::try_acquire(&lock)?.is_none();
    drop(held);
    if !excludes {
        return Err(io::Error::other("a lock (flock) keeps nobody out"));
    }
    let links = fs::hard_link(&other, &one).is_ok();
    let clones = clone(&other, &folder.join("clone")).is_ok();
    let words = [
        "renames and locks work",
        if links { "hard links" } else { "no hard links" },
        match clones {
            true => "copies share their blocks (reflink)",
            false => "every copy is a whole one (no reflink)",
        },
    ];
    Ok(Finding::good("files", words.join(", ")))
}

/// Makes a copy that shares its blocks with the file until one of them changes.
#[cfg(target_os = "linux")]
fn clone(from: &Path, to: &Path) -> io::Result<()> {
    let from = fs::File::open(from)?;
    let to = fs::File::create_new(to)?;
    Ok(rustix::fs::ioctl_ficlone(to, from)?)
}

/// Makes a copy that shares its blocks with the file until one of them changes.
#[cfg(target_os = "macos")]
fn clone(from: &Path, to: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, CloneFlags, fclonefileat};
    let from = fs::File::open(from)?;
    Ok(fclonefileat(from, CWD, to, CloneFlags::empty())?)
}

/// Judges whether two names that differ in case are two files: where they are
/// not, two branches or two files of a repository can be one here.
fn case(folder: &Path) -> Finding {
    match folder.join("OTHER").exists() {
        false => Finding::good("case", "upper and lower case differ"),
        true => Finding::note(
            "case",
            "upper and lower case are one",
            "name no two files, and no two branches, alike but for case",
        ),
    }
}

fn space(place: &Path) -> Finding {
    let shown = place.display();
    let free = match nix::sys::statvfs::statvfs(place) {
        #[allow(
            clippy::useless_conversion,
            clippy::unnecessary_cast,
            reason = "the types differ between systems"
        )]
        Ok(found) => (found.blocks_available() as u64).saturating_mul(found.fragment_size() as u64),
        Err(error) => {
            return Finding::note("disk", format!("{shown}: {error}"), "look at the disk");
        }
    };
    let found = format!("{} MiB free at {shown}", free / (1024 * 1024));
    let remedy = "free some space; every worktree is a checkout";
    match free {
        0..SPACE_NEEDED => Finding::fault("disk", found, remedy),
        SPACE_NEEDED..SPACE_WANTED => Finding::note("disk", found, remedy),
        _ => Finding::good("disk", found),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Grade;

    #[test]
    fn git_is_new_enough_by_its_numbers() {
        let grade = |version| git(version).grade;
        assert_eq!(grade(Some("git version 2.38.0")), Grade::Good);
        assert_eq!(grade(Some("git version 3.0 (Apple Git-1)")), Grade::Good);
        assert_eq!(grade(Some("git version 2.9.5")), Grade::Fault);
        assert_eq!(grade(Some("git")), Grade::Fault);
        assert_eq!(grade(None), Grade::Fault);
    }

    #[test]
    fn a_folder_that_cannot_hold_state_is_a_fault() {
        let dir = tempfile::tempdir().unwrap();
        let state =
            |path: &str| State::at(dir.path().join(path), std::time::SystemTime::UNIX_EPOCH);
        let grade = |path| file_system(&state(path))[1].grade;
        assert_eq!(grade(".maos"), Grade::Good);
        assert_eq!(grade("absent/.maos"), Grade::Fault);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}
