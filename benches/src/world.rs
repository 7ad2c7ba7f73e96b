//! The scratch project that the programs work in.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use maos_shared::config::WorkspaceSettings;
use maos_shared::hook::Event;
use maos_shared::project::Project;
use maos_shared::state::State;
use maos_shared::state::agents::{Agent, Stage, fact};
use maos_shared::workspace;
use serde_json::{Value, json};
use tempfile::TempDir;

/// The session of all events.
pub(crate) const SESSION: &str = "bbbbbbbb-0000-4000-8000-000000000000";

/// The agent that works in a worktree of its own.
pub(crate) const AGENT: &str = "a5584d067ecffbeda";

/// A file of the project that nothing checks.
pub(crate) const TEXT: &str = "src/lib.rs";

/// A file of a package of the project: a job checks it when it was edited.
pub(crate) const RUST: &str = "package/src/lib.rs";

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

/// A home with a repository, and an agent at work in a worktree of its own.
pub(crate) struct World {
    root: PathBuf,
    workspace: PathBuf,
    _folder: TempDir,
}

impl World {
    /// Makes it, in a folder whose path always has the same length, so that
    /// nothing that is counted depends on it.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir_in("/tmp").expect("a scratch folder");
        let root = folder.path().canonicalize().expect("it is there");
        let mut world = Self {
            root,
            workspace: PathBuf::new(),
            _folder: folder,
        };
        for (file, text) in [(TEXT, "1\n"), (RUST, "1\n"), ("package/Cargo.toml", "")] {
            let file = world.project().join(file);
            let folder = file.parent().expect("it has one");
            fs::create_dir_all(folder).expect("a folder");
            fs::write(file, text).expect("a file");
        }
        for (folder, text) in [(world.home(), PERSONS), (world.project(), PROJECTS)] {
            fs::create_dir_all(folder.join(".claude")).expect("a folder");
            fs::write(folder.join(".claude/maos.toml"), text).expect("settings");
        }
        commit_all(&world.project(), &world.home());
        world.workspace = isolate(AGENT, &world.project());
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

    /// The worktree of [`AGENT`].
    pub(crate) fn workspace(&self) -> &Path {
        &self.workspace
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
}

/// Makes a repository of a folder, with all that is in it.
pub(crate) fn commit_all(folder: &Path, home: &Path) {
    let git = |arguments: &[&str]| {
        let ended = Command::new("git")
            .args(arguments)
            .current_dir(folder)
            .env("HOME", home)
            .status();
        let ended = ended.expect("git can be started");
        assert!(ended.success(), "{arguments:?}");
    };
    git(&["init", "--quiet"]);
    git(&["add", "--all"]);
    let identity = ["-c", "user.name=B", "-c", "user.email=b@localhost"];
    git(&[&identity[..], &["commit", "--quiet", "-m", "begin"]].concat());
}

/// Gives an agent a worktree and notes that it is at work there, as the hooks do;
/// returns the worktree.
pub(crate) fn isolate(agent: &str, project: &Path) -> PathBuf {
    let now = SystemTime::now();
    let found = Project::find(project, None, None).expect("a project");
    let request = workspace::Request {
        kind: "coder",
        id: agent,
        from: project,
        settings: &WorkspaceSettings::default(),
        reason: "measured",
        now,
    };
    let made = workspace::create(&found, &request).expect("a worktree");
    let stage = Agent {
        agent_id: agent.to_owned(),
        agent_type: "coder".to_owned(),
        registered: "2026-01-01T00:00:00.000Z".to_owned(),
        client: None,
    };
    let session = State::at(found.state_dir(), now).session(SESSION);
    let noted = session.record(agent, fact::WORKSPACE, &made);
    noted.expect("a state that can be written");
    let active = session.bring(&stage, Stage::Active);
    active.expect("a state that can be written");
    made.path
}
