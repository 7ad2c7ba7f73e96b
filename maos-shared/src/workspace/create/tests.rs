use super::*;
use crate::workspace::scratch::{Scratch, request, settings};
use std::fs;

mod again;
mod places;
mod refused;

/// An id as the client makes them.
const ID: &str = "a5584d067ecffbeda";

fn worktrees(scratch: &Scratch) -> Vec<String> {
    let list = scratch.git("main", &["worktree", "list", "--porcelain"]);
    let paths = list
        .lines()
        .filter_map(|line| line.strip_prefix("worktree "));
    paths.map(str::to_owned).collect()
}

#[test]
fn a_workspace_has_all_files_a_branch_of_its_own_and_a_lock() {
    let scratch = Scratch::with_repository();
    scratch.write("main/ignored.log", "x");
    let head = scratch.git("main", &["rev-parse", "HEAD"]);
    let made = scratch.undisturbed("main", || scratch.workspace(ID));
    let folder = scratch.path("main/.claude/worktrees/coder-a5584d06");
    assert_eq!(made.path, folder);
    assert_eq!(made.branch, "agent/coder/a5584d06");
    assert_eq!(made.base, head);
    let files = scratch.git(&folder, &["ls-files"]);
    assert_eq!(files, ".gitignore\na.txt\nsrc/b.txt");
    assert_eq!(
        fs::read_to_string(folder.join("src/b.txt")).unwrap(),
        "two\n"
    );
    let status = ["status", "--porcelain", "--branch", "-uall", "--ignored"];
    assert_eq!(scratch.git(&folder, &status), "## agent/coder/a5584d06");
    let list = scratch.git("main", &["worktree", "list", "--porcelain"]);
    let lock = format!("locked maos agent {ID} why");
    assert!(list.contains(&lock), "{list}");
    let (tracks, config) = scratch.try_git("main", &["config", "--get-regexp", "^branch"]);
    assert!(!tracks, "{config}");
    scratch.git("main", &["worktree", "prune", "--expire=now"]);
    assert_eq!(Workspace::load(&folder).unwrap(), Some(made));
}

#[test]
fn it_starts_from_the_files_as_they_are_and_nothing_counts_as_the_agents_change() {
    let scratch = Scratch::with_repository();
    scratch.write("main/a.txt", "changed\n");
    scratch.write("main/new.txt", "new\n");
    scratch.write("main/.env", "A=secret\n");
    fs::remove_file(scratch.path("main/src/b.txt")).unwrap();
    let made = scratch.undisturbed("main", || scratch.workspace(ID));
    let text = |name: &str| fs::read_to_string(made.path.join(name));
    assert_eq!(text("a.txt").unwrap(), "changed\n");
    assert_eq!(text("new.txt").unwrap(), "new\n");
    assert!(!made.path.join("src/b.txt").exists() && !made.path.join(".env").exists());
    assert_eq!(scratch.git(&made.path, &["status", "--porcelain"]), "");
    assert_eq!(
        crate::workspace::checkpoint(&made.path, "m", &|_| false)
            .unwrap()
            .commit,
        None
    );
    let changes = crate::workspace::changes(&made.path, &made.base).unwrap();
    assert_eq!((changes.commits, changes.files.len()), (0, 0));
    // Another that starts from the same files has the same base.
    assert_eq!(scratch.workspace("b1c2d3e4f5").base, made.base);
}

#[test]
fn it_starts_from_the_commit_where_the_settings_say_so() {
    let scratch = Scratch::with_repository();
    scratch.write("main/a.txt", "changed\n");
    let (project, main) = (scratch.project("main"), scratch.path("main"));
    let settings = settings("base = 'head'");
    let request = Request {
        settings: &settings,
        ..request(&main, "coder", ID)
    };
    let made = create(&project, &request).unwrap();
    assert_eq!(
        fs::read_to_string(made.path.join("a.txt")).unwrap(),
        "one\n"
    );
    assert_eq!(made.base, scratch.git("main", &["rev-parse", "HEAD"]));
}

#[test]
fn ids_that_begin_alike_get_as_much_of_theirs_as_they_need() {
    let scratch = Scratch::with_repository();
    let names: Vec<_> = [ID, "a5584d06ffffffff", "a5584d06", "a5584d06-7ecffbeda"]
        .into_iter()
        .map(|id| scratch.workspace(id))
        .map(|made| (scratch.path(made.path), made.branch))
        .collect();
    let short: Vec<_> = names
        .iter()
        .map(|(path, _)| path.file_name().unwrap().to_str().unwrap())
        .collect();
    let expected = [
        "coder-a5584d06",
        "coder-a5584d06ffff",
        "coder-a5584d06-2",
        "coder-a5584d067ecf",
    ];
    assert_eq!(short, expected);
    for (path, branch) in names {
        let head = scratch.git(path, &["symbolic-ref", "--short", "HEAD"]);
        assert_eq!(head, branch);
    }
}

