//! The real client in tmux: its question reaches the person's terminal around that.

use maos_tests::{Block, Client, Sandbox, Script};

/// What rings the terminal's bell.
const BELL: &str = "\u{7}";

#[test]
fn a_question_for_permission_is_shown_and_rung_at_the_terminal() {
    let Some(client) = Client::available() else {
        return;
    };
    for hands_on in [false, true] {
        let sandbox = Sandbox::with_repository();
        let script = Script::of("main").then([Block::bash("touch made.txt")]);
        let session = client.clone().guarded_in(&sandbox).allowing_only("Read");
        let Some(screen) = session.at_a_terminal([script]) else {
            return;
        };
        if hands_on {
            let screen = screen.handing_on();
            let _ = screen.await_sent("]777;notify;project;");
            let _ = screen.await_sent("]9;project: ");
        } else {
            // Of its own accord, tmux hands on the bell alone.
            let sent = screen.await_sent(BELL);
            assert!(!sent.contains("]777;") && !sent.contains("]9;"), "{sent:?}");
        }
        assert!(!sandbox.project().join("made.txt").exists());
    }
}
