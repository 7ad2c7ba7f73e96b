//! Many agents at once, played by the programs alone: nothing is lost, nothing
//! mixes, and whoever works in the main checkout meanwhile is not disturbed.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test fails by panicking; these write what agents would write"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use maos_shared::hook::Event;
use maos_tests::{Answered, HookEvent, Sandbox, storm};
use serde_json::{Value, json};

/// How many agents work at once.
const AGENTS: usize = 10;
/// How often.
const ROUNDS: usize = 3;
/// How many events one agent's life has, as it is played here; one more when
/// it is in the background.
const EVENTS: usize = 11;

/// One agent, from its launch to the report of its work.
struct Actor<'a> {
    sandbox: &'a Sandbox,
    number: usize,
}

impl Actor<'_> {
    fn id(&self) -> String {
        format!("a{:03}84d067ecffbeda", self.number)
    }

    fn kind(&self) -> &'static str {
        ["coder", "writer", "general-purpose"][self.number % 3]
    }

    /// In the background, as every second one is.
    fn is_async(&self) -> bool {
        self.number % 2 == 1
    }

    fn file(&self) -> String {
        format!("work-{}.txt", self.number)
    }

    fn launch(&self) -> Value {
        json!({"description": format!("job {}", self.number), "prompt": "p",
               "subagent_type": self.kind()})
    }

    /// An event of the main thread that concerns this agent's launch.
    fn of_launch(&self, event: Event, input: Value) -> HookEvent<'_> {
        HookEvent::new(self.sandbox, event)
            .with("tool_name", "Agent")
            .with("tool_use_id", format!("toolu_{}", self.number))
            .with("tool_input", input)
    }

    /// An event from inside this agent.
    fn inside(&self, event: Event, workspace: &Path) -> HookEvent<'_> {
        HookEvent::new(self.sandbox, event)
            .by(&self.id(), self.kind())
            .from_folder(workspace)
    }

    /// A tool call of this agent, before and after it ran.
    fn uses(&self, tool: &str, input: &Value, workspace: &Path, run: impl FnOnce()) -> Answered {
        let call = |event| {
            self.inside(event, workspace)
                .with("tool_name", tool)
                .with("tool_use_id", format!("toolu_{}_{tool}", self.number))
                .with("tool_input", input.clone())
        };
        let answered = call(Event::PreToolUse).answer();
        run();
        self.hears_of_the_readme_alone(&call(Event::PostToolUse).answer());
        answered
    }

    /// Checks that all that was told, if anything, is of the one file that all
    /// of them change: who else does, and what will conflict.
    fn hears_of_the_readme_alone(&self, answered: &Answered) {
        let told = answered.told();
        let is_of_it = |part: &str| part.contains("README.md");
        assert!(
            told.is_empty() || told.split("\n\n").all(is_of_it),
            "{}: {told}",
            self.id()
        );
    }

    /// Plays the whole life and returns the workspace and what the main thread
    /// is told at its end.
    fn live(&self) -> (PathBuf, String) {
        let mut launch = self
            .of_launch(Event::PreToolUse, self.launch())
            .answer()
            .rewritten();
        assert_eq!(launch["isolation"], "worktree");
        launch["run_in_background"] = json!(self.is_async());
        let create = HookEvent::new(self.sandbox, Event::WorktreeCreate);
        let workspace = create
            .with("name", format!("agent-{}", self.id()))
            .answer()
            .path();
        if self.is_async() {
            self.hears_of_the_readme_alone(&self.launched(&launch, "async_launched"));
        }
        self.inside(Event::SubagentStart, &workspace)
            .answer()
            .is_silent();

        let own = json!({"file_path": workspace.join(self.file()), "content": self.file()});
        let write = || fs::write(workspace.join(self.file()), self.file()).unwrap();
        self.hears_of_the_readme_alone(&self.uses("Write", &own, &workspace, write));
        let shared = json!({"file_path": workspace.join("README.md"),
                            "old_string": "A", "new_string": self.file()});
        let edit = || fs::write(workspace.join("README.md"), self.file()).unwrap();
        self.hears_of_the_readme_alone(&self.uses("Edit", &shared, &workspace, edit));
        let make = || fs::write(workspace.join(format!("made-{}", self.number)), "").unwrap();
        let command = json!({"command": "make"});
        self.hears_of_the_readme_alone(&self.uses("Bash", &command, &workspace, make));

        self.inside(Event::SubagentStop, &workspace)
            .answer()
            .is_silent();
        let told = if self.is_async() {
            let prompt = format!(
                "<task-notification>\n<task-id>{}</task-id>\n</task-notification>",
                self.id()
            );
            let prompted = HookEvent::new(self.sandbox, Event::UserPromptSubmit);
            prompted.with("prompt", prompt).answer().told()
        } else {
            self.launched(&launch, "completed").told()
        };
        (workspace, told)
    }

    fn launched(&self, launch: &Value, status: &str) -> Answered {
        let response = json!({"status": status, "agentId": self.id()});
        self.of_launch(Event::PostToolUse, launch.clone())
            .with("tool_response", response)
            .answer()
    }
}

