//! What the guard refuses does not happen in the real client, and the model is
//! told why and what to do instead.
//!
//! Nothing here can do harm where the guard fails: `sudo` and `rm` are
//! stand-ins that only write down how they were called, and a script plays its
//! commands only when the client's shell finds those.

use std::path::PathBuf;

use maos_shared::hook::Event;
use maos_tests::{Block, Client, Request, Sandbox, Script, Settings};
use serde_json::json;

/// The programs that the commands below would run.
const DESTRUCTIVE: [&str; 2] = ["sudo", "rm"];
/// What no model may see.
const SECRET: &str = "hunter2-and-more";

/// Returns a script that looks where the programs are, and only where all of
/// them are stand-ins plays the `commands`, one a turn.
fn only_with_stand_ins(name: &str, folder: PathBuf, commands: &'static [&str]) -> Script {
    let looks = DESTRUCTIVE.map(|program| Block::bash(format!("command -v {program}")));
    let are_in_place = move |request: &Request| {
        DESTRUCTIVE.iter().enumerate().all(|(index, program)| {
            let found = request.result(0, index).text;
            found == folder.join(program).to_string_lossy()
        })
    };
    let script = Script::of(name).then(looks);
    let are_in_place = std::sync::Arc::new(are_in_place);
    commands.iter().fold(script, |script, command| {
        let are_in_place = are_in_place.clone();
        script.then_from(move |request| {
            if are_in_place(request) {
                vec![Block::bash(*command)]
            } else {
                vec![Block::text("the stand-ins are not in place")]
            }
        })
    })
}

fn sandbox_with_secrets() -> Sandbox {
    Sandbox::with_repository()
        .with_file(".gitignore", ".env\n")
        .committed("ignore secrets")
        .with_file(".env", &format!("PASSWORD={SECRET}\n"))
        .with_stand_ins(&DESTRUCTIVE)
}

#[test]
fn a_destructive_command_is_refused_with_the_rule_and_does_not_run() {
    let Some(client) = Client::available() else {
        return;
    };
    const COMMANDS: [&str; 4] = [
        r#"sudo bash -c "rm -rf /""#,
        "rm -rf ~",
        "ls; rm -rf .",
        "env X=1 sudo rm -r -f /*",
    ];
    const RULES: [&str; 4] = [
        "files.rm-root",
        "files.rm-root",
        "files.rm-project",
        "files.rm-root",
    ];
    let sandbox = sandbox_with_secrets();
    let stand_ins = sandbox.stand_ins();
    let before = sandbox.head();
    let run = client.guarded_in(&sandbox).play([
        only_with_stand_ins("main", stand_ins.clone(), &COMMANDS)
            .then([Block::agent("worker", "general-purpose", false)])
            .then([Block::agent("reader", "Explore", false)]),
        only_with_stand_ins("worker", stand_ins.clone(), &COMMANDS),
        only_with_stand_ins("reader", stand_ins, &COMMANDS),
    ]);

    for who in ["main", "worker", "reader"] {
        for (index, (command, rule)) in COMMANDS.iter().zip(RULES).enumerate() {
            let refused = run.transcript.result(who, 1 + index, 0);
            let reason = refused.failed();
            for part in [&format!("(MAOS rule {rule}"), "such as `rm -rf build`"] {
                assert!(reason.contains(part), "{who}: {command}: {reason}");
            }
        }
    }
    assert_eq!(
        sandbox.calls(),
        Vec::<String>::new(),
        "a refused command ran"
    );
    assert_eq!(sandbox.head(), before);
    assert_eq!(sandbox.status(), "");
}

#[test]
fn no_tool_shows_a_secret_file() {
    let Some(client) = Client::available() else {
        return;
    };
    let sandbox = sandbox_with_secrets();
    let env = sandbox.project().join(".env");
    let attempts = || {
        [
            Block::bash("cat .env"),
            Block::bash("bash -c 'head -1 <.env'"),
            Block::read(&env),
            Block::tool(
                "Grep",
                json!({ "pattern": ".", "path": env, "output_mode": "content" }),
            ),
        ]
    };
    let run = client.guarded_in(&sandbox).play([
        Script::of("main")
            .then(attempts())
            .then([Block::agent("worker", "general-purpose", false)])
            .then([Block::agent("reader", "Explore", false)]),
        Script::of("worker").then(attempts()),
        Script::of("reader").then(attempts()),
    ]);

    for who in ["main", "worker", "reader"] {
        for index in 0..attempts().len() {
            let refused = run.transcript.result(who, 0, index);
            let reason = refused.failed();
            assert!(
                reason.contains("(MAOS rule secrets."),
                "{who}: {index}: {reason}"
            );
            assert!(
                reason.contains(".env.example"),
                "no next step: {who}: {index}: {reason}"
            );
        }
        let shown = run.transcript.shown_to(who);
        assert!(!shown.contains(SECRET), "{who} has seen the secret");
    }
}

/// The registration blocks where the guard itself fails.
#[test]
fn a_guard_that_fails_blocks_the_call() {
    let Some(client) = Client::available() else {
        return;
    };
    for failure in ["exit 3", "kill -9 $$"] {
        let sandbox = Sandbox::with_repository();
        let programs = sandbox.programs_but(Event::PreToolUse, failure);
        let run = client
            .clone()
            .within(&sandbox)
            .with(Settings::empty().registered_from(&programs))
            .play([Script::of("main").then([Block::bash("touch made.txt")])]);
        let blocked = run.transcript.result("main", 0, 0);
        let reason = blocked.failed();
        assert!(
            reason.starts_with("PreToolUse:Bash hook error") && reason.contains("onFailure"),
            "{failure}: {reason}"
        );
        assert_eq!(sandbox.status(), "", "{failure}");
    }
}
