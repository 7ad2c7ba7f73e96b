//! Two agents of the real client in one folder, which want the same file.

use maos_tests::{Block, Client, Gate, Sandbox, Script, Settings, programs_folder};

#[test]
fn two_agents_in_one_folder_meet_a_lease_and_both_hear_of_it() {
    let Some(client) = Client::available() else {
        return;
    };
    let sandbox = Sandbox::without_repository();
    let file = |name: &str| sandbox.project().join(name);
    let [has_written, may_meet, has_met] = [(); 3].map(|()| Gate::closed());
    let launch = |script| Block::agent(script, "general-purpose", false);
    let playing = client
        .within(&sandbox)
        .with(Settings::empty().registered())
        .start([
            Script::of("main").then([launch("first"), launch("second")]),
            Script::of("first")
                .then([Block::write(file("shared.txt"), "by the first\n")])
                .then_behind(&has_written, [Block::write(file("own.txt"), "x\n")]),
            Script::of("second")
                .then_behind(&may_meet, [Block::write(file("shared.txt"), "mine\n")])
                .then_behind(&has_met, [Block::write(file("other.txt"), "x\n")]),
        ]);
    has_written.await_arrivals(1);
    may_meet.open();
    has_met.await_arrivals(1);
    has_written.open();
    has_met.open();
    let run = playing.finish();

    let refused = run.transcript.result("second", 0, 0);
    let refused = refused.failed();
    assert!(
        refused.contains("`shared.txt` is being changed by agent"),
        "{refused}"
    );
    assert!(refused.contains("MAOS rule leases.held"), "{refused}");
    let told = run.transcript.told_by_hooks("first").join("\n");
    assert!(told.contains("wanted to change shared.txt"), "{told}");
    assert_eq!(
        sandbox.read("shared.txt").as_deref(),
        Some("by the first\n")
    );
    let _ = run.transcript.result("second", 1, 0).succeeded();
    assert_eq!(sandbox.leases().len(), 0, "both have ended");
}

#[test]
fn what_an_agent_reserves_by_a_command_is_its_own() {
    let Some(client) = Client::available() else {
        return;
    };
    let sandbox = Sandbox::with_repository();
    let maos = programs_folder().join("maos");
    let reserve = |pattern: &str| {
        let maos = maos.display();
        Block::bash(format!(
            "'{maos}' reserve '{pattern}' --for 1h --why 'a plan'"
        ))
    };
    let status = Block::bash(format!("'{}' status", maos.display()));
    let run = client.guarded_in(&sandbox).play([
        Script::of("main")
            .then([reserve("docs/**")])
            .then([Block::agent("worker", "general-purpose", false)]),
        Script::of("worker")
            .then([reserve("src/**")])
            .then([status]),
    ]);

    let first = run.transcript.result("main", 0, 0);
    assert_eq!(first.succeeded(), "docs/** is reserved for 1h");
    let second = run.transcript.result("worker", 0, 0);
    assert_eq!(second.succeeded(), "src/** is reserved for 1h");
    let status = run.transcript.result("worker", 1, 0);
    let status = status.succeeded();
    let held = |pattern: &str| status.lines().find(|line| line.contains(pattern));
    assert!(
        held("docs/**").is_some_and(|line| line.contains("main")),
        "{status}"
    );
    assert!(
        held("src/**").is_some_and(|line| line.contains("general-purpose")),
        "{status}"
    );
    // They ended with the session.
    assert!(!sandbox.project().join(".maos/reservations").exists());
}