/// Works in the main checkout until `done`: status, commits, and git's own
/// housekeeping. Returns how many commits that were.
fn disturb(sandbox: &Sandbox, done: &AtomicBool) -> usize {
    let mut commits = 0;
    while !done.load(Ordering::Relaxed) {
        sandbox.write("main.txt", &format!("commit {commits}\n"));
        sandbox.git(["add", "main.txt"]);
        sandbox.git(["commit", "--quiet", "--message", "of the person"]);
        commits += 1;
        sandbox.git(["status", "--porcelain"]);
        let gc = sandbox.try_git(["gc", "--quiet", "--no-detach"]);
        // Git's own `worktree add` is no single step to git's own `gc`.
        assert!(
            gc.code() == Some(0) || gc.err().contains("commondir"),
            "{gc}"
        );
    }
    commits
}

/// Says that the work is done when it goes, also when that is by a panic.
struct Done<'a>(&'a AtomicBool);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn of_ten_agents_at_once_beside_a_person_nothing_is_lost() {
    let sandbox = Sandbox::with_repository();
    let begin = sandbox.git(["rev-parse", "HEAD"]);
    let done = AtomicBool::new(false);
    let mut told = BTreeMap::new();
    let commits = thread::scope(|scope| {
        let person = scope.spawn(|| disturb(&sandbox, &done));
        let at_work = Done(&done);
        for round in 0..ROUNDS {
            let live = |number| {
                let actor = Actor {
                    sandbox: &sandbox,
                    number,
                };
                (number, actor.live())
            };
            let numbers = round * AGENTS..(round + 1) * AGENTS;
            let agents: Vec<_> = numbers.map(|n| scope.spawn(move || live(n))).collect();
            told.extend(agents.into_iter().map(|agent| agent.join().unwrap()));
        }
        drop(at_work);
        person.join().unwrap()
    });

    let agents = AGENTS * ROUNDS;
    assert_eq!(sandbox.worktrees().len(), agents);
    assert_eq!(sandbox.branches("agent/").len(), agents);
    assert_eq!(sandbox.agents("completed_agents").len(), agents);
    assert_eq!(sandbox.agents("active_agents"), [] as [Value; 0]);
    assert_eq!(sandbox.agents("pending_agents"), [] as [Value; 0]);
    for (number, (workspace, told)) in &told {
        let actor = Actor {
            sandbox: &sandbox,
            number: *number,
        };
        work_is_home(&actor, workspace, told);
    }
    journals_are_whole(&sandbox, agents);

    // What the person did is there, and the work that has come back, whole.
    let back: Vec<Actor<'_>> = (0..agents)
        .map(|number| Actor {
            sandbox: &sandbox,
            number,
        })
        .filter(|actor| sandbox.fact(&actor.id(), "returned.json").is_some())
        .collect();
    let new = back.iter().flat_map(|actor| {
        let made = format!("?? made-{}", actor.number);
        [made, format!("?? {}", actor.file())]
    });
    let mut changed: Vec<String> = new.collect();
    if !back.is_empty() {
        changed.push(" M README.md".to_owned());
    }
    changed.sort();
    let status = sandbox.status();
    assert_eq!(status.lines().collect::<Vec<_>>(), changed);
    let log = sandbox.git(["log", "--format=%s", &format!("{begin}..HEAD")]);
    assert_eq!(log.lines().count(), commits);
    assert!(log.lines().all(|line| line == "of the person"), "{log}");
    let readme = sandbox.read("README.md").unwrap();
    assert!(
        back.iter().any(|actor| actor.file() == readme) || readme == "# A project\n",
        "{readme}"
    );
    sandbox.is_whole();

