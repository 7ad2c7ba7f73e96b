//! What does not come back by itself: nothing is changed then.

use super::*;

#[test]
fn a_conflict_with_uncommitted_changes() {
    let world = World::new();
    world.user("a.txt", "mine\n");
    world.agent("a.txt", "theirs\n");
    world.agent("other.txt", "theirs\n");
    let held = world.held();
    assert_eq!(held.files, ["a.txt (contents)"]);
    let tip = world
        .scratch
        .git(&world.workspace.path, &["rev-parse", "HEAD"]);
    assert_eq!(held.commit, tip);
    assert_eq!(world.fact(), None);
}

#[test]
fn a_file_of_the_person_that_git_does_not_track() {
    let world = World::new();
    world.user("x.log", "mine\n");
    world.agent("x.log", "theirs\n");
    let held = world.held();
    assert_eq!(held.files, ["x.log"]);
    assert!(held.reason.contains("does not track"), "{held:?}");
}

#[test]
fn a_file_with_changes_that_are_hidden_from_git() {
    for flag in ["--assume-unchanged", "--skip-worktree"] {
        let world = World::new();
        world.scratch.git("main", &["update-index", flag, "a.txt"]);
        world.user("a.txt", "hidden\n");
        world.agent("a.txt", "theirs\n");
        let held = world.held();
        assert_eq!(held.files, ["a.txt"], "{flag}");
    }
}

#[test]
fn secrets_and_what_says_what_runs() {
    for name in [
        ".env",
        "deep/id_rsa",
        ".claude/settings.json",
        ".maos/x",
        ".claude/maos.toml",
    ] {
        let world = World::new();
        world.agent(name, "x\n");
        world.agent("harmless.txt", "x\n");
        assert_eq!(world.held().files, [name]);
    }
}

#[test]
fn a_folder_that_is_a_link_in_the_checkout() {
    let world = World::new();
    fs::create_dir(world.scratch.path("outside")).unwrap();
    fs::remove_dir_all(world.main("src")).unwrap();
    symlink("../outside", world.main("src")).unwrap();
    world.agent("src/c.txt", "theirs\n");
    let held = world.held();
    assert!(!held.files.is_empty(), "{held:?}");
    let outside = fs::read_dir(world.scratch.path("outside")).unwrap();
    assert_eq!(outside.count(), 0);
}

#[test]
fn a_folder_that_git_ignores_and_that_is_a_link() {
    let scratch = Scratch::with_repository();
    fs::create_dir(scratch.path("outside")).unwrap();
    scratch.write("main/.gitignore", "/built\n");
    scratch.git("main", &["commit", "-qam", "ignore"]);
    let world = World::begun(scratch);
    symlink("../outside", world.main("built")).unwrap();
    world.agent("built/file", "theirs\n");
    let held = world.held();
    assert!(held.reason.contains("in the place of a folder"), "{held:?}");
    let outside = fs::read_dir(world.scratch.path("outside")).unwrap();
    assert_eq!(outside.count(), 0);
}

#[test]
fn a_tree_with_names_that_git_does_not_check_out() {
    let world = World::new();
    let git = |arguments: &[&str]| world.scratch.git(&world.workspace.path, arguments);
    let tree_of = |line: String| {
        let line = world.scratch.write("line", line);
        let make = format!("alias.make=!git mktree < {}", line.display());
        git(&["-c", &make, "make"])
    };
    let blob = git(&["hash-object", "-w", "a.txt"]);
    let before = world.look();
    for name in ["..", ".git", ".GIT"] {
        let inner = tree_of(format!("100644 blob {blob}\tfile\n"));
        let tree = tree_of(format!("040000 tree {inner}\t{name}\n"));
        let tip = git(&["commit-tree", "-m", "x", &tree]);
        let empty = tree_of(String::new());
        let base = git(&["commit-tree", "-m", "x", &empty]);
        let into = world.scratch.path("main");
        let delivery = Delivery {
            into: &into,
            base: &base,
            tip: &tip,
            ticket: world.ticket(),
        };
        let came = bring_back(&delivery);
        assert!(!matches!(came, Ok(Return::Applied(_))), "{name}: {came:?}");
        assert_eq!(world.look(), before);
    }
}

#[test]
fn a_link_and_a_file_below_it() {
    let world = World::new();
    symlink("/etc", world.workspace.path.join("etc")).unwrap();
    let first = world.applied();
    fs::remove_file(world.workspace.path.join("etc")).unwrap();
    world.agent("etc/passwd", "mine now\n");
    let before = world.look();
    let tip = world.tip();
    let Return::Held(held) = world.bring_since(&first.commit, &tip, &mut || Ok(())) else {
        panic!("it came");
    };
    assert_eq!(world.look(), before, "{held:?}");
}

#[test]
fn an_unfinished_operation_in_the_checkout() {
    let world = World::new();
    let git = |arguments: &[&str]| world.scratch.try_git("main", arguments);
    git(&["checkout", "-qb", "side"]);
    world.user("a.txt", "side\n");
    git(&["commit", "-qam", "side"]);
    git(&["checkout", "-q", "main"]);
    world.user("a.txt", "main\n");
    git(&["commit", "-qam", "main"]);
    world.agent("other.txt", "theirs\n");
    for (command, says) in [
        ("merge", "a merge is unfinished"),
        ("rebase", "a rebase is unfinished"),
        ("cherry-pick", "a cherry-pick is unfinished"),
    ] {
        assert!(!git(&[command, "side"]).0);
        let held = world.held();
        assert!(held.reason.contains(says), "{held:?}");
        git(&[command, "--abort"]);
    }
    world.user("a.txt", "stashed\n");
    git(&["stash"]);
    world.user("a.txt", "committed\n");
    git(&["commit", "-qam", "more"]);
    assert!(!git(&["stash", "pop"]).0);
    let held = world.held();
    assert!(held.reason.contains("a conflict is unfinished"), "{held:?}");
}

#[test]
fn a_submodule() {
    let world = World::new();
    world.scratch.init("inner");
    let at = &world.workspace.path;
    let inner = world.scratch.path("inner");
    let add = ["-c", "protocol.file.allow=always", "submodule", "add", "-q"];
    let add = [&add[..], &[inner.to_str().unwrap(), "sub"]].concat();
    world.scratch.git(at, &add);
    assert_eq!(world.held().files, ["sub"]);
}

#[test]
fn a_checkout_that_is_gone() {
    let world = World::new();
    world.agent("new.txt", "x\n");
    let tip = world.tip();
    let gone = world.scratch.path("main/gone");
    let delivery = Delivery {
        into: &gone,
        base: &world.workspace.base,
        tip: &tip,
        ticket: world.ticket(),
    };
    assert!(matches!(bring_back(&delivery), Ok(Return::Held(_))));
}
