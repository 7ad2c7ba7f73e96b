//! What the journals say.

use std::io;

use crate::world::{World, write_journals};

#[test]
fn log_merges_the_journals_by_time() {
    let world = World::new();
    write_journals(&world);
    assert_eq!(
        world.prints(&["log"]),
        "01-01 00:00:01Z  pass     main              PreToolUse  7 µs
01-01 00:00:02Z  pass     main              Stop  7 µs
01-01 00:00:03Z  deny     coder a1          Bash rm  7 µs  files.rm-root  3f2a9c1d  no\\n\\u{1b}[2J
"
    );
    let count = |arguments: &[&str]| world.prints(arguments).lines().count();
    assert_eq!(count(&["log", "--event", "Stop"]), 1);
    assert_eq!(count(&["log", "--agent", "main"]), 2);
    assert_eq!(count(&["log", "--agent", "a1"]), 1);
    assert_eq!(count(&["log", "--agent", "coder"]), 1);
    assert!(
        world
            .prints(&["log", "--agent", "other"])
            .starts_with("no such line")
    );
    assert_eq!(world.prints(&["log", "--agent", "other", "--json"]), "");
    assert_eq!(count(&["log", "--since", "59m58s"]), 2);
    assert_eq!(count(&["log", "-n", "2"]), 2);
    let line: serde_json::Value =
        serde_json::from_str(&world.prints(&["log", "-n", "1", "--json"])).unwrap();
    assert_eq!(line["reason"], "no\n\u{1b}[2J");
}

#[test]
fn log_goes_on_with_what_is_written_later() {
    let world = World::new();
    write_journals(&world);
    let mut follow = world.command(&["log", "-f", "--agent", "coder"]);
    let mut follow = follow.stdout(std::process::Stdio::piped()).spawn().unwrap();
    let mut lines = io::BufRead::lines(io::BufReader::new(follow.stdout.take().unwrap()));
    assert!(lines.next().unwrap().unwrap().contains("rm-root"));
    let stop = world.root().join(".maos/logs/Stop.jsonl");
    let later =
        br#"{"time":"T","event":"Stop","agent":"a1","agent_type":"coder","outcome":"pass"}"#;
    let later = [&later[..], b"\n"].concat();
    // The line that follows half a line begins anew.
    maos_shared::state::atomic::append(&stop, &later).unwrap();
    assert!(lines.next().unwrap().unwrap().contains("Stop"));
    follow.kill().unwrap();
    follow.wait().unwrap();
}

#[test]
fn stats_counts_what_the_journals_hold() {
    let world = World::new();
    write_journals(&world);
    let screen = world.prints(&["stats"]);
    assert!(
        screen.contains("PreToolUse      2  7 µs  7 µs  7 µs  1 (50.0 %)"),
        "{screen}"
    );
    assert!(screen.contains("\n  files.rm-root  1\n"), "{screen}");
}
