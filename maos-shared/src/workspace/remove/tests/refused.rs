//! What is not removed, and that nothing of it changes.

use super::*;

/// Checks that the folder is refused for this reason and stays.
fn refused(scratch: &Scratch, path: &Path, reason: &str) {
    let before = path.symlink_metadata().is_ok();
    let refs = scratch.git("main", &["for-each-ref"]);
    let worktrees = scratch.git("main", &["worktree", "list", "--porcelain"]);
    let error = try_remove(scratch, path).unwrap_err().to_string();
    assert!(error.contains(reason), "{error}");
    assert_eq!(path.symlink_metadata().is_ok(), before, "{error}");
    assert_eq!(scratch.git("main", &["for-each-ref"]), refs);
    let now = scratch.git("main", &["worktree", "list", "--porcelain"]);
    assert_eq!(now, worktrees);
    assert_eq!(fs::read_dir(scratch.path("trash")).unwrap().count(), 0);
}

#[test]
fn what_does_not_lie_in_the_folder_of_workspaces() {
    let scratch = Scratch::with_repository();
    let made = scratch.workspace(ID);
    scratch.git("main", &["worktree", "add", "-q", "../theirs"]);
    for path in [
        scratch.path("main"),
        scratch.path("theirs"),
        scratch.path("main/.git"),
        scratch.path("main/.claude"),
        scratch.path("main/.claude/worktrees"),
        scratch.path("main/.claude/worktrees/.."),
        scratch.path("main/.claude/worktrees/coder-a5584d06/.."),
        made.path.join("src"),
        scratch.path("/"),
        scratch.path("missing/coder-a5584d06"),
    ] {
        refused(&scratch, &path, "it is not in the folder of workspaces");
    }
    assert!(made.path.join("src/b.txt").exists());
}

#[test]
fn what_git_has_not_registered() {
    let scratch = Scratch::with_repository();
    scratch.workspace(ID);
    // Names that begin like a workspace's, or that one begins with.
    for name in ["coder-a5584d067", "coder-a5584d0", "coder", "mine"] {
        let folder = format!("main/.claude/worktrees/{name}");
        scratch.write(format!("{folder}/mine.txt"), "mine");
        let path = scratch.path(&folder);
        refused(&scratch, &path, "git has no worktree registered there");
    }
    scratch.git(
        ".",
        &["clone", "-q", "main", "main/.claude/worktrees/clone"],
    );
    let clone = scratch.path("main/.claude/worktrees/clone");
    refused(&scratch, &clone, "git has no worktree registered there");
}

#[test]
fn what_another_made_or_nobody_finished() {
    let scratch = Scratch::with_repository();
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
    refused(&scratch, &theirs, "it does not have the marker of MAOS");
    let made = scratch.workspace(ID);
    let marker = scratch.path("main/.git/worktrees/coder-a5584d06/maos.json");
    let text = fs::read_to_string(&marker).unwrap();
    for damaged in [
        "",
        "{",
        &text.replace("agent/coder", "main"),
        &text.replace(&made.base, "HEAD"),
    ] {
        scratch.write(&marker, damaged);
        refused(&scratch, &made.path, "it does not have the marker of MAOS");
    }
}

#[test]
fn a_link_in_the_place_of_a_workspace() {
    let scratch = Scratch::with_repository();
    let made = scratch.workspace(ID);
    let link = scratch.path("main/.claude/worktrees/link");
    symlink(&made.path, &link).unwrap();
    refused(&scratch, &link, "it is not in the folder of workspaces");
    scratch.rename(&made.path, "moved");
    symlink(scratch.path("moved"), &made.path).unwrap();
    refused(
        &scratch,
        &made.path,
        "it is not in the folder of workspaces",
    );
    assert!(scratch.path("moved/a.txt").exists());
}

#[test]
fn one_that_was_moved_or_exchanged() {
    let scratch = Scratch::with_repository();
    let made = scratch.workspace(ID);
    let other = scratch.workspace("b1c2d3e4f5a6b7c8d");
    scratch.rename(&made.path, "moved");
    refused(&scratch, &made.path, "it is gone");
    scratch.rename(&other.path, &made.path);
    refused(&scratch, &made.path, "its repository has no worktree here");
    fs::remove_file(made.path.join(".git")).unwrap();
    refused(&scratch, &made.path, "it is no worktree any more");
    assert!(made.path.join("a.txt").exists());
}

#[test]
fn one_that_somebody_has_locked() {
    let scratch = Scratch::with_repository();
    let made = scratch.workspace(ID);
    let path = made.path.to_str().unwrap();
    for reason in [&["--reason", "mine"][..], &[]] {
        scratch.git("main", &["worktree", "unlock", path]);
        let lock = ["worktree", "lock", path];
        scratch.git("main", &[&lock[..], reason].concat());
        refused(&scratch, &made.path, "somebody has locked it");
    }
    scratch.git("main", &["worktree", "unlock", path]);
    removed(&scratch, &made);
}

#[test]
fn one_that_holds_a_repository() {
    let scratch = Scratch::with_repository();
    let made = scratch.workspace(ID);
    let inner = made.path.join("deep/inner");
    fs::create_dir_all(&inner).unwrap();
    scratch.git(&inner, &["init", "-q"]);
    scratch.write(inner.join("work"), "x");
    refused(
        &scratch,
        &made.path,
        "it holds the repository \"deep/inner\"",
    );
    fs::remove_dir_all(&inner).unwrap();

    // A worktree of the same repository, ignored or not.
    let nested = made.path.join("nested.log");
    let add = [
        "worktree",
        "add",
        "-q",
        "--detach",
        nested.to_str().unwrap(),
    ];
    scratch.git(&made.path, &add);
    refused(
        &scratch,
        &made.path,
        "it holds the repository \"nested.log\"",
    );
    scratch.git("main", &["worktree", "remove", nested.to_str().unwrap()]);
    removed(&scratch, &made);
}

#[test]
fn one_whose_submodule_has_work() {
    let scratch = Scratch::with_repository();
    scratch.init("module");
    let file = ["-c", "protocol.file.allow=always", "submodule", "--quiet"];
    scratch.git("main", &[&file[..], &["add", "../module", "sub"]].concat());
    scratch.git("main", &["commit", "-q", "-m", "with a module"]);
    let made = scratch.workspace(ID);
    scratch.write(made.path.join("sub/new.txt"), "x");
    refused(&scratch, &made.path, "it holds the repository");
    scratch.git(made.path.join("sub"), &["stash", "-q", "-u"]);
    refused(&scratch, &made.path, "it holds the repository");
    // Where nothing was done in it, there is nothing to lose.
    let other = scratch.workspace("b1c2d3e4f5a6b7c8d");
    removed(&scratch, &other);
}

#[test]
fn in_a_folder_without_git() {
    let scratch = Scratch::empty();
    fs::create_dir_all(scratch.path("plain/.claude/worktrees/x")).unwrap();
    let project = scratch.project("plain");
    let path = scratch.path("plain/.claude/worktrees/x");
    let error = remove(&project, &path, &scratch.path("plain")).unwrap_err();
    assert!(matches!(error, Error::NoGit(_)), "{error}");
    assert!(path.exists());
}
