//! Many creations of worktrees at once, beside whatever else works on the same
//! repository, over and over.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use maos_shared::hook::Event;

use crate::event::HookEvent;
use crate::random::Random;
use crate::sandbox::Sandbox;

/// How many worktrees are asked for at once.
const AT_ONCE: usize = 16;
/// Every which of them has its program killed, and is asked for again.
const KILLED: usize = 4;
/// How many files the repository has beside its first ones.
const FILES: usize = 300;
/// How often in a row a call may find something locked.
const PATIENCE: usize = 20;
/// What the person does meanwhile, again and again.
const BESIDE: [&[&str]; 3] = [
    &["worktree", "prune", "--expire=now"],
    &["gc", "--quiet"],
    &["status", "--porcelain"],
];

/// What came of it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Storm {
    /// Rounds of creations at once.
    pub rounds: usize,
    /// Worktrees that were handed out.
    pub made: usize,
    /// Of those, the ones that had been spares.
    pub spares: usize,
    /// Programs that were killed.
    pub kills: usize,
    /// Calls of git beside them.
    pub beside: usize,
    /// Of those, the ones that found something locked at that moment, as two gits
    /// at work always may, and were made again.
    pub again: usize,
}

impl fmt::Display for Storm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} rounds: {} worktrees, {} of them spares; {} programs killed; {} calls of \
             `git worktree prune`, `git gc` and `git status` beside them, {} of them made again \
             as something was locked; no failure, none handed out twice, `git fsck` clean",
            self.rounds, self.made, self.spares, self.kills, self.beside, self.again
        )
    }
}

/// Lets a storm blow for some rounds, and calls `after` behind each. In every
/// round [`AT_ONCE`] agents ask for a worktree at the same moment, some of them
/// twice as their program is killed, while the person edits, commits, prunes and
/// collects garbage. All of them are then checked and removed.
///
/// # Panics
/// When a program or git fails, a worktree is handed out twice or is not what
/// its agent needs, or git finds something broken.
pub fn storm(rounds: usize, mut after: impl FnMut(&Storm)) -> Storm {
    let sandbox = Sandbox::with_repository();
    for file in 0..FILES {
        sandbox.write(&format!("data/{}/{file}.txt", file % 10), "text\n");
    }
    sandbox.commit("files");
    let mut random = Random::seeded(7);
    let mut storm = Storm::default();
    let mut longest = Duration::from_millis(100);
    for round in 0..rounds {
        sandbox.write("README.md", &format!("# Round {round}\n"));
        if is_committed(round) {
            sandbox.commit("a round");
        }
        let began = Instant::now();
        blow(&sandbox, round, &mut storm, || random.up_to(longest));
        longest = began.elapsed() / 2;
        sandbox.is_whole();
        storm.rounds += 1;
        after(&storm);
    }
    storm
}

/// One round.
fn blow(sandbox: &Sandbox, round: usize, storm: &mut Storm, mut delay: impl FnMut() -> Duration) {
    let spares = spares(sandbox);
    let delays: Vec<_> = (0..AT_ONCE)
        .map(|n| (n % KILLED == 0).then(&mut delay))
        .collect();
    let is_over = AtomicBool::new(false);
    let (made, beside, again) = thread::scope(|scope| {
        let is_over = &is_over;
        let over = Over(is_over);
        let beside = BESIDE.map(|call| scope.spawn(move || repeat(sandbox, call, is_over)));
        let ask = |(n, delay): (usize, &Option<Duration>)| {
            let delay = *delay;
            scope.spawn(move || create(sandbox, &id(round, n), delay))
        };
        let asked: Vec<_> = delays.iter().enumerate().map(ask).collect();
        let made = asked.into_iter().map(|it| it.join().expect("a creation"));
        let made: Vec<(PathBuf, bool)> = made.collect();
        drop(over);
        let beside = beside.map(|it| it.join().expect("git beside it"));
        let (beside, again): (Vec<_>, Vec<_>) = beside.into_iter().unzip();
        (
            made,
            beside.iter().sum::<usize>(),
            again.iter().sum::<usize>(),
        )
    });
    let paths: Vec<&Path> = made.iter().map(|(path, _)| path.as_path()).collect();
    check(sandbox, round, &paths);
    storm.made += made.len();
    storm.beside += beside;
    storm.again += again;
    storm.kills += made.iter().filter(|(_, is_killed)| *is_killed).count();
    let was_spare = |path: &&&Path| spares.contains(&inode(path));
    storm.spares += paths.iter().filter(was_spare).count();
    thread::scope(|scope| {
        for path in paths {
            scope.spawn(move || remove(sandbox, path));
        }
    });
    assert_eq!(sandbox.worktrees(), [] as [PathBuf; 0]);
}

