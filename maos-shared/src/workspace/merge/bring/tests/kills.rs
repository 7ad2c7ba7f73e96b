//! Kills at every moment, and writers at every moment.

use super::*;
use crate::workspace::merge::apply::Work;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// An agent whose work is of every kind, below folders that are there or not,
/// in a checkout with changes that are not committed.
fn world() -> World {
    let scratch = Scratch::with_repository();
    for name in ["replaced", "deleted", "deep/er/deleted"] {
        scratch.write(format!("main/{name}.txt"), "before\n");
    }
    scratch.git("main", &["add", "-A"]);
    scratch.git("main", &["commit", "-qm", "more"]);
    let world = World::begun(scratch);
    world.user("loose.txt", "loose\n");
    fs::create_dir(world.main("empty")).unwrap();
    for name in [
        "a.txt",
        "replaced.txt",
        "new.txt",
        "new/er/file.txt",
        "empty/file.txt",
    ] {
        world.agent(name, "theirs\n");
    }
    for name in ["deleted.txt", "deep/er/deleted.txt"] {
        fs::remove_file(world.workspace.path.join(name)).unwrap();
    }
    world
}

/// A call that is killed after its `step`-th change.
fn killed_after(step: usize) -> impl FnMut() -> io::Result<()> {
    let mut left = step;
    move || {
        left -= 1;
        assert!(left > 0, "killed");
        Ok(())
    }
}

/// Brings the work back and is killed after this many changes of the files.
/// Returns false when there are no more.
fn bring_killed(world: &World, tip: &str, step: usize) -> bool {
    let base = &world.workspace.base;
    let run = || world.bring_since(base, tip, &mut killed_after(step));
    catch_unwind(AssertUnwindSafe(run)).is_err()
}

#[test]
fn whoever_comes_after_a_kill_finds_all_as_it_was() {
    let world = world();
    let tip = world.tip();
    let before = world.look();
    let mut kills = 0;
    while bring_killed(&world, &tip, kills + 1) {
        kills += 1;
        assert_ne!(world.look(), before, "something was under way");
        recover(&world.scratch.project("main")).unwrap();
        assert_eq!(world.look(), before, "after {kills} changes");
        assert_eq!(world.fact(), None);
    }
    assert!(kills > 10, "{kills} moments are tried");
    assert_eq!(world.fact().unwrap().commit, tip, "without a kill it comes");
    assert_eq!(world.read("new/er/file.txt"), "theirs\n");
    assert!(!world.main("deep").exists());
}

#[test]
fn an_undoing_that_is_killed_is_taken_up_again() {
    let world = world();
    let tip = world.tip();
    let before = world.look();
    let checkout = Checkout {
        git_dir: world.main(".git"),
        folder: world.scratch.path("main"),
    };
    let desk = Desk::of(&checkout.git_dir);
    for kill in 1.. {
        if !bring_killed(&world, &tip, kill) {
            break;
        }
        let intent = desk.intent().unwrap().unwrap();
        for step in 1.. {
            let work = Work::open(&checkout.folder, &desk).unwrap();
            let undo = || work.undo(&intent, &mut killed_after(step)).map(drop);
            if catch_unwind(AssertUnwindSafe(undo)).is_ok() {
                break;
            }
        }
        recover(&world.scratch.project("main")).unwrap();
        assert_eq!(world.look(), before, "after {kill} changes");
    }
}

#[test]
fn a_kill_after_the_last_file_is_finished() {
    let world = world();
    let tip = world.tip();
    // The fact cannot be recorded, as if the process had ended before.
    let state = world.scratch.write("state", "no folder");
    let into = world.scratch.path("main");
    let delivery = Delivery {
        into: &into,
        base: &world.workspace.base,
        tip: &tip,
        ticket: world.ticket(),
    };
    bring_back(&delivery).unwrap_err();
    fs::remove_file(state).unwrap();
    recover(&world.scratch.project("main")).unwrap();
    assert_eq!(world.fact().unwrap().commit, tip);
    assert_eq!(world.read("a.txt"), "theirs\n");
    assert!(!world.main(".git/maos-return").exists());
}

/// Somebody writes to a file at every moment, in place or as another file. What
/// they wrote is there afterwards, and all files have come or none.
#[test]
fn what_somebody_writes_meanwhile_is_never_lost() {
    // Before the files are touched, between the calls for one, and after it.
    let moments = [
        ("a.txt", &[1, 3, 4, 6][..]),
        ("deleted.txt", &[1, 3]),
        ("new.txt", &[6]),
    ];
    for (name, moments) in moments {
        for moment in moments {
            write_meanwhile(name, *moment, true);
            write_meanwhile(name, *moment, false);
        }
    }
}

fn write_meanwhile(name: &str, moment: usize, is_in_place: bool) {
    let world = world();
    let tip = world.tip();
    let path = world.main(name);
    let mut left = moment;
    let mut wrote = false;
    let came = world.bring_since(&world.workspace.base, &tip, &mut || {
        left = left.wrapping_sub(1);
        if left == 0 {
            wrote = write(&path, is_in_place);
        }
        Ok(())
    });
    let text = fs::read_to_string(&path).unwrap_or_default();
    let at = format!("{name} at {moment}: {text:?}, {came:?}");
    assert!(text.contains("mine") || !wrote, "{at}");
    if let Return::Held(_) = came {
        for other in ["replaced.txt", "deleted.txt", "a.txt"] {
            assert!(
                other == name || world.read(other) != "theirs\n",
                "{at}: {other}"
            );
        }
    }
    assert!(!world.main(".git/maos-return").exists());
}

/// Writes to a file, if it can be at this moment.
fn write(path: &Path, is_in_place: bool) -> bool {
    if !is_in_place {
        return crate::state::atomic::replace(path, b"mine\n").is_ok();
    }
    let file = fs::File::options().append(true).open(path);
    file.is_ok_and(|mut file| io::Write::write_all(&mut file, b"mine\n").is_ok())
}
