//! The kinds of checkouts that an agent may be launched from.

use super::*;

#[test]
fn a_detached_head_is_a_base() {
    let scratch = Scratch::with_repository();
    scratch.git("main", &["checkout", "-q", "--detach"]);
    scratch.git("main", &["commit", "-q", "--allow-empty", "-m", "loose"]);
    let made = scratch.undisturbed("main", || scratch.workspace(ID));
    assert_eq!(made.base, scratch.git("main", &["rev-parse", "HEAD"]));
    assert_eq!(made.branch, "agent/coder/a5584d06");
}

#[test]
fn from_inside_a_workspace_its_commit_is_the_base_and_the_folder_lies_beside_it() {
    let scratch = Scratch::with_repository();
    let first = scratch.workspace(ID);
    scratch.write(first.path.join("new.txt"), "x");
    let commit = crate::workspace::checkpoint(&first.path, "work", &|_| false);
    let below = first.path.join("src");
    let project = scratch.project(&below);
    let second = create(&project, &request(&below, "coder", "b1c2d3e4f5")).unwrap();
    assert_eq!(Some(second.base), commit.unwrap().commit);
    assert_eq!(second.path.parent(), first.path.parent());
    assert!(second.path.join("new.txt").exists());
}

#[test]
fn a_linked_worktree_of_the_user_gives_the_base_and_the_main_checkout_the_place() {
    let scratch = Scratch::with_repository();
    scratch.git(
        "main",
        &["worktree", "add", "-q", "-b", "topic", "../topic"],
    );
    scratch.git("topic", &["commit", "-q", "--allow-empty", "-m", "topic"]);
    let topic = scratch.path("topic");
    let project = scratch.project("topic");
    let made = scratch.undisturbed("topic", || {
        create(&project, &request(&topic, "coder", ID)).unwrap()
    });
    assert_eq!(made.base, scratch.git("topic", &["rev-parse", "HEAD"]));
    assert!(
        made.path
            .starts_with(scratch.path("main/.claude/worktrees"))
    );
}

#[test]
fn a_bare_repository_with_worktrees() {
    let scratch = Scratch::with_repository();
    scratch.git(".", &["clone", "-q", "--bare", "main", "bare.git"]);
    scratch.git(
        "bare.git",
        &["worktree", "add", "-q", "../checkout", "main"],
    );
    let checkout = scratch.path("checkout");
    let made = scratch.undisturbed("checkout", || {
        create(
            &scratch.project("checkout"),
            &request(&checkout, "coder", ID),
        )
        .unwrap()
    });
    assert!(made.path.starts_with(checkout.join(".claude/worktrees")));
    assert!(made.path.join("src/b.txt").is_file());
    // An agent in it that launches another gets one beside its own.
    let project = scratch.project(&made.path);
    let next = create(&project, &request(&made.path, "coder", "b1c2d3e4f5")).unwrap();
    assert_eq!(next.path.parent(), made.path.parent());
}

#[test]
fn a_submodule_has_workspaces_of_its_own_when_the_session_is_in_it() {
    let scratch = Scratch::with_repository();
    scratch.init("module");
    let add = [
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "--quiet",
        "add",
    ];
    scratch.git("main", &[&add[..], &["../module", "sub"]].concat());
    scratch.git("main", &["commit", "-q", "-m", "with a module"]);
    let sub = scratch.path("main/sub");
    let made = scratch.undisturbed("main", || {
        scratch.undisturbed("main/sub", || {
            create(&scratch.project("main/sub"), &request(&sub, "coder", ID)).unwrap()
        })
    });
    assert!(made.path.starts_with(sub.join(".claude/worktrees")));
    assert!(made.path.join("src/b.txt").is_file());
    scratch.write(made.path.join("new.txt"), "x");
    let commit = crate::workspace::checkpoint(&made.path, "work", &|_| false).unwrap();
    assert_eq!(
        scratch.git("main/sub", &["rev-parse", &made.branch]),
        commit.commit.unwrap()
    );
    // A workspace of the project around it holds the module as well.
    let around = scratch.workspace(ID);
    assert!(around.path.join("sub/a.txt").is_file());
    assert_eq!(scratch.git(&around.path, &["status", "--porcelain"]), "");
}

#[test]
fn a_sparse_checkout_stays_sparse() {
    let scratch = Scratch::with_repository();
    scratch.write("main/large/c.txt", "three\n");
    scratch.git("main", &["add", "-A"]);
    scratch.git("main", &["commit", "-q", "-m", "large"]);
    scratch.git("main", &["sparse-checkout", "set", "src"]);
    let made = scratch.undisturbed("main", || scratch.workspace(ID));
    assert!(made.path.join("src/b.txt").exists());
    assert!(!made.path.join("large").exists());
    let status = scratch.git(&made.path, &["status", "--porcelain"]);
    assert_eq!(status, "", "nothing counts as deleted");
    let commit = crate::workspace::checkpoint(&made.path, "m", &|_| false);
    assert_eq!(commit.unwrap().commit, None);
    // What an agent writes where the checkout has no files is work like any other.
    scratch.write(made.path.join("large/new.txt"), "x");
    let commit = crate::workspace::checkpoint(&made.path, "m", &|_| false).unwrap();
    let changed = crate::workspace::changes(&made.path, &made.base).unwrap();
    assert_eq!(Some(changed.commit), commit.commit);
    assert_eq!(changed.files, ["large/new.txt"]);
}

#[test]
fn a_fresh_repository_gives_its_files_as_a_first_commit() {
    let scratch = Scratch::empty();
    scratch.git(".", &["init", "-q", "-b", "main", "main"]);
    let empty = scratch.workspace(ID);
    assert_eq!(scratch.git(&empty.path, &["status", "--porcelain"]), "");
    scratch.write("main/a.txt", "one\n");
    let made = scratch.workspace("b1c2d3e4f5");
    assert_eq!(
        fs::read_to_string(made.path.join("a.txt")).unwrap(),
        "one\n"
    );
    assert_eq!(scratch.git("main", &["status", "--porcelain"]), "?? a.txt");
    assert!(
        !scratch
            .try_git("main", &["rev-parse", "--verify", "-q", "HEAD"])
            .0
    );
}
