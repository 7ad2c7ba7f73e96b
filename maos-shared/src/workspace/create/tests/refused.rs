//! Where no workspace can be, and that nothing is left of the attempt.

use super::*;
use std::os::unix::fs::symlink;

fn refused(scratch: &Scratch, folder: &str) -> Error {
    let from = scratch.path(folder);
    create(&scratch.project(folder), &request(&from, "coder", ID)).unwrap_err()
}

fn branches(scratch: &Scratch) -> String {
    scratch.git("main", &["branch", "--format=%(refname:short)"])
}

#[test]
fn without_git() {
    let scratch = Scratch::empty();
    fs::create_dir(scratch.path("plain")).unwrap();
    let error = refused(&scratch, "plain");
    assert!(matches!(error, Error::NoGit(_)), "{error}");
    assert!(!scratch.path("plain/.claude").exists());
}

#[test]
fn without_a_commit_where_only_one_will_do() {
    let scratch = Scratch::empty();
    scratch.git(".", &["init", "-q", "-b", "main", "fresh"]);
    let fresh = scratch.path("fresh");
    let settings = settings("base = 'head'");
    let asked = Request {
        settings: &settings,
        ..request(&fresh, "coder", ID)
    };
    let error = create(&scratch.project("fresh"), &asked).unwrap_err();
    assert!(matches!(error, Error::NoCommit(_)), "{error}");
    assert!(!fresh.join(".claude").exists());
}

#[test]
fn from_a_checkout_of_another_repository() {
    let scratch = Scratch::with_repository();
    let other = scratch.init("other");
    let error = create(&scratch.project("main"), &request(&other, "coder", ID)).unwrap_err();
    assert!(matches!(error, Error::OtherRepository(_)), "{error}");
    assert_eq!(worktrees(&scratch).len(), 1);
}

#[test]
fn through_a_link() {
    for link in [".claude", ".claude/worktrees"] {
        let scratch = Scratch::with_repository();
        let elsewhere = scratch.path("elsewhere");
        fs::create_dir(&elsewhere).unwrap();
        let link = scratch.path("main").join(link);
        fs::create_dir_all(link.parent().unwrap()).unwrap();
        symlink(&elsewhere, &link).unwrap();
        let error = scratch.undisturbed("main", || refused(&scratch, "main"));
        assert!(matches!(error, Error::Link(_)), "{error}");
        assert_eq!(fs::read_dir(&elsewhere).unwrap().count(), 0);
        assert_eq!(branches(&scratch), "main");
    }
}

#[test]
fn a_folder_of_the_user_keeps_its_name_and_its_files() {
    let scratch = Scratch::with_repository();
    let theirs = scratch.write("main/.claude/worktrees/coder-a5584d06/mine.txt", "mine");
    symlink(
        "nowhere",
        scratch.path("main/.claude/worktrees/coder-a5584d067ecf"),
    )
    .unwrap();
    let made = scratch.workspace(ID);
    assert!(made.path.ends_with("coder-a5584d067ecffbed"), "{made:?}");
    assert_eq!(fs::read_to_string(theirs).unwrap(), "mine");
}

#[test]
fn while_its_branch_is_locked() {
    let scratch = Scratch::with_repository();
    let lock = scratch.write("main/.git/refs/heads/agent/coder/a5584d06.lock", "");
    let error = scratch.undisturbed("main", || refused(&scratch, "main"));
    assert!(error.to_string().contains("a5584d06.lock"), "{error}");
    assert_eq!(worktrees(&scratch).len(), 1);
    assert!(!scratch.path("main/.git/worktrees/coder-a5584d06").exists());
    assert_eq!(branches(&scratch), "main");
    fs::remove_file(lock).unwrap();
    assert_eq!(scratch.workspace(ID).branch, "agent/coder/a5584d06");
}

#[test]
fn when_the_files_cannot_be_written_nothing_is_left() {
    let scratch = Scratch::with_repository();
    let blob = scratch.git("main", &["rev-parse", "HEAD:a.txt"]);
    let object = format!("main/.git/objects/{}/{}", &blob[..2], &blob[2..]);
    fs::remove_file(scratch.path(object)).unwrap();
    let error = refused(&scratch, "main");
    assert!(matches!(error, Error::Git(_)), "{error}");
    assert_eq!(worktrees(&scratch).len(), 1);
    assert_eq!(branches(&scratch), "main");
    let left = fs::read_dir(scratch.path("main/.claude/worktrees")).unwrap();
    let left: Vec<_> = left.map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, [".gitignore"]);
}
