use crate::workspace::scratch::Scratch;
use crate::workspace::{Workspace, checkpoint};
use std::fs;

/// An id as the client makes them.
const ID: &str = "a5584d067ecffbeda";

/// A repository with a filter, as git-lfs has one: the commit holds pointers.
fn filtered(smudge: &str) -> Scratch {
    let scratch = Scratch::with_repository();
    let driver = [
        ("filter.lfs.clean", "sed '/^pointer:/!s/^/pointer:/'"),
        ("filter.lfs.smudge", smudge),
        ("filter.lfs.required", "true"),
    ];
    for (key, value) in driver {
        scratch.git("main", &["config", key, value]);
    }
    scratch.write("main/.gitattributes", "*.bin filter=lfs\n");
    scratch.write("main/x.bin", "large\n");
    scratch.write("main/y.bin", "large too\n");
    scratch.git("main", &["add", "-A"]);
    scratch.git("main", &["commit", "-q", "-m", "large"]);
    scratch
}

fn text(made: &Workspace, name: &str) -> String {
    fs::read_to_string(made.path.join(name)).unwrap()
}

#[test]
fn filtered_files_come_as_the_checkout_has_them() {
    // As with GIT_LFS_SKIP_SMUDGE: pointers stay.
    let scratch = filtered("cat");
    scratch.write("main/y.bin", "changed\n");
    let made = scratch.undisturbed("main", || scratch.workspace(ID));
    assert_eq!(text(&made, "x.bin"), "large\n");
    assert_eq!(text(&made, "y.bin"), "changed\n");
    assert_eq!(scratch.git(&made.path, &["status", "--porcelain"]), "");
    assert_eq!(
        checkpoint(&made.path, "m", &|_| false).unwrap().commit,
        None
    );
}

#[test]
fn those_of_another_commit_do_not() {
    let scratch = filtered("sed s/^pointer://");
    scratch.write("main/y.bin", "changed\n");
    let main = scratch.path("main");
    let settings = crate::workspace::scratch::settings("base = 'head'");
    let request = crate::workspace::Request {
        settings: &settings,
        ..crate::workspace::scratch::request(&main, "coder", ID)
    };
    let made = crate::workspace::create(&scratch.project("main"), &request).unwrap();
    assert_eq!(text(&made, "x.bin"), "large\n");
    assert_eq!(text(&made, "y.bin"), "large too\n");
}

#[test]
fn a_filter_that_fails_stops_no_workspace() {
    let scratch = filtered("false");
    let made = scratch.undisturbed("main", || scratch.workspace(ID));
    assert_eq!(text(&made, "x.bin"), "pointer:large\n");
    assert_eq!(text(&made, "a.txt"), "one\n");
    assert_eq!(scratch.git(&made.path, &["status", "--porcelain"]), "");
}
