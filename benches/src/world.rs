//! The scratch project that the programs work in.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use maos_shared::hook::Event;
use serde_json::{Value, json};
use tempfile::TempDir;

/// The session of all events.
const SESSION: &str = "bbbbbbbb-0000-4000-8000-000000000000";

/// What the person has set.
const PERSONS: &str = "\
[guard]
free_folders = [\"~/scratch\"]

[guard.levels]
git = \"ask\"
";

/// What the project has set.
const PROJECTS: &str = "\
[guard.levels]
cloud = \"deny\"

[[guard.rule]]
id = \"prod\"
command = '^kubectl .*--context prod'
reason = \"That is the production cluster.\"
";

/// A home with a repository, and a worktree of an agent in it.
pub(crate) struct World {
    root: PathBuf,
    _folder: TempDir,
}

impl World {
    /// Makes it, in a folder whose path always has the same length, so that
    /// nothing that is counted depends on it.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir_in("/tmp").expect("a scratch folder");
        let root = folder.path().canonicalize().expect("it is there");
        let world = Self {
            root,
            _folder: folder,
        };
        fs::create_dir_all(world.project().join("src")).expect("a folder");
        fs::write(world.project().join("src/lib.rs"), "1\n").expect("a file");
        for (folder, text) in [(world.home(), PERSONS), (world.project(), PROJECTS)] {
            fs::create_dir_all(folder.join(".claude")).expect("a folder");
            fs::write(folder.join(".claude/maos.toml"), text).expect("settings");
        }
        let workspace = world.workspace().into_os_string().into_string();
        let workspace = workspace.expect("a scratch folder is UTF-8");
        world.git(&["init", "--quiet"]);
        world.git(&["add", "--all"]);
        let identity = ["-c", "user.name=B", "-c", "user.email=b@localhost"];
        world.git(&[&identity[..], &["commit", "--quiet", "-m", "begin"]].concat());
        world.git(&["worktree", "add", "--quiet", &workspace]);
        world
    }

    /// The person's home.
    pub(crate) fn home(&self) -> PathBuf {
        self.root.join("home")
    }

    /// The main checkout.
    pub(crate) fn project(&self) -> PathBuf {
        self.home().join("project")
    }

    /// An agent's worktree.
    pub(crate) fn workspace(&self) -> PathBuf {
        self.project().join(".claude/worktrees/coder-a5584d06")
    }

    /// Returns the fields that every event has.
    pub(crate) fn event(&self, event: Event) -> Value {
        json!({
            "session_id": SESSION,
            "transcript_path": self.home().join("transcript.jsonl"),
            "cwd": self.project(),
            "permission_mode": "default",
            "hook_event_name": event.name(),
        })
    }

    fn git(&self, arguments: &[&str]) {
        let ended = Command::new("git")
            .args(arguments)
            .current_dir(self.project())
            .env("HOME", self.home())
            .status();
        assert!(
            ended.expect("git can be started").success(),
            "{arguments:?}"
        );
    }
}
