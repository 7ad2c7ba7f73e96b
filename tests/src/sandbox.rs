//! A scratch folder with an empty HOME and a git repository: all that a test
//! may touch.

mod git;
mod maos;
mod state;

use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use maos_shared::hook::Event;
use tempfile::TempDir;

use crate::program::built;

/// A scratch folder: `home/`, and `home/project/` in it. It goes with the
/// value.
#[derive(Debug)]
pub struct Sandbox {
    root: PathBuf,
    _folder: TempDir,
}

impl Sandbox {
    /// Returns a sandbox whose project is a repository on branch `main` with
    /// one commit: `README.md` and `src/lib.rs`.
    #[must_use]
    pub fn with_repository() -> Self {
        let sandbox = Self::with_empty_repository();
        sandbox.write("README.md", "# A project\n");
        sandbox.write("src/lib.rs", "pub fn one() -> u32 {\n    1\n}\n");
        sandbox.commit("begin");
        sandbox
    }

    /// Returns a sandbox whose project is a repository without any commit.
    #[must_use]
    pub fn with_empty_repository() -> Self {
        let sandbox = Self::without_repository();
        sandbox.git(["init", "--quiet", "--initial-branch=main"]);
        sandbox.git(["config", "user.name", "A Tester"]);
        sandbox.git(["config", "user.email", "tester@example.com"]);
        sandbox
    }

    /// Returns a sandbox whose project is an empty folder without git.
    #[must_use]
    pub fn without_repository() -> Self {
        let folder = tempfile::Builder::new()
            .prefix("maos-test-")
            .tempdir()
            .expect("a folder");
        // The client and git speak of real paths; on macOS the temporary
        // folder is reached through a link.
        let root = folder.path().canonicalize().expect("the folder is there");
        fs::create_dir_all(root.join("home/project")).expect("a fresh folder can be filled");
        Self {
            root,
            _folder: folder,
        }
    }

    /// Returns this sandbox with the file `path` of the project written.
    #[must_use]
    pub fn with_file(self, path: &str, contents: &str) -> Self {
        self.write(path, contents);
        self
    }

    /// Returns this sandbox with stand-ins for `programs` that come before the
    /// real ones on the search path: they write down how they were called and
    /// do nothing else.
    #[must_use]
    pub fn with_stand_ins(self, programs: &[&str]) -> Self {
        let calls = self.stand_ins().join("calls");
        let script = format!("printf '%s\\n' \"${{0##*/}} $*\" >>'{}'", calls.display());
        for program in programs {
            self.stand_in(program, &script);
        }
        self
    }

    /// Puts a stand-in for `program` that runs the shell `script`.
    pub fn stand_in(&self, program: &str, script: &str) {
        let folder = self.stand_ins();
        fs::create_dir_all(&folder).expect("a folder");
        let path = folder.join(program);
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("a stand-in can be written");
        fs::set_permissions(&path, Permissions::from_mode(0o755)).expect("its mode");
    }

    /// Returns a folder with all built programs, but with the shell `script` in
    /// the place of the one that answers `event`.
    #[must_use]
    pub fn programs_but(&self, event: Event, script: &str) -> PathBuf {
        let folder = self.root.join("programs");
        fs::create_dir(&folder).expect("a folder");
        for event in Event::ALL {
            let program = folder.join(event.program());
            symlink(built(event.program()), program).expect("a link to a program");
        }
        let path = folder.join(event.program());
        fs::remove_file(&path).expect("the link can be removed");
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("a script can be written");
        fs::set_permissions(&path, Permissions::from_mode(0o755)).expect("its mode");
        folder
    }

    /// Returns how the stand-ins were called, oldest call first.
    #[must_use]
    pub fn calls(&self) -> Vec<String> {
        let calls = fs::read_to_string(self.stand_ins().join("calls")).unwrap_or_default();
        calls.lines().map(str::to_owned).collect()
    }

    /// Returns the folder of the stand-ins; there is none without any.
    #[must_use]
    pub fn stand_ins(&self) -> PathBuf {
        self.root.join("stand-ins")
    }

    /// Returns the HOME of every process that runs here.
    #[must_use]
    pub fn home(&self) -> PathBuf {
        self.root.join("home")
    }

    /// Returns the project: the main checkout.
    #[must_use]
    pub fn project(&self) -> PathBuf {
        self.home().join("project")
    }

    /// Returns the folder for what is needed for a while; it need not exist.
    #[must_use]
    pub(crate) fn temporary(&self) -> PathBuf {
        self.root.join("tmp")
    }

    /// Writes the file `path` of the project, with its folders.
    pub fn write(&self, path: &str, contents: &str) {
        let path = self.project().join(path);
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder");
        fs::write(path, contents).expect("a file");
    }

    /// Says in the person's settings that the work of agents stays on their
    /// branches.
    pub fn keep_work_on_branches(&self) {
        let settings = "[workspace]\nreturn = \"branch\"\n";
        self.write("../.claude/maos.toml", settings);
    }

    /// Returns the text of the file `path` of the project, `None` when it is
    /// not there.
    #[must_use]
    pub fn read(&self, path: &str) -> Option<String> {
        fs::read_to_string(self.project().join(path)).ok()
    }

    /// Returns a command in the project with a cleared environment: what a
    /// login shell on an empty account would have.
    #[must_use]
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(self.project())
            .env_clear()
            .env("PATH", self.search_path())
            .env("HOME", self.home())
            .env("TERM", "xterm")
            .env("LANG", "C.UTF-8")
            .env("GIT_CONFIG_NOSYSTEM", "1");
        command
    }

    /// Returns the stand-ins, where there are any, and the folder of the real
    /// git before the system's own folders.
    fn search_path(&self) -> String {
        let path = std::env::var("PATH").unwrap_or_default();
        let git = path
            .split(':')
            .find(|folder| Path::new(folder).join("git").is_file());
        let stand_ins = self.stand_ins();
        let stand_ins = stand_ins
            .is_dir()
            .then(|| stand_ins.to_str().expect("a path of ours is UTF-8"));
        let system = "/usr/bin:/bin:/usr/sbin:/sbin";
        let folders = stand_ins.into_iter().chain(git).chain([system]);
        folders.collect::<Vec<_>>().join(":")
    }
}

/// Returns what lies in `folder`, sorted; nothing when it is not there. A dot in
/// front marks what is no state: not finished, or MAOS's own.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let Ok(folder) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let hidden = |path: &PathBuf| {
        let name = path.file_name().expect("an entry has a name");
        name.as_encoded_bytes().starts_with(b".")
    };
    let mut paths: Vec<_> = folder
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| !hidden(path))
        .collect();
    paths.sort();
    paths
}
