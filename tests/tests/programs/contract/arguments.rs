//! The few arguments that a program takes.

use maos_shared::hook::Event;
use maos_tests::{Program, Sandbox};

use super::{gave_up, one_line, refused, sample};

#[test]
fn every_program_tells_its_version() {
    let sandbox = Sandbox::with_repository();
    for event in Event::ALL {
        let finished = Program::answering(event, &sandbox)
            .with_argument("--version")
            .run()
            .exits(0);
        let version = format!("{} {}\n", event.program(), env!("CARGO_PKG_VERSION"));
        assert_eq!(finished.out(), version);
        assert_eq!(finished.err(), "");
    }
    assert!(!sandbox.project().join(".maos").exists());
}

#[test]
fn an_unknown_argument_is_named_and_nothing_is_done() {
    let sandbox = Sandbox::with_repository();
    for event in Event::ALL {
        let input = sample(event, &sandbox);
        for argument in ["--verbose", "", "--fail-closed", "\u{1b}[2J\nx"] {
            let finished = Program::answering(event, &sandbox)
                .with_argument(argument)
                .given(&input)
                .run();
            let line = gave_up(event, finished);
            assert!(line.contains("unknown argument"), "{line}");
        }
    }
    assert!(!sandbox.project().join(".maos").exists());
}

#[test]
fn fail_open_lets_a_call_pass_that_cannot_be_judged_but_none_that_is_refused() {
    let sandbox = Sandbox::with_repository();
    let open = |event| Program::answering(event, &sandbox).with_argument("--fail-open");
    let finished = open(Event::PreToolUse).given_bytes("{").run().exits(1);
    let line = one_line(Event::PreToolUse, &finished);
    assert!(!line.contains("blocked"), "{line}");

    let input = refused(&sandbox).into_input();
    let finished = open(Event::PreToolUse).given(&input).run().exits(0);
    assert!(finished.out().contains("\"deny\""), "{finished}");
    let unheard = open(Event::PreToolUse).given(&input).with_broken_stdout();
    let finished = unheard.run().exits(2);
    assert!(finished.err().contains(".env"), "{finished}");

    for event in Event::ALL {
        if event != Event::PreToolUse {
            let line = gave_up(event, open(event).given_bytes("{").run());
            assert!(line.contains("unknown argument --fail-open"), "{line}");
        }
    }
}
