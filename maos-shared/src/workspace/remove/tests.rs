use super::*;
use crate::workspace::scratch::SETTINGS;
use crate::workspace::scratch::Scratch;
use crate::workspace::{Workspace, checkpoint, create_named};
use std::fs;
use std::os::unix::fs::symlink;
use std::time::SystemTime;

mod refused;
mod resumed;

const ID: &str = "a5584d067ecffbeda";

/// Removes a folder, as from the main checkout, into `trash`.
fn try_remove(scratch: &Scratch, path: &Path) -> Result<Removal, Error> {
    let trash = scratch.path("trash");
    fs::create_dir_all(&trash).unwrap();
    scratch.undisturbed("main", || remove(&scratch.project("main"), path, &trash))
}

/// Removes a workspace and checks that nothing but what is told is left of it.
fn removed(scratch: &Scratch, made: &Workspace) -> Removal {
    let removal = try_remove(scratch, &made.path).unwrap();
    assert!(!made.path.exists());
    let list = scratch.git("main", &["worktree", "list"]);
    assert!(!list.contains(made.path.to_str().unwrap()), "{list}");
    let name = made.path.file_name().unwrap();
    assert!(!scratch.path("main/.git/worktrees").join(name).exists());
    let branch = format!("refs/heads/{}", made.branch);
    let (stays, _) = scratch.try_git("main", &["rev-parse", "-q", "--verify", &branch]);
    assert_eq!(removal.branch, stays.then(|| made.branch.clone()));
    removal
}

/// The files of a commit with what is in them.
fn files(scratch: &Scratch, commit: &str) -> Vec<(String, String)> {
    let names = scratch.git("main", &["ls-tree", "-r", "-z", "--name-only", commit]);
    let names = names.split('\0').filter(|name| !name.is_empty());
    names
        .map(|name| {
            let text = scratch.git("main", &["show", &format!("{commit}:{name}")]);
            (name.to_owned(), text)
        })
        .collect()
}

#[test]
fn of_an_unchanged_workspace_nothing_stays() {
    let scratch = Scratch::with_repository();
    let made = scratch.workspace(ID);
    scratch.write(made.path.join("x.log"), "ignored");
    let removal = removed(&scratch, &made);
    assert_eq!((removal.branch, removal.rescue), (None, None));
    let trash = removal.trash.unwrap();
    assert_eq!(trash.parent(), Some(&*scratch.path("trash")));
    assert!(trash.join("x.log").exists(), "it moved as a whole");
    let refs = scratch.git("main", &["for-each-ref", "--format=%(refname)"]);
    assert_eq!(refs, "refs/heads/main");
}

#[test]
fn a_branch_with_commits_stays() {
    let scratch = Scratch::with_repository();
    let made = scratch.workspace(ID);
    scratch.write(made.path.join("new.txt"), "x");
    let done = checkpoint(&made.path, "m", &|_| false)
        .unwrap()
        .commit
        .unwrap();
    let removal = removed(&scratch, &made);
    assert_eq!(removal.branch, Some(made.branch.clone()));
    assert_eq!(removal.rescue, None);
    assert_eq!(scratch.git("main", &["rev-parse", &made.branch]), done);
}

#[test]
fn every_file_that_is_on_no_branch_is_kept_by_a_reference() {
    let scratch = Scratch::with_repository();
    let made = scratch.workspace(ID);
    let at = |name: &str| made.path.join(name);
    scratch.write(at("a.txt"), "changed");
    fs::remove_file(at("src/b.txt")).unwrap();
    fs::create_dir(at("deep")).unwrap();
    for name in ["deep/untracked.txt", "-rf", "a\nb", ".env"] {
        scratch.write(at(name), name);
    }
    scratch.write(at("staged.txt"), "staged");
    scratch.git(&made.path, &["add", "staged.txt"]);
    scratch.write(at("ignored.log"), "ignored");
    let rescue = removed(&scratch, &made).rescue.unwrap();
    assert!(rescue.starts_with("refs/maos/rescue/coder-a5584d06-"));
    let kept = files(&scratch, &rescue);
    let expected = [
        ("-rf", "-rf"),
        (".env", ".env"),
        (".gitignore", "*.log"),
        ("a\nb", "a\nb"),
        ("a.txt", "changed"),
        ("deep/untracked.txt", "deep/untracked.txt"),
        ("staged.txt", "staged"),
    ];
    let expected = expected.map(|(name, text)| (name.to_owned(), text.to_owned()));
    assert_eq!(kept, expected);
    let parent = scratch.git("main", &["rev-parse", &format!("{rescue}^")]);
    assert_eq!(parent, made.base);
}

#[test]
fn what_was_only_staged_is_kept_behind_the_files() {
    let scratch = Scratch::with_repository();
    let made = scratch.workspace(ID);
    scratch.write(made.path.join("lost.txt"), "staged");
    scratch.git(&made.path, &["add", "lost.txt"]);
    fs::remove_file(made.path.join("lost.txt")).unwrap();
    let rescue = removed(&scratch, &made).rescue.unwrap();
    let staged = scratch.git("main", &["show", &format!("{rescue}^2:lost.txt")]);
    assert_eq!(staged, "staged");
}

