//! Asked again: later, at once, after a kill, after a user's `rm`.

use super::*;
use crate::workspace::scratch::SETTINGS;

#[test]
fn an_agent_keeps_its_workspace() {
    let scratch = Scratch::with_repository();
    let made = scratch.workspace(ID);
    scratch.write(made.path.join("work.txt"), "x");
    scratch.write("main/c.txt", "three\n");
    scratch.git("main", &["add", "-A"]);
    scratch.git("main", &["commit", "-q", "-m", "second"]);
    let main = scratch.path("main");
    let again = create(&scratch.project("main"), &request(&main, "writer", ID)).unwrap();
    assert_eq!(again, made);
    assert!(made.path.join("work.txt").exists());
    // Also when it asks from inside.
    let inside = request(&made.path, "coder", ID);
    let again = create(&scratch.project(&made.path), &inside).unwrap();
    assert_eq!(again, made);
    assert_eq!(worktrees(&scratch).len(), 2);
}

#[test]
fn many_that_ask_for_one_agent_at_once_get_the_same() {
    let scratch = Scratch::with_repository();
    for round in 0..4 {
        let id = format!("b{round}584d067ecffbeda");
        let made: Vec<_> = std::thread::scope(|scope| {
            let ask = || scope.spawn(|| scratch.workspace(&id));
            let threads: Vec<_> = (0..6).map(|_| ask()).collect();
            threads.into_iter().map(|it| it.join().unwrap()).collect()
        });
        assert!(made.iter().all(|other| *other == made[0]), "{made:?}");
        let files = scratch.git(&made[0].path, &["status", "--porcelain"]);
        assert_eq!(files, "", "handed out before it was ready");
        assert_eq!(worktrees(&scratch).len(), 2 + round);
    }
}

/// Makes the workspace look as a creation leaves it that is killed before it
/// has written the marker.
fn killed_before_the_marker(scratch: &Scratch, made: &Workspace) -> PathBuf {
    let git_dir = scratch.git(&made.path, &["rev-parse", "--absolute-git-dir"]);
    fs::remove_file(Path::new(&git_dir).join("maos.json")).unwrap();
    git_dir.into()
}

#[test]
fn one_is_taken_up_only_when_nobody_makes_it_and_nobody_did_a_moment_ago() {
    let scratch = Scratch::with_repository();
    let made = scratch.workspace(ID);
    let main = scratch.path("main");
    let creation = Creation::begin(&scratch.project("main"), &main, &SETTINGS).unwrap();
    let take_up = || {
        let (_, checkout) = crate::workspace::open(&made.path).unwrap().unwrap();
        creation.take_up(checkout).unwrap().unwrap()
    };
    // Its maker wrote the marker between the look at the registry and now.
    assert!(matches!(take_up(), Found::InTheMaking(_)));
    killed_before_the_marker(&scratch, &made);
    let Found::Registered(mine, _) = take_up() else {
        panic!("nobody makes it");
    };
    assert!(matches!(take_up(), Found::InTheMaking(_)));
    drop(mine);
    assert!(matches!(take_up(), Found::Registered(_, _)));
}

#[test]
fn one_that_was_never_handed_out_is_finished_from_todays_commit() {
    let scratch = Scratch::with_repository();
    let made = scratch.workspace(ID);
    let git_dir = killed_before_the_marker(&scratch, &made);
    fs::remove_file(made.path.join("a.txt")).unwrap();
    fs::remove_file(git_dir.join("index")).unwrap();
    scratch.write(git_dir.join("index.lock"), "");
    assert_eq!(Workspace::load(&made.path).unwrap(), None);
    scratch.write("main/c.txt", "three\n");
    scratch.git("main", &["add", "-A"]);
    scratch.git("main", &["commit", "-q", "-m", "second"]);
    let again = scratch.undisturbed("main", || scratch.workspace(ID));
    let head = scratch.git("main", &["rev-parse", "HEAD"]);
    assert_eq!((&again.path, &again.branch), (&made.path, &made.branch));
    assert_eq!(again.base, head);
    assert!(again.path.join("a.txt").exists() && again.path.join("c.txt").exists());
    assert_eq!(scratch.git(&again.path, &["status", "--porcelain"]), "");
    assert_eq!(scratch.git(&again.path, &["rev-parse", "HEAD"]), head);
    assert_eq!(worktrees(&scratch).len(), 2);
}

#[test]
fn a_registration_that_never_got_its_folder_is_in_nobodys_way() {
    let scratch = Scratch::with_repository();
    let made = scratch.workspace(ID);
    killed_before_the_marker(&scratch, &made);
    fs::remove_dir_all(&made.path).unwrap();
    assert_eq!(worktrees(&scratch).len(), 2);
    // Another agent's creation clears it away, and its own gets the same name.
    scratch.workspace("b1c2d3e4f5a6b7c8d");
    assert_eq!(worktrees(&scratch).len(), 2);
    assert_eq!(scratch.workspace(ID), made);
}

