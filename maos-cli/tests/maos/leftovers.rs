//! What lies beside the agents: jobs, leftovers, rescued work.

use std::process::Command;

use maos_shared::jobs;
use maos_shared::state::process::Process;
use maos_shared::state::sessions::SessionFact;

use crate::world::{World, text};

#[test]
fn jobs_are_listed_and_stopped() {
    let world = World::new();
    assert_eq!(world.prints(&["jobs"]), "no job\n");
    assert_eq!(world.prints(&["jobs", "--json"]), "[]\n");
    let order = jobs::Order {
        kind: jobs::Kind::Forecast,
        about: "a1",
        session: Some("s1"),
    };
    let endless = || loop {
        std::thread::park();
    };
    jobs::start(&world.state(), &order, endless).unwrap();
    // Its own process puts it on disk.
    let id = loop {
        if let Some(job) = jobs::list(&world.state()).unwrap().pop() {
            break job.id;
        }
        std::thread::yield_now();
    };
    let screen = world.prints(&["jobs"]);
    let line = screen.lines().nth(1).unwrap();
    let states = ["running", "waiting"].map(|state| format!("{id}  {state}  "));
    assert!(
        states.iter().any(|begin| line.starts_with(begin)) && line.ends_with("  a1"),
        "{screen}"
    );
    assert_eq!(
        world.prints(&["jobs", "stop", &id]),
        format!("{id} is stopped\n")
    );
    assert_eq!(
        world.prints(&["jobs", "stop", &id]),
        format!("{id} had ended already\n")
    );
    let json: serde_json::Value = serde_json::from_str(&world.prints(&["jobs", "--json"])).unwrap();
    for (field, value) in [
        ("id", &*id),
        ("kind", "forecast"),
        ("about", "a1"),
        ("session", "s1"),
        ("state", "ended"),
        ("how", "stopped"),
    ] {
        assert_eq!(json[0][field], value, "{json}");
    }
    let unknown = world.run(&["jobs", "stop", "../x"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(text(&unknown.stderr).contains("there is no job"));
}

#[test]
fn clean_shows_and_does_it() {
    let world = World::new();
    assert_eq!(world.prints(&["clean"]), "nothing to clean up\n");
    let session = world.state().session("s1");
    session
        .begin(&SessionFact {
            session_id: "s1".to_owned(),
            started: "2026-01-01T00:00:00.000Z".to_owned(),
            source: "startup".to_owned(),
            cwd: world.root().to_owned(),
            client: Some(Process::of(1 << 30)),
        })
        .unwrap();
    assert_eq!(
        world.prints(&["clean", "--ttl", "1h"]),
        "nothing to clean up\n"
    );
    assert_eq!(
        world.prints(&["clean", "--ttl", "0s"]),
        "gone   session s1\n"
    );
    assert!(!session.dir().exists());
    let json = world.prints(&["clean", "--json"]);
    assert_eq!(json, "{\"removed\":[],\"stays\":[],\"troubles\":[]}\n");
    // Without git there are no workspaces, and nothing is wrong with that.
    assert_eq!(
        world.prints(&["clean", "--dry-run"]),
        "nothing to clean up\n"
    );
}

#[test]
fn rescued_work_is_listed_and_brought_back() {
    let world = World::new();
    let git = |arguments: &[&str]| {
        let mut git = Command::new("git");
        let identity = ["-c", "user.name=Dev", "-c", "user.email=dev@localhost"];
        let output = git
            .args(identity)
            .args(arguments)
            .current_dir(world.root())
            .env("HOME", world.root())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout).trim().to_owned()
    };
    git(&["init", "-q", "-b", "main"]);
    git(&["commit", "-q", "--allow-empty", "-m", "first\u{1b}[2J"]);
    let environment = |arguments: &[&str]| {
        let output = world
            .command(arguments)
            .env("PATH", std::env::var_os("PATH").unwrap())
            .output()
            .unwrap();
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        (output.status.code(), out + &err)
    };
    let nothing = (Some(0), "nothing was rescued here\n".to_owned());
    assert_eq!(environment(&["rescue"]), nothing);
    git(&["update-ref", "refs/maos/rescue/coder-1-abc", "HEAD"]);
    let (code, listed) = environment(&["rescue", "list"]);
    assert!(
        listed.starts_with("coder-1-abc  ") && code == Some(0),
        "{listed}"
    );
    assert!(listed.ends_with("first\\u{1b}[2J\n"), "{listed}");
    let (_, json) = environment(&["rescue", "list", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json[0]["name"], "coder-1-abc");
    let (_, shown) = environment(&["rescue", "show", "coder"]);
    assert!(shown.contains("first"), "{shown}");
    let restore = ["rescue", "restore", "coder-1", "--worktree", "back"];
    let (code, restored) = environment(&restore);
    assert!(
        restored.starts_with("rescue/coder-1-abc is checked out in /"),
        "{restored}"
    );
    assert_eq!(code, Some(0));
    assert!(world.root().join("back/.git").exists());
    let (code, again) = environment(&["rescue", "restore", "coder-1"]);
    assert!(
        again.contains("there is one already") && code == Some(1),
        "{again}"
    );
    let (code, missing) = environment(&["rescue", "show", "x"]);
    assert!(
        missing.contains("nothing was rescued under the name") && code == Some(1),
        "{missing}"
    );
}
