//! The person is called: once, by the ways they have set, and the journal says
//! what became of it.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "what a test's helper cannot do fails the test; one writes what an agent would"
)]

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use maos_shared::hook::Event;
use maos_shared::state::lock::Lock;
use maos_tests::{HookEvent, SESSION, Sandbox};
use serde_json::{Value, json};

/// How long a test waits for something that has to come.
const PATIENCE: Duration = Duration::from_secs(60);

/// An agent, as the client names them.
const AGENT: &str = "a1584d067ecffbeda";

/// Returns a sandbox in which the person has set `settings`.
fn with_settings(settings: &str) -> Sandbox {
    let sandbox = Sandbox::with_repository();
    sandbox.write("../.claude/maos.toml", settings);
    sandbox
}

/// Returns what `look` finds, as soon as it finds something.
fn awaited<T>(look: impl Fn() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "it did not come");
        thread::sleep(Duration::from_millis(5));
    }
}

/// Returns what the journal says of notifications, as `provider outcome`.
fn outcomes(sandbox: &Sandbox) -> Vec<String> {
    let journal = sandbox.project().join(".maos/logs/notify.jsonl");
    let text = fs::read_to_string(journal).unwrap_or_default();
    let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
    let line = |line: Value| {
        let text = |key: &str| line[key].as_str().unwrap_or("-").to_owned();
        format!("{} {}", text("provider"), text("outcome"))
    };
    lines.map(line).collect()
}

/// Returns what the terminal is sent on `event`, nothing when it is silent.
fn rung(event: HookEvent<'_>) -> String {
    let answer = event.answer().finished().exits(0).answer();
    let sequence = answer.map(|answer| answer["terminalSequence"].clone());
    sequence.map_or_else(String::new, |it| it.as_str().unwrap().to_owned())
}

fn asks(sandbox: &Sandbox) -> HookEvent<'_> {
    HookEvent::new(sandbox, Event::Notification)
        .with("notification_type", "permission_prompt")
        .with("message", "Claude needs your permission")
}

#[test]
fn the_same_is_said_once_and_waiting_not_at_all_after_that() {
    let sandbox = with_settings("[notify]\ninterval = \"1h\"\n");
    let said = rung(asks(&sandbox));
    assert!(
        said.contains("project: Claude needs your permission"),
        "{said:?}"
    );
    assert!(said.ends_with("\u{7}\u{7}"), "a bell: {said:?}");
    assert_eq!(rung(asks(&sandbox)), "");
    let idle = HookEvent::new(&sandbox, Event::Notification);
    assert_eq!(rung(idle.with("notification_type", "idle_prompt")), "");
    assert_ne!(rung(HookEvent::new(&sandbox, Event::Stop)), "");
    let expected = ["terminal said", "- silent", "- silent", "terminal said"];
    assert_eq!(outcomes(&sandbox), expected);
}

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
        asks(&sandbox).by("a3", "coder"),
        asks(&sandbox).with("session_id", "another"),
    ];
    for event in events {
        assert_eq!(rung(event), "");
    }
    // Whoever orders one waits, or has left what it has to the one that waits.
    awaited(|| (queued(&sandbox) == 5).then_some(()));
    drop(turns);
    let outcomes = awaited(|| Some(outcomes(&sandbox)).filter(|found| found.len() == 5));
    assert_eq!(outcomes, ["command said"; 5]);
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
    awaited(|| (queued(&sandbox) == 1).then_some(()));
    let jobs = sandbox.maos(["jobs", "--json"]).exits(0).out();
    let jobs: Value = serde_json::from_str(&jobs).unwrap();
    assert_eq!(jobs[0]["state"], "waiting", "{jobs}");
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

