//! Every state that a workspace can be in, what becomes of it, and that nothing
//! of it is lost.

use super::*;
use crate::config::WorkspaceSettings;
use crate::state::agents::{Returned, fact};
use crate::state::lock::Lock;
use crate::state::process::Process;
use crate::state::sessions::SessionFact;
use crate::workspace::create::MAKING;
use crate::workspace::scratch::Scratch;
use crate::workspace::{Rescued, Workspace, checkpoint, create_named, rescued};
use std::fs;
use std::os::unix::fs::symlink;

const ID: &str = "a5584d067ecffbeda";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// A number that no process has.
const NOBODY: u32 = 1 << 30;

/// When a clean-up comes: soon after the last change, or much later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum When {
    Soon,
    Late,
}

/// A repository with the workspace of an agent, whose session is over.
struct World {
    scratch: Scratch,
    made: Workspace,
}

impl World {
    fn new() -> Self {
        Self::in_repository(Scratch::with_repository())
    }

    fn in_repository(scratch: Scratch) -> Self {
        let world = Self {
            made: scratch.workspace(ID),
            scratch,
        };
        world.session(NOBODY);
        world
    }

    /// Writes down the session that the workspace belongs to.
    fn session(&self, client: u32) {
        let session = self.state(When::Soon).session("s");
        let fact = SessionFact {
            session_id: "s".to_owned(),
            started: "T1".to_owned(),
            source: "startup".to_owned(),
            cwd: self.scratch.path("main"),
            client: Some(Process::of(client)),
        };
        session.begin(&fact).unwrap();
        session.record(ID, fact::WORKSPACE, &self.made).unwrap();
    }

    fn state(&self, when: When) -> State {
        let now = SystemTime::now();
        let now = now
            + if when == When::Late {
                2 * DAY
            } else {
                Duration::ZERO
            };
        State::at(self.scratch.path("main/.maos"), now)
    }

    fn git(&self, arguments: &[&str]) -> String {
        self.scratch.git(&self.made.path, arguments)
    }

    fn write(&self, file: &str, text: &str) {
        self.scratch.write(self.made.path.join(file), text);
    }

    fn commit(&self) -> String {
        checkpoint(&self.made.path, "work", &|_| false)
            .unwrap()
            .commit
            .unwrap()
    }

    fn judged(&self, when: When) -> Vec<Judged> {
        let project = self.scratch.project("main");
        judge(&project, &self.state(when), DAY).unwrap()
    }

    fn fate(&self, when: When) -> Fate {
        let judged = self.judged(when);
        let mine = judged.into_iter().find(|one| one.path == self.made.path);
        mine.unwrap().fate
    }

    /// Does what was judged.
    fn clean(&self, when: When) -> Vec<Removal> {
        let (project, trash) = (
            self.scratch.project("main"),
            self.state(when).trash().unwrap(),
        );
        let judged = self.judged(when).into_iter();
        let clean = judged.map(|judged| carry_out(&project, &judged, &trash).unwrap());
        let done = clean.collect();
        self.scratch
            .git("main", &["fsck", "--strict", "--no-dangling"]);
        done
    }

    fn is_there(&self) -> bool {
        self.made.path.exists()
    }

    fn has_branch(&self) -> bool {
        let branch = format!("refs/heads/{}", self.made.branch);
        self.scratch
            .try_git("main", &["rev-parse", "-q", "--verify", &branch])
            .0
    }

    /// What a rescued commit holds of a file.
    fn rescued(&self, file: &str) -> String {
        let all = rescued(&self.scratch.project("main")).unwrap();
        assert_eq!(all.len(), 1, "{all:?}");
        self.scratch
            .git("main", &["show", &format!("{}:{file}", all[0].commit)])
    }
}

fn stays(fate: &Fate) -> &str {
    match fate {
        Fate::Stays(reason) => reason,
        other => panic!("{other:?}"),
    }
}

/// Checks that a workspace is left for a day, and then goes with its work kept;
/// returns the world after that.
fn kept(world: World, reason: &str) -> World {
    let fate = world.fate(When::Soon);
    assert!(stays(&fate).contains(reason), "{fate:?}");
    world.clean(When::Soon);
    assert!(world.is_there());
    assert_eq!(world.fate(When::Late), Fate::Overdue);
    world.clean(When::Late);
    assert!(!world.is_there());
    world
}