/// A program that is killed while it starts git leaves a process that holds its
/// files for another moment.
#[test]
fn one_without_a_folder_is_waited_for_while_its_makers_child_runs() {
    let scratch = Scratch::with_repository();
    let made = scratch.workspace(ID);
    let git_dir = killed_before_the_marker(&scratch, &made);
    fs::remove_dir_all(&made.path).unwrap();
    let main = scratch.path("main");
    let creation = Creation::begin(&scratch.project("main"), &main, &SETTINGS).unwrap();
    let order = Order {
        names: name::of_agent("coder", ID),
        reason: registration::reason(ID),
        agent: Some(ID.into()),
        now: SystemTime::UNIX_EPOCH,
    };
    let ask = || creation.register_or_find(&order).unwrap();
    let held = Lock::acquire(&git_dir.join(MAKING), Duration::ZERO).unwrap();
    assert!(matches!(ask(), Found::InTheMaking(_)));
    drop(held);
    assert!(matches!(ask(), Found::Registered(mine, _) if mine.branch == made.branch));
    assert_eq!(worktrees(&scratch).len(), 2);
}

#[test]
fn one_of_another_agent_or_with_a_damaged_marker_is_left_alone() {
    let scratch = Scratch::with_repository();
    let other = scratch.workspace("a5584d067");
    killed_before_the_marker(&scratch, &other);
    let damaged = scratch.workspace(ID);
    let git_dir = killed_before_the_marker(&scratch, &damaged);
    scratch.write(git_dir.join("maos.json"), "");
    for folder in [&other.path, &damaged.path] {
        scratch.write(folder.join("work.txt"), "mine");
        scratch.write(folder.join("a.txt"), "mine");
    }
    let made = scratch.workspace(ID);
    assert!(made.path != other.path && made.path != damaged.path);
    for folder in [&other.path, &damaged.path] {
        assert_eq!(fs::read_to_string(folder.join("a.txt")).unwrap(), "mine");
        assert!(folder.join("work.txt").exists());
    }
}

#[test]
fn half_a_registration_is_swept_and_stops_nobody() {
    let scratch = Scratch::with_repository();
    for gone in ["commondir", "HEAD", "gitdir"] {
        let made = scratch.workspace(ID);
        let git_dir = killed_before_the_marker(&scratch, &made);
        scratch.write(git_dir.join(gone), "");
        let again = scratch.workspace(ID);
        assert_ne!(again.path, made.path, "{gone}");
        assert!(!git_dir.exists(), "{gone}");
        assert!(again.path.join("a.txt").exists());
        scratch.git("main", &["worktree", "list"]);
        crate::workspace::remove(
            &scratch.project("main"),
            &again.path,
            &scratch.path("main/.git"),
        )
        .unwrap();
        fs::remove_dir_all(&made.path).unwrap();
        scratch.git("main", &["branch", "-D", &made.branch]);
    }
}

#[test]
fn where_the_user_deleted_the_folder_a_new_one_is_made_and_the_branch_stays() {
    let scratch = Scratch::with_repository();
    let made = scratch.workspace(ID);
    scratch.write(made.path.join("work.txt"), "x");
    let commit = crate::workspace::checkpoint(&made.path, "work", &|_| false).unwrap();
    fs::remove_dir_all(&made.path).unwrap();
    let again = scratch.workspace(ID);
    assert_ne!(again.path, made.path);
    assert_eq!(
        scratch.git("main", &["rev-parse", &made.branch]),
        commit.commit.unwrap()
    );
    // And from then on the new one is the agent's.
    assert_eq!(scratch.workspace(ID), again);
}

#[test]
fn a_name_is_kept_as_the_client_has_it_and_means_the_same_worktree_again() {
    let scratch = Scratch::with_repository();
    let (project, main) = (scratch.project("main"), scratch.path("main"));
    let named = |name: &str| {
        create_named(&project, name, &main, &SETTINGS, SystemTime::UNIX_EPOCH).unwrap()
    };
    let made = scratch.undisturbed("main", || named("feat-x"));
    assert_eq!(made.path, scratch.path("main/.claude/worktrees/feat-x"));
    assert_eq!(made.branch, "worktree-feat-x");
    scratch.write(made.path.join("work.txt"), "x");
    assert_eq!(named("feat-x"), made);
    assert!(made.path.join("work.txt").exists());
    // The client's own worktree of that name is the one that is meant.
    let theirs = scratch.path("main/.claude/worktrees/theirs");
    let add = [
        "worktree",
        "add",
        "-q",
        "-b",
        "mine",
        theirs.to_str().unwrap(),
    ];
    scratch.git("main", &add);
    let found = named("theirs");
    assert_eq!((found.path, &*found.branch), (theirs, "mine"));
    // A branch of that name is not.
    scratch.git("main", &["branch", "worktree-old"]);
    assert_eq!(named("old").branch, "worktree-old-2");
    // One that a kill left is finished here as well.
    killed_before_the_marker(&scratch, &made);
    fs::remove_file(made.path.join("a.txt")).unwrap();
    assert_eq!(named("feat-x"), made);
    assert!(made.path.join("a.txt").exists());
}