#[test]
fn done_is_not_said_while_work_runs_in_the_background() {
    let sandbox = Sandbox::with_repository();
    let stop = || HookEvent::new(&sandbox, Event::Stop);
    assert_eq!(
        rung(stop().with("background_tasks", json!([{"id": "a"}]))),
        ""
    );
    let done = rung(stop().with("background_tasks", json!([])));
    assert!(done.contains("project;Claude is done"), "{done:?}");
}

#[test]
fn what_wants_nothing_of_the_person_is_not_said() {
    let sandbox = Sandbox::with_repository();
    let said = |kind: &str| {
        let event = HookEvent::new(&sandbox, Event::Notification);
        rung(event.with("notification_type", kind))
    };
    assert_eq!(said("auth_success"), "");
    assert_eq!(said("agent_completed"), "", "off by default");
    assert_ne!(said("of a client to come"), "");
    assert_ne!(said("worker_permission_prompt"), "");
}

#[test]
fn work_that_does_not_fit_is_said_to_whoever_wants_it() {
    for wanted in [false, true] {
        let sandbox = with_settings(&format!("[notify]\nconflict.on = {wanted}\n"));
        let create = HookEvent::new(&sandbox, Event::WorktreeCreate);
        let path = create
            .with("name", format!("agent-{AGENT}"))
            .answer()
            .path();
        let start = HookEvent::new(&sandbox, Event::SubagentStart).by(AGENT, "coder");
        start.from_folder(&path).answer().is_silent();
        sandbox.write("README.md", "# Mine\n");
        fs::write(path.join("README.md"), "# Theirs\n").unwrap();
        let stop = HookEvent::new(&sandbox, Event::SubagentStop).by(AGENT, "coder");
        let said = rung(stop.from_folder(&path));
        assert_eq!(
            said.contains("coder has met another agent's work"),
            wanted,
            "{said:?}"
        );
    }
}

#[test]
fn a_kind_can_be_switched_off_and_worded() {
    let sandbox = with_settings(
        "[notify]\nengineer = \"Ada\"\ndone.on = false\n\
         permission.text = \"{engineer}, {project}: {message}\"\n",
    );
    assert_eq!(rung(HookEvent::new(&sandbox, Event::Stop)), "");
    let said = rung(asks(&sandbox));
    assert!(said.contains("Ada, project: Claude needs"), "{said:?}");
}

#[test]
fn what_is_wrong_with_the_section_is_told_when_a_session_begins() {
    let sandbox = with_settings("[notify]\nproviders = [\"smoke\"]\n");
    let start = HookEvent::new(&sandbox, Event::SessionStart).with("source", "startup");
    let told = start.answer().finished().exits(0).answer().unwrap();
    let told = told["systemMessage"].as_str().unwrap();
    assert!(
        told.contains("maos.toml:2:13: expected \"terminal\""),
        "{told}"
    );
    assert_ne!(
        rung(asks(&sandbox)),
        "",
        "the person is called all the same"
    );
}

#[test]
fn a_key_in_the_wrong_place_is_told_to_nobody() {
    for wrong in [
        "[notify.openai]\nkey = 4711000815\n",
        "[notify.openai]\n4711000815 = \"x\"\n",
        "[notify.openai]\nsk-4711000815 = \"x\"\n",
        "[notify]\nopenai = \"4711000815\"\n",
        "[notify]\nresponses = \"4711000815\"\n",
        "[notify]\nproviders = [\"4711000815\"]\n",
        "[tooling.rust]\nfmt = \"4711000815\"\n",
        "[jobs]\nmax = \"4711000815\"\n",
        "[notify.openai]\nkey = 4711000815x\n",
        "[4711000815]\na = 1\n",
    ] {
        let sandbox = with_settings(wrong);
        let start = HookEvent::new(&sandbox, Event::SessionStart).with("source", "startup");
        let told = start.answer().finished().exits(0).answer().unwrap();
        let check = sandbox.maos(["config", "check"]).exits(1).out();
        for told in [told["systemMessage"].as_str().unwrap(), &check] {
            assert!(told.contains("maos.toml:"), "{wrong}: {told}");
            assert!(!told.contains("4711"), "{wrong}: {told}");
        }
    }
}

