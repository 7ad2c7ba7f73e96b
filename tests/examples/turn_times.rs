//! Times the turns of the real client without hooks, with one hook and with all
//! of MAOS, and prints what came of it as a section in Markdown: from one
//! request to the model to the next, with one use of a tool between them.
//!
//! Usage: `turn_times PROGRAMS`, the folder of the built programs.
#![expect(
    clippy::disallowed_methods,
    reason = "its one argument says where the programs are"
)]

use std::env;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use maos_shared::hook::Event;
use maos_tests::{Block, Client, Sandbox, Script, Settings};
use serde_json::{Value, json};

/// How many turns a session has, and how many sessions are timed of each kind.
const TURNS: usize = 20;
const SESSIONS: usize = 3;

/// A hook in Python that does nothing but read its input.
const PYTHON: &str = "import json, sys; json.load(sys.stdin)";

fn main() -> io::Result<()> {
    let mut out = io::stdout();
    writeln!(out, "\n## In the client\n")?;
    let Some(programs) = env::args_os().nth(1).map(PathBuf::from) else {
        return Err(io::Error::other("name the folder of the programs"));
    };
    let client = match Client::install() {
        Ok(client) => client,
        Err(why) => return writeln!(out, "Not measured: there is no client here ({why})."),
    };
    let ways = ways(&programs);
    let mut times: Vec<Vec<Duration>> = vec![Vec::new(); ways.len()];
    for _ in 0..SESSIONS {
        for ((_, settings), times) in ways.iter().zip(&mut times) {
            times.extend(session(&client, settings.clone()));
        }
    }
    let medians: Vec<Duration> = times.into_iter().map(median).collect();
    let without = medians.first().copied().unwrap_or_default();
    writeln!(
        out,
        "Turns of the real client ({}), each a request to a scripted model and the reading of a \
         file; medians of {} turns.\n\n| hooks | a turn | more |\n| --- | ---: | ---: |",
        Client::VERSION,
        SESSIONS * (TURNS - 1)
    )?;
    for ((name, _), median) in ways.iter().zip(medians) {
        let more = median.saturating_sub(without);
        let (median, more) = (milliseconds(median), milliseconds(more));
        writeln!(out, "| {name} | {median} | {more} |")?;
    }
    Ok(())
}

fn milliseconds(time: Duration) -> String {
    format!("{:.0} ms", time.as_secs_f64() * 1000.0)
}

/// Returns the ways in which hooks can be there, by their names.
fn ways(programs: &Path) -> Vec<(&'static str, Settings)> {
    let none = Settings::empty;
    let program = |event: Event| programs.join(event.program());
    let direct = |event| json!({"type": "command", "command": program(event), "args": []});
    let by_shell = |event| json!({"type": "command", "command": program(event)});
    let python = json!({"type": "command", "command": "python3", "args": ["-c", PYTHON]});
    let all = |hook: &dyn Fn(Event) -> Value| {
        let answered = |settings: Settings, event| settings.answering(event, hook(event));
        Event::ALL.into_iter().fold(none(), answered)
    };
    let before = Event::PreToolUse;
    vec![
        ("none", none()),
        ("PreToolUse alone", none().answering(before, direct(before))),
        (
            "PreToolUse alone, registered without `args`: through a shell",
            none().answering(before, by_shell(before)),
        ),
        (
            "PreToolUse alone, in Python: it reads its input and says nothing",
            none().answering(before, python.clone()),
        ),
        ("all of MAOS", all(&direct)),
        ("all of MAOS, through shells", all(&by_shell)),
        (
            "in the place of all, in Python: each reads its input and says nothing",
            Event::ALL
                .into_iter()
                .filter(|event| *event != Event::WorktreeCreate)
                .fold(none(), |settings, event| {
                    settings.answering(event, python.clone())
                }),
        ),
    ]
}

/// Plays a session and returns how long its turns took.
fn session(client: &Client, settings: Settings) -> Vec<Duration> {
    let sandbox = Sandbox::with_repository();
    let file = sandbox.project().join("README.md");
    let asked: Arc<Mutex<Vec<Instant>>> = Arc::default();
    let turn = |script: Script, _| {
        let (asked, file) = (Arc::clone(&asked), file.clone());
        script.then_from(move |_| {
            if let Ok(mut asked) = asked.lock() {
                asked.push(Instant::now());
            }
            vec![Block::read(&file)]
        })
    };
    let script = (0..TURNS).fold(Script::of("main"), turn);
    let session = client.clone().within(&sandbox).with(settings);
    let _ = session.play([script]);
    let asked = asked.lock().map(|asked| asked.clone()).unwrap_or_default();
    let pairs = asked.windows(2).filter_map(|pair| match pair {
        [before, after] => Some(after.duration_since(*before)),
        _ => None,
    });
    pairs.collect()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
