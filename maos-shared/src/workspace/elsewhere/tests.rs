use super::*;
use crate::workspace::scratch::Scratch;
use crate::workspace::{Workspace, checkout_of, checkpoint};

const ID: &str = "a5584d067ecffbeda";

/// A repository with a workspace in which two commits were made.
fn with_work() -> (Scratch, Workspace) {
    let scratch = Scratch::with_repository();
    let made = scratch.workspace(ID);
    scratch.write(made.path.join("a.txt"), "one\nmore\n");
    checkpoint(&made.path, "first", &|_| false).unwrap();
    scratch.write(made.path.join("new.txt"), "new\n");
    checkpoint(&made.path, "second", &|_| false).unwrap();
    (scratch, made)
}

fn merged(scratch: &Scratch, made: &Workspace) -> bool {
    let checkout = checkout_of(&scratch.project("main")).unwrap();
    let tip = scratch.git("main", &["rev-parse", &made.branch]);
    scratch.undisturbed("main", || {
        is_merged(&checkout, &made.base, &tip, None).unwrap()
    })
}

/// Commits something else on the main branch.
fn go_on(scratch: &Scratch, file: &str) {
    scratch.write(format!("main/{file}"), "the user's\n");
    scratch.git("main", &["add", "-A"]);
    scratch.git("main", &["commit", "-q", "-m", "go on"]);
}

#[test]
fn a_merge_a_squash_and_a_rebase_all_count() {
    for how in ["merge", "squash", "rebase"] {
        let (scratch, made) = with_work();
        go_on(&scratch, "other.txt");
        assert!(!merged(&scratch, &made), "{how}: not yet");
        match how {
            "merge" => drop(scratch.git("main", &["merge", "-q", "--no-edit", &made.branch])),
            "squash" => {
                scratch.git("main", &["merge", "-q", "--squash", &made.branch]);
                scratch.git("main", &["commit", "-q", "-m", "squashed"]);
            }
            _ => {
                let range = format!("{}..{}", made.base, made.branch);
                scratch.git("main", &["cherry-pick", &range]);
            }
        }
        go_on(&scratch, "later.txt");
        assert!(merged(&scratch, &made), "{how}");
    }
}

#[test]
fn a_part_of_the_work_is_not_the_work() {
    let (scratch, made) = with_work();
    let first = format!("{}~1", made.branch);
    scratch.git("main", &["cherry-pick", &first]);
    assert!(!merged(&scratch, &made));
    // Nor is work whose files have been changed again since.
    scratch.git("main", &["cherry-pick", &made.branch]);
    assert!(merged(&scratch, &made));
    go_on(&scratch, "new.txt");
    assert!(!merged(&scratch, &made));
}

#[test]
fn changes_of_spaces_are_changes() {
    let scratch = Scratch::with_repository();
    let made = scratch.workspace(ID);
    scratch.write(made.path.join("a.txt"), "    one\n");
    checkpoint(&made.path, "m", &|_| false).unwrap();
    scratch.write("main/a.txt", "  one\n");
    scratch.git("main", &["commit", "-q", "-a", "-m", "another indent"]);
    assert!(!merged(&scratch, &made));
}

#[test]
fn what_another_agent_has_is_not_merged_yet() {
    let (scratch, made) = with_work();
    scratch.git("main", &["branch", "agent/coder/other", &made.branch]);
    assert!(!merged(&scratch, &made));
    scratch.git("main", &["branch", "mine", &made.branch]);
    assert!(merged(&scratch, &made), "a person's branch has it");
}

#[test]
fn what_a_person_only_looks_at_is_not_merged() {
    let (scratch, made) = with_work();
    let commit = scratch.git("main", &["rev-parse", &made.branch]);
    scratch.git("main", &["checkout", "-q", "--detach", &commit]);
    assert!(!merged(&scratch, &made));
    scratch.git("main", &["checkout", "-q", "-b", "mine"]);
    assert!(merged(&scratch, &made));
}

#[test]
fn a_branch_that_the_agent_made_is_its_own() {
    let (scratch, made) = with_work();
    scratch.git(&made.path, &["checkout", "-q", "-b", "fix"]);
    let checkout = checkout_of(&scratch.project("main")).unwrap();
    let is = |own| is_merged(&checkout, &made.base, "refs/heads/fix", own).unwrap();
    assert!(!is(Some("fix")));
    assert!(is(None));
}

#[test]
fn a_program_that_keeps_one_side_merges_nothing() {
    let (scratch, made) = with_work();
    scratch.git("main", &["config", "merge.ours.driver", "true"]);
    scratch.write("main/.gitattributes", "a.txt merge=ours\n");
    scratch.write("main/a.txt", "mine\n");
    scratch.git("main", &["add", "-A"]);
    scratch.git("main", &["commit", "-q", "-m", "mine"]);
    scratch.git("main", &["merge", "-q", "--squash", &made.branch]);
    scratch.git("main", &["commit", "-q", "-m", "squashed"]);
    assert_eq!(scratch.git("main", &["show", "HEAD:a.txt"]), "mine");
    assert!(!merged(&scratch, &made));
}

#[test]
fn a_union_of_lines_does_not_hold_what_was_deleted() {
    let scratch = Scratch::with_repository();
    scratch.write("main/a.txt", "1\n2\n3\n");
    scratch.write("main/.gitattributes", "a.txt merge=union\n");
    scratch.git("main", &["add", "-A"]);
    scratch.git("main", &["commit", "-q", "-m", "lines"]);
    let made = scratch.workspace(ID);
    scratch.write(made.path.join("a.txt"), "1\n3\n");
    checkpoint(&made.path, "work", &|_| false).unwrap();
    scratch.write("main/a.txt", "1\nmine\n3\n");
    scratch.git("main", &["commit", "-q", "-a", "-m", "mine"]);
    assert!(!merged(&scratch, &made));
}

#[test]
fn a_squash_that_was_only_fetched_counts() {
    let (scratch, made) = with_work();
    scratch.git(".", &["clone", "-q", "--bare", "main", "remote"]);
    let remote = scratch.path("remote");
    scratch.git(
        "main",
        &["remote", "add", "origin", remote.to_str().unwrap()],
    );
    scratch.git(".", &["clone", "-q", "remote", "other"]);
    scratch.git("main", &["push", "-q", "origin", &made.branch]);
    assert!(!merged(&scratch, &made), "it is only pushed");
    scratch.git("other", &["fetch", "-q"]);
    scratch.git(
        "other",
        &[
            "merge",
            "-q",
            "--squash",
            &format!("origin/{}", made.branch),
        ],
    );
    scratch.git("other", &["commit", "-q", "-m", "squashed"]);
    scratch.git("other", &["push", "-q", "origin", "main"]);
    scratch.git("main", &["push", "-q", "origin", "--delete", &made.branch]);
    assert!(!merged(&scratch, &made));
    scratch.git("main", &["fetch", "-q", "origin"]);
    scratch.git(
        "main",
        &["branch", "-q", "--set-upstream-to=origin/main", "main"],
    );
    assert!(merged(&scratch, &made));
}
