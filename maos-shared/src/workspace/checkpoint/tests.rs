use super::*;
use crate::workspace::Workspace;
use crate::workspace::marker::Marker;
use crate::workspace::scratch::Scratch;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};

mod interrupted;

const ID: &str = "a5584d067ecffbeda";

fn nothing(_: &Path) -> bool {
    false
}

/// Commits all that is in the workspace.
fn commit(made: &Workspace) -> Option<String> {
    checkpoint(&made.path, "a title\n\nAgent: x\n", &nothing)
        .unwrap()
        .commit
}

/// What a commit holds: mode and path of each file, as git writes them.
fn tree(scratch: &Scratch, commit: &str) -> Vec<String> {
    let list = scratch.git("main", &["ls-tree", "-r", commit]);
    let entry = |line: &str| {
        let (mode, rest) = line.split_once(' ').unwrap();
        format!("{mode} {}", rest.split_once('\t').unwrap().1)
    };
    list.lines().map(entry).collect()
}

fn status(scratch: &Scratch, made: &Workspace) -> String {
    scratch.git(&made.path, &["status", "--porcelain", "-uall"])
}

#[test]
fn every_change_is_committed_on_the_branch_and_ignored_files_are_not() {
    let scratch = Scratch::with_repository();
    scratch.write("main/old.txt", "a file of some length that is renamed\n");
    scratch.write("main/run.sh", "#!/bin/sh\n");
    scratch.git("main", &["add", "-A"]);
    scratch.git("main", &["commit", "-q", "-m", "more"]);
    let made = scratch.workspace(ID);
    let at = |name: &str| made.path.join(name);
    let done = scratch.undisturbed("main", || {
        scratch.write(at("a.txt"), "changed\n");
        fs::remove_file(at("src/b.txt")).unwrap();
        scratch.rename(at("old.txt"), at("new.txt"));
        fs::set_permissions(at("run.sh"), fs::Permissions::from_mode(0o755)).unwrap();
        symlink("nowhere", at("link")).unwrap();
        fs::create_dir_all(at("deep/er")).unwrap();
        scratch.write(at("deep/er/empty"), "");
        scratch.write(at("staged.txt"), "staged\n");
        scratch.git(&made.path, &["add", "staged.txt"]);
        scratch.write(at("deep/x.log"), "ignored\n");
        commit(&made).unwrap()
    });
    let expected = [
        "100644 .gitignore",
        "100644 a.txt",
        "100644 deep/er/empty",
        "120000 link",
        "100644 new.txt",
        "100755 run.sh",
        "100644 staged.txt",
    ];
    assert_eq!(tree(&scratch, &done), expected);
    assert_eq!(scratch.git("main", &["rev-parse", &made.branch]), done);
    let parent = scratch.git("main", &["rev-parse", &format!("{done}^")]);
    assert_eq!(parent, made.base);
    let message = scratch.git("main", &["log", "-1", "--format=%B", &done]);
    assert_eq!(message, "a title\n\nAgent: x");
    assert_eq!(status(&scratch, &made), "");
    assert!(at("deep/x.log").exists());
    assert_eq!(commit(&made), None, "nothing is left to commit");
}

#[test]
fn any_name_that_a_file_can_have_is_committed() {
    let scratch = Scratch::with_repository();
    let made = scratch.workspace(ID);
    let names: [&[u8]; 12] = [
        b"-rf",
        b"--all",
        b"a\nb",
        b"a\tb\"c\\d",
        b"\xff\xfe.bin",
        b":(top)x",
        b":!x",
        b"*",
        b"[a]?",
        b" lead and trail ",
        b"\x1b[31m",
        b"%s $(touch ran) `x` ;&|",
    ];
    for name in names {
        scratch.write(made.path.join(OsStr::from_bytes(name)), name);
    }
    let done = commit(&made).unwrap();
    assert_eq!(status(&scratch, &made), "");
    assert_eq!(tree(&scratch, &done).len(), 3 + names.len());
    for name in names {
        let file = made.path.join(OsStr::from_bytes(name));
        assert_eq!(fs::read(file).unwrap(), name);
    }
}

