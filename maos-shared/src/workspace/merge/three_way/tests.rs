use super::*;
use crate::workspace::scratch::Scratch;

fn checkout(scratch: &Scratch) -> Checkout {
    Checkout {
        git_dir: scratch.path("main/.git"),
        folder: scratch.path("main"),
    }
}

/// A commit of the files as `change` leaves them, whose parent is the first
/// commit; the checkout goes back to that.
fn side(scratch: &Scratch, change: impl FnOnce()) -> String {
    change();
    scratch.git("main", &["add", "-A"]);
    scratch.git("main", &["commit", "-q", "--allow-empty", "-m", "side"]);
    let commit = scratch.git("main", &["rev-parse", "HEAD"]);
    scratch.git("main", &["reset", "-q", "--hard", "HEAD^"]);
    scratch.git("main", &["clean", "-qfd"]);
    commit
}

#[test]
fn the_base_is_the_one_that_is_named() {
    let scratch = Scratch::with_repository();
    let first = scratch.git("main", &["rev-parse", "HEAD"]);
    let snapshot = side(&scratch, || {
        drop(scratch.write("main/loose.txt", "loose\n"))
    });
    scratch.git("main", &["checkout", "-q", &snapshot]);
    let theirs = side(&scratch, || drop(scratch.write("main/a.txt", "theirs\n")));
    scratch.git("main", &["checkout", "-q", "main"]);
    let Merged::Clean(tree) = merge(&checkout(&scratch), &snapshot, &first, &theirs).unwrap()
    else {
        panic!("it is clean");
    };
    let names = scratch.git("main", &["diff", "--name-only", &first, &tree]);
    assert_eq!(names, "a.txt", "the snapshot is no change");
    assert_eq!(
        scratch.git("main", &["show", &format!("{tree}:a.txt")]),
        "theirs"
    );
}

#[test]
fn every_conflict_is_told_by_path_and_kind() {
    let scratch = Scratch::with_repository();
    let main = |name: &str, text: &str| drop(scratch.write(format!("main/{name}"), text));
    main("gone.txt", "1\n");
    main("bin", "\0one");
    scratch.git("main", &["add", "-A"]);
    scratch.git("main", &["commit", "-qm", "more"]);
    let base = scratch.git("main", &["rev-parse", "HEAD"]);
    let ours = side(&scratch, || {
        main("a.txt", "ours\n");
        main("bin", "\0two");
        main("new\nline", "ours\n");
        scratch.git("main", &["rm", "-q", "gone.txt"]);
    });
    let theirs = side(&scratch, || {
        main("a.txt", "theirs\n");
        main("bin", "\0three");
        main("new\nline", "theirs\n");
        main("gone.txt", "2\n");
    });
    let Merged::Conflict { conflicts, .. } =
        merge(&checkout(&scratch), &base, &ours, &theirs).unwrap()
    else {
        panic!("it is a conflict");
    };
    let shown: Vec<_> = conflicts.iter().map(ToString::to_string).collect();
    let expected = [
        "a.txt (contents)",
        "bin (binary)",
        "gone.txt (modify/delete)",
        "new\nline (contents)",
    ];
    assert_eq!(shown, expected);
}

#[test]
fn attributes_count() {
    let scratch = Scratch::with_repository();
    scratch.write("main/.gitattributes", "a.txt merge=union\n");
    scratch.git("main", &["add", "-A"]);
    scratch.git("main", &["commit", "-qm", "attributes"]);
    let base = scratch.git("main", &["rev-parse", "HEAD"]);
    let with = |text: &str| side(&scratch, || drop(scratch.write("main/a.txt", text)));
    let (ours, theirs) = (with("one\nours\n"), with("one\ntheirs\n"));
    let merged = merge(&checkout(&scratch), &base, &ours, &theirs).unwrap();
    assert!(matches!(merged, Merged::Clean(_)), "{merged:?}");
}

#[test]
fn nothing_but_objects_is_written() {
    let scratch = Scratch::with_repository();
    let base = scratch.git("main", &["rev-parse", "HEAD"]);
    let ours = side(&scratch, || drop(scratch.write("main/a.txt", "ours\n")));
    let theirs = side(&scratch, || drop(scratch.write("main/a.txt", "theirs\n")));
    for (one, other) in [(&ours, &theirs), (&base, &theirs), (&ours, &base)] {
        scratch.undisturbed("main", || {
            merge(&checkout(&scratch), &base, one, other).unwrap();
        });
    }
}
