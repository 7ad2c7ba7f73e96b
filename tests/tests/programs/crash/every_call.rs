//! A kill behind every single call of the system by which a hook changes
//! anything. The hooks after it succeed, and no agent is in two states, lost or
//! stuck.
//!
//! Calls are followed on Linux with an x86_64 processor alone (`trace.rs`); on any
//! other machine these tests say that they were skipped.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, Command};

use maos_shared::hook::Event;
use maos_tests::{HookEvent, Program, Sandbox, Struck};
use serde_json::{Value, json};

use super::{create, edit, id, inside, is_only, may_run};

/// Most calls of one hook that are looked at; more would be a loop.
const CALLS: usize = 1_000;
/// Fewer changing calls than this has no hook that keeps anything.
const FEWEST: usize = 3;

/// The work stays on its branches; and no job makes a worktree while git looks at
/// all of them.
const SETTINGS: &str = "[workspace]\nreturn = \"branch\"\nspares = 0\n";

/// The hooks of an agent's life, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Launch,
    Create,
    Start,
    Write,
    Stop,
    Return,
}

impl Step {
    const LIFE: [Self; 6] = [
        Self::Launch,
        Self::Create,
        Self::Start,
        Self::Write,
        Self::Stop,
        Self::Return,
    ];

    /// Returns whether it comes again when it was killed: a call that was blocked
    /// is made again, a worktree that was not made is asked for again. All else
    /// the client sends once.
    fn comes_again(self) -> bool {
        matches!(self, Self::Launch | Self::Create | Self::Write)
    }
}

/// An agent, from its launch to the report of its work.
struct Actor<'a> {
    sandbox: &'a Sandbox,
    number: usize,
}

impl<'a> Actor<'a> {
    fn workspace(&self) -> PathBuf {
        let known = self.sandbox.fact(&id(self.number), "workspace.json");
        let known = known.unwrap();
        PathBuf::from(known["path"].as_str().unwrap())
    }

    fn file(&self) -> String {
        format!("work-{}.txt", self.number)
    }

    fn event(&self, step: Step) -> HookEvent<'a> {
        let launch = |event| {
            HookEvent::new(self.sandbox, event)
                .with("tool_name", "Agent")
                .with("tool_use_id", format!("toolu_{}", self.number))
                .with(
                    "tool_input",
                    json!({"description": "d", "prompt": "p", "subagent_type": "coder"}),
                )
        };
        let inside = |event| inside(self.sandbox, event, self.number, &self.workspace());
        match step {
            Step::Launch => launch(Event::PreToolUse),
            Step::Create => create(self.sandbox, self.number),
            Step::Start => inside(Event::SubagentStart),
            Step::Write => inside(Event::PreToolUse).with("tool_name", "Write").with(
                "tool_input",
                json!({"file_path": self.workspace().join(self.file()), "content": "x"}),
            ),
            Step::Stop => inside(Event::SubagentStop),
            Step::Return => {
                let response = json!({"status": "completed", "agentId": id(self.number)});
                launch(Event::PostToolUse).with("tool_response", response)
            }
        }
    }

    /// Has a step answered, and does what is done behind it.
    fn play(&self, step: Step) {
        let answered = self.event(step).answer();
        let finished = answered.finished().exits(0);
        let said = finished.err();
        // Here no spare is kept.
        let is_time = step == Step::Create
            && said.starts_with("MAOS: no spare workspace was ready: ")
            && said.lines().count() == 1;
        assert!(
            said.is_empty() || is_time,
            "{step:?} of {}: {said}",
            self.number
        );
        match step {
            Step::Launch => drop(answered.rewritten()),
            Step::Create => drop(answered.path()),
            Step::Write => {
                assert!(may_run(&answered.finished()));
                let file = self.workspace().join(self.file());
                fs::write(file, "x").unwrap();
            }
            Step::Start | Step::Stop | Step::Return => {}
        }
    }

    /// Checks that the agent is in one state at most.
    fn is_in_one_state(&self) {
        let states = ["pending_agents", "active_agents", "completed_agents"];
        let own = |state: &&str| {
            let agents = self.sandbox.agents(state);
            agents
                .iter()
                .any(|agent| agent["agent_id"] == *id(self.number))
        };
        let found = states.iter().filter(|state| own(state)).count();
        assert!(found <= 1, "{} is in {found} states", self.number);
    }

    /// Checks that its work is on its branch, and that it is where it belongs.
    fn is_done(&self) {
        is_only(self.sandbox, "completed_agents", self.number);
        let result = self.sandbox.fact(&id(self.number), "result.json");
        let result = result.unwrap();
        assert_eq!(result["trouble"], Value::Null, "{result}");
        assert_eq!(result["files"], json!([self.file()]), "{result}");
        let branch = result["branch"].as_str().unwrap();
        let committed = self.sandbox.committed_file(branch, &self.file());
        assert_eq!(committed.as_deref(), Some("x"), "{branch}");
        assert!(branch.starts_with("agent/"), "{branch}");
    }
}

