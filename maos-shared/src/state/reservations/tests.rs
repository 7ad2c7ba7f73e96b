use super::*;
use crate::state::process::Process;
use crate::state::scratch::{owner, state};

const HOUR: Duration = Duration::from_secs(60 * 60);
/// A number that no process has.
const NOBODY: u32 = 1 << 30;

fn reserve(state: &State, pattern: &str, agent: &str, shared: bool) -> Reserved {
    let wish = Wish {
        pattern: &Pattern::parse(pattern).unwrap(),
        shared,
        why: "a plan",
        time: HOUR,
    };
    state.reserve(&owner(agent), wish).unwrap()
}

fn is_done(reserved: &Reserved) -> bool {
    matches!(reserved, Reserved::Until(_))
}

/// Returns who has reserved the file, for another to know.
fn met(state: &State, file: &str, agent: &str) -> Vec<String> {
    let met = state.reservations_on(file, &owner(agent)).unwrap();
    met.into_iter().filter_map(|one| one.owner.agent).collect()
}

#[test]
fn another_meets_it_until_it_ends_and_its_owner_does_not() {
    let dir = tempfile::tempdir().unwrap();
    let now = state(dir.path(), 1_000);
    assert!(is_done(&reserve(&now, "src/auth/**", "a1", false)));
    assert_eq!(met(&now, "src/auth/a.rs", "a2"), ["a1"]);
    assert_eq!(met(&now, "src/auth/a.rs", "a1"), [""; 0]);
    assert_eq!(met(&now, "src/b.rs", "a2"), [""; 0]);
    let later = state(dir.path(), 1_000 + HOUR.as_secs());
    assert_eq!(met(&later, "src/auth/a.rs", "a2"), [""; 0]);
    assert_eq!(later.sweep_reservations().unwrap().len(), 1);
    assert!(!now.reservations_dir().exists(), "its folder goes with it");
}

#[test]
fn what_one_has_for_itself_no_other_can_reserve() {
    let dir = tempfile::tempdir().unwrap();
    let now = state(dir.path(), 1_000);
    assert!(is_done(&reserve(&now, "src/**", "a1", false)));
    let Reserved::By(other) = reserve(&now, "src/auth/*.rs", "a2", true) else {
        panic!("two have it");
    };
    assert_eq!(other.owner, owner("a1"));
    assert!(is_done(&reserve(&now, "docs/**", "a2", true)));
    assert!(
        is_done(&reserve(&now, "docs/A.md", "a1", true)),
        "both share"
    );
    assert!(matches!(
        reserve(&now, "docs", "a3", false),
        Reserved::By(_)
    ));
    assert!(is_done(&reserve(&now, "src/**", "a1", false)), "again");
    assert_eq!(now.reservations().unwrap().len(), 3);
}

#[test]
fn of_many_that_want_the_same_one_gets_it() {
    let dir = tempfile::tempdir().unwrap();
    let now = state(dir.path(), 1_000);
    let got: usize = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|n| {
                let now = &now;
                scope.spawn(move || {
                    let pattern = ["src/**", "src/*/a.rs"][n % 2];
                    usize::from(is_done(&reserve(now, pattern, &format!("a{n}"), false)))
                })
            })
            .collect();
        threads.into_iter().map(|it| it.join().unwrap()).sum()
    });
    assert_eq!(got, 1);
}

#[test]
fn it_ends_with_its_client_and_when_it_is_released() {
    let dir = tempfile::tempdir().unwrap();
    let now = state(dir.path(), 1_000);
    let wish = Wish {
        pattern: &Pattern::parse("a").unwrap(),
        shared: false,
        why: "",
        time: HOUR,
    };
    let gone = Owner {
        client: Some(Process::of(NOBODY)),
        ..owner("a1")
    };
    assert!(is_done(&now.reserve(&gone, wish).unwrap()));
    assert_eq!(met(&now, "a", "a2"), [""; 0]);
    assert!(is_done(&reserve(&now, "a", "a2", false)));
    assert!(is_done(&reserve(&now, "b", "a2", false)));
    let released = now.release_reservations(|one| one.pattern.as_str() == "a");
    assert_eq!(released.unwrap(), 2);
    assert_eq!(met(&now, "b", "a3"), ["a2"]);
}

#[test]
fn there_are_so_many_and_no_more_and_none_for_ever() {
    let dir = tempfile::tempdir().unwrap();
    let now = state(dir.path(), 1_000);
    for n in 0..RESERVATIONS {
        assert!(is_done(&reserve(&now, &format!("f{n}"), "a1", false)));
    }
    assert_eq!(reserve(&now, "one-more", "a1", false), Reserved::Full);
    assert!(is_done(&reserve(&now, "f0", "a1", false)), "it was there");
    let early = state(dir.path(), 0);
    let before = |times| {
        let before = SystemTime::UNIX_EPOCH.checked_sub(times * RESERVATION_LONGEST);
        State::at(early.root().to_owned(), before.unwrap())
    };
    let set_back = before(1).reservations().unwrap();
    assert_eq!(set_back.len(), RESERVATIONS, "the clock was set back");
    assert_eq!(
        before(2).reservations().unwrap(),
        [],
        "none lasts that long"
    );
}

#[test]
fn garbage_is_passed_over_and_left() {
    let dir = tempfile::tempdir().unwrap();
    let now = state(dir.path(), 1_000);
    assert!(is_done(&reserve(&now, "a", "a1", false)));
    let garbage = now.reservations_dir().join("x.json");
    atomic::replace(&garbage, b"{\"pattern\": \"../../x\"}").unwrap();
    fs::create_dir(now.reservations_dir().join("folder")).unwrap();
    assert_eq!(met(&now, "a", "a2"), ["a1"]);
    assert_eq!(now.release_reservations(|_| true).unwrap(), 1);
    assert!(garbage.exists());
    assert!(is_done(&reserve(&now, "a", "a2", false)));
}
