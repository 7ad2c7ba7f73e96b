//! The person is called: once, by the ways they have set, and the journal says
//! what became of it.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "what a test's helper cannot do fails the test; one writes what an agent would"
)]

mod bursts;
mod spoken;

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use maos_shared::hook::Event;
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
fn the_terminal_is_sent_wherever_it_stands_in_a_list() {
    let sandbox = with_settings(
        "[notify]\nproviders = [[\"command\", \"terminal\"]]\ncommand = [\"/no/such/program\"]\n",
    );
    assert_ne!(rung(asks(&sandbox)), "");
}

#[test]
fn what_is_wrong_with_the_section_is_told_when_a_session_begins() {
    let sandbox = with_settings("[notify]\nproviders = [\"smoke\"]\n");
    let start = HookEvent::new(&sandbox, Event::SessionStart).with("source", "startup");
    let told = start.answer().finished().exits(0).answer().unwrap();
    let told = told["systemMessage"].as_str().unwrap();
    assert!(
        told.contains("maos.toml:2:14: expected \"terminal\""),
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