/// Has a program killed behind its first changing call, its second and so on,
/// until it ends before that: `strike` does it, each time with another run, and
/// checks what follows. Returns the calls.
fn strike_each(mut strike: impl FnMut(usize) -> Struck) -> Vec<&'static str> {
    let mut calls = Vec::new();
    for number in 1..=CALLS {
        match strike(number) {
            Struck::Behind(call) => calls.push(call),
            Struck::Ended => {
                assert!(calls.len() >= FEWEST, "only {calls:?}");
                return calls;
            }
            Struck::Impossible => {
                // Not `eprintln!`: the test harness would keep the line back.
                let line = "SKIPPED kills behind each call: no process can be followed here";
                let _ = writeln!(std::io::stderr(), "{line}");
                return calls;
            }
        }
    }
    unreachable!("it makes more than {CALLS} such calls")
}

/// Kills one step of an agent's life behind each of its calls; the life goes on.
fn strike_the_life_at(step: Step) {
    let sandbox = Sandbox::with_repository();
    sandbox.write("../.claude/maos.toml", SETTINGS);
    let at = Step::LIFE.iter().position(|other| *other == step);
    let (before, rest) = Step::LIFE.split_at(at.unwrap());
    let calls = strike_each(|number| {
        let actor = Actor {
            sandbox: &sandbox,
            number,
        };
        // A launch does no more than name the worktree.
        let before = before.iter().filter(|step| **step != Step::Launch);
        before.for_each(|step| actor.play(*step));
        let struck = actor.event(step).program().killed_behind_call(number);
        actor.is_in_one_state();
        let skipped = usize::from(!step.comes_again());
        rest[skipped..].iter().for_each(|step| actor.play(*step));
        actor.is_in_one_state();
        // Also where its stop was killed: the end of the launch completes it.
        actor.is_done();
        // A message resumes it.
        [Step::Start, Step::Stop]
            .iter()
            .for_each(|step| actor.play(*step));
        actor.is_done();
        struck
    });
    let mut work: Vec<Value> = (1..=calls.len() + 1)
        .map(|number| sandbox.fact(&id(number), "result.json").unwrap()["commit"].clone())
        .collect();
    // A branch that a killed renaming left has nothing of its own.
    work.push(sandbox.head().into());
    for branch in sandbox.branches("agent/") {
        let tip = Value::from(sandbox.git(["rev-parse", &branch]));
        assert!(work.contains(&tip), "{branch} is nobody's");
    }
    sandbox.is_whole();
}

#[test]
fn of_a_launch() {
    strike_the_life_at(Step::Launch);
}

#[test]
fn of_a_worktree_that_is_made() {
    strike_the_life_at(Step::Create);
}

#[test]
fn of_an_agent_that_begins() {
    strike_the_life_at(Step::Start);
}

#[test]
fn of_a_call_that_takes_a_lease() {
    strike_the_life_at(Step::Write);
}

#[test]
fn of_an_agent_that_ends() {
    strike_the_life_at(Step::Stop);
}

#[test]
fn of_the_end_of_a_launch() {
    strike_the_life_at(Step::Return);
}

/// A client of its own, which runs until it is dropped.
struct Client(Child);

impl Client {
    fn new() -> Self {
        Self(Command::new("sleep").arg("1000").spawn().unwrap())
    }

    /// Returns the run on an event of its session.
    fn sends<'a>(&self, event: HookEvent<'a>, session: &str) -> Program<'a> {
        let program = event.with("session_id", session).program();
        program.started_by(self.0.id())
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

#[test]
fn of_a_lease_that_is_taken_from_the_dead() {
    let sandbox = Sandbox::without_repository();
    strike_each(|number| {
        let client = Client::new();
        let held = edit(&sandbox, number, "dead").program();
        assert!(
            held.started_by(client.0.id())
                .run()
                .exits(0)
                .stdout
                .is_empty()
        );
        drop(client);
        let one = edit(&sandbox, number, "one").program();
        let struck = one.killed_behind_call(number);
        let two = may_run(&edit(&sandbox, number, "two").answer().finished());
        let one = may_run(&edit(&sandbox, number, "one").answer().finished());
        assert_ne!(one, two, "file {number} has not one owner");
        struck
    });
}

