//! Repositories to test with: made by the real git in a folder that goes away,
//! away from the configuration of whoever runs the tests.
#![expect(
    clippy::disallowed_methods,
    reason = "tests make the hostile and half-made states that the library must survive"
)]

use super::{Request, Workspace, create};
use crate::config::WorkspaceSettings;
use crate::project::Project;
use crate::state::sha256_hex;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::LazyLock;
use std::time::SystemTime;
use tempfile::TempDir;

/// A folder that holds repositories.
pub(crate) struct Scratch {
    root: PathBuf,
    _folder: TempDir,
}

impl Scratch {
    /// An empty folder.
    pub(crate) fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self {
            root: folder.path().canonicalize().unwrap(),
            _folder: folder,
        }
    }

    /// A folder with the repository `main` of one commit: `a.txt` and
    /// `src/b.txt`, and a `.gitignore` for `*.log`.
    pub(crate) fn with_repository() -> Self {
        let scratch = Self::empty();
        scratch.init("main");
        scratch
    }

    /// Makes another such repository.
    pub(crate) fn init(&self, name: &str) -> PathBuf {
        self.git(".", &["init", "-q", "-b", "main", name]);
        self.write(format!("{name}/a.txt"), "one\n");
        self.write(format!("{name}/src/b.txt"), "two\n");
        self.write(format!("{name}/.gitignore"), "*.log\n");
        self.git(name, &["add", "-A"]);
        self.git(name, &["commit", "-q", "-m", "first"]);
        self.path(name)
    }

    /// The path of something in the folder.
    pub(crate) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.root.join(name)
    }

    /// Writes a file and the folders above it.
    pub(crate) fn write(&self, name: impl AsRef<Path>, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    /// Renames, as a user with `mv` would.
    pub(crate) fn rename(&self, from: impl AsRef<Path>, to: impl AsRef<Path>) {
        fs::rename(self.path(from), self.path(to)).unwrap();
    }

    /// The project of a folder.
    pub(crate) fn project(&self, folder: impl AsRef<Path>) -> Project {
        Project::find(&self.path(folder), None, None).unwrap()
    }

    /// The workspace of the agent `id`, a `coder`, in the repository `main`.
    pub(crate) fn workspace(&self, id: &str) -> Workspace {
        let main = self.path("main");
        create(&self.project("main"), &request(&main, "coder", id)).unwrap()
    }

    /// Does `work` and checks that the checkout in `folder` is afterwards as it
    /// was, index and configuration byte for byte, and the repository whole.
    pub(crate) fn undisturbed<T>(&self, folder: &str, work: impl FnOnce() -> T) -> T {
        let before = self.look(folder);
        let done = work();
        assert_eq!(self.look(folder), before, "{folder} changed");
        let fsck = ["fsck", "--strict", "--no-dangling", "--no-progress"];
        assert_eq!(self.git(folder, &fsck), "");
        done
    }

    fn look(&self, folder: &str) -> String {
        let git_dir = self.git(folder, &["rev-parse", "--absolute-git-dir"]);
        let git_dir = Path::new(&git_dir);
        let hash = |name: &str| sha256_hex(&fs::read(git_dir.join(name)).unwrap_or_default());
        let status = ["--no-optional-locks", "status", "--porcelain", "-uall"];
        [
            fs::read_to_string(git_dir.join("HEAD")).unwrap(),
            self.git(folder, &["rev-parse", "HEAD"]),
            hash("index"),
            hash("config"),
            self.git(folder, &status),
            self.git(folder, &["stash", "list"]),
        ]
        .join("\n")
    }

    /// Starts a process in a folder, which does nothing for a while.
    pub(crate) fn process_in(&self, folder: impl AsRef<Path>) -> Child {
        let mut sleep = Command::new("sleep");
        let sleep = sleep.arg("60").current_dir(self.path(folder));
        sleep.spawn().unwrap()
    }

    /// Runs git in a folder and returns what it printed, trimmed.
    pub(crate) fn git(&self, folder: impl AsRef<Path>, arguments: &[&str]) -> String {
        let (worked, text) = self.try_git(folder, arguments);
        assert!(worked, "git {arguments:?}: {text}");
        text
    }

    /// Runs git in a folder; returns whether it worked and what it printed.
    pub(crate) fn try_git(&self, folder: impl AsRef<Path>, arguments: &[&str]) -> (bool, String) {
        let output = Command::new("git")
            .current_dir(self.path(folder))
            .args(arguments)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap())
            .env("HOME", &self.root)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_AUTHOR_NAME", "Dev")
            .env("GIT_AUTHOR_EMAIL", "dev@localhost")
            .env("GIT_COMMITTER_NAME", "Dev")
            .env("GIT_COMMITTER_EMAIL", "dev@localhost")
            .output()
            .unwrap();
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8_lossy(&text).trim_end().to_owned();
        (output.status.success(), text)
    }
}

/// The settings of whoever has set nothing.
pub(crate) static SETTINGS: LazyLock<WorkspaceSettings> = LazyLock::new(Default::default);

/// The settings of a `[workspace]`.
pub(crate) fn settings(text: &str) -> WorkspaceSettings {
    toml::from_str(text).unwrap()
}

/// What an agent asks for.
pub(crate) fn request<'a>(from: &'a Path, kind: &'a str, id: &'a str) -> Request<'a> {
    Request {
        kind,
        id,
        from,
        settings: &SETTINGS,
        reason: "why",
        now: SystemTime::UNIX_EPOCH,
    }
}
