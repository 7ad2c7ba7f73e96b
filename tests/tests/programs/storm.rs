//! Many clients against each other for a while: some seconds, or as long as
//! `MAOS_TEST_SECONDS` says (`scripts/storm.sh`: a minute).
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test fails by panicking; this one reads how long it may take"
)]

use std::collections::BTreeMap;
use std::process::{Child, Command};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use maos_shared::hook::Event;
use maos_tests::{HookEvent, Program, Random, Sandbox};
use serde_json::{Value, json};

use super::crash::may_run;

/// How many want files.
const WRITERS: usize = 16;
/// How many files there are.
const FILES: usize = 64;
/// How many clients hammer one project.
const CLIENTS: usize = 32;
/// How long a storm is, in seconds, where nobody says otherwise.
const SECONDS: u64 = 3;

/// Returns when a storm that begins now ends.
fn end() -> Instant {
    let seconds = std::env::var("MAOS_TEST_SECONDS").ok();
    let seconds = seconds.and_then(|seconds| seconds.parse().ok());
    Instant::now() + Duration::from_secs(seconds.unwrap_or(SECONDS))
}

/// A time in which a writer had a file: from when it was told so until it began
/// to give it back.
#[derive(Debug)]
struct Span {
    file: usize,
    writer: usize,
    from: Instant,
    until: Instant,
}

/// Somebody who changes files, as one client after the other.
struct Writer<'a> {
    sandbox: &'a Sandbox,
    number: usize,
    random: Random,
    generation: usize,
    client: Child,
    /// The files that it has, and since when.
    held: BTreeMap<usize, Instant>,
    spans: Vec<Span>,
}

fn client() -> Child {
    Command::new("sleep").arg("1000").spawn().unwrap()
}

impl<'a> Writer<'a> {
    fn new(sandbox: &'a Sandbox, number: usize) -> Self {
        Self {
            sandbox,
            number,
            random: Random::seeded(u64::try_from(number).unwrap()),
            generation: 0,
            client: client(),
            held: BTreeMap::new(),
            spans: Vec::new(),
        }
    }

    /// Takes files, gives them back and is killed until `end`. Returns when it
    /// had which file.
    fn write(mut self, end: Instant) -> Vec<Span> {
        while Instant::now() < end {
            match self.random.below(12) {
                0 => self.loses_its_client(),
                1 => self.ends_its_session(),
                2 | 3 => self.is_killed_while_it_asks(),
                _ => self.asks(),
            }
        }
        self.gives_back();
        self.client.kill().unwrap();
        self.client.wait().unwrap();
        self.spans
    }

    fn sends(&self, event: HookEvent<'a>) -> Program<'a> {
        let session = format!("writer-{}-{}", self.number, self.generation);
        let program = event.with("session_id", session).program();
        program.started_by(self.client.id())
    }

    fn edit(&self, file: usize) -> Program<'a> {
        let input = json!({"file_path": format!("file-{file}.txt"), "content": "x"});
        self.sends(HookEvent::before(self.sandbox, "Write", input))
    }

    fn asks(&mut self) {
        let file = self.random.below(FILES);
        // Where state cannot be read, a call may run without a lease: not here.
        let asked = self.edit(file).with_variable("MAOS_LOG", "warn");
        let finished = asked.run().exits(0);
        assert_eq!(finished.err(), "", "{finished}");
        if may_run(&finished) {
            self.held.entry(file).or_insert_with(Instant::now);
        }
    }

    /// Whether it has the file then, nobody has told it.
    fn is_killed_while_it_asks(&mut self) {
        let file = self.random.below(FILES);
        let delay = self.random.up_to(Duration::from_millis(20));
        let _ = self.edit(file).killed_after(delay);
    }

    fn ends_its_session(&mut self) {
        self.gives_back();
        let end = || HookEvent::new(self.sandbox, Event::SessionEnd);
        if self.random.below(2) == 0 {
            let delay = self.random.up_to(Duration::from_millis(20));
            let _ = self.sends(end()).killed_after(delay);
        }
        let _ = self.sends(end()).run().exits(0);
    }

