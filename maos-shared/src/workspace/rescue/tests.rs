use super::*;
use crate::workspace::scratch::Scratch;
use crate::workspace::{Workspace, open};
use std::fs::{self, File};

fn checkout(made: &Workspace) -> Checkout {
    open(&made.path).unwrap().unwrap().1
}

#[test]
fn a_snapshot_has_the_files_and_behind_them_what_only_was_staged() {
    let scratch = Scratch::with_repository();
    let made = scratch.workspace("a5584d067ecffbeda");
    let checkout = checkout(&made);
    assert_eq!(snapshot(&checkout, "m", &[]).unwrap(), None);
    scratch.write(made.path.join("a.txt"), "staged\n");
    scratch.git(&made.path, &["add", "a.txt"]);
    scratch.write(made.path.join("a.txt"), "later\n");
    let index = fs::read(checkout.git_dir.join("index")).unwrap();
    let taken = snapshot(&checkout, "m", &[]).unwrap().unwrap();
    assert_eq!(fs::read(checkout.git_dir.join("index")).unwrap(), index);
    let show = |of: &str| scratch.git("main", &["show", of]);
    assert_eq!(show(&format!("{taken}:a.txt")), "later");
    assert_eq!(show(&format!("{taken}^2:a.txt")), "staged");
    let first = scratch.git("main", &["rev-parse", &format!("{taken}^1")]);
    assert_eq!(first, made.base);
    // Also when the files are back where they were.
    scratch.write(made.path.join("a.txt"), "one\n");
    let taken = snapshot(&checkout, "m", &[]).unwrap().unwrap();
    assert_eq!(show(&format!("{taken}^2:a.txt")), "staged");
    let left = fs::read_dir(&checkout.git_dir).unwrap();
    let left: Vec<_> = left.map(|entry| entry.unwrap().file_name()).collect();
    let copies = left
        .iter()
        .filter(|name| name.as_encoded_bytes().starts_with(b".tmp"));
    assert_eq!(copies.count(), 0, "{left:?}");
}

#[test]
fn a_change_is_seen_that_is_as_old_and_as_long_as_before() {
    let scratch = Scratch::with_repository();
    let made = scratch.workspace("a5584d067ecffbeda");
    let file = made.path.join("a.txt");
    let time = fs::metadata(&file).unwrap().modified().unwrap();
    scratch.write(&file, "two\n");
    let written = File::options().write(true).open(&file).unwrap();
    written.set_modified(time).unwrap();
    let taken = snapshot(&checkout(&made), "m", &[]).unwrap().unwrap();
    assert_eq!(
        scratch.git("main", &["show", &format!("{taken}:a.txt")]),
        "two"
    );
}

#[test]
fn the_same_files_are_kept_once_and_others_beside_them() {
    let scratch = Scratch::with_repository();
    let made = scratch.workspace("a5584d067ecffbeda");
    let checkout = checkout(&made);
    let take = || {
        let commit = snapshot(&checkout, "m", &[]).unwrap().unwrap();
        let (kept, reference) = keep(&checkout, &commit).unwrap();
        assert_eq!(scratch.git("main", &["rev-parse", &reference]), kept);
        assert!(reference.starts_with("refs/maos/rescue/coder-a5584d06-"));
        reference
    };
    scratch.write(made.path.join("a.txt"), "staged\n");
    scratch.git(&made.path, &["add", "a.txt"]);
    scratch.write(made.path.join("a.txt"), "later\n");
    let with_staged = take();
    // The same files, but nothing is staged any more.
    scratch.git(&made.path, &["reset", "-q"]);
    let without = take();
    assert_ne!(without, with_staged);
    assert_eq!(take(), without);
    // The same files once more, on no commit at all.
    scratch.git(&made.path, &["checkout", "-q", "--orphan", "fresh"]);
    scratch.git(&made.path, &["reset", "-q"]);
    let unborn = take();
    assert!(unborn != without && unborn != with_staged);
    let refs = scratch.git("main", &["for-each-ref", "refs/maos/rescue"]);
    assert_eq!(refs.lines().count(), 3, "{refs}");
}