/// Checks that a workspace stays, however late it is.
fn stays_for_ever(world: &World, reason: &str) {
    for when in [When::Soon, When::Late] {
        let fate = world.fate(when);
        assert!(stays(&fate).contains(reason), "{when:?}: {fate:?}");
        world.clean(when);
    }
}

/// Checks that a workspace goes at once, with its branch and without a rescue.
fn goes(world: &World, elsewhere: Elsewhere) {
    assert_eq!(world.fate(When::Soon), Fate::Goes(elsewhere));
    world.clean(When::Soon);
    assert!(!world.is_there() && !world.has_branch());
    assert_eq!(rescued(&world.scratch.project("main")).unwrap(), []);
}

#[test]
fn clean() {
    goes(&World::new(), Elsewhere::Unchanged);
}

#[test]
fn only_ignored_files() {
    let world = World::new();
    world.write("x.log", "ignored");
    // They are in no commit, so they stay for a while.
    assert!(stays(&world.fate(When::Soon)).contains("git ignores"));
    world.clean(When::Late);
    assert!(!world.is_there());
}

#[test]
fn with_a_process_in_it() {
    let world = World::new();
    let mut shell = world.scratch.process_in(world.made.path.join("src"));
    let fates = [When::Soon, When::Late].map(|when| world.fate(when));
    shell.kill().unwrap();
    shell.wait().unwrap();
    if cfg!(target_os = "linux") {
        assert!(fates.iter().all(|fate| stays(fate).contains("runs in it")));
    }
    goes(&world, Elsewhere::Unchanged);
}

#[test]
fn with_a_file_that_was_changed_of_late() {
    let world = World::new();
    world.write("deep/new.txt", "new");
    world.git(&["status"]);
    let path = world.made.path.join("deep/new.txt");
    let file = std::fs::File::options().write(true).open(path).unwrap();
    file.set_modified(SystemTime::now() + 2 * DAY).unwrap();
    assert!(stays(&world.fate(When::Late)).contains("not committed"));
}

#[test]
fn with_commits_that_were_left_behind() {
    let world = World::new();
    world.write("new.txt", "new");
    world.commit();
    world.git(&["reset", "-q", "--hard", "HEAD~1"]);
    world.write("other.txt", "other");
    world.commit();
    world.git(&["commit", "-q", "--amend", "-m", "other words"]);
    world.git(&["reset", "-q", "--hard", "HEAD~1"]);
    assert_eq!(world.fate(When::Soon), Fate::Goes(Elsewhere::Unchanged));
    world.clean(When::Soon);
    assert!(!world.is_there() && !world.has_branch());
    let kept = rescued(&world.scratch.project("main")).unwrap();
    let show = |one: &Rescued| {
        let tree = ["ls-tree", "--name-only", &one.commit];
        world.scratch.git("main", &tree)
    };
    let kept: Vec<String> = kept.iter().map(show).collect();
    let holds = |name: &str| kept.iter().any(|files| files.contains(name));
    assert!(holds("new.txt") && holds("other.txt"), "{kept:?}");
}

#[test]
fn with_commits_that_were_put_in_another_way() {
    let world = World::new();
    world.write("new.txt", "new");
    world.commit();
    world.git(&["commit", "-q", "--amend", "-m", "other words"]);
    let branch = &world.made.branch;
    world.scratch.git("main", &["merge", "-q", branch]);
    goes(&world, Elsewhere::Merged);
}

#[test]
fn with_ignored_files_that_it_came_with() {
    let scratch = Scratch::with_repository();
    scratch.write("main/.worktreeinclude", "*.log\n");
    scratch.write("main/deep/x.log", "the person's");
    goes(&World::in_repository(scratch), Elsewhere::Unchanged);
}

#[test]
fn dirty() {
    let world = World::new();
    world.write("a.txt", "changed");
    let world = kept(world, "not committed");
    assert_eq!(world.rescued("a.txt"), "changed");
    assert!(!world.has_branch(), "nothing was committed on it");
}

