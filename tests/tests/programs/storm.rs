//! A short run of what `scripts/storm.sh` does for longer.

use maos_tests::storm;

#[test]
fn many_at_once_get_a_worktree_each_whatever_else_goes_on() {
    let storm = storm(4, |_| {});
    assert_eq!((storm.rounds, storm.made), (4, 64));
    assert!(storm.beside > 0 && storm.kills > 0, "{storm:?}");
}