    // Whose work has not come back holds its own file still, and the file of all
    // if it was the last that got it; none does when the session is over.
    let is_out = |id: &Value| !back.iter().any(|actor| *id == actor.id());
    let mut shared = who_took(&sandbox, "README.md");
    shared.retain(is_out);
    assert!(shared.len() <= 1, "{shared:?} hold one file");
    // All others hold it on their own copies.
    let out = agents - back.len();
    assert_eq!(sandbox.leases().len(), 2 * out);
    HookEvent::new(&sandbox, Event::SessionEnd)
        .answer()
        .is_silent();
    assert_eq!(sandbox.leases(), [] as [Value; 0]);
}

/// Checks that an agent's branch has its work and no other's, and that the
/// main thread was told.
fn work_is_home(actor: &Actor<'_>, workspace: &Path, told: &str) {
    let sandbox = actor.sandbox;
    let result = sandbox.fact(&actor.id(), "result.json").unwrap();
    let branch = result["branch"].as_str().unwrap();
    assert!(
        branch.starts_with(&format!("agent/{}/", actor.kind())),
        "{branch}"
    );
    assert!(
        told.contains(branch) && told.contains(&actor.file()),
        "{told}"
    );
    let known = sandbox.fact(&actor.id(), "workspace.json").unwrap();
    assert_eq!(
        (&known["path"], &known["branch"]),
        (&json!(workspace), &json!(branch))
    );
    let launch = sandbox.fact(&actor.id(), "launch.json").unwrap();
    assert_eq!(launch["description"], actor.launch()["description"]);
    let base = known["base"].as_str().unwrap();
    let changed = sandbox.git(["diff", "--name-only", base, branch]);
    let made = format!("made-{}", actor.number);
    assert_eq!(changed, format!("README.md\n{made}\n{}", actor.file()));
    for file in ["README.md", &actor.file()] {
        let text = sandbox.committed_file(branch, file);
        assert_eq!(text.as_deref(), Some(&*actor.file()), "{branch}");
    }
    let commits = sandbox.git(["rev-list", "--count", &format!("{base}..{branch}")]);
    assert_eq!((commits.as_str(), &result["commits"]), ("1", &json!(1)));
}

/// Checks that every line of every journal is whole and that none is missing.
fn journals_are_whole(sandbox: &Sandbox, agents: usize) {
    let lines = sandbox.journal();
    let events: Vec<_> = lines
        .iter()
        .filter(|line| line["event"].is_string())
        .collect();
    let sent = agents * EVENTS + agents / 2;
    assert_eq!(events.len(), sent);
    let failed = events.iter().find(|line| line["outcome"] == "error");
    assert_eq!(failed, None);
    // Two steps a life: it has its workspace from the start.
    let steps = lines.iter().filter(|line| line["to"].is_string());
    assert_eq!(steps.count(), 2 * agents);
    // One for each agent's own file, and one for the file of all: whenever nobody
    // holds it that, and else the one on its copy.
    let leases = lines.iter().filter(|line| line["step"].is_string());
    let acquired = leases.clone().filter(|line| line["step"] == "acquired");
    let shared = who_took(sandbox, "README.md").len();
    assert!((1..=agents).contains(&shared), "{shared}");
    assert_eq!(acquired.count(), agents + shared);
    let copies = leases
        .clone()
        .filter(|line| line["step"] == "acquired-copy");
    assert_eq!(copies.count(), agents - shared);
    assert_eq!(lines.len(), sent + 2 * agents + leases.count());
}

/// Returns the agents that took the lease on a file, by the journal: none twice.
fn who_took(sandbox: &Sandbox, file: &str) -> Vec<Value> {
    let lines = sandbox.journal().into_iter();
    let taken = lines.filter(|line| line["step"] == "acquired" && line["file"] == file);
    let agents: Vec<Value> = taken.map(|line| line["agent"].clone()).collect();
    for (n, agent) in agents.iter().enumerate() {
        assert!(!agents[..n].contains(agent), "{agent} took {file} twice");
    }
    agents
}

#[test]
fn parallel_calls_of_one_agent_share_one_workspace() {
    let sandbox = Sandbox::with_repository();
    for round in 0..3 {
        let id = format!("b{round}584d067ecffbeda");
        let together = Barrier::new(6);
        let folders: Vec<_> = thread::scope(|scope| {
            let call = |n: usize| {
                let (sandbox, id, together) = (&sandbox, &id, &together);
                scope.spawn(move || {
                    let input = json!({"file_path": format!("new-{n}.txt"), "content": "x"});
                    let call = HookEvent::before(sandbox, "Write", input).by(id, "Explore");
                    together.wait();
                    let input = call.answer().rewritten();
                    let path = PathBuf::from(input["file_path"].as_str().unwrap());
                    path.parent().unwrap().to_owned()
                })
            };
            let calls: Vec<_> = (0..6).map(call).collect();
            calls.into_iter().map(|call| call.join().unwrap()).collect()
        });
        assert!(folders.iter().all(|it| *it == folders[0]), "{folders:?}");
        assert!(folders[0].join("src/lib.rs").is_file());
        assert_eq!(sandbox.worktrees().len(), round + 1);
        assert_eq!(sandbox.agents("active_agents").len(), round + 1);
        let known = sandbox.fact(&id, "workspace.json").unwrap();
        assert_eq!(known["path"], json!(folders[0]));
    }
    assert_eq!(sandbox.status(), "");
}