#[test]
fn untracked() {
    let world = World::new();
    world.write("deep/new.txt", "new");
    assert_eq!(kept(world, "not committed").rescued("deep/new.txt"), "new");
}

#[test]
fn staged_and_changed_again() {
    let world = World::new();
    world.write("a.txt", "staged");
    world.git(&["add", "a.txt"]);
    world.write("a.txt", "one\n");
    let world = kept(world, "not committed");
    let all = rescued(&world.scratch.project("main")).unwrap();
    let staged = format!("{}^2:a.txt", all[0].commit);
    assert_eq!(world.scratch.git("main", &["show", &staged]), "staged");
}

#[test]
fn hidden_from_git() {
    for hide in ["--assume-unchanged", "--skip-worktree"] {
        let world = World::new();
        world.git(&["update-index", hide, "a.txt"]);
        world.write("a.txt", "hidden");
        assert_eq!(kept(world, "not committed").rescued("a.txt"), "hidden");
    }
}

#[test]
fn committed_and_not_merged() {
    let world = World::new();
    world.write("new.txt", "new");
    let commit = world.commit();
    let world = kept(world, "not merged");
    let tip = world
        .scratch
        .git("main", &["rev-parse", &world.made.branch]);
    assert_eq!(tip, commit, "the branch stays");
}

#[test]
fn pushed_and_not_merged() {
    let world = World::new();
    world.write("new.txt", "new");
    world.commit();
    world.scratch.git(".", &["init", "-q", "--bare", "remote"]);
    let remote = world.scratch.path("remote");
    world.git(&["push", "-q", remote.to_str().unwrap(), "HEAD"]);
    assert!(kept(world, "not merged").has_branch());
}

#[test]
fn merged_and_squashed_and_rebased() {
    for how in ["merge", "squash", "rebase"] {
        let world = World::new();
        for text in ["new", "newer"] {
            world.write("new.txt", text);
            world.commit();
        }
        let main = |arguments: &[&str]| drop(world.scratch.git("main", arguments));
        main(&["commit", "-q", "--allow-empty", "-m", "go on"]);
        match how {
            "merge" => main(&["merge", "-q", "--no-edit", &world.made.branch]),
            "squash" => {
                main(&["merge", "-q", "--squash", &world.made.branch]);
                main(&["commit", "-q", "-m", "squashed"]);
            }
            _ => main(&["cherry-pick", &format!("{0}~2..{0}", world.made.branch)]),
        }
        goes(&world, Elsewhere::Merged);
    }
}

#[test]
fn returned_whole_or_in_part() {
    let world = World::new();
    world.write("new.txt", "new");
    let first = world.commit();
    let session = world.state(When::Soon).session("s");
    let returned = Returned {
        commit: first.clone(),
        into: world.scratch.path("main"),
        merged: None,
        files: vec!["new.txt".to_owned()],
        dropped: Vec::new(),
        kept: None,
    };
    session.record(ID, fact::RETURNED, &returned).unwrap();
    assert_eq!(world.fate(When::Soon), Fate::Goes(Elsewhere::Returned));
    world.write("new.txt", "newer");
    let second = world.commit();
    assert!(stays(&world.fate(When::Soon)).contains("not merged"));
    let returned = Returned {
        commit: second,
        ..returned
    };
    session.record(ID, fact::RETURNED, &returned).unwrap();
    world.clean(When::Soon);
    assert!(!world.is_there() && !world.has_branch());
    // It may be thrown away where it came back to.
    assert_eq!(world.rescued("new.txt"), "newer");
}

#[test]
fn merged_with_a_change_after_that() {
    let world = World::new();
    world.write("new.txt", "new");
    world.commit();
    world
        .scratch
        .git("main", &["merge", "-q", &world.made.branch]);
    world.write("new.txt", "newer");
    assert_eq!(kept(world, "not committed").rescued("new.txt"), "newer");
}

#[test]
fn detached() {
    let world = World::new();
    world.git(&["checkout", "-q", "--detach"]);
    goes(&world, Elsewhere::Unchanged);
}

