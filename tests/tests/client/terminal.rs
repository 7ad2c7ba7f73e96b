//! The real client at a terminal: its question reaches the person there.

use maos_tests::{Block, Client, Sandbox, Script};

#[test]
fn a_question_for_permission_is_shown_and_rung_at_the_terminal() {
    let Some(client) = Client::available() else {
        return;
    };
    let sandbox = Sandbox::with_repository();
    let script = Script::of("main").then([Block::bash("touch made.txt")]);
    let session = client.guarded_in(&sandbox).allowing_only("Read");
    let Some(screen) = session.at_a_terminal([script]) else {
        return;
    };
    screen.await_text("]777;notify;project;");
    screen.await_text("]9;project: ");
    screen.await_bell();
    assert!(!sandbox.project().join("made.txt").exists());
}
