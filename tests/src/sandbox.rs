//! A scratch folder with an empty HOME and a git repository: all that a test
//! may touch.

use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use maos_shared::hook::Event;
use nix::pty::openpty;
use serde_json::Value;
use tempfile::TempDir;

use crate::process::{self, Finished, Stdout};
use crate::program::built;
use crate::terminal::Terminal;

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

    /// Returns this sandbox with all that is in the project committed.
    #[must_use]
    pub fn committed(self, message: &str) -> Self {
        self.commit(message);
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

    /// Commits all that is in the project.
    pub fn commit(&self, message: &str) {
        self.git(["add", "--all"]);
        self.git(["commit", "--quiet", "--allow-empty", "--message", message]);
    }

    /// Returns what git prints for `arguments` in the project, trimmed.
    ///
    /// # Panics
    /// When git fails.
    pub fn git<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> String {
        let arguments: Vec<A> = arguments.into_iter().collect();
        let run = || self.try_git(arguments.iter().map(AsRef::as_ref));
        // Git's own `worktree add` is no single step to another git, and a job may
        // be at it.
        let is_in_between = |git: &Finished| git.err().contains("commondir");
        let again = std::iter::repeat_with(run).take(100);
        let git = again.into_iter().find(|git| !is_in_between(git));
        git.unwrap_or_else(run).exits(0).out().trim_end().to_owned()
    }

    /// Runs git in the project, whether or not it works.
    #[must_use]
    pub fn try_git<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Finished {
        let mut git = self.command("git");
        git.args(arguments);
        process::run(git, Vec::new(), Stdout::Kept, Duration::from_secs(60))
    }

    /// Returns the local branches below `prefix`, sorted.
    #[must_use]
    pub fn branches(&self, prefix: &str) -> Vec<String> {
        let refs = format!("refs/heads/{prefix}");
        let names = self.git(["for-each-ref", "--format=%(refname:short)", &refs]);
        names.lines().map(str::to_owned).collect()
    }

    /// Returns the text of `path` as committed on `branch`, `None` when the
    /// branch has no such file.
    #[must_use]
    pub fn committed_file(&self, branch: &str, path: &str) -> Option<String> {
        let listed = self.git(["ls-tree", "-r", "--name-only", branch, "--", path]);
        (listed == path).then(|| self.git(["show", &format!("{branch}:{path}")]))
    }

    /// Returns the commit that is checked out in the main checkout.
    #[must_use]
    pub fn head(&self) -> String {
        self.git(["rev-parse", "HEAD"])
    }

    /// Returns the references that keep rescued work, sorted.
    #[must_use]
    pub fn rescued(&self) -> Vec<String> {
        let names = self.git(["for-each-ref", "--format=%(refname)", "refs/maos/rescue"]);
        names.lines().map(str::to_owned).collect()
    }

    /// Returns the folders in the folder of workspaces, sorted, without spares.
    #[must_use]
    pub fn workspaces(&self) -> Vec<PathBuf> {
        let found = entries(&self.project().join(".claude/worktrees"));
        let is_workspace = |path: &PathBuf| path.is_dir() && !is_spare(path);
        found.into_iter().filter(is_workspace).collect()
    }

    /// Runs the built `maos` with `arguments` in the project.
    #[must_use]
    pub fn maos<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Finished {
        self.maos_given(arguments, "")
    }

    /// Returns how a command here calls the built `maos`, which is on no search
    /// path.
    #[must_use]
    pub fn maos_command(&self) -> String {
        built("maos").display().to_string()
    }

    /// Runs the built `maos` in the project with `input` on its standard input.
    #[must_use]
    pub fn maos_given<A: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = A>,
        input: impl Into<Vec<u8>>,
    ) -> Finished {
        let mut maos = self.command(built("maos"));
        maos.args(arguments);
        process::run(maos, input.into(), Stdout::Kept, Duration::from_secs(60))
    }

    /// Runs the built `maos` in `folder` as an agent of `session` does, by a
    /// command of the client.
    #[must_use]
    pub fn maos_by_an_agent<A: AsRef<OsStr>>(
        &self,
        session: &str,
        folder: &Path,
        arguments: impl IntoIterator<Item = A>,
    ) -> Finished {
        let mut maos = self.command(built("maos"));
        maos.args(arguments).current_dir(folder);
        maos.env("CLAUDECODE", "1");
        maos.env("CLAUDE_CODE_SESSION_ID", session);
        process::run(maos, Vec::new(), Stdout::Kept, Duration::from_secs(60))
    }

    /// Runs `maos` as a person at a terminal does.
    ///
    /// # Panics
    /// When there is no pseudo terminal.
    #[must_use]
    pub fn maos_at_a_terminal<A: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = A>,
    ) -> Finished {
        let terminal = openpty(None, None).expect("a pseudo terminal");
        let mut maos = self.command(built("maos"));
        let ended = maos.args(arguments).stdin(terminal.slave).output();
        let ended = ended.expect("maos can be started");
        Finished {
            status: ended.status,
            stdout: ended.stdout,
            stderr: ended.stderr,
        }
    }

    /// Starts `maos` with all of a terminal, 80 columns and 24 rows.
    ///
    /// # Panics
    /// When there is no pseudo terminal.
    pub fn maos_on_a_terminal<A: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = A>,
    ) -> Terminal {
        self.maos_on_a_terminal_with(arguments, &[])
    }

    /// As [`Self::maos_on_a_terminal`], with these variables as well.
    ///
    /// # Panics
    /// When there is no pseudo terminal.
    pub fn maos_on_a_terminal_with<A: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = A>,
        variables: &[(&str, &str)],
    ) -> Terminal {
        let mut maos = self.command(built("maos"));
        maos.args(arguments).envs(variables.iter().copied());
        Terminal::start(maos)
    }

    /// Returns what git calls changed or untracked in the main checkout.
    #[must_use]
    pub fn status(&self) -> String {
        self.git(["status", "--porcelain", "--untracked-files=all"])
    }

    /// Returns the agents of every session in `state`: `pending_agents`,
    /// `active_agents` or `completed_agents`.
    #[must_use]
    pub fn agents(&self, state: &str) -> Vec<Value> {
        let sessions = self.project().join(".maos/sessions");
        let mut agents = Vec::new();
        for session in entries(&sessions) {
            for file in entries(&session.join(state)) {
                agents.push(json(&fs::read(&file).expect("an agent's file"), &file));
            }
        }
        agents
    }

    /// Returns what is known of the agent `id` of any session under the name
    /// `fact`: `workspace.json`, `launch.json` or `result.json`.
    #[must_use]
    pub fn fact(&self, id: &str, fact: &str) -> Option<Value> {
        let sessions = entries(&self.project().join(".maos/sessions"));
        let files = sessions
            .iter()
            .map(|it| it.join("agents").join(id).join(fact));
        let file = files.into_iter().find(|file| file.exists())?;
        Some(json(&fs::read(&file).expect("a fact"), &file))
    }

    /// Returns every lease that was not given back, whether or not its owner
    /// lives. A clean-up may be putting others away meanwhile.
    #[must_use]
    pub fn leases(&self) -> Vec<Value> {
        let state = self.project().join(".maos");
        let marks = files(&state.join("sessions"));
        let is_marked = |lease: &Value| {
            let mark = lease["mark"].as_str().expect("a lease has a mark");
            marks.iter().any(|path| path.ends_with(mark))
        };
        let places = entries(&state.join("locks"));
        let owners = places.iter().map(|place| place.join("owner.json"));
        let leases = owners.filter_map(|file| Some(json(&fs::read(&file).ok()?, &file)));
        leases.filter(is_marked).collect()
    }

    /// Returns the files that somebody holds a lease on, sorted, as a person is
    /// told.
    ///
    /// # Panics
    /// When `maos status` does not say.
    #[must_use]
    pub fn live_leases(&self) -> Vec<String> {
        let told = self.maos(["status", "--json"]).exits(0).out();
        let told: Value = serde_json::from_str(&told).expect("JSON");
        let leases = told["leases"].as_array().expect("a list of leases").iter();
        let files = leases.map(|lease| lease["file"].as_str().expect("a file").to_owned());
        files.collect()
    }

    /// Returns the roots of the linked worktrees, without spare ones: a job
    /// makes those at any time.
    ///
    /// # Panics
    /// When git finds that one of them is not in order.
    #[must_use]
    pub fn worktrees(&self) -> Vec<PathBuf> {
        let list = self.git(["worktree", "list", "--porcelain"]);
        assert!(!list.contains("\nprunable"), "{list}");
        let paths = list
            .lines()
            .filter_map(|line| line.strip_prefix("worktree "));
        let paths = paths.skip(1).map(PathBuf::from);
        let paths: Vec<_> = paths.filter(|path| !is_spare(path)).collect();
        for path in &paths {
            assert!(path.join(".git").is_file(), "{} is gone", path.display());
        }
        paths
    }

    /// Checks that nothing is missing or broken in the repository.
    ///
    /// # Panics
    /// When git finds something.
    pub fn is_whole(&self) {
        let found = self.git(["fsck", "--strict", "--no-dangling", "--no-progress"]);
        assert_eq!(found, "", "the repository is damaged");
    }

    /// Returns every line of every journal below `.maos`.
    ///
    /// # Panics
    /// When a line is not a whole JSON object.
    #[must_use]
    pub fn journal(&self) -> Vec<Value> {
        let is_journal = |path: &PathBuf| path.extension().is_some_and(|end| end == "jsonl");
        let journals = files(&self.project().join(".maos"));
        let journals = journals.into_iter().filter(is_journal);
        journals.flat_map(|path| journal_lines(&path)).collect()
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

/// Returns whether a folder is that of a spare workspace, or being deleted.
fn is_spare(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with("spare-") || name.starts_with(".tmp-")
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

/// Returns the files below `folder`, at any depth.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let (below, here) = entries(&folder).into_iter().partition(|path| path.is_dir());
        files.extend::<Vec<_>>(here);
        folders.extend::<Vec<_>>(below);
    }
    files
}

fn journal_lines(path: &Path) -> Vec<Value> {
    let text = fs::read(path).expect("a journal can be read");
    // One whose first line was never written is empty.
    assert!(
        text.is_empty() || text.ends_with(b"\n"),
        "{} ends in half a line",
        path.display()
    );
    let lines = text
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty());
    lines.map(|line| json(line, path)).collect()
}

fn json(text: &[u8], path: &Path) -> Value {
    let value: Value = serde_json::from_slice(text).unwrap_or_else(|error| {
        let text = String::from_utf8_lossy(text);
        panic!("{} holds broken JSON: {error}\n{text}", path.display())
    });
    assert!(
        value.is_object(),
        "{} holds JSON that is no object: {value}",
        path.display()
    );
    value
}