#[test]
fn detached_with_a_commit() {
    let world = World::new();
    world.git(&["checkout", "-q", "--detach"]);
    world.write("new.txt", "loose");
    world.git(&["add", "-A"]);
    world.git(&["commit", "-q", "-m", "loose"]);
    assert_eq!(kept(world, "not merged").rescued("new.txt"), "loose");
}

#[test]
fn detached_and_dirty() {
    let world = World::new();
    world.git(&["checkout", "-q", "--detach"]);
    world.write("a.txt", "changed");
    assert_eq!(kept(world, "not committed").rescued("a.txt"), "changed");
}

#[test]
fn in_the_middle_of_a_merge_or_a_rebase() {
    for (begin, reason) in [
        ("merge", "a merge is unfinished"),
        ("rebase", "a rebase is unfinished"),
    ] {
        let world = World::new();
        world.write("a.txt", "theirs\n");
        world.commit();
        world.scratch.write("main/a.txt", "ours\n");
        world
            .scratch
            .git("main", &["commit", "-q", "-a", "-m", "clash"]);
        world.scratch.try_git(&world.made.path, &[begin, "main"]);
        let world = kept(world, reason);
        let text = world.rescued("a.txt");
        assert!(text.contains("ours") && text.contains("theirs"), "{text}");
        let theirs = world
            .scratch
            .git("main", &["show", &format!("{}:a.txt", world.made.branch)]);
        assert_eq!(theirs, "theirs");
    }
}

#[test]
fn on_a_branch_of_its_own() {
    let world = World::new();
    world.git(&["checkout", "-q", "-b", "topic"]);
    world.write("new.txt", "new");
    let commit = world.commit();
    // Nobody has merged that branch; it stays when the folder goes.
    assert!(stays(&world.fate(When::Soon)).contains("not merged"));
    world.clean(When::Late);
    assert!(!world.is_there());
    assert_eq!(world.scratch.git("main", &["rev-parse", "topic"]), commit);
}

#[test]
fn with_its_branch_moved_or_deleted() {
    let world = World::new();
    world.git(&["checkout", "-q", "--detach"]);
    let other = world.scratch.git(
        "main",
        &["commit-tree", "HEAD^{tree}", "-p", "HEAD", "-m", "x"],
    );
    let full = format!("refs/heads/{}", world.made.branch);
    world.scratch.git("main", &["update-ref", &full, &other]);
    // It holds the same files, but is a commit that nobody has merged.
    goes(&world, Elsewhere::Merged);

    let world = World::new();
    world.git(&["checkout", "-q", "--detach"]);
    world.git(&["branch", "-q", "-D", &world.made.branch]);
    goes(&world, Elsewhere::Unchanged);
}

#[test]
fn with_its_branch_moved_after_it_was_judged() {
    let world = World::new();
    world.write("new.txt", "new");
    world.commit();
    world
        .scratch
        .git("main", &["merge", "-q", &world.made.branch]);
    let judged = world.judged(When::Soon).remove(0);
    assert_eq!(judged.fate, Fate::Goes(Elsewhere::Merged));
    world.write("new.txt", "in between");
    let commit = world.commit();
    world.write("new.txt", "and not committed");
    let (project, trash) = (
        world.scratch.project("main"),
        world.state(When::Soon).trash().unwrap(),
    );
    carry_out(&project, &judged, &trash).unwrap();
    assert_eq!(world.rescued("new.txt"), "and not committed");
    assert_eq!(
        world
            .scratch
            .git("main", &["rev-parse", &world.made.branch]),
        commit
    );
}

#[test]
fn with_another_repository_inside() {
    let world = World::new();
    world.write("inner/work.txt", "x");
    world.git(&["init", "-q", "inner"]);
    assert!(stays(&world.fate(When::Soon)).contains("not committed"));
    let project = world.scratch.project("main");
    let late = world.judged(When::Late).remove(0);
    let trash = world.state(When::Late).trash().unwrap();
    let error = carry_out(&project, &late, &trash).unwrap_err().to_string();
    assert!(
        error.contains("it holds the repository \"inner\""),
        "{error}"
    );
    assert!(world.made.path.join("inner/work.txt").exists());
}