#[test]
fn a_commit_on_no_branch_is_kept() {
    let scratch = Scratch::with_repository();
    let made = scratch.workspace(ID);
    scratch.git(&made.path, &["checkout", "-q", "--detach"]);
    scratch.write(made.path.join("loose.txt"), "loose");
    scratch.git(&made.path, &["add", "-A"]);
    scratch.git(&made.path, &["commit", "-q", "-m", "loose"]);
    let loose = scratch.git(&made.path, &["rev-parse", "HEAD"]);
    let rescue = removed(&scratch, &made).rescue.unwrap();
    assert_eq!(scratch.git("main", &["rev-parse", &rescue]), loose);
    scratch.git("main", &["gc", "--quiet", "--prune=now"]);
    assert_eq!(
        scratch.git("main", &["show", &format!("{rescue}:loose.txt")]),
        "loose"
    );
}

#[test]
fn an_unfinished_merge_keeps_both_sides() {
    let scratch = Scratch::with_repository();
    let made = scratch.workspace(ID);
    scratch.write(made.path.join("a.txt"), "theirs\n");
    checkpoint(&made.path, "m", &|_| false).unwrap();
    scratch.write("main/a.txt", "ours\n");
    scratch.git("main", &["commit", "-q", "-a", "-m", "clash"]);
    scratch.try_git(&made.path, &["merge", "main"]);
    let removal = removed(&scratch, &made);
    assert_eq!(removal.branch, Some(made.branch.clone()));
    let kept = scratch.git(
        "main",
        &["show", &format!("{}:a.txt", removal.rescue.unwrap())],
    );
    assert!(kept.contains("ours") && kept.contains("theirs"), "{kept}");
}

#[test]
fn an_unchanged_branch_stays_when_it_was_moved_or_somebody_else_has_it() {
    for elsewhere in [false, true] {
        let scratch = Scratch::with_repository();
        let made = scratch.workspace(ID);
        scratch.git(&made.path, &["checkout", "-q", "-b", "topic"]);
        if elsewhere {
            let theirs = scratch.path("theirs");
            let add = [
                "worktree",
                "add",
                "-q",
                theirs.to_str().unwrap(),
                &made.branch,
            ];
            scratch.git("main", &add);
        } else {
            scratch.write("main/new.txt", "x");
            scratch.git("main", &["add", "-A"]);
            scratch.git("main", &["commit", "-q", "-m", "later"]);
            scratch.git("main", &["branch", "-q", "-f", &made.branch, "main"]);
        }
        let removal = removed(&scratch, &made);
        assert_eq!(removal.branch, Some(made.branch.clone()));
        // The agent's own branch is nothing that was made here.
        scratch.git("main", &["rev-parse", "topic"]);
    }
}

#[test]
fn the_caller_may_be_inside_and_spell_the_path_as_it_likes() {
    let scratch = Scratch::with_repository();
    let made = scratch.workspace(ID);
    scratch.write(made.path.join("src/new.txt"), "x");
    let inside = scratch.project(made.path.join("src"));
    let trash = scratch.path("trash");
    fs::create_dir(&trash).unwrap();
    let spelled = made.path.join("../../../.claude/worktrees/coder-a5584d06/");
    let removal = remove(&inside, &spelled, &trash).unwrap();
    assert!(removal.rescue.is_some() && !made.path.exists());
    // Through a link to the project as well.
    let other = scratch.workspace("b1c2d3e4f5a6b7c8d");
    symlink(scratch.path("main"), scratch.path("link")).unwrap();
    let spelled = scratch.path("link/.claude/worktrees/coder-b1c2d3e4");
    try_remove(&scratch, &spelled).unwrap();
    assert!(!other.path.exists());
}

#[test]
fn a_worktree_with_a_name_goes_the_same_way() {
    let scratch = Scratch::with_repository();
    let main = scratch.path("main");
    let project = scratch.project("main");
    let made = create_named(&project, "feat-x", &main, &SETTINGS, SystemTime::UNIX_EPOCH).unwrap();
    scratch.write(made.path.join("new.txt"), "x");
    let removal = removed(&scratch, &made);
    assert!(
        removal
            .rescue
            .is_some_and(|rescue| rescue.contains("/feat-x-"))
    );
    // Its branch was unchanged, so the name is free again.
    let again = create_named(&project, "feat-x", &main, &SETTINGS, SystemTime::UNIX_EPOCH).unwrap();
    assert_eq!(again.branch, "worktree-feat-x");
}

#[test]
fn no_hook_runs() {
    let scratch = Scratch::with_repository();
    let made = scratch.workspace(ID);
    scratch.write(made.path.join("new.txt"), "x");
    let script = format!("#!/bin/sh\ntouch {}\n", scratch.path("ran").display());
    for hook in ["reference-transaction", "post-index-change", "pre-commit"] {
        let path = scratch.write(format!("main/.git/hooks/{hook}"), &script);
        fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    }
    let trash = scratch.path("main/.git");
    remove(&scratch.project("main"), &made.path, &trash).unwrap();
    assert!(!scratch.path("ran").exists());
}