#[test]
fn what_is_kept_out_stays_in_the_folder_and_as_it_was_in_the_commit() {
    let scratch = Scratch::with_repository();
    for name in [".env", "gone.env"] {
        scratch.write(format!("main/{name}"), "old\n");
    }
    scratch.git("main", &["add", "-A"]);
    scratch.git("main", &["commit", "-q", "-m", "secrets"]);
    let made = scratch.workspace(ID);
    let odd = [
        "new.env",
        "staged.env",
        "deep/*.env",
        "[x] \n.env",
        ":!a.env",
    ];
    fs::create_dir(made.path.join("deep")).unwrap();
    for name in odd.iter().chain(&[".env"]) {
        scratch.write(made.path.join(name), "secret\n");
    }
    fs::remove_file(made.path.join("gone.env")).unwrap();
    scratch.write(made.path.join("deep/work.txt"), "work\n");
    scratch.git(&made.path, &["add", "staged.env", ".env", "gone.env"]);
    let secret = |path: &Path| path.as_os_str().as_bytes().ends_with(b".env");
    let done = checkpoint(&made.path, "m", &secret).unwrap();
    let (done, left) = (done.commit.unwrap(), done.left);
    assert!(left.iter().all(|one| one.why == Why::Secret));
    let left: Vec<&str> = left.iter().map(|one| &*one.path).collect();
    assert!(odd.iter().all(|name| left.contains(name)), "{left:?}");
    let changed = scratch.git(
        "main",
        &["diff-tree", "-r", "--name-only", &made.base, &done],
    );
    assert_eq!(changed, "deep/work.txt");
    for name in odd.iter().chain(&[".env"]) {
        let text = fs::read_to_string(made.path.join(name)).unwrap();
        assert_eq!(text, "secret\n", "{name}");
    }
    let staged = scratch.git(&made.path, &["diff", "--cached", "--name-only"]);
    assert_eq!(staged, "", "a later commit would take it along");
    assert_eq!(checkpoint(&made.path, "m", &secret).unwrap().commit, None);
    let everywhere = ["log", "--all", "-S", "secret", "--format=%H"];
    assert_eq!(scratch.git("main", &everywhere), "");
}

#[test]
fn a_repository_inside_is_left_alone() {
    let scratch = Scratch::with_repository();
    let made = scratch.workspace(ID);
    let inner = made.path.join("deep/inner");
    fs::create_dir_all(&inner).unwrap();
    scratch.git(&inner, &["init", "-q"]);
    assert_eq!(commit(&made), None);
    scratch.write(inner.join("file"), "x");
    scratch.git(&inner, &["add", "file"]);
    scratch.git(&inner, &["commit", "-q", "-m", "inner"]);
    scratch.write(made.path.join("deep/work.txt"), "x");
    let done = commit(&made).unwrap();
    let files = tree(&scratch, &done);
    assert!(files.contains(&"100644 deep/work.txt".to_owned()));
    assert_eq!(files.len(), 4, "{files:?}");
    assert_eq!(scratch.git(&inner, &["status", "--porcelain"]), "");
}

#[test]
fn there_is_nothing_to_commit() {
    let scratch = Scratch::with_repository();
    let made = scratch.workspace(ID);
    assert_eq!(commit(&made), None);
    scratch.write(made.path.join("x.log"), "ignored");
    // A file that was touched has not changed.
    scratch.write(made.path.join("a.txt"), "one\n");
    assert_eq!(commit(&made), None);
    assert_eq!(scratch.git("main", &["rev-parse", &made.branch]), made.base);
    assert_eq!(scratch.git("main", &["for-each-ref", "refs/maos"]), "");
}