#[test]
fn a_projects_file_calls_nobody() {
    let sandbox = Sandbox::with_repository().with_stand_ins(&["espeak-ng"]);
    sandbox.write(
        ".claude/maos.toml",
        "[notify]\nproviders = [\"command\"]\ncommand = [\"espeak-ng\"]\n",
    );
    assert_ne!(rung(HookEvent::new(&sandbox, Event::Stop)), "");
    assert_eq!(outcomes(&sandbox), ["terminal said"]);
}

#[test]
fn what_does_not_work_gives_way_to_what_is_next_in_its_list() {
    let sandbox = with_settings(
        "[notify]\nproviders = [\"desktop\", [\"command\", \"speech\", \"sound\"]]\n\
         command = [\"false\"]\nspeech.voice = \"en\"\n",
    );
    let heard = sandbox.home().join("heard");
    sandbox.stand_in("notify-send", "exit 3");
    sandbox.stand_in("osascript", "exit 3");
    for voice in ["espeak-ng", "say"] {
        let script = format!(
            "echo \"$@\" >'{0}.new'; cat >>'{0}.new'; mv '{0}.new' '{0}'",
            heard.display()
        );
        sandbox.stand_in(voice, &script);
    }
    assert_eq!(rung(HookEvent::new(&sandbox, Event::Stop)), "");
    let heard = awaited(|| fs::read_to_string(&heard).ok());
    let (arguments, text) = heard.split_once('\n').unwrap();
    assert!(arguments.ends_with("-v en"), "{arguments}");
    assert_eq!(text, "project: Claude is done");
    let outcomes = awaited(|| Some(outcomes(&sandbox)).filter(|found| found.len() == 3));
    for expected in ["desktop failed", "command failed", "speech said"] {
        assert!(outcomes.iter().any(|it| it == expected), "{outcomes:?}");
    }
}

#[test]
fn what_became_of_agents_is_said_to_whoever_wants_it() {
    let words = "[notify]\nsubagent_done.on = true\nblocked.on = true\n";
    for (settings, wanted) in [("", false), (words, true)] {
        let sandbox = with_settings(settings);
        let denied = HookEvent::before(&sandbox, "Bash", json!({"command": "rm -rf /"}));
        assert!(denied.answer().refusal().contains("files.rm-root"));
        let word = format!(".maos/sessions/{SESSION}/notes/blocked");
        let word = sandbox.project().join(word);
        assert_eq!(word.exists(), wanted, "nobody else reads it");
        let batch = || HookEvent::new(&sandbox, Event::PostToolBatch);
        let said = rung(batch());
        assert_eq!(
            said.contains("stopped by the guard: files.rm-root"),
            wanted,
            "{said:?}"
        );
        assert_eq!(rung(batch()), "", "it is said once");
        let stop = HookEvent::new(&sandbox, Event::SubagentStop).by("a1", "coder");
        let said = rung(stop);
        assert_eq!(said.contains("coder has ended"), wanted, "{said:?}");
    }
}

#[test]
fn quiet_hours_make_no_sound() {
    let sandbox = with_settings(
        "[notify]\nproviders = [\"terminal\", \"speech\"]\nquiet = \"22:00-07:00\"\n",
    )
    .with_stand_ins(&["espeak-ng", "say"]);
    let stop = HookEvent::new(&sandbox, Event::Stop).program();
    let night = stop
        .with_variable("MAOS_NOW", "2026-01-01T20:30:00Z")
        .with_variable("TZ", "XXX-2");
    let answer = night.run().exits(0).answer().unwrap();
    let sequence = answer["terminalSequence"].as_str().unwrap();
    assert!(!sequence.ends_with("\u{7}\u{7}"), "{sequence:?}");
    let outcomes = awaited(|| Some(outcomes(&sandbox)).filter(|found| found.len() == 2));
    assert_eq!(outcomes, ["terminal said", "speech failed"]);
    assert!(sandbox.calls().is_empty());
}

