use super::*;
use crate::state::agents::Stage;
use crate::state::atomic;
use crate::state::lock::Lock;
use crate::state::scratch::{owner, state};
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::thread;
use std::time::SystemTime;

const NOW: Terms = Terms {
    ttl: LEASE_TTL,
    wait: Duration::ZERO,
};

#[test]
fn one_owner_until_released_or_expired() {
    let dir = tempfile::tempdir().unwrap();
    let now = state(dir.path(), 1_000);
    assert_eq!(
        now.take_lease("a.rs", &owner("a1"), "Edit", NOW).unwrap(),
        Taken::Yes
    );
    assert_eq!(
        now.take_lease("a.rs", &owner("a1"), "Edit", NOW).unwrap(),
        Taken::Yes
    );
    let Taken::HeldBy(held) = now.take_lease("a.rs", &owner("a2"), "Edit", NOW).unwrap() else {
        panic!("two owners");
    };
    assert_eq!(held.owner, owner("a1"));
    assert_eq!(
        now.take_lease("b.rs", &owner("a2"), "Edit", NOW).unwrap(),
        Taken::Yes
    );

    let later = state(dir.path(), 1_000 + LEASE_TTL.as_secs() + 60);
    assert_eq!(
        later.take_lease("a.rs", &owner("a2"), "Edit", NOW).unwrap(),
        Taken::Yes
    );

    let mine = |lease: &Lease| lease.owner.agent.as_deref() == Some("a2");
    assert_eq!(later.release_leases(mine).unwrap(), 1, "b.rs is over");
    assert_eq!(later.leases().unwrap(), []);
    let left = fs::read_dir(later.root().join("locks")).unwrap();
    let names: Vec<_> = left.map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, [".lock"], "nothing is left of them");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a real process that is gone")]
fn a_dead_client_holds_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let now = state(dir.path(), 1_000);
    let mut child = std::process::Command::new("true").spawn().unwrap();
    let gone = Owner {
        client: Some(Process::of(child.id())),
        ..owner("a1")
    };
    child.wait().unwrap();
    assert_eq!(
        now.take_lease("a.rs", &gone, "Edit", NOW).unwrap(),
        Taken::Yes
    );
    assert_eq!(
        now.take_lease("a.rs", &owner("a2"), "Edit", NOW).unwrap(),
        Taken::Yes
    );
}

#[test]
fn of_many_that_take_over_one_wins() {
    let dir = tempfile::tempdir().unwrap();
    for round in 0..20 {
        let now = state(dir.path(), 10_000 * (round + 1));
        let winners: usize = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..6)
                .map(|n| {
                    let now = &now;
                    scope.spawn(move || {
                        let me = owner(&format!("a{round}-{n}"));
                        let taken = now.take_lease("a.rs", &me, "Edit", NOW).unwrap();
                        usize::from(taken == Taken::Yes)
                    })
                })
                .collect();
            threads.into_iter().map(|t| t.join().unwrap()).sum()
        });
        assert_eq!(winners, 1, "round {round}");
    }
}

#[test]
fn a_lease_with_garbage_inside_does_not_stand_in_the_way() {
    let dir = tempfile::tempdir().unwrap();
    let now = state(dir.path(), 1_000);
    now.locks().unwrap();
    atomic::replace(&now.lease("a.rs"), b"{").unwrap();
    fs::create_dir(now.lease("b.rs")).unwrap();
    atomic::replace(&now.lease("b.rs").join("other.json"), b"{").unwrap();
    std::os::unix::fs::symlink("/nowhere", now.lease("c.rs")).unwrap();
    for file in ["a.rs", "b.rs", "c.rs"] {
        let taken = now.take_lease(file, &owner("a1"), "Edit", NOW).unwrap();
        assert_eq!(taken, Taken::Yes);
        let other = now.take_lease(file, &owner("a2"), "Edit", NOW).unwrap();
        assert!(matches!(other, Taken::HeldBy(_)), "two owners of {file}");
    }
    assert_eq!(now.leases().unwrap().len(), 3);
}

