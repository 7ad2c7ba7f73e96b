use super::*;
use crate::workspace::scratch::Scratch;
use crate::workspace::{Workspace, checkpoint};

/// A repository whose person has changed `a.txt` and added `loose.txt` without a
/// commit, and an agent that started from that.
fn with_loose_files() -> (Scratch, Workspace) {
    let scratch = Scratch::with_repository();
    scratch.write("main/a.txt", "mine\n");
    scratch.write("main/loose.txt", "mine\n");
    let made = scratch.workspace("a5584d067ecffbeda");
    (scratch, made)
}

fn inside(scratch: &Scratch, made: &Workspace, arguments: &[&str]) -> String {
    scratch.git(&made.path, arguments)
}

/// Commits what is in the workspace and one file more, and returns the commit.
fn work(scratch: &Scratch, made: &Workspace, name: &str) -> String {
    scratch.write(made.path.join(name), "work\n");
    checkpoint(&made.path, "work", &|_| false).unwrap();
    inside(scratch, made, &["rev-parse", "HEAD"])
}

fn counted(scratch: &Scratch, made: &Workspace, last: Option<&str>, tip: &str) -> String {
    since(&scratch.project("main"), &made.base, last, tip).unwrap()
}

#[test]
fn it_is_the_start_while_the_history_goes_back_to_it() {
    let (scratch, made) = with_loose_files();
    let first = work(&scratch, &made, "one.txt");
    assert_eq!(counted(&scratch, &made, None, &first), made.base);
    scratch.write(made.path.join("one.txt"), "other\n");
    inside(
        &scratch,
        &made,
        &["commit", "-aq", "--amend", "-m", "again"],
    );
    let second = inside(&scratch, &made, &["rev-parse", "HEAD"]);
    assert_eq!(counted(&scratch, &made, None, &second), made.base);
    // What was put in the place of what came back is counted from that.
    assert_eq!(counted(&scratch, &made, Some(&first), &second), first);
}

#[test]
fn work_on_another_branch_is_counted_from_there() {
    let (scratch, made) = with_loose_files();
    let head = scratch.git("main", &["rev-parse", "HEAD"]);
    let first = work(&scratch, &made, "one.txt");
    inside(&scratch, &made, &["checkout", "-q", "-b", "fix", "main"]);
    let tip = work(&scratch, &made, "two.txt");
    assert_eq!(counted(&scratch, &made, None, &tip), head);
    assert_eq!(counted(&scratch, &made, Some(&first), &tip), head);
    let later = work(&scratch, &made, "three.txt");
    assert_eq!(counted(&scratch, &made, Some(&tip), &later), tip);
}

#[test]
fn a_copy_of_the_snapshot_is_no_work() {
    let (scratch, made) = with_loose_files();
    work(&scratch, &made, "one.txt");
    scratch.git("main", &["stash", "-q", "-u"]);
    scratch.write("main/later.txt", "later\n");
    scratch.git("main", &["add", "-A"]);
    scratch.git("main", &["commit", "-q", "-m", "later"]);
    inside(&scratch, &made, &["rebase", "-q", "main"]);
    let tip = inside(&scratch, &made, &["rev-parse", "HEAD"]);
    assert_eq!(counted(&scratch, &made, None, &tip), made.base);
}

#[test]
fn a_history_of_its_own_takes_nothing_away() {
    let (scratch, made) = with_loose_files();
    inside(&scratch, &made, &["checkout", "-q", "--orphan", "new"]);
    inside(&scratch, &made, &["rm", "-r", "-q", "-f", "."]);
    let tip = work(&scratch, &made, "two.txt");
    let base = counted(&scratch, &made, None, &tip);
    assert_eq!(scratch.git("main", &["ls-tree", "-r", &base]), "");
    let again = counted(&scratch, &made, None, &tip);
    assert_eq!(again, base, "each time the same");
}

#[test]
fn a_program_that_keeps_one_side_does_not_say_what_is_there() {
    let (scratch, made) = with_loose_files();
    scratch.git("main", &["config", "merge.ours.driver", "true"]);
    scratch.write("main/.git/info/attributes", "* merge=ours\n");
    let head = scratch.git("main", &["rev-parse", "HEAD"]);
    inside(&scratch, &made, &["checkout", "-q", "-b", "fix", "main"]);
    scratch.write(made.path.join("a.txt"), "the agent's\n");
    let tip = work(&scratch, &made, "loose.txt");
    assert_eq!(counted(&scratch, &made, None, &tip), head);
}