#[test]
fn no_kind_and_no_id_leads_out_of_the_folder_of_workspaces() {
    let scratch = Scratch::with_repository();
    let long = "x".repeat(10_000);
    let folder = scratch.path("main/.claude/worktrees");
    let odd = [
        "", "..", "../../x", "a/b", "-f", "--detach", "a\nb", "a\0b", "@{-1}", "x.lock", "é", &long,
    ];
    scratch.undisturbed("main", || {
        for text in odd {
            let main = scratch.path("main");
            let made = create(&scratch.project("main"), &request(&main, text, text));
            let made = made.unwrap_or_else(|error| panic!("{text:?}: {error}"));
            assert_eq!(made.path.parent(), Some(&*folder), "{text:?}");
            assert!(made.path.join("a.txt").is_file());
            scratch.git("main", &["check-ref-format", "--branch", &made.branch]);
        }
    });
    assert_eq!(worktrees(&scratch).len(), 1 + odd.len());
}

#[test]
fn branches_of_the_user_are_walked_around() {
    // Each is in the way of `agent/coder/a5584d06` in its own manner.
    for (theirs, ours) in [
        ("agent", "agent-coder-a5584d06"),
        ("agent/coder", "agent-coder-a5584d06"),
        ("agent/coder/a5584d06", "agent/coder/a5584d067ecf"),
        ("agent/coder/a5584d06/more", "agent/coder/a5584d067ecf"),
        ("agent/Coder/A5584D06", "agent/coder/a5584d067ecf"),
    ] {
        let scratch = Scratch::with_repository();
        scratch.git("main", &["branch", theirs]);
        let before = scratch.git("main", &["rev-parse", theirs]);
        let made = scratch.undisturbed("main", || scratch.workspace(ID));
        assert_eq!(made.branch, ours, "beside {theirs}");
        assert_eq!(scratch.git("main", &["rev-parse", theirs]), before);
    }
}

#[test]
fn no_hook_runs_and_no_setting_is_obeyed_that_would_run_or_ask_something() {
    let scratch = Scratch::with_repository();
    let script = format!("#!/bin/sh\ntouch {}\n", scratch.path("ran").display());
    for hook in [
        "post-checkout",
        "reference-transaction",
        "post-index-change",
    ] {
        for folder in ["main/.git/hooks", "hooks"] {
            let path = scratch.write(format!("{folder}/{hook}"), &script);
            fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        }
    }
    let hooks = scratch.path("hooks");
    let included = format!(
        "[core]\n\thooksPath = {0}\n\tfsmonitor = {0}/post-checkout\n[commit]\n\tgpgSign = true\n\
         [gpg]\n\tprogram = {0}/post-checkout\n[user]\n\tsigningKey = x\n\
         [branch]\n\tautoSetupMerge = always\n[submodule]\n\trecurse = true\n",
        hooks.display()
    );
    scratch.write("main/.git/more", included);
    scratch.git("main", &["config", "include.path", "more"]);
    scratch.git("main", &["checkout", "-q", "--detach"]);
    assert!(scratch.path("ran").exists(), "the hooks are hooks");
    fs::remove_file(scratch.path("ran")).unwrap();

    let made = scratch.workspace(ID);
    scratch.write(made.path.join("new.txt"), "x");
    let commit = crate::workspace::checkpoint(&made.path, "m", &|_| false).unwrap();
    assert!(commit.commit.is_some());
    assert!(!scratch.path("ran").exists(), "a hook or a setting ran");
    let body = scratch.git("main", &["cat-file", "commit", &commit.commit.unwrap()]);
    assert!(!body.contains("gpgsig"), "{body}");
}

#[test]
fn many_at_once_get_one_each() {
    let scratch = Scratch::with_repository();
    let made: Vec<_> = scratch.undisturbed("main", || {
        std::thread::scope(|scope| {
            let threads: Vec<_> = (0..12)
                .map(|n| {
                    let scratch = &scratch;
                    scope.spawn(move || scratch.workspace(&format!("a5584d06{n:09}")))
                })
                .collect();
            let made = threads.into_iter().map(|thread| thread.join().unwrap());
            made.collect()
        })
    });
    for made in &made {
        assert!(made.path.join("src/b.txt").is_file(), "{made:?}");
        let head = scratch.git(&made.path, &["symbolic-ref", "--short", "HEAD"]);
        assert_eq!(head, made.branch);
    }
    assert_eq!(worktrees(&scratch).len(), 1 + made.len());
}