/// The world of an agent whose workspace has a submodule with all its files.
fn with_a_submodule() -> World {
    let scratch = Scratch::with_repository();
    scratch.init("module");
    let file = ["-c", "protocol.file.allow=always", "submodule", "--quiet"];
    scratch.git("main", &[&file[..], &["add", "../module", "sub"]].concat());
    scratch.git("main", &["commit", "-q", "-m", "with a module"]);
    let made = scratch.workspace(ID);
    assert!(made.path.join("sub/a.txt").exists());
    let world = World { scratch, made };
    world.session(NOBODY);
    world
}

#[test]
fn with_a_submodule_that_has_nothing_of_its_own() {
    goes(&with_a_submodule(), Elsewhere::Unchanged);

    // Also when the agent's work is merged, and it had the submodule updated.
    let world = with_a_submodule();
    world.git(&["submodule", "--quiet", "update", "--init"]);
    world.write("new.txt", "new");
    world.commit();
    world
        .scratch
        .git("main", &["merge", "-q", &world.made.branch]);
    goes(&world, Elsewhere::Merged);
}

#[test]
fn with_a_submodule_that_has_work() {
    type Work = fn(&World);
    let changed: Work = |world| world.write("sub/a.txt", "changed");
    let untracked: Work = |world| world.write("sub/work.txt", "new");
    let committed: Work = |world| {
        let sub = world.made.path.join("sub");
        world.write("sub/a.txt", "committed");
        world.scratch.git(&sub, &["commit", "-q", "-a", "-m", "x"]);
    };
    let on_a_branch: Work = |world| {
        let sub = world.made.path.join("sub");
        let git = |arguments: &[&str]| world.scratch.git(&sub, arguments);
        git(&["checkout", "-q", "-b", "mine"]);
        git(&["commit", "-q", "--allow-empty", "-m", "x"]);
        git(&["checkout", "-q", "--detach", "HEAD~1"]);
    };
    for work in [changed, untracked, committed, on_a_branch] {
        let world = with_a_submodule();
        work(&world);
        let read = |name: &str| fs::read_to_string(world.made.path.join("sub").join(name)).ok();
        let before = (read("a.txt"), read("work.txt"));
        let project = world.scratch.project("main");
        let trash = world.state(When::Late).trash().unwrap();
        for when in [When::Soon, When::Late] {
            for judged in world.judged(when) {
                let _ = carry_out(&project, &judged, &trash);
            }
        }
        assert_eq!((read("a.txt"), read("work.txt")), before);
        assert!(world.is_there());
    }
}

#[test]
fn locked_by_somebody() {
    let world = World::new();
    let path = world.made.path.to_str().unwrap();
    world.scratch.git("main", &["worktree", "unlock", path]);
    world.scratch.git("main", &["worktree", "lock", path]);
    stays_for_ever(&world, "somebody has locked it");
    assert!(world.is_there());
}

#[test]
fn missing_or_moved() {
    let world = World::new();
    world.write("new.txt", "new");
    world.scratch.rename(&world.made.path, "moved");
    stays_for_ever(&world, "it is gone");
    assert!(world.scratch.path("moved/new.txt").exists());
    let registered = world.scratch.git("main", &["worktree", "list"]);
    assert!(registered.contains("coder-a5584d06"), "{registered}");
    symlink(world.scratch.path("moved"), &world.made.path).unwrap();
    for when in [When::Soon, When::Late] {
        for judged in world.judged(when) {
            assert_ne!(stays(&judged.fate), "");
        }
        world.clean(when);
    }
    assert!(world.scratch.path("moved/new.txt").exists());
}

#[test]
fn another_folder_in_its_place() {
    let world = World::new();
    world.scratch.rename(&world.made.path, "moved");
    world.write("mine.txt", "mine");
    stays_for_ever(&world, "");
    assert!(world.made.path.join("mine.txt").exists());
}

#[test]
fn made_by_somebody_else() {
    let world = World::new();
    let theirs = world.scratch.path("main/.claude/worktrees/theirs");
    let add = [
        "worktree",
        "add",
        "-q",
        "--detach",
        theirs.to_str().unwrap(),
    ];
    world.scratch.git("main", &add);
    let (project, main) = (world.scratch.project("main"), world.scratch.path("main"));
    let settings = WorkspaceSettings::default();
    let named = create_named(&project, "named", &main, &settings, SystemTime::UNIX_EPOCH).unwrap();
    world.clean(When::Late);
    assert!(theirs.join("a.txt").exists());
    assert!(named.path.join("a.txt").exists(), "the person has it");
    assert!(!world.is_there());
}