fn on_another_file_system(folder: &Path) -> Option<tempfile::TempDir> {
    let elsewhere = tempfile::tempdir_in("/dev/shm").ok()?;
    let device = |path: &Path| fs::metadata(path).map(|found| found.dev()).ok();
    (device(elsewhere.path()) != device(folder)).then_some(elsewhere)
}

#[test]
fn without_second_names_a_lease_is_placed_with_the_lock_alone() {
    let dir = tempfile::tempdir().unwrap();
    // No file system gives a name to a file of another.
    let Some(elsewhere) = on_another_file_system(dir.path()) else {
        eprintln!("skipped: there is no /dev/shm that is another file system");
        return;
    };
    let (mark, place) = (elsewhere.path().join("mark"), dir.path().join("place"));
    atomic::mark(&mark, b"a lease").unwrap();
    assert!(!take::place_lease(&place, &mark, false).unwrap());
    assert!(!place.exists());
    assert!(take::place_lease(&place, &mark, true).unwrap());
    assert_eq!(fs::read(&place).unwrap(), b"a lease");
    assert!(
        !take::place_lease(&place, &mark, true).unwrap(),
        "it is taken"
    );
}

#[test]
fn a_lease_that_cannot_be_read_now_may_be_anybodys() {
    let dir = tempfile::tempdir().unwrap();
    let state = state(dir.path(), 1_000);
    let seen = |kind: io::ErrorKind| state.seen(Err(kind.into()), &owner("a1"));
    assert!(seen(io::ErrorKind::PermissionDenied).is_err());
    for damage in [io::ErrorKind::InvalidData, io::ErrorKind::IsADirectory] {
        let (seen, held) = seen(damage).unwrap();
        assert_eq!((seen, held), (protocol::Seen::Dead, None));
    }
}

#[test]
fn it_is_waited_for_and_had_when_it_is_given_back() {
    let dir = tempfile::tempdir().unwrap();
    let now = state(dir.path(), 1_000);
    now.take_lease("a.rs", &owner("a1"), "Edit", NOW).unwrap();
    let patient = Terms {
        wait: Duration::from_secs(60),
        ..NOW
    };
    let begun = std::sync::Barrier::new(2);
    let taken = thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            begun.wait();
            now.take_lease("a.rs", &owner("a2"), "Edit", patient)
        });
        begun.wait();
        now.release_leases(|lease| lease.owner.agent.as_deref() == Some("a1"))
            .unwrap();
        waiting.join().unwrap().unwrap()
    });
    assert_eq!(taken, Taken::Yes);
}

#[test]
#[cfg(target_os = "linux")]
fn another_process_of_the_clients_number_holds_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let now = state(dir.path(), 1_000);
    let client = Process::of(std::process::id());
    let own = Owner {
        client: Some(client),
        ..owner("a1")
    };
    assert_eq!(
        now.take_lease("a.rs", &own, "Edit", NOW).unwrap(),
        Taken::Yes
    );
    let other = now.take_lease("a.rs", &owner("a2"), "Edit", NOW).unwrap();
    assert!(matches!(other, Taken::HeldBy(_)));
    let gone = Owner {
        client: Some(Process {
            began: client.began.map(|began| began - 1),
            ..client
        }),
        ..owner("a1")
    };
    assert_eq!(
        now.take_lease("b.rs", &gone, "Edit", NOW).unwrap(),
        Taken::Yes
    );
    assert_eq!(
        now.take_lease("b.rs", &owner("a2"), "Edit", NOW).unwrap(),
        Taken::Yes
    );
}

