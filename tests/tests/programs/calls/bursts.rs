//! Several callers at once, and ways that keep each other waiting.

use std::fs;
use std::time::Duration;

use maos_shared::hook::Event;
use maos_shared::state::lock::Lock;
use maos_tests::{HookEvent, Sandbox};
use serde_json::Value;

use super::{asks, awaited, outcomes, rung, with_settings};

#[test]
fn no_question_is_lost_in_a_burst_and_all_are_named() {
    let sandbox = with_settings("[notify]\nsubagent_done.on = true\n");
    let at = |event: HookEvent<'_>, now: &str| {
        let run = event.program().with_variable("MAOS_NOW", now).run();
        let answer = run.exits(0).answer();
        let sequence = answer.map(|answer| answer["terminalSequence"].clone());
        sequence.map_or_else(String::new, |it| it.as_str().unwrap().to_owned())
    };
    let by = |agent: &str| asks(&sandbox).by(agent, agent);
    let stops = |agent: &str| HookEvent::new(&sandbox, Event::SubagentStop).by(agent, agent);
    let (now, later) = ("2026-01-01T12:00:00Z", "2026-01-01T12:00:02Z");
    let said = at(stops("tester"), now);
    assert!(said.contains(";tester has ended\u{7}"), "{said:?}");
    assert!(said.ends_with("\u{7}\u{7}"), "a bell: {said:?}");
    // More urgent than what has rung.
    let said = at(by("coder"), now);
    let first = "coder: Claude needs your permission. tester has ended";
    assert!(said.contains(first), "{said:?}");
    assert!(said.ends_with("\u{7}\u{7}"), "a bell: {said:?}");
    let said = at(by("writer"), later);
    let both = "coder: Claude needs your permission. writer: Claude needs your permission";
    assert!(said.contains(both), "{said:?}");
    assert!(!said.ends_with("\u{7}\u{7}"), "it has rung: {said:?}");
    // Another session has a terminal of its own.
    let said = at(by("coder").with("session_id", "another"), later);
    assert!(
        said.contains(";coder: Claude needs your permission\u{7}"),
        "{said:?}"
    );
    assert!(said.ends_with("\u{7}\u{7}"), "a bell: {said:?}");
    assert_eq!(at(by("coder"), later), "", "the same");
    // A permission is kept back for three seconds, whatever the interval is.
    sandbox.write("../.claude/maos.toml", "[notify]\ninterval = \"1h\"\n");
    assert_ne!(at(by("coder"), "2026-01-01T12:00:04Z"), "");
}

#[test]
fn a_burst_is_spoken_in_one_message_that_names_all() {
    let sandbox = with_settings(
        "[notify]\nproviders = [\"command\"]\ncommand = [\"hear\"]\nsubagent_done.on = true\n\
         responses = true\n",
    );
    let heard = sandbox.home().join("heard");
    sandbox.stand_in("hear", &format!("cat >>'{}'", heard.display()));
    let turns = hold_voices(&sandbox);
    let stops = |agent: &str| HookEvent::new(&sandbox, Event::SubagentStop).by(agent, "tester");
    let done = HookEvent::new(&sandbox, Event::Stop);
    let events = [
        stops("a1"),
        stops("a2"),
        done.with("last_assistant_message", "All of it `works`."),
        asks(&sandbox).by("a3", "coder").with("message", "older"),
        asks(&sandbox).by("a3", "coder"),
        asks(&sandbox).with("session_id", "another"),
    ];
    for event in events {
        assert_eq!(rung(event), "");
    }
    // Whoever orders one waits, or has left what it has to the one that waits.
    awaited(|| (queued(&sandbox) == 6).then_some(()));
    drop(turns);
    let outcomes = awaited(|| Some(outcomes(&sandbox)).filter(|found| found.len() == 6));
    assert_eq!(outcomes[0], "- silent", "a newer one is said");
    assert_eq!(outcomes[1..], ["command said"; 5]);
    let heard = fs::read_to_string(heard).unwrap();
    let (asked, rest) = heard.split_once(". tester has ended (2 times). ").unwrap();
    let mut asked: Vec<_> = asked
        .strip_prefix("project: ")
        .unwrap()
        .split(". ")
        .collect();
    asked.sort_unstable();
    let expected = [
        "Claude needs your permission",
        "coder: Claude needs your permission",
    ];
    assert_eq!(asked, expected);
    assert_eq!(rest, "project, Claude: All of it works.\n");
}

#[test]
fn a_provider_that_hangs_gives_way_to_the_next() {
    let sandbox = with_settings(
        "[notify]\nproviders = [[\"speech\", \"command\"]]\ncommand = [\"hear\"]\ntimeout = \"100ms\"\n",
    );
    let (heard, alive) = (sandbox.home().join("heard"), sandbox.home().join("alive"));
    sandbox.stand_in(
        "hear",
        &format!("cat >'{0}.new'; mv '{0}.new' '{0}'", heard.display()),
    );
    let hangs = format!("echo $$ >'{}'; exec sleep 1000", alive.display());
    for voice in ["espeak-ng", "espeak", "spd-say", "say"] {
        sandbox.stand_in(voice, &hangs);
    }
    assert_eq!(rung(HookEvent::new(&sandbox, Event::Stop)), "");
    let heard = awaited(|| fs::read_to_string(&heard).ok());
    assert_eq!(heard, "project: Claude is done\n");
    let pid = fs::read_to_string(alive).unwrap();
    let runs = maos_shared::state::process::Process::of(pid.trim().parse().unwrap()).runs();
    assert!(!runs, "it would speak as well");
    awaited(|| (outcomes(&sandbox) == ["speech failed", "command said"]).then_some(()));
    let journal = sandbox.read(".maos/logs/notify.jsonl").unwrap();
    assert!(journal.contains("did not end within"), "{journal}");
}

#[test]
fn a_voice_waits_for_that_of_another_project_without_losing_its_time() {
    let sandbox = with_settings(
        "[notify]\nproviders = [\"command\"]\ncommand = [\"hear\"]\ntimeout = \"1s\"\n",
    )
    .with_stand_ins(&["hear"]);
    let turns = hold_voices(&sandbox);
    assert_eq!(rung(HookEvent::new(&sandbox, Event::Stop)), "");
    let state = || {
        let jobs = sandbox.maos(["jobs", "--json"]).exits(0).out();
        let jobs: Value = serde_json::from_str(&jobs).unwrap();
        jobs[0]["state"].clone()
    };
    awaited(|| (state() == "waiting").then_some(()));
    drop(turns);
    awaited(|| (outcomes(&sandbox) == ["command said"]).then_some(()));
}

/// Lets no voice begin until what it returns is dropped.
fn hold_voices(sandbox: &Sandbox) -> Lock {
    let folder = sandbox.home().join(".claude/maos");
    fs::create_dir_all(&folder).unwrap();
    Lock::acquire(&folder.join("voice.lock"), Duration::ZERO).unwrap()
}

/// Returns how many calls wait for a voice.
fn queued(sandbox: &Sandbox) -> usize {
    let queue = fs::read_dir(sandbox.project().join(".maos/calls/voice"));
    queue.map_or(0, Iterator::count)
}
