use super::*;
use crate::state::sha256_hex;
use crate::workspace::checkout_of;
use crate::workspace::scratch::Scratch;
use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;

/// Takes a snapshot of `main` and checks that nothing but objects came to be.
fn take(scratch: &Scratch) -> Snapshot {
    let checkout = checkout_of(&scratch.project("main")).unwrap();
    let before = contents(&checkout.git_dir);
    let taken = of(&checkout).unwrap();
    assert_eq!(contents(&checkout.git_dir), before, "git's files changed");
    let again = of(&checkout).unwrap();
    assert_eq!(again, taken, "the same files are the same snapshot");
    taken
}

/// The hash of every file in a git directory but the objects.
fn contents(git_dir: &Path) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![git_dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                let hash = sha256_hex(&fs::read(&path).unwrap());
                found.insert(path, hash);
            } else if path != git_dir.join("objects") {
                folders.push(path);
            }
        }
    }
    found
}

/// Whether nothing of it is uncommitted.
fn is_clean(taken: &Snapshot) -> bool {
    taken.head.as_ref() == Some(&taken.commit)
}

/// The files of a commit: mode and path, a line each.
fn files(scratch: &Scratch, commit: &str) -> Vec<String> {
    let format = "--format=%(objectmode) %(path)";
    let list = scratch.git("main", &["ls-tree", "-r", format, commit]);
    list.lines().map(str::to_owned).collect()
}

fn text(scratch: &Scratch, taken: &Snapshot, file: &str) -> String {
    scratch.git("main", &["show", &format!("{}:{file}", taken.commit)])
}

const CLEAN: [&str; 3] = ["100644 .gitignore", "100644 a.txt", "100644 src/b.txt"];

#[test]
fn a_clean_checkout_is_its_own_commit() {
    let scratch = Scratch::with_repository();
    scratch.write("main/ignored.log", "x");
    let taken = take(&scratch);
    let head = scratch.git("main", &["rev-parse", "HEAD"]);
    assert_eq!(taken.commit, head);
    assert!(is_clean(&taken));
    let tree = scratch.git("main", &["rev-parse", "HEAD^{tree}"]);
    assert_eq!(taken.tree, tree);
}

#[test]
fn all_that_a_person_has_not_committed_is_in_it() {
    let scratch = Scratch::with_repository();
    let main = scratch.path("main");
    for (file, text) in [("gone", "x"), ("old name", "moved\n"), ("run.sh", "x\n")] {
        scratch.write(main.join(file), text);
    }
    scratch.git("main", &["add", "-A"]);
    scratch.git("main", &["commit", "-q", "-m", "more"]);

    scratch.write("main/a.txt", "staged\n");
    scratch.write("main/only staged", "staged\n");
    scratch.git("main", &["add", "a.txt", "only staged"]);
    scratch.write("main/a.txt", "later\n");
    fs::remove_file(main.join("only staged")).unwrap();
    fs::remove_file(main.join("gone")).unwrap();
    scratch.rename("main/old name", "main/new\nname");
    fs::set_permissions(main.join("run.sh"), Permissions::from_mode(0o755)).unwrap();
    symlink("../../etc/passwd", main.join("link")).unwrap();
    scratch.write("main/meant", "to add\n");
    scratch.git("main", &["add", "--intent-to-add", "meant"]);
    scratch.write("main/ignored.log", "x");

    let taken = take(&scratch);
    let head = scratch.git("main", &["rev-parse", "HEAD"]);
    assert_eq!(taken.head.as_deref(), Some(&*head));
    assert!(!is_clean(&taken));
    let parents = scratch.git("main", &["log", "-1", "--format=%P", &taken.commit]);
    assert_eq!(parents, head);
    assert_eq!(text(&scratch, &taken, "a.txt"), "later");
    assert_eq!(text(&scratch, &taken, "link"), "../../etc/passwd");
    assert_eq!(text(&scratch, &taken, "meant"), "to add");
    let expected = [
        &CLEAN[..2],
        &[
            "120000 link",
            "100644 meant",
            "100644 \"new\\nname\"",
            "100755 run.sh",
        ],
        &CLEAN[2..],
    ];
    assert_eq!(files(&scratch, &taken.commit), expected.concat());
}

#[test]
fn secrets_stay_as_they_are_committed_or_out() {
    let scratch = Scratch::with_repository();
    scratch.write("main/.env.local", "A=committed\n");
    scratch.git("main", &["add", "-A"]);
    scratch.git("main", &["commit", "-q", "-m", "env"]);
    scratch.write("main/.env.local", "A=staged secret\n");
    scratch.write("main/id_rsa", "staged secret\n");
    scratch.git("main", &["add", "-A"]);
    scratch.write("main/.env.local", "A=secret\n");
    scratch.write("main/src/.env", "B=secret\n");
    assert!(is_clean(&take(&scratch)));
    scratch.write("main/new.txt", "x\n");
    let taken = take(&scratch);
    assert_eq!(text(&scratch, &taken, ".env.local"), "A=committed");
    let expected = [
        "100644 .env.local",
        CLEAN[0],
        CLEAN[1],
        "100644 new.txt",
        CLEAN[2],
    ];
    assert_eq!(files(&scratch, &taken.commit), expected);
}