#[test]
fn a_lease_is_written_again_once_it_is_no_longer_fresh() {
    let dir = tempfile::tempdir().unwrap();
    let until = |at: u64, owner: &Owner| {
        let now = state(dir.path(), at);
        assert_eq!(
            now.take_lease("a.rs", owner, "Edit", NOW).unwrap(),
            Taken::Yes
        );
        now.leases().unwrap().remove(0).until
    };
    let first = until(1_000, &owner("a1"));
    assert_eq!(until(1_059, &owner("a1")), first);
    assert_ne!(until(1_060, &owner("a1")), first);
    let moved = Owner {
        checkout: PathBuf::from("/q"),
        ..owner("a1")
    };
    until(1_061, &moved);
    let leases = state(dir.path(), 1_061).leases().unwrap();
    assert_eq!(leases[0].owner, moved, "another checkout is no small thing");
}

#[test]
fn each_asking_of_its_holder_is_kept_in_the_time_of_the_lease() {
    let dir = tempfile::tempdir().unwrap();
    let now = state(dir.path(), 1_000);
    let used = |file: &str| now.lease_used(file, Path::new("/p"));
    assert_eq!(used("a.rs"), None);
    let ask = |who| now.take_lease("a.rs", &owner(who), "Edit", NOW).unwrap();
    assert_eq!(ask("a1"), Taken::Yes);
    let file = fs::File::open(now.lease("a.rs")).unwrap();
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1);
    file.set_modified(long_ago).unwrap();
    assert!(matches!(ask("a2"), Taken::HeldBy(_)));
    assert_eq!(used("a.rs"), Some(long_ago), "another's asking");
    assert_eq!(ask("a1"), Taken::Yes);
    assert!(used("a.rs").unwrap() > long_ago);
}

#[test]
fn all_of_an_owner_is_given_back_at_once_and_nothing_of_another() {
    let dir = tempfile::tempdir().unwrap();
    let now = state(dir.path(), 1_000);
    let session = now.session("s");
    let main = Owner {
        agent: None,
        ..owner("a1")
    };
    let there = Owner {
        checkout: PathBuf::from("/p/worktree"),
        ..main.clone()
    };
    let take = |file: &str, owner: &Owner| now.take_lease(file, owner, "Edit", NOW).unwrap();
    let files = || -> Vec<String> {
        let leases = now.leases().unwrap().into_iter();
        leases.map(|lease| lease.file).collect()
    };
    session.release_leases_of(Some("a1")).unwrap();
    for (file, owner) in [
        ("a.rs", &owner("a1")),
        ("b.rs", &owner("a1")),
        ("c.rs", &owner("a2")),
        ("d.rs", &main),
        ("e.rs", &there),
    ] {
        assert_eq!(take(file, owner), Taken::Yes);
    }
    session.release_leases_of(Some("a1")).unwrap();
    assert_eq!(files(), ["c.rs", "d.rs", "e.rs"]);
    session.release_leases_in(None, &there.checkout).unwrap();
    assert_eq!(files(), ["c.rs", "d.rs"]);
    assert_eq!(take("a.rs", &owner("a2")), Taken::Yes, "a1 gave it back");
    assert!(matches!(take("a.rs", &owner("a1")), Taken::HeldBy(_)));
    assert_eq!(
        take("b.rs", &owner("a1")),
        Taken::Yes,
        "it can have it again"
    );
    session.release_all_leases().unwrap();
    session.release_all_leases().unwrap();
    assert_eq!(files(), [""; 0]);
    let swept = now.sweep_leases().unwrap();
    assert_eq!(swept.len(), 5, "what counts for nothing goes: {swept:?}");
}