    fn loses_its_client(&mut self) {
        self.gives_back();
        self.client.kill().unwrap();
        self.client.wait().unwrap();
        self.client = client();
        self.generation += 1;
    }

    /// From now on others may have its files.
    fn gives_back(&mut self) {
        let until = Instant::now();
        let writer = self.number;
        let held = std::mem::take(&mut self.held).into_iter();
        self.spans.extend(held.map(|(file, from)| Span {
            file,
            writer,
            from,
            until,
        }));
    }
}

#[test]
fn of_sixteen_writers_that_are_killed_no_two_have_a_file() {
    let sandbox = Sandbox::without_repository();
    let end = end();
    let mut spans: Vec<Span> = thread::scope(|scope| {
        let write = |number| {
            let writer = Writer::new(&sandbox, number);
            scope.spawn(move || writer.write(end))
        };
        let writers: Vec<_> = (0..WRITERS).map(write).collect();
        let spans = writers
            .into_iter()
            .flat_map(|writer| writer.join().unwrap());
        spans.collect()
    });
    spans.sort_by_key(|span| (span.file, span.from));
    let mut handed_over = 0;
    for pair in spans.windows(2) {
        let [first, second] = pair else { continue };
        if first.file == second.file && first.writer != second.writer {
            assert!(first.until <= second.from, "{first:?} {second:?}");
            handed_over += 1;
        }
    }
    assert!(handed_over > 0, "of {} no one was wanted", spans.len());
    // Neither a kill nor a crowd has torn a line, or left half a file.
    drop(sandbox.journal());
    let _ = sandbox.maos(["status"]).exits(0);
}

/// What a client sends again and again, as it comes from its session.
fn round<'a>(sandbox: &'a Sandbox, session: &str, turn: usize) -> Vec<HookEvent<'a>> {
    let call = |event, tool: &str, input: Value| {
        HookEvent::new(sandbox, event)
            .with("tool_name", tool)
            .with("tool_use_id", format!("toolu_{session}_{turn}"))
            .with("tool_input", input)
    };
    let command = json!({"command": "ls -la"});
    let own = json!({"file_path": format!("{session}/{}.txt", turn % 8), "content": "x"});
    let events = [
        HookEvent::new(sandbox, Event::UserPromptSubmit).with("prompt", "go on"),
        call(Event::PreToolUse, "Bash", command.clone()),
        call(Event::PostToolUse, "Bash", command),
        call(Event::PreToolUse, "Write", own.clone()),
        call(Event::PostToolUse, "Write", own),
        HookEvent::new(sandbox, Event::Stop),
    ];
    let from = |event: HookEvent<'a>| event.with("session_id", session);
    events.into_iter().map(from).collect()
}

#[test]
fn of_thirty_two_clients_at_one_project_no_line_is_lost_or_torn() {
    let sandbox = Sandbox::without_repository();
    let end = end();
    let sent = AtomicUsize::new(0);
    thread::scope(|scope| {
        for number in 0..CLIENTS {
            let (sandbox, sent) = (&sandbox, &sent);
            scope.spawn(move || {
                let session = format!("client-{number}");
                let mut turn = 0;
                while Instant::now() < end {
                    for event in round(sandbox, &session, turn) {
                        let finished = event.answer().finished().exits(0);
                        assert_eq!(finished.err(), "", "{finished}");
                        sent.fetch_add(1, Ordering::Relaxed);
                    }
                    turn += 1;
                }
            });
        }
    });
    let lines = sandbox.journal();
    let events = lines.iter().filter(|line| line["event"].is_string());
    assert_eq!(events.count(), sent.into_inner());
    let failed = lines.iter().find(|line| line["outcome"] == "error");
    assert_eq!(failed, None);
    let taken = lines
        .iter()
        .filter(|line| line["step"] == "acquired")
        .count();
    assert_eq!(sandbox.leases().len(), taken, "a lease each");
}
