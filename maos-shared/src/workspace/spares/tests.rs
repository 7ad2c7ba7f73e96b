use super::*;
use crate::workspace::create::lock;
use crate::workspace::scratch::{SETTINGS, Scratch, settings};
use crate::workspace::{Workspace, remove};
use std::os::unix::fs::MetadataExt;

/// An id as the client makes them.
const ID: &str = "a5584d067ecffbeda";

fn keep_ready(scratch: &Scratch, text: &str) -> String {
    let main = scratch.path("main");
    keep(&scratch.project("main"), &main, &settings(text)).unwrap()
}

/// The folders of workspaces and spares, sorted.
fn folders(scratch: &Scratch) -> Vec<String> {
    let entries = fs::read_dir(scratch.path("main/.claude/worktrees")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.filter(|name| name != ".gitignore").collect();
    names.sort();
    names
}

/// A repository with one workspace behind it and `count` spares.
fn with_spares(count: usize) -> Scratch {
    let scratch = Scratch::with_repository();
    scratch.workspace("b1c2d3e4f5a6b7c8d");
    keep_ready(&scratch, &format!("spares = {count}"));
    scratch
}

fn is_whole(scratch: &Scratch, made: &Workspace) {
    assert_eq!(
        scratch.git(&made.path, &["status", "--porcelain", "--ignored"]),
        ""
    );
    let head = scratch.git(&made.path, &["symbolic-ref", "--short", "HEAD"]);
    assert_eq!(head, made.branch);
    assert_eq!(scratch.git(&made.path, &["rev-parse", "HEAD"]), made.base);
    assert_eq!(Workspace::load(&made.path).unwrap().as_ref(), Some(made));
    let list = scratch.git("main", &["worktree", "list", "--porcelain"]);
    let entry = format!("worktree {}\n", made.path.display());
    assert!(
        list.contains(&entry) && !list.contains("prunable"),
        "{list}"
    );
}

#[test]
fn a_spare_becomes_a_workspace_like_any_other() {
    let scratch = with_spares(2);
    let inode = |folder: &str| fs::metadata(scratch.path(folder)).unwrap().ino();
    let spares: Vec<_> = folders(&scratch)
        .into_iter()
        .filter(|name| name.starts_with(NAME))
        .collect();
    let inodes: Vec<_> = spares
        .iter()
        .map(|name| inode(&format!("main/.claude/worktrees/{name}")))
        .collect();
    assert_eq!(spares.len(), 2);
    let made = scratch.undisturbed("main", || scratch.workspace(ID));
    assert!(made.path.ends_with("coder-a5584d06"));
    assert!(
        inodes.contains(&fs::metadata(&made.path).unwrap().ino()),
        "it was a spare"
    );
    is_whole(&scratch, &made);
    let lock = format!("locked maos agent {ID} why");
    assert!(
        scratch
            .git("main", &["worktree", "list", "--porcelain"])
            .contains(&lock)
    );
    // And it lives like one.
    scratch.git("main", &["worktree", "prune", "--expire=now"]);
    assert_eq!(scratch.workspace(ID), made);
    scratch.write(made.path.join("work.txt"), "x");
    let commit = crate::workspace::checkpoint(&made.path, "m", &|_| false).unwrap();
    assert_eq!(
        scratch.git("main", &["rev-parse", &made.branch]),
        commit.commit.unwrap()
    );
    let trash = scratch.path("main/.git");
    remove(&scratch.project("main"), &made.path, &trash).unwrap();
    assert_eq!(
        keep_ready(&scratch, "spares = 2"),
        "2 ready, 1 made, 0 renewed, 0 cleared away"
    );
}

#[test]
fn what_differs_from_its_base_is_brought_up_to_date() {
    let scratch = with_spares(1);
    scratch.write("main/a.txt", "changed\n");
    scratch.write("main/deep/new.txt", "new\n");
    fs::remove_file(scratch.path("main/src/b.txt")).unwrap();
    let made = scratch.undisturbed("main", || scratch.workspace(ID));
    assert_eq!(
        fs::read_to_string(made.path.join("a.txt")).unwrap(),
        "changed\n"
    );
    assert!(made.path.join("deep/new.txt").exists() && !made.path.join("src").exists());
    is_whole(&scratch, &made);
    // Also where somebody has changed the spare.
    keep_ready(&scratch, "spares = 1");
    let spare = folders(&scratch).pop().unwrap();
    assert!(spare.starts_with(NAME));
    scratch.write(format!("main/.claude/worktrees/{spare}/a.txt"), "touched\n");
    scratch.write("main/a.txt", "again\n");
    let made = scratch.workspace("c1c2d3e4f5a6b7c8d");
    assert_eq!(
        fs::read_to_string(made.path.join("a.txt")).unwrap(),
        "again\n"
    );
    is_whole(&scratch, &made);
}

#[test]
fn as_many_are_kept_as_are_wanted_with_the_files_of_today() {
    let scratch = with_spares(2);
    let project = scratch.project("main");
    assert!(!are_wanted(&project, &SETTINGS));
    scratch.write("main/a.txt", "changed\n");
    assert_eq!(
        keep_ready(&scratch, ""),
        "2 ready, 0 made, 2 renewed, 0 cleared away"
    );
    let made = scratch.workspace(ID);
    assert!(are_wanted(&project, &SETTINGS));
    is_whole(&scratch, &made);
    assert_eq!(
        keep_ready(&scratch, "spares = 0"),
        "0 ready, 0 made, 0 renewed, 0 cleared away"
    );
    assert_eq!(folders(&scratch), ["coder-a5584d06", "coder-b1c2d3e4"]);
    assert!(!are_wanted(&project, &settings("spares = 0")));
}

#[test]
fn many_at_once_never_share_one() {
    let scratch = with_spares(4);
    let made: Vec<_> = scratch.undisturbed("main", || {
        std::thread::scope(|scope| {
            let make = |n: usize| scratch.workspace(&format!("{n}a584d067ecffbeda"));
            let threads: Vec<_> = (0..8).map(|n| scope.spawn(move || make(n))).collect();
            let keeping = scope.spawn(|| keep_ready(&scratch, "spares = 2"));
            keeping.join().unwrap();
            threads.into_iter().map(|it| it.join().unwrap()).collect()
        })
    });
    let paths: std::collections::HashSet<_> = made.iter().map(|made| &made.path).collect();
    assert_eq!(paths.len(), made.len());
    for made in &made {
        is_whole(&scratch, made);
    }
}

/// Takes a spare and goes as far as `steps` say, as if it was killed then.
fn killed_after(scratch: &Scratch, steps: impl FnOnce(Taken, &Path, &Lock)) {
    let project = scratch.project("main");
    let common_dir = project.git_common_dir.clone().unwrap();
    let lock = lock(&common_dir).unwrap();
    let entries = registry::read(&common_dir).unwrap();
    let head = scratch.git("main", &["rev-parse", "HEAD"]);
    let taken = take(&entries, &project.worktrees_dir(), &head)
        .unwrap()
        .unwrap();
    let folder = project.worktrees_dir().join("coder-a5584d06");
    steps(taken, &folder, &lock);
}

#[test]
fn one_that_was_taken_by_a_process_that_was_killed_is_cleared_away() {
    let reason = format!("maos agent {ID} why");
    type Steps = Box<dyn FnOnce(Taken, &Path, &Lock)>;
    let whole: Steps = Box::new({
        let reason = reason.clone();
        move |mut taken, folder, lock| {
            let base = taken.spare.base.clone();
            let branch = "agent/coder/a5584d06";
            taken
                .become_workspace(folder, branch, &base, &reason, lock)
                .unwrap();
        }
    });
    let before_the_rename: Steps = Box::new(move |mut taken, folder, lock| {
        // A folder of the user's is in the way.
        fs::create_dir_all(folder.join("mine")).unwrap();
        let base = taken.spare.base.clone();
        let branch = "agent/coder/a5584d06";
        taken
            .become_workspace(folder, branch, &base, &reason, lock)
            .unwrap_err();
    });
    for steps in [
        Box::new(|_: Taken, _: &Path, _: &Lock| {}) as Steps,
        before_the_rename,
        whole,
    ] {
        let scratch = with_spares(1);
        killed_after(&scratch, steps);
        if scratch
            .path("main/.claude/worktrees/coder-a5584d06/src")
            .exists()
        {
            // Its agent gets it, as another test shows.
            scratch.workspace("d1c2d3e4f5a6b7c8d");
            assert_eq!(
                scratch.git("main", &["branch", "--list", "agent/coder/a5584d06"]),
                ""
            );
            continue;
        }
        let said = keep_ready(&scratch, "spares = 0");
        assert!(said.ends_with("1 cleared away"), "{said}");
        let left: Vec<_> = folders(&scratch)
            .into_iter()
            .filter(|name| name.starts_with(NAME))
            .collect();
        assert_eq!(left, [""; 0]);
        assert_eq!(
            scratch.git("main", &["branch", "--list", "agent/coder/a5584d06"]),
            ""
        );
        let made = scratch.workspace(ID);
        is_whole(&scratch, &made);
        let theirs = scratch.path("main/.claude/worktrees/coder-a5584d06/mine");
        assert!(theirs.exists() || made.path.ends_with("coder-a5584d06"));
    }
}

#[test]
fn the_agent_whose_creation_was_killed_gets_that_spare() {
    let scratch = with_spares(1);
    killed_after(&scratch, |mut taken, folder, lock| {
        let base = taken.spare.base.clone();
        let reason = format!("maos agent {ID} why");
        taken
            .become_workspace(folder, "agent/coder/a5584d06", &base, &reason, lock)
            .unwrap();
    });
    let made = scratch.workspace(ID);
    is_whole(&scratch, &made);
    assert_eq!(
        keep_ready(&scratch, "spares = 0"),
        "0 ready, 0 made, 0 renewed, 0 cleared away"
    );
    is_whole(&scratch, &made);
}

#[test]
fn half_a_spare_is_cleared_away_and_a_folder_of_the_users_is_not() {
    let scratch = with_spares(1);
    let spare = folders(&scratch).pop().unwrap();
    fs::remove_file(scratch.path(format!("main/.git/worktrees/{spare}/{READY}"))).unwrap();
    let theirs = scratch.write("main/.claude/worktrees/spare-time/mine.txt", "mine");
    assert_eq!(
        keep_ready(&scratch, "spares = 1"),
        "1 ready, 1 made, 0 renewed, 1 cleared away"
    );
    assert!(!folders(&scratch).contains(&spare));
    assert!(theirs.exists());
}

#[test]
fn where_git_keeps_things_in_another_way_it_does_the_same() {
    let references = ["refs", "migrate", "--ref-format=reftable"];
    let settings = ["config", "extensions.worktreeConfig", "true"];
    for unusual in [&references[..], &settings] {
        let scratch = Scratch::with_repository();
        // A git before 2.46 knows of no tables.
        if !scratch.try_git("main", unusual).0 {
            continue;
        }
        let first = scratch.workspace("b1c2d3e4f5a6b7c8d");
        is_whole(&scratch, &first);
        keep_ready(&scratch, "spares = 1");
        scratch.write("main/a.txt", "changed\n");
        let made = scratch.undisturbed("main", || scratch.workspace(ID));
        is_whole(&scratch, &made);
        assert_eq!(
            keep_ready(&scratch, "spares = 0"),
            "0 ready, 0 made, 0 renewed, 0 cleared away"
        );
    }
}

#[test]
fn none_is_made_without_room_for_three_checkouts() {
    let sizes = b"100\n-\n50\nodd\n";
    assert!(!keeping::is_room(449, sizes));
    assert!(keeping::is_room(450, sizes));
    assert!(!keeping::is_room(u64::MAX, b"18446744073709551615\n1\n"));
    assert!(keeping::is_room(0, b""));
}