#[test]
fn a_mark_that_leads_elsewhere_marks_nothing_and_nothing_there_goes() {
    let dir = tempfile::tempdir().unwrap();
    let now = state(dir.path(), 1_000);
    now.take_lease("a.rs", &owner("a1"), "Edit", NOW).unwrap();
    let kept = dir.path().join("kept");
    atomic::replace(&kept, b"x").unwrap();
    let file = now.lease("a.rs");
    let text = fs::read_to_string(&file).unwrap();
    let mark = &now.leases().unwrap()[0].mark;
    let planted = text.replace(mark.as_str(), kept.to_str().unwrap());
    atomic::replace(&file, planted.as_bytes()).unwrap();
    assert_eq!(now.leases().unwrap(), []);
    assert_eq!(now.release_leases(|_| true).unwrap(), 0);
    assert!(kept.exists());
}

#[test]
fn a_clock_that_is_set_back_ends_no_lease_and_makes_no_second_owner() {
    let dir = tempfile::tempdir().unwrap();
    let take = |at: u64, agent: &str| {
        let state = state(dir.path(), at);
        let taken = state.take_lease("a.rs", &owner(agent), "Edit", NOW);
        taken.unwrap() == Taken::Yes
    };
    assert!(take(10_000, "a1"));
    assert!(!take(5_000, "a2"), "it lasts until its time by the clock");
    assert!(take(5_000, "a1"));
    assert!(!take(10_001, "a2"));
    let over = 10_000 + LEASE_TTL.as_secs() + 60;
    assert!(take(over, "a2"), "it was renewed in the past");
    assert!(!take(10_000, "a1"), "and is not had again");
}

#[test]
fn who_glances_at_its_own_lease_waits_for_who_holds_the_lock() {
    let dir = tempfile::tempdir().unwrap();
    let now = state(dir.path(), 1_000);
    now.take_lease("a.rs", &owner("a1"), "Edit", NOW).unwrap();
    let lock = now.locks().unwrap().join(LOCK);
    let holder = Lock::acquire(&lock, Duration::ZERO).unwrap();
    let begun = std::sync::Barrier::new(2);
    let taken = thread::scope(|scope| {
        let asking = scope.spawn(|| {
            begun.wait();
            now.take_lease("a.rs", &owner("a1"), "Edit", NOW)
        });
        begun.wait();
        // As one does who has read that the lease is dead.
        now.put_away(&now.lease("a.rs")).unwrap();
        drop(holder);
        let other = now.take_lease("a.rs", &owner("a2"), "Edit", NOW).unwrap();
        [asking.join().unwrap().unwrap(), other]
    });
    let owners = taken.iter().filter(|taken| **taken == Taken::Yes).count();
    assert_eq!(owners, 1, "{taken:?}");
}

#[test]
fn where_case_does_not_tell_files_apart_it_does_not_tell_leases_apart() {
    let dir = tempfile::tempdir().unwrap();
    let now = state(dir.path(), 1_000);
    let take = |file: &str, agent: &str| {
        let taken = now.take_lease(file, &owner(agent), "Edit", NOW).unwrap();
        taken == Taken::Yes
    };
    assert!(take("src/A.rs", "a1") && take("src/a.rs", "a2"));
    // As such a file system shows its folder `locks`.
    atomic::mark(&now.root().join("LOCKS"), b"").unwrap();
    assert!(take("src/B\u{17f}.rs", "a1"));
    for spelling in ["src/bs.rs", "SRC/BS.RS"] {
        assert!(!take(spelling, "a2"), "{spelling}");
    }
}

#[test]
fn agents_and_leases_of_one_name_do_not_meet() {
    let dir = tempfile::tempdir().unwrap();
    let now = state(dir.path(), 1_000);
    let session = now.session("s");
    let main = Owner {
        agent: None,
        ..owner("_main")
    };
    now.take_lease("a.rs", &main, "Edit", NOW).unwrap();
    now.take_lease("b.rs", &owner("_main"), "Edit", NOW)
        .unwrap();
    session.release_leases_of(Some("_main")).unwrap();
    let left = now.leases().unwrap();
    assert_eq!((left.len(), &left[0].owner), (1, &main));
    assert_eq!(session.agents(Stage::Active).unwrap(), []);
}