/// What espeak-ng says of a text, as a WAV file: its length in seconds and the
/// root of the mean square of its samples, of which 32,768 is the loudest.
fn speech(wav: &Path) -> (f64, f64) {
    let bytes = fs::read(wav).unwrap();
    assert_eq!((&bytes[..4], &bytes[8..12]), (&b"RIFF"[..], &b"WAVE"[..]));
    let rate = u32::from_le_bytes(bytes[24..28].try_into().unwrap());
    let channels = u16::from_le_bytes(bytes[22..24].try_into().unwrap());
    let samples = bytes[44..].chunks_exact(2);
    let samples: Vec<f64> = samples
        .map(|it| f64::from(i16::from_le_bytes([it[0], it[1]])))
        .collect();
    #[expect(clippy::cast_precision_loss, reason = "a file of a few megabytes")]
    let count = samples.len() as f64;
    let energy = samples.iter().map(|it| it * it).sum::<f64>() / count.max(1.0);
    (count / f64::from(rate) / f64::from(channels), energy.sqrt())
}

#[test]
fn the_last_answer_is_spoken_without_its_code() {
    use std::io::Write;
    let Some(espeak) = ["/usr/bin/espeak-ng", "/usr/local/bin/espeak-ng"]
        .into_iter()
        .find(|path| Path::new(path).exists())
    else {
        // Not `eprintln!`: the test harness would keep the line back.
        writeln!(
            std::io::stderr(),
            "SKIPPED speech: espeak-ng is not installed"
        )
        .unwrap();
        return;
    };
    let sandbox = with_settings("[notify]\nresponses = true\nproviders = [\"speech\"]\n");
    let wav = sandbox.home().join("said.wav");
    let script = format!(
        "tee '{0}.text' | '{espeak}' \"$@\" -w '{0}.new' && mv '{0}.new' '{0}'",
        wav.display()
    );
    sandbox.stand_in("espeak-ng", &script);
    let said = "I changed the parser, and all of its tests pass.\n\n```\nlet secret = 1;\n```\n";
    let stop = HookEvent::new(&sandbox, Event::Stop).with("last_assistant_message", said);
    assert_eq!(rung(stop), "");
    awaited(|| wav.exists().then_some(()));
    let text = fs::read_to_string(wav.with_extension("wav.text")).unwrap();
    let answer = "I changed the parser, and all of its tests pass.";
    assert_eq!(text, format!("project, Claude: {answer}"));
    let (seconds, energy) = speech(&wav);
    assert!((1.0..20.0).contains(&seconds), "{seconds} s");
    assert!(energy > 300.0, "silence: {energy}");
    awaited(|| (outcomes(&sandbox) == ["speech said"]).then_some(()));
}

#[test]
fn an_older_client_has_its_last_answer_in_the_transcript() {
    let sandbox = with_settings("[notify]\nresponses = true\nproviders = [\"speech\"]\n");
    let heard = sandbox.home().join("heard");
    let script = format!("cat >'{0}.new'; mv '{0}.new' '{0}'", heard.display());
    sandbox.stand_in("espeak-ng", &script);
    sandbox.stand_in("say", &script);
    let line = json!({"type": "assistant", "message": {"content": [{"type": "text", "text": "All is well."}]}});
    sandbox.write("../transcript.jsonl", &format!("{line}\n"));
    let transcript = sandbox.home().join("transcript.jsonl");
    let stop = HookEvent::new(&sandbox, Event::Stop);
    let _ = stop
        .with("transcript_path", transcript.to_str().unwrap())
        .answer();
    let heard = awaited(|| fs::read_to_string(&heard).ok());
    assert_eq!(heard, "project, Claude: All is well.");
}
