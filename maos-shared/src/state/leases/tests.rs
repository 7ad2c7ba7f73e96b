use super::*;

const NOW: Terms = Terms {
    ttl: LEASE_TTL,
    wait: Duration::ZERO,
};

fn owner(agent: &str) -> Owner {
    Owner {
        session: "s".to_owned(),
        agent: Some(agent.to_owned()),
        agent_type: None,
        client_pid: Some(std::process::id()),
        client_began: None,
        checkout: PathBuf::from("/p"),
    }
}

fn state(dir: &Path, seconds: u64) -> State {
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
    State::at(dir.join(".maos"), now)
}

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

    let later = state(dir.path(), 1_000 + LEASE_TTL.as_secs());
    assert_eq!(
        later.take_lease("a.rs", &owner("a2"), "Edit", NOW).unwrap(),
        Taken::Yes
    );

    let mine = |lease: &Lease| lease.owner.agent.as_deref() == Some("a2");
    assert_eq!(later.release_leases(mine).unwrap(), 2);
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
        client_pid: Some(child.id()),
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
    for (file, inside) in [("a.rs", OWNER_FILE), ("b.rs", "other.json")] {
        let place = now.locks().unwrap().join(lease_name(file));
        fs::create_dir(&place).unwrap();
        atomic::replace(&place.join(inside), b"{").unwrap();
        let taken = now.take_lease(file, &owner("a1"), "Edit", NOW).unwrap();
        assert_eq!(taken, Taken::Yes);
        let other = now.take_lease(file, &owner("a2"), "Edit", NOW).unwrap();
        assert!(matches!(other, Taken::HeldBy(_)), "two owners of {file}");
    }
    assert_eq!(now.leases().unwrap().len(), 2);
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
    let began = Process::of(std::process::id()).began;
    let own = Owner {
        client_began: began,
        ..owner("a1")
    };
    assert_eq!(
        now.take_lease("a.rs", &own, "Edit", NOW).unwrap(),
        Taken::Yes
    );
    let other = now.take_lease("a.rs", &owner("a2"), "Edit", NOW).unwrap();
    assert!(matches!(other, Taken::HeldBy(_)));
    let gone = Owner {
        client_began: began.map(|began| began - 1),
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
