use super::*;
use crate::workspace::scratch::{Scratch, request};
use crate::workspace::{checkpoint, remove};

const ID: &str = "a5584d067ecffbeda";
const OLD: &str = "agent/agent/a5584d06";
const NEW: &str = "agent/coder/a5584d06";

/// A workspace whose agent's type was not known when it was made.
fn waiting(scratch: &Scratch) -> Workspace {
    let main = scratch.path("main");
    create::create(&scratch.project("main"), &request(&main, "", ID)).unwrap()
}

fn branches(scratch: &Scratch) -> String {
    let list = [
        "for-each-ref",
        "--format=%(refname:lstrip=2)",
        "refs/heads/agent",
    ];
    scratch.git("main", &list)
}

fn head(scratch: &Scratch, made: &Workspace) -> String {
    scratch.git(&made.path, &["symbolic-ref", "--short", "HEAD"])
}

#[test]
fn the_branch_gets_its_full_name_and_the_folder_keeps_its() {
    let scratch = Scratch::with_repository();
    let made = waiting(&scratch);
    assert_eq!(made.branch, OLD);
    scratch.write(made.path.join("new.txt"), "x");
    let named = scratch.undisturbed("main", || rename_branch(&made, "coder").unwrap());
    let expected = Workspace {
        branch: NEW.to_owned(),
        ..made.clone()
    };
    assert_eq!(named, expected);
    assert_eq!(head(&scratch, &made), NEW);
    assert_eq!(branches(&scratch), NEW);
    assert_eq!(Workspace::load(&made.path).unwrap(), Some(expected));
    let status = scratch.git(&made.path, &["status", "--porcelain"]);
    assert_eq!(status, "?? new.txt");
    // Once named, it stays so.
    assert_eq!(rename_branch(&made, "writer").unwrap(), named);
    assert_eq!(rename_branch(&named, "writer").unwrap(), named);
    let done = checkpoint(&made.path, "m", &|_| false).unwrap();
    assert_eq!(Some(scratch.git("main", &["rev-parse", NEW])), done.commit);
}

#[test]
fn where_the_name_is_taken_or_not_known_the_old_one_stays() {
    let scratch = Scratch::with_repository();
    let made = waiting(&scratch);
    for kind in ["", "agent", "///"] {
        assert_eq!(rename_branch(&made, kind).unwrap(), made, "{kind}");
    }
    scratch.git("main", &["branch", "agent/taken"]);
    scratch.git("main", &["branch", NEW]);
    scratch.git("main", &["commit", "-q", "--allow-empty", "-m", "theirs"]);
    scratch.git("main", &["branch", "-f", NEW, "main"]);
    for kind in ["coder", "taken"] {
        assert_eq!(rename_branch(&made, kind).unwrap(), made, "{kind}");
    }
    assert_eq!(head(&scratch, &made), OLD);
    scratch.git(&made.path, &["checkout", "-q", "--detach"]);
    assert_eq!(rename_branch(&made, "writer").unwrap(), made);
    assert!(!branches(&scratch).contains("writer"));
}

#[test]
fn a_rename_that_was_killed_is_finished() {
    // What each of the three calls before the marker leaves, in their order.
    let steps: [&[&str]; 3] = [
        &[
            "update-ref",
            "refs/heads/agent/coder/a5584d06",
            "refs/heads/agent/agent/a5584d06",
        ],
        &["symbolic-ref", "HEAD", "refs/heads/agent/coder/a5584d06"],
        &["update-ref", "-d", "refs/heads/agent/agent/a5584d06"],
    ];
    for killed_after in 1..=steps.len() {
        let scratch = Scratch::with_repository();
        let made = waiting(&scratch);
        for step in &steps[..killed_after] {
            scratch.git(&made.path, step);
        }
        if killed_after > 1 {
            scratch.write(made.path.join("new.txt"), "x");
            scratch.git(&made.path, &["add", "-A"]);
            scratch.git(&made.path, &["commit", "-q", "-m", "work"]);
        }
        let tip = scratch.git(&made.path, &["rev-parse", "HEAD"]);
        let named = scratch.undisturbed("main", || rename_branch(&made, "coder").unwrap());
        assert_eq!(named.branch, NEW, "after {killed_after}");
        assert_eq!(head(&scratch, &made), NEW, "after {killed_after}");
        assert_eq!(branches(&scratch), NEW, "after {killed_after}");
        assert_eq!(scratch.git("main", &["rev-parse", NEW]), tip);
        let trash = scratch.path("main/.git");
        let removal = remove(&scratch.project("main"), &made.path, &trash).unwrap();
        let kept = (killed_after > 1).then(|| NEW.to_owned());
        assert_eq!(removal.branch, kept, "after {killed_after}");
    }
}

#[test]
fn a_rename_that_was_killed_and_never_finished_leaves_no_branch() {
    let scratch = Scratch::with_repository();
    let made = waiting(&scratch);
    let theirs = "agent/theirs/a5584d07";
    scratch.git("main", &["branch", theirs, OLD]);
    scratch.git("main", &["branch", NEW, OLD]);
    let trash = scratch.path("main/.git");
    let removal = remove(&scratch.project("main"), &made.path, &trash).unwrap();
    assert_eq!((removal.branch, branches(&scratch)), (None, theirs.into()));
}

#[test]
fn a_branch_at_the_same_commit_that_somebody_works_on_is_not_taken_over() {
    let scratch = Scratch::with_repository();
    let made = waiting(&scratch);
    let theirs = scratch.path("theirs");
    let add = ["worktree", "add", "-q", "-b", NEW, theirs.to_str().unwrap()];
    scratch.git("main", &add);
    assert_eq!(rename_branch(&made, "coder").unwrap(), made);
    assert_eq!(head(&scratch, &made), OLD);
}
