//! How long an agent waits for its worktree in a large repository: with a spare
//! workspace, and without.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use maos_shared::config::WorkspaceSettings;
use maos_shared::project::Project;
use maos_shared::workspace::spares;
use serde_json::json;
use tempfile::TempDir;

use crate::stopwatch::at;

/// Files of the repository, and how many of them lie in each folder.
pub(crate) const FILES: usize = 30_000;
const FILES_IN_FOLDER: usize = 100;
/// How many files differ where some do.
pub(crate) const CHANGED: usize = 10;
/// How many spares are made ready at once; each is handed out once.
const READY: usize = 8;

/// The median of each case, with its name.
pub(crate) type Medians = Vec<(String, Duration)>;

/// A home with a large repository.
struct Large {
    programs: PathBuf,
    root: PathBuf,
    _folder: TempDir,
    made: usize,
}

/// Times each case [`READY`] times.
pub(crate) fn measure(programs: &Path) -> Medians {
    let mut large = Large::new(programs);
    let mut medians = Vec::new();
    let mut case = |name: String, times: Vec<Duration>| medians.push((name, median(times)));
    case(
        "a spare is handed out: the whole hook, but for the look at the checkout".to_owned(),
        large.hand_out("head", |_| {}),
    );
    case(
        format!("the same, and {CHANGED} files differ from the spare's"),
        large.hand_out("head", Large::commit),
    );
    case(
        "with the look, nothing changed since the last commit".to_owned(),
        large.hand_out("working-tree", |_| {}),
    );
    case(
        format!("with the look, {CHANGED} files changed and not committed"),
        large.hand_out("working-tree", Large::change),
    );
    let status = ["--no-optional-locks", "status", "--porcelain", "-uall"];
    case(
        "`git status`, for comparison".to_owned(),
        repeat(|| drop(large.git(&status))),
    );
    let files = large.git(&["ls-files", "-z"]);
    let files: Vec<PathBuf> = files
        .split('\0')
        .map(|file| large.project().join(file))
        .collect();
    case(
        "one `lstat` for each file, the least that any look takes".to_owned(),
        repeat(|| files.iter().for_each(|file| drop(file.symlink_metadata()))),
    );
    case(
        "`git worktree add`, for comparison".to_owned(),
        vec![large.add_worktree()],
    );
    medians
}

fn repeat(step: impl Fn()) -> Vec<Duration> {
    let time = |_| {
        let began = Instant::now();
        step();
        began.elapsed()
    };
    (0..READY).map(time).collect()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    at(&times, 50)
}

impl Large {
    fn new(programs: &Path) -> Self {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let large = Self {
            programs: programs.to_owned(),
            root: folder.path().canonicalize().expect("it is there"),
            _folder: folder,
            made: 0,
        };
        for file in 0..FILES {
            let path = large.file(file);
            if file % FILES_IN_FOLDER == 0 {
                let folder = path.parent().expect("it has one");
                fs::create_dir_all(folder).expect("a folder");
            }
            fs::write(path, format!("// {file}\n").repeat(20)).expect("a file");
        }
        fs::create_dir_all(large.root.join(".claude")).expect("a folder");
        large.git(&["init", "--quiet"]);
        fs::write(large.project().join(".gitignore"), ".maos\n").expect("a file");
        large.commit();
        large
    }

    fn project(&self) -> PathBuf {
        self.root.join("project")
    }

    fn file(&self, number: usize) -> PathBuf {
        let folder = number / FILES_IN_FOLDER;
        let above = format!("src/part{}/folder{folder}", folder % 20);
        self.project().join(above).join(format!("file{number}.rs"))
    }

    /// Changes some files, each time to something else.
    fn change(&self) {
        for number in 0..CHANGED {
            let path = self.file(number * FILES / CHANGED);
            let text = fs::read_to_string(&path).expect("a file") + "// more\n";
            fs::write(path, text).expect("a file");
        }
    }

    /// Commits all, and some changes with it.
    fn commit(&self) {
        self.change();
        self.git(&["add", "--all"]);
        let identity = ["-c", "user.name=B", "-c", "user.email=b@localhost"];
        self.git(&[&identity[..], &["commit", "--quiet", "-m", "more"]].concat());
    }

    /// Hands out spares, and returns how long the hook took each time.
    /// `meanwhile` happens when they are ready.
    fn hand_out(&mut self, base: &str, meanwhile: impl Fn(&Self)) -> Vec<Duration> {
        // The folder of workspaces is made for the first agent.
        self.settings(base, 0);
        self.create();
        let project = Project::find(&self.project(), None, None).expect("a project");
        let settings = WorkspaceSettings {
            spares: Some(READY),
            ..WorkspaceSettings::default()
        };
        spares::keep(&project, &project.checkout, &settings).expect("spares can be made");
        meanwhile(self);
        let hand_out = |left| {
            // As many as there will be: none is made while others are timed.
            self.settings(base, left);
            self.create()
        };
        let times = (0..READY).rev().map(hand_out).collect();
        self.forget_all();
        times
    }

    /// Writes the person's settings.
    fn settings(&self, base: &str, spares: usize) {
        let text = format!("[workspace]\nbase = '{base}'\nspares = {spares}\n");
        fs::write(self.root.join(".claude/maos.toml"), text).expect("settings");
    }

    /// Has the client's hook make a worktree, and returns how long that took.
    fn create(&mut self) -> Duration {
        self.made += 1;
        let input = json!({
            "session_id": "bbbbbbbb-0000-4000-8000-000000000000",
            "transcript_path": self.root.join("transcript.jsonl"),
            "cwd": self.project(),
            "hook_event_name": "WorktreeCreate",
            "name": format!("agent-a{:016x}", self.made),
        });
        let file = self.root.join("input");
        fs::write(&file, input.to_string()).expect("an input");
        let mut command = Command::new(self.programs.join("maos-worktree-create"));
        command
            .env("HOME", &self.root)
            .env("CLAUDE_PROJECT_DIR", self.project())
            .stdin(fs::File::open(file).expect("an input"))
            .stdout(fs::File::create(self.root.join("output")).expect("an output"))
            .stderr(Stdio::null());
        let began = Instant::now();
        let ended = command.status();
        let time = began.elapsed();
        assert!(ended.expect("the hook can be started").success());
        time
    }

    fn add_worktree(&self) -> Duration {
        let began = Instant::now();
        self.git(&["worktree", "add", "--quiet", "--detach", "../other"]);
        began.elapsed()
    }

    /// Removes all worktrees: each has all the files.
    fn forget_all(&self) {
        let worktrees = self.project().join(".claude/worktrees");
        fs::remove_dir_all(worktrees).expect("worktrees");
        fs::remove_dir_all(self.project().join(".git/worktrees")).expect("their registrations");
    }

    fn git(&self, arguments: &[&str]) -> String {
        let ended = Command::new("git")
            .args(arguments)
            .current_dir(self.project())
            .env("HOME", &self.root)
            .output()
            .expect("git can be started");
        assert!(ended.status.success(), "{arguments:?}");
        String::from_utf8_lossy(&ended.stdout).into_owned()
    }
}
