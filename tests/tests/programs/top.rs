//! `maos top` at a terminal of its own: it gives it back however it ends.

use std::io::Write;

use maos_tests::Sandbox;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

/// What leaves the screen that `top` drew on.
const LEAVES: &str = "\u{1b}[?1049l";
/// What it shows without a session. A terminal gets words one by one, where
/// blanks stood there before.
const SHOWN: &str = "Nobody";

#[test]
fn q_gives_the_terminal_back() {
    let sandbox = Sandbox::with_repository();
    let (code, written) = sandbox.maos_on_a_screen(["top"], SHOWN, |terminal, _| {
        terminal.write_all(b"q").expect("a key");
    });
    assert_eq!(code, Some(0), "{written}");
    assert!(written.contains(LEAVES), "{written}");
}

#[test]
fn a_signal_gives_the_terminal_back() {
    let sandbox = Sandbox::with_repository();
    let (code, written) = sandbox.maos_on_a_screen(["top"], SHOWN, |_, id| {
        let id = i32::try_from(id).expect("an id");
        kill(Pid::from_raw(id), Signal::SIGTERM).expect("it runs");
    });
    assert_eq!(code, Some(0), "{written}");
    assert!(written.contains(LEAVES), "{written}");
}

#[test]
fn it_needs_a_terminal() {
    let said = Sandbox::with_repository().maos(["top"]).exits(1).err();
    assert!(said.contains("this needs a terminal"), "{said}");
}