#[test]
fn what_is_made_for_workspaces_is_never_in_it() {
    let scratch = Scratch::with_repository();
    // As it is while the first workspace is made: nothing ignores it yet.
    scratch.write("main/.claude/worktrees/.tmp-1-2-3", "*\n");
    scratch.write("main/.maos/.tmp-1-2-3", "*\n");
    assert!(is_clean(&take(&scratch)));
    scratch.write("main/new.txt", "new");
    let taken = take(&scratch);
    assert!(!files(&scratch, &taken.commit).join(" ").contains(".tmp-"));
}

#[test]
fn the_files_count_in_the_middle_of_a_merge() {
    let scratch = Scratch::with_repository();
    scratch.git("main", &["checkout", "-q", "-b", "other"]);
    scratch.write("main/a.txt", "theirs\n");
    scratch.git("main", &["commit", "-q", "-a", "-m", "theirs"]);
    scratch.git("main", &["checkout", "-q", "main"]);
    scratch.write("main/a.txt", "ours\n");
    scratch.git("main", &["commit", "-q", "-a", "-m", "ours"]);
    assert!(!scratch.try_git("main", &["merge", "other"]).0);
    let taken = take(&scratch);
    let found = text(&scratch, &taken, "a.txt");
    assert!(
        found.contains("<<<<<<<") && found.contains("theirs"),
        "{found}"
    );
}

#[test]
fn a_checkout_without_a_commit_is_a_first_one() {
    let scratch = Scratch::empty();
    scratch.git(".", &["init", "-q", "-b", "main", "main"]);
    let empty = take(&scratch);
    assert_eq!(files(&scratch, &empty.commit), [""; 0]);
    scratch.write("main/a.txt", "one\n");
    let taken = take(&scratch);
    assert_eq!(taken.head, None);
    assert!(!is_clean(&taken));
    assert_eq!(files(&scratch, &taken.commit), ["100644 a.txt"]);
}

#[test]
fn what_git_was_told_not_to_look_at_stays_as_it_is_committed() {
    let scratch = Scratch::with_repository();
    scratch.write("main/c.txt", "three\n");
    scratch.git("main", &["add", "-A"]);
    scratch.git("main", &["commit", "-q", "-m", "more"]);
    scratch.git("main", &["update-index", "--assume-unchanged", "a.txt"]);
    scratch.git("main", &["update-index", "--skip-worktree", "c.txt"]);
    scratch.write("main/a.txt", "mine alone\n");
    fs::remove_file(scratch.path("main/c.txt")).unwrap();
    assert!(is_clean(&take(&scratch)));
    scratch.git(
        "main",
        &["sparse-checkout", "set", "--no-cone", "/*", "!/src/"],
    );
    assert!(!scratch.path("main/src/b.txt").exists());
    scratch.write("main/new.txt", "x");
    let taken = take(&scratch);
    assert_eq!(text(&scratch, &taken, "a.txt"), "one");
    assert_eq!(text(&scratch, &taken, "c.txt"), "three");
    assert_eq!(text(&scratch, &taken, "src/b.txt"), "two");
}

#[test]
fn a_submodule_is_at_the_commit_that_is_checked_out_in_it() {
    let scratch = Scratch::with_repository();
    scratch.init("library");
    let file = ["-c", "protocol.file.allow=always"];
    let add = ["submodule", "add", "-q", "../library", "lib"];
    scratch.git("main", &[&file[..], &add].concat());
    scratch.git("main", &["commit", "-q", "-m", "lib"]);
    scratch.write("main/lib/dirty.txt", "x");
    scratch.init("main/stranger");
    assert!(is_clean(&take(&scratch)));
    scratch.git("main/lib", &["add", "-A"]);
    scratch.git("main/lib", &["commit", "-q", "-m", "in the library"]);
    let taken = take(&scratch);
    let inner = scratch.git("main/lib", &["rev-parse", "HEAD"]);
    let noted = scratch.git("main", &["rev-parse", &format!("{}:lib", taken.commit)]);
    assert_eq!(noted, inner);
    assert!(!files(&scratch, &taken.commit).contains(&"160000 stranger".to_owned()));
}

#[test]
fn a_filter_that_fails_leaves_one_file_out_and_no_hook_runs() {
    let scratch = Scratch::with_repository();
    scratch.write("main/.gitattributes", "*.bin filter=broken\n");
    scratch.write("main/x.bin", "before\n");
    scratch.git("main", &["add", "-A"]);
    scratch.git("main", &["commit", "-q", "-m", "bin"]);
    scratch.git("main", &["config", "filter.broken.clean", "false"]);
    scratch.git("main", &["config", "filter.broken.required", "true"]);
    scratch.git("main", &["config", "user.useConfigOnly", "true"]);
    scratch.git("main", &["config", "commit.gpgSign", "true"]);
    scratch.git("main", &["config", "core.splitIndex", "true"]);
    let hook = scratch.write(
        "main/.git/hooks/post-index-change",
        "#!/bin/sh\ntouch ran\n",
    );
    fs::set_permissions(hook, Permissions::from_mode(0o755)).unwrap();
    scratch.write("main/x.bin", "after\n");
    scratch.write("main/z.txt", "z\n");
    let taken = take(&scratch);
    assert_eq!(text(&scratch, &taken, "x.bin"), "before");
    assert_eq!(text(&scratch, &taken, "z.txt"), "z");
    assert!(!scratch.path("main/ran").exists());
    let body = scratch.git("main", &["cat-file", "commit", &taken.commit]);
    assert!(
        !body.contains("gpgsig") && body.contains("MAOS <maos@localhost>"),
        "{body}"
    );
}