/// A client that lives until it is dropped, with a session and agents of its
/// own.
struct Client {
    number: usize,
    process: Child,
}

impl Client {
    fn new(number: usize) -> Self {
        let process = Command::new("sleep").arg("1000").spawn().unwrap();
        Self { number, process }
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// Lets each client ask for the file at once, as `ask` says, and returns which
/// of them got it.
fn race<'a>(clients: &[Client], ask: impl Fn(usize) -> HookEvent<'a> + Sync) -> Vec<usize> {
    let together = Barrier::new(clients.len());
    let answers: Vec<bool> = thread::scope(|scope| {
        let racers: Vec<_> = clients
            .iter()
            .map(|client| {
                let (ask, together) = (&ask, &together);
                scope.spawn(move || {
                    let program = ask(client.number).program();
                    let program = program.started_by(client.process.id());
                    together.wait();
                    let finished = program.run().exits(0);
                    let answer = finished.answer().unwrap_or_default();
                    let output = &answer["hookSpecificOutput"];
                    // Who has it may be told that others want it.
                    let may_run = output["permissionDecision"].is_null();
                    if !may_run {
                        assert_eq!(output["permissionDecision"], "deny", "{answer}");
                        let reason = output["permissionDecisionReason"].as_str().unwrap();
                        assert!(reason.contains("MAOS rule leases.held"), "{reason}");
                    }
                    may_run
                })
            })
            .collect();
        racers
            .into_iter()
            .map(|racer| racer.join().unwrap())
            .collect()
    });
    (0..clients.len()).filter(|n| answers[*n]).collect()
}

/// Checks that of all clients exactly one gets the file and keeps it, and once
/// that client is dead exactly one of the others.
fn one_at_a_time<'a>(sandbox: &Sandbox, ask: impl Fn(usize) -> HookEvent<'a> + Sync) {
    let mut clients: Vec<_> = (0..16).map(Client::new).collect();
    for round in 0..4 {
        let winners = race(&clients, &ask);
        assert_eq!(winners.len(), 1, "round {round}: {winners:?}");
        // Asked again, the same one has it.
        assert_eq!(race(&clients, &ask), winners, "round {round}");
        assert_eq!(sandbox.leases().len(), 1);
        let owner = &sandbox.leases()[0]["owner"]["client"]["pid"];
        let winner = &mut clients[winners[0]];
        assert_eq!(owner, winner.process.id(), "round {round}");
        *winner = Client::new(16 + round);
    }
    let lines = sandbox.journal();
    let acquired = lines.iter().filter(|line| line["step"] == "acquired");
    assert_eq!(acquired.count(), 4);
}

#[test]
fn of_sixteen_sessions_one_changes_a_file() {
    let sandbox = Sandbox::with_repository();
    let count = std::sync::atomic::AtomicUsize::new(0);
    one_at_a_time(&sandbox, |n| {
        // However it is spelled, it is one file.
        let spelling = count.fetch_add(1, Ordering::Relaxed) % 3;
        let path = ["README.md", "./src/../README.md", "src//..//README.md"][spelling];
        let input = json!({"file_path": path, "old_string": "A", "new_string": "B"});
        HookEvent::before(&sandbox, "Edit", input).with("session_id", format!("session-{n}"))
    });
}

#[test]
fn of_sixteen_agents_in_a_folder_without_git_one_changes_a_file() {
    let sandbox = Sandbox::without_repository();
    one_at_a_time(&sandbox, |n| {
        let input = json!({"file_path": "new.txt", "content": "x"});
        HookEvent::before(&sandbox, "Write", input).by(&format!("agent{n}"), "coder")
    });
}

/// A short run of what `scripts/storm.sh` does for longer.
#[test]
fn many_at_once_get_a_worktree_each_whatever_else_goes_on() {
    let storm = storm(4, |_| {});
    assert_eq!((storm.rounds, storm.made), (4, 64));
    assert!(storm.beside > 0 && storm.kills > 0, "{storm:?}");
}