/// Ends what goes on beside when it is dropped, also by a panic.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Whether the person has committed before this round.
const fn is_committed(round: usize) -> bool {
    round.is_multiple_of(5)
}

fn id(round: usize, n: usize) -> String {
    format!("a{round:06}b{n:02}ffbeda")
}

/// Asks for a worktree, after a first program was killed where there is a
/// `delay`; returns it, and whether the kill hit.
fn create(sandbox: &Sandbox, id: &str, delay: Option<Duration>) -> (PathBuf, bool) {
    let ask = || HookEvent::new(sandbox, Event::WorktreeCreate).with("name", format!("agent-{id}"));
    let is_killed = delay.is_some_and(|delay| ask().program().killed_after(delay));
    (ask().answer().path(), is_killed)
}

fn remove(sandbox: &Sandbox, path: &Path) {
    let path = path.to_str().expect("a path of ours is UTF-8");
    let remove = HookEvent::new(sandbox, Event::WorktreeRemove).with("worktree_path", path);
    let _ = remove.answer().finished().exits(0);
}

/// Calls git again and again until it is over. Returns how often, and how often
/// it found something locked.
///
/// # Panics
/// When it fails for any other reason, or something stays locked.
fn repeat(sandbox: &Sandbox, call: &[&str], is_over: &AtomicBool) -> (usize, usize) {
    let (mut count, mut again, mut in_a_row) = (0, 0, 0);
    while !is_over.load(Ordering::Relaxed) || in_a_row > 0 {
        let ended = sandbox.try_git(call);
        count += 1;
        if ended.err().contains(".lock': File exists") && in_a_row < PATIENCE {
            again += 1;
            in_a_row += 1;
        } else {
            let _ = ended.exits(0);
            in_a_row = 0;
        }
    }
    (count, again)
}

/// Checks that each worktree is whole, starts from what the person has, and is
/// nobody else's.
fn check(sandbox: &Sandbox, round: usize, paths: &[&Path]) {
    let mut seen = BTreeSet::new();
    for (n, path) in paths.iter().enumerate() {
        let git = |arguments: &[&str]| {
            let folder = ["-C", path.to_str().expect("a path of ours is UTF-8")];
            sandbox.git(folder.iter().chain(arguments))
        };
        let known = sandbox.fact(&id(round, n), "workspace.json");
        let known = known.expect("the workspace is kept");
        assert_eq!(known["path"], path.to_str().expect("as above"));
        let branch = git(&["symbolic-ref", "--short", "HEAD"]);
        assert_eq!(known["branch"], *branch);
        assert_eq!(known["base"], git(&["rev-parse", "HEAD"]));
        assert_eq!(git(&["status", "--porcelain"]), "", "{}", path.display());
        let text = fs::read_to_string(path.join("README.md")).expect("a file");
        assert_eq!(text, format!("# Round {round}\n"));
        let git_dir = git(&["rev-parse", "--absolute-git-dir"]);
        for what in [path.display().to_string(), branch, git_dir] {
            assert!(seen.insert(what.clone()), "{what} was handed out twice");
        }
    }
    assert_eq!(sandbox.worktrees().len(), paths.len());
    let changed = if is_committed(round) {
        ""
    } else {
        "M README.md"
    };
    assert_eq!(sandbox.status().trim(), changed);
}

/// The folders of the spares that there are, by their numbers on the disk.
fn spares(sandbox: &Sandbox) -> BTreeSet<u64> {
    let folder = sandbox.project().join(".claude/worktrees");
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let is_spare = |entry: &fs::DirEntry| entry.file_name().to_string_lossy().starts_with("spare-");
    let spares = entries.filter(is_spare);
    spares.map(|entry| inode(&entry.path())).collect()
}

fn inode(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |found| found.ino())
}