#[test]
fn the_commit_goes_where_the_agent_is() {
    let scratch = Scratch::with_repository();
    let made = scratch.workspace(ID);
    scratch.git(&made.path, &["checkout", "-q", "-b", "topic"]);
    scratch.write(made.path.join("new.txt"), "x");
    let done = commit(&made).unwrap();
    assert_eq!(scratch.git("main", &["rev-parse", "topic"]), done);
    assert_eq!(scratch.git("main", &["rev-parse", &made.branch]), made.base);
    // On a branch without any commit it is the first.
    scratch.git(&made.path, &["checkout", "-q", "--orphan", "fresh"]);
    scratch.write(made.path.join("new.txt"), "y");
    let done = commit(&made).unwrap();
    assert_eq!(scratch.git("main", &["log", "--format=%H", "fresh"]), done);
}

#[test]
fn a_commit_on_no_branch_is_kept_by_a_reference() {
    let scratch = Scratch::with_repository();
    let made = scratch.workspace(ID);
    scratch.git(&made.path, &["checkout", "-q", "--detach"]);
    let rescued = || {
        let format = "--format=%(objectname)";
        scratch.git("main", &["for-each-ref", format, "refs/maos/rescue"])
    };
    assert_eq!(commit(&made), None);
    assert_eq!(rescued(), "", "its commit is on a branch");
    // The agent's own commit, and one of what it left.
    scratch.git(
        &made.path,
        &["commit", "-q", "--allow-empty", "-m", "loose"],
    );
    assert_eq!(commit(&made), None);
    assert_eq!(rescued(), scratch.git(&made.path, &["rev-parse", "HEAD"]));
    scratch.write(made.path.join("new.txt"), "x");
    let done = commit(&made).unwrap();
    assert!(rescued().contains(&done));
    assert_eq!(scratch.git(&made.path, &["rev-parse", "HEAD"]), done);
}

#[test]
fn what_is_no_workspace_is_not_committed() {
    let scratch = Scratch::with_repository();
    let made = scratch.workspace(ID);
    let theirs = scratch.path("theirs");
    let add = ["worktree", "add", "-q", theirs.to_str().unwrap()];
    scratch.git("main", &add);
    scratch.write("main/new.txt", "x");
    let inside = made.path.join("src");
    let missing = scratch.path("main/.claude/worktrees/missing");
    for path in [
        &scratch.path("main"),
        &theirs,
        &inside,
        &missing,
        Path::new("/"),
    ] {
        let error = checkpoint(path, "m", &nothing).unwrap_err();
        assert!(matches!(error, Error::NotWorkspace(_)), "{error}");
    }
    // Without its `.git` file it is a folder of the main checkout to git.
    scratch.write(made.path.join("new.txt"), "x");
    fs::remove_file(made.path.join(".git")).unwrap();
    let error = checkpoint(&made.path, "m", &nothing).unwrap_err();
    assert!(matches!(error, Error::NotWorkspace(_)), "{error}");
    assert_eq!(
        scratch.git("main", &["status", "--porcelain"]),
        "?? new.txt"
    );
}

#[test]
fn a_branch_that_is_not_the_agents_stays_where_it_is() {
    let scratch = Scratch::with_repository();
    let made = scratch.workspace(ID);
    let git_dir = open(&made.path).unwrap().unwrap().1.git_dir;
    let created = "2020-01-01T00:00:00Z".to_owned();
    let marker = Marker::load(&git_dir).unwrap().unwrap();
    Marker { created, ..marker }.replace(&git_dir).unwrap();
    scratch.git("main", &["branch", "older", "main"]);
    let (none, at) = ("0".repeat(40), &made.base);
    let log = format!("{none} {at} Dev <dev@localhost> 1500000000 +0000\tmade\n");
    scratch.write("main/.git/logs/refs/heads/older", log);
    for (branch, moves) in [("main", false), ("older", false), ("fix", true)] {
        let new: &[&str] = if moves { &["-b"] } else { &[] };
        let checkout = ["checkout", "-q", "--ignore-other-worktrees"];
        scratch.git(&made.path, &[&checkout[..], new, &[branch]].concat());
        let before = scratch.git("main", &["rev-parse", branch]);
        scratch.write(made.path.join(format!("for {branch}")), "x");
        let done = commit(&made).unwrap();
        assert_eq!(status(&scratch, &made), "");
        assert_eq!(scratch.git(&made.path, &["rev-parse", "HEAD"]), done);
        let after = scratch.git("main", &["rev-parse", branch]);
        assert_eq!(after != before, moves, "{branch}");
        if !moves {
            let kept = scratch.git("main", &["for-each-ref", "--contains", &done]);
            assert!(kept.contains("refs/maos/rescue/"), "{kept}");
        }
    }
    assert_eq!(scratch.git("main", &["status", "--porcelain"]), "");
}