#[test]
fn with_a_live_client() {
    let world = World::new();
    world.session(std::process::id());
    stays_for_ever(&world, "runs");
    assert!(world.is_there());
}

#[test]
fn known_to_no_session() {
    let world = World::new();
    fs::remove_dir_all(world.scratch.path("main/.maos/sessions")).unwrap();
    let fate = world.fate(When::Soon);
    assert!(stays(&fate).contains("no session knows it"), "{fate:?}");
    assert_eq!(world.fate(When::Late), Fate::Goes(Elsewhere::Unchanged));
}

#[test]
fn just_handed_out_however_short_the_time_is() {
    let world = World::new();
    let project = world.scratch.project("main");
    let sessions = world.scratch.path("main/.maos/sessions");
    fs::remove_dir_all(sessions).unwrap();
    let judged = |after: Duration| {
        let state = State::at(project.state_dir(), SystemTime::now() + after);
        judge(&project, &state, Duration::ZERO)
            .unwrap()
            .remove(0)
            .fate
    };
    // Its agent's first event is still to come.
    let fate = judged(Duration::ZERO);
    assert!(stays(&fate).contains("no session knows it"), "{fate:?}");
    assert_eq!(judged(HANDED_OUT * 2), Fate::Goes(Elsewhere::Unchanged));
}

#[test]
fn never_handed_out() {
    let world = World::new();
    let git_dir = world.git(&["rev-parse", "--absolute-git-dir"]);
    // As a kill leaves it: registered and locked, without the marker.
    fs::remove_file(Path::new(&git_dir).join("maos.json")).unwrap();
    let fate = world.fate(When::Late);
    assert!(
        stays(&fate).contains("marker"),
        "a session knows it: {fate:?}"
    );
    fs::remove_dir_all(world.scratch.path("main/.maos/sessions")).unwrap();
    let fate = world.fate(When::Soon);
    assert!(stays(&fate).contains("may still be made"), "{fate:?}");
    let making = Lock::acquire(&Path::new(&git_dir).join(MAKING), Duration::ZERO).unwrap();
    let judged = world.judged(When::Late).remove(0);
    assert_eq!(judged.fate, Fate::Goes(Elsewhere::Unfinished));
    let (project, trash) = (
        world.scratch.project("main"),
        world.state(When::Late).trash().unwrap(),
    );
    let error = carry_out(&project, &judged, &trash)
        .unwrap_err()
        .to_string();
    assert!(error.contains("somebody is at work on it"), "{error}");
    drop(making);
    world.clean(When::Late);
    assert!(!world.is_there());
    assert!(!world.has_branch(), "it never moved");
    let list = world.scratch.git("main", &["worktree", "list"]);
    assert_eq!(list.lines().count(), 1, "{list}");
}

#[test]
fn never_handed_out_with_its_branch_moved() {
    let world = World::new();
    let git_dir = world.git(&["rev-parse", "--absolute-git-dir"]);
    world.write("new.txt", "new");
    world.commit();
    fs::remove_file(Path::new(&git_dir).join("maos.json")).unwrap();
    fs::remove_dir_all(world.scratch.path("main/.maos/sessions")).unwrap();
    world.clean(When::Late);
    assert!(!world.is_there());
    assert!(world.has_branch(), "somebody has worked on it all the same");
}

#[test]
fn in_a_project_with_damaged_state_none_goes() {
    let world = World::new();
    let fact = world
        .scratch
        .path(format!("main/.maos/sessions/s/agents/{ID}/workspace.json"));
    world.scratch.write(fact, "{");
    let project = world.scratch.project("main");
    let judged = judge(&project, &world.state(When::Late), DAY).unwrap();
    assert_eq!(judged.len(), 1);
    let Fate::Stays(reason) = &judged[0].fate else {
        panic!("{judged:?}");
    };
    assert!(reason.contains("is damaged"), "{reason}");
}
