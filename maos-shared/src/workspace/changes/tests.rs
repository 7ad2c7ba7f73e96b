use super::*;
use crate::workspace::scratch::Scratch;
use crate::workspace::{Workspace, checkpoint};
use std::os::unix::ffi::OsStrExt;

fn seen(made: &Workspace) -> Changes {
    changes(&made.path, &made.base).unwrap()
}

#[test]
fn commits_and_files_are_counted_from_the_base() {
    let scratch = Scratch::with_repository();
    let made = scratch.workspace("a5584d067ecffbeda");
    let none = seen(&made);
    assert_eq!(none.branch.as_deref(), Some(&*made.branch));
    assert_eq!((none.commits, none.files.len()), (0, 0));
    assert_eq!(none.commit, made.base);

    scratch.rename(made.path.join("a.txt"), made.path.join("z.txt"));
    scratch.write(made.path.join(std::ffi::OsStr::from_bytes(b"b\xff\n")), "x");
    checkpoint(&made.path, "one", &|_| false).unwrap();
    scratch.write(made.path.join("src/b.txt"), "changed");
    let done = checkpoint(&made.path, "two", &|_| false).unwrap();
    // What is not committed does not count.
    scratch.write(made.path.join("later.txt"), "x");
    let all = seen(&made);
    assert_eq!(Some(all.commit), done.commit);
    assert_eq!(all.commits, 2);
    assert_eq!(all.files, ["a.txt", "b\u{fffd}\n", "src/b.txt", "z.txt"]);
}

#[test]
fn a_detached_head_and_a_branch_of_the_agents_own_are_told() {
    let scratch = Scratch::with_repository();
    let made = scratch.workspace("a5584d067ecffbeda");
    scratch.git(&made.path, &["checkout", "-q", "-b", "topic/x"]);
    assert_eq!(seen(&made).branch.as_deref(), Some("topic/x"));
    scratch.git(&made.path, &["checkout", "-q", "--detach"]);
    scratch.git(
        &made.path,
        &["commit", "-q", "--allow-empty", "-m", "loose"],
    );
    let loose = seen(&made);
    assert_eq!((loose.branch, loose.commits), (None, 1));
}

#[test]
fn only_of_workspaces_and_from_commits() {
    let scratch = Scratch::with_repository();
    let made = scratch.workspace("a5584d067ecffbeda");
    let error = changes(&scratch.path("main"), &made.base).unwrap_err();
    assert!(matches!(error, Error::NotWorkspace(_)), "{error}");
    for base in ["--all", "", "missing", &"0".repeat(40)] {
        let error = changes(&made.path, base).unwrap_err();
        assert!(matches!(error, Error::Git(_)), "{base}: {error}");
    }
}

#[test]
fn what_is_not_committed_yet_is_touched_as_well() {
    let scratch = Scratch::with_repository();
    let made = scratch.workspace("a5584d067ecffbeda");
    let look = || {
        let is_secret = |path: &Path| path == Path::new(".env");
        touched(&made.path, &made.base, &is_secret, Duration::from_secs(60)).unwrap()
    };
    assert_eq!(look(), Touched::default());
    scratch.write(made.path.join("a.txt"), "committed");
    checkpoint(&made.path, "one", &|_| false).unwrap();
    for name in ["a.txt", "src/new.txt", ".env", "x.log"] {
        scratch.write(made.path.join(name), "not");
    }
    let found = look();
    assert_eq!(found.committed, ["a.txt"]);
    assert_eq!(found.uncommitted, ["a.txt", "src/new.txt"]);
    assert_eq!(found.files(), ["a.txt", "src/new.txt"]);
    let elsewhere = touched(
        &scratch.path("main"),
        &made.base,
        &|_| false,
        Duration::from_secs(60),
    );
    assert!(elsewhere.is_err());
}