#[test]
fn what_no_commit_takes_is_named() {
    let scratch = Scratch::with_repository();
    scratch.init("library");
    let add = ["-c", "protocol.file.allow=always", "submodule", "add", "-q"];
    scratch.git("main", &[&add[..], &["../library"]].concat());
    scratch.git("main", &["commit", "-q", "-m", "module"]);
    let made = scratch.workspace(ID);
    scratch.git(&made.path, &["init", "-q", "app"]);
    scratch.write(made.path.join("app/x.txt"), "x");
    scratch.write(made.path.join("library/new.txt"), "x");
    let done = checkpoint(&made.path, "m", &nothing).unwrap();
    assert_eq!(done.commit, None);
    let left = |path: &str, why| Left {
        path: path.to_owned(),
        why,
    };
    let expected = [
        left("library", Why::Submodule),
        left("app", Why::Repository),
    ];
    assert_eq!(done.left, expected);
}

#[test]
fn commits_in_a_submodule_are_kept_in_that_of_the_main_checkout() {
    let scratch = Scratch::with_repository();
    scratch.init("library");
    let add = ["-c", "protocol.file.allow=always", "submodule", "add", "-q"];
    scratch.git("main", &[&add[..], &["../library"]].concat());
    scratch.git("main", &["commit", "-q", "-m", "module"]);
    let made = scratch.workspace(ID);
    let inside = made.path.join("library");
    scratch.write(inside.join("new.txt"), "x");
    scratch.git(&inside, &["add", "-A"]);
    scratch.git(&inside, &["commit", "-q", "-m", "inner"]);
    let inner = scratch.git(&inside, &["rev-parse", "HEAD"]);
    scratch.write(inside.join("new.txt"), "stashed");
    scratch.git(&inside, &["stash", "-q"]);
    let stash = scratch.git(&inside, &["rev-parse", "refs/stash"]);
    let done = scratch.undisturbed("main", || checkpoint(&made.path, "m", &nothing).unwrap());
    assert_eq!((done.commit.is_some(), done.left.len()), (true, 0));
    for commit in [inner, stash] {
        let kept = scratch.git("main/library", &["for-each-ref", "--contains", &commit]);
        assert!(kept.contains("refs/maos/rescue/"), "{kept}");
    }
    let trash = scratch.path("trash");
    fs::create_dir(&trash).unwrap();
    crate::workspace::remove(&scratch.project("main"), &made.path, &trash).unwrap();
}

#[test]
fn a_file_that_cannot_be_read_keeps_no_other_back() {
    let scratch = Scratch::with_repository();
    let made = scratch.workspace(ID);
    scratch.git("main", &["config", "filter.broken.clean", "false"]);
    scratch.git("main", &["config", "filter.broken.required", "true"]);
    scratch.write(made.path.join(".gitattributes"), "*.bin filter=broken\n");
    for name in ["a.bin", "b.txt", "c.bin", "d.txt"] {
        scratch.write(made.path.join(name), "x");
    }
    let done = checkpoint(&made.path, "m", &nothing).unwrap();
    let held = tree(&scratch, &done.commit.unwrap());
    assert!(held.contains(&"100644 b.txt".to_owned()) && held.contains(&"100644 d.txt".to_owned()));
    let left: Vec<_> = done.left.iter().map(|one| (&*one.path, one.why)).collect();
    assert_eq!(
        left,
        [("a.bin", Why::Unreadable), ("c.bin", Why::Unreadable)]
    );
}