#[test]
fn of_a_session_that_ends() {
    let sandbox = Sandbox::without_repository();
    strike_each(|number| {
        let name = format!("session-{number}");
        let client = Client::new();
        let start = HookEvent::new(&sandbox, Event::SessionStart).with("source", "startup");
        let _ = client.sends(start, &name).run().exits(0);
        let _ = client
            .sends(edit(&sandbox, number, &name), &name)
            .run()
            .exits(0);
        let reserve = ["reserve", &format!("reserved-{number}"), "--why", "x"];
        let project = sandbox.project();
        let _ = sandbox.maos_by_an_agent(&name, &project, reserve).exits(0);
        let end = HookEvent::new(&sandbox, Event::SessionEnd).with("reason", "logout");
        let struck = client.sends(end, &name).killed_behind_call(number);
        // Its client ends as well, whatever became of the hook.
        drop(client);
        let input = json!({"file_path": format!("reserved-{number}"), "content": "x"});
        let reserved = HookEvent::before(&sandbox, "Write", input);
        for call in [edit(&sandbox, number, "other"), reserved] {
            assert!(may_run(
                &call.with("session_id", "other").answer().finished()
            ));
        }
        struck
    });
}

#[test]
fn of_a_session_that_begins_where_an_earlier_maos_was() {
    let agent = |id: &str| json!({"agent_id": id, "agent_type": "coder", "timestamp": "2025-07-01T10:20:30.1"});
    strike_each(|number| {
        let sandbox = Sandbox::without_repository()
            .with_file(
                ".maos/sessions/old/session.json",
                r#"{"id": "old", "start": "x"}"#,
            )
            .with_file(
                ".maos/sessions/old/active_agents/a1.json",
                &agent("a1").to_string(),
            )
            .with_file(
                ".maos/sessions/old/pending_agents.json",
                &json!({"pending_agents": [agent("a2"), agent("a3")]}).to_string(),
            )
            .with_file(".maos/sessions/old/file_locks/0.lock/metadata.json", "{}");
        let start = || HookEvent::new(&sandbox, Event::SessionStart).with("source", "startup");
        let struck = start().program().killed_behind_call(number);
        start().answer().is_silent();
        let ids = |state: &str| -> Vec<Value> {
            let agents = sandbox.agents(state).into_iter();
            agents.map(|agent| agent["agent_id"].clone()).collect()
        };
        assert_eq!(ids("active_agents"), ["a1"]);
        assert_eq!(ids("pending_agents"), ["a2", "a3"]);
        for kept in [
            "session.json",
            "active_agents/a1.json",
            "pending_agents.json",
        ] {
            let kept = format!(".maos/legacy/sessions/old/{kept}");
            assert!(sandbox.read(&kept).is_some(), "{kept} is lost");
        }
        struck
    });
}

#[test]
fn of_a_prompt_that_tells_of_an_agent() {
    let sandbox = Sandbox::with_repository();
    sandbox.keep_work_on_branches();
    let actor = Actor {
        sandbox: &sandbox,
        number: 0,
    };
    [Step::Create, Step::Start, Step::Write, Step::Stop]
        .iter()
        .for_each(|step| actor.play(*step));
    let prompt = || {
        let text = format!(
            "<task-notification><task-id>{}</task-id></task-notification>",
            id(0)
        );
        HookEvent::new(&sandbox, Event::UserPromptSubmit).with("prompt", text)
    };
    strike_each(|number| {
        let struck = prompt().program().killed_behind_call(number);
        let told = prompt().answer().told();
        assert!(told.contains(&actor.file()), "{told}");
        actor.is_done();
        struck
    });
}

#[test]
fn of_a_worktree_that_is_removed() {
    let sandbox = Sandbox::with_repository();
    sandbox.write("../.claude/maos.toml", SETTINGS);
    strike_each(|number| {
        let path = create(&sandbox, number).answer().path();
        fs::write(path.join("work.txt"), "work").unwrap();
        let remove = || {
            let remove = HookEvent::new(&sandbox, Event::WorktreeRemove);
            remove.with("worktree_path", path.to_str().unwrap())
        };
        let struck = remove().program().killed_behind_call(number);
        let again = remove().answer().finished().exits(0);
        assert_eq!(again.err(), "");
        assert!(!path.exists());
        let name = path.file_name().and_then(|name| name.to_str());
        let of_it = format!("refs/maos/rescue/{}-", name.unwrap());
        let rescued = sandbox.rescued();
        let rescued: Vec<_> = rescued.iter().filter(|it| it.starts_with(&of_it)).collect();
        assert_eq!(rescued.len(), 1, "{rescued:?}");
        let kept = sandbox.committed_file(rescued[0], "work.txt");
        assert_eq!(kept.as_deref(), Some("work"));
        struck
    });
    sandbox.is_whole();
}
