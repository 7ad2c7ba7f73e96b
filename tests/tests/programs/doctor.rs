//! `maos doctor` with the built programs: what is on, what is not, what helps.
#![expect(clippy::expect_used, reason = "tests fail by panicking")]

use maos_shared::hook::Event;
use maos_tests::{Sandbox, programs_folder};
use serde_json::Value;

fn register(sandbox: &Sandbox, programs: &std::path::Path) {
    let programs = programs.to_str().expect("a path of ours is UTF-8");
    let _ = sandbox.maos(["register", "--programs", programs]).exits(0);
}

/// Returns the findings of a grade, as `subject: found`.
fn findings(sandbox: &Sandbox, code: i32, grade: &str) -> Vec<String> {
    let report = sandbox.maos(["doctor", "--json"]).exits(code).out();
    let report: Value = serde_json::from_str(&report).expect("one JSON object");
    let findings = report["findings"].as_array().expect("a list").iter();
    let findings = findings.filter(|finding| finding["grade"] == grade);
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    findings
        .map(|finding| format!("{}: {}", text(&finding["subject"]), text(&finding["found"])))
        .collect()
}

#[test]
fn a_sound_installation_has_no_fault_and_one_that_is_off_has() {
    let sandbox = Sandbox::with_repository();
    let faults = findings(&sandbox, 1, "fault");
    assert_eq!(
        faults,
        ["settings: no settings file registers the hooks (a plugin may)"]
    );
    register(&sandbox, &programs_folder());
    assert_eq!(findings(&sandbox, 0, "fault"), Vec::<String>::new());
    let good = findings(&sandbox, 0, "good").join("\n");
    assert!(good.contains("all 14 events"), "{good}");
    assert!(good.contains("guard: on: `ls` passes"), "{good}");
    assert!(good.contains("files: renames and locks work"), "{good}");
    assert!(good.contains("reflink"), "{good}");
    assert_eq!(sandbox.status(), "", "nothing is left in the project");

    sandbox.write(
        ".claude/settings.local.json",
        r#"{"disableAllHooks": true}"#,
    );
    let faults = findings(&sandbox, 1, "fault").join("\n");
    assert!(faults.contains("switches all hooks off"), "{faults}");
    sandbox.write(".claude/settings.local.json", "{");
    let faults = findings(&sandbox, 1, "fault").join("\n");
    assert!(faults.contains("settings.local.json:1:"), "{faults}");
}

#[test]
fn a_program_that_does_not_answer_is_named_with_its_remedy() {
    let sandbox = Sandbox::with_repository();
    let version = env!("CARGO_PKG_VERSION");
    let script = format!("[ \"$1\" = --version ] && echo maos-stop {version} || exit 7");
    register(&sandbox, &sandbox.programs_but(Event::Stop, &script));
    let report = sandbox.maos(["doctor"]).exits(1).out();
    assert!(
        report.contains("maos-stop must answer an event"),
        "{report}"
    );
    assert!(
        report.contains("\n                  run scripts/install.sh\n"),
        "{report}"
    );
}

#[test]
fn a_mistake_in_maos_toml_is_told_with_its_place() {
    let sandbox = Sandbox::with_repository();
    register(&sandbox, &programs_folder());
    sandbox.write("../.claude/maos.toml", "[guard]\nnothing = 1\n");
    let faults = findings(&sandbox, 1, "fault").join("\n");
    assert!(faults.contains("maos.toml:2:1: unknown field"), "{faults}");
}
