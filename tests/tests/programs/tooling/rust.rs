//! rustfmt and clippy.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use maos_shared::hook::Event;
use nix::sys::signal::kill;
use nix::unistd::Pid;

use super::{
    MAIN, MANIFEST, PATIENCE, PRETTY, UGLY, await_pretty, edit, heard, hold_jobs, jobs, results,
    with_settings, write,
};

#[test]
fn without_settings_a_file_is_formatted_that_the_project_keeps_so() {
    let sandbox = with_settings("");
    sandbox.write("src/ugly.rs", UGLY);
    sandbox.write("src/pretty.rs", PRETTY);
    sandbox.commit("one that nobody formats");
    write(&sandbox, "src/ugly.rs", &format!("{UGLY}\n"), "a1");
    write(&sandbox, "src/new.rs", UGLY, "a1");
    write(
        &sandbox,
        "src/pretty.rs",
        &format!("{PRETTY}\n{UGLY}"),
        "a1",
    );
    // The last edit is in the last check.
    write(&sandbox, "src/z_last.rs", UGLY, "a1");
    await_pretty(&sandbox, "src/z_last.rs");
    assert_eq!(sandbox.read("src/ugly.rs").unwrap(), format!("{UGLY}\n"));
    assert_eq!(sandbox.read("src/new.rs").unwrap(), PRETTY);
    let both = format!("{PRETTY}\n{PRETTY}");
    assert_eq!(sandbox.read("src/pretty.rs").unwrap(), both);
    let told = heard(&sandbox, "a1");
    assert!(!told.contains("ugly.rs"), "{told}");
}

#[test]
fn without_settings_only_what_was_built_before_is_checked() {
    let sandbox = with_settings("").with_file(".gitignore", "target\n");
    let text = "pub fn one() -> bool {\n    1\n}\n";
    write(&sandbox, "src/lib.rs", text, "a1");
    let _ = results(&sandbox, 1);
    assert_eq!(
        heard(&sandbox, "a1"),
        "",
        "its build scripts have never run"
    );
    sandbox.write("target/CACHEDIR.TAG", "");
    write(&sandbox, "src/lib.rs", text, "a1");
    let _ = results(&sandbox, 2);
    let told = heard(&sandbox, "a1");
    assert!(told.contains("src/lib.rs:2: error[E0308]"), "{told}");
}

#[test]
fn what_belongs_to_no_package_is_left_alone() {
    let sandbox = with_settings("");
    sandbox.git(["clean", "--quiet", "--force"]);
    write(&sandbox, "src/lib.rs", UGLY, "a1");
    sandbox.write("package/Cargo.toml", MANIFEST);
    write(&sandbox, "package/src/lib.rs", UGLY, "a1");
    await_pretty(&sandbox, "package/src/lib.rs");
    assert_eq!(sandbox.read("src/lib.rs").unwrap(), UGLY);
}

#[test]
fn what_takes_too_long_is_ended_with_all_that_it_started() {
    let sandbox =
        with_settings("[tooling.rust]\nfmt = \"fix\"\nclippy = \"on\"\nfmt_timeout = \"200ms\"\n");
    let alive = sandbox.home().join("alive");
    let script = format!("(sleep 600 & echo $! >'{}'; wait)", alive.display());
    sandbox.stand_in("rustfmt", &script);
    sandbox.stand_in("cargo", &format!("echo >'{}.cargo'", alive.display()));
    write(&sandbox, "src/lib.rs", UGLY, "a1");
    let results = results(&sandbox, 1);
    assert_eq!(
        (&results[0]["how"], &results[0]["text"]),
        (&"failed".into(), &"rustfmt did not end within 200ms".into())
    );
    let child = fs::read_to_string(&alive).unwrap();
    let child = Pid::from_raw(child.trim().parse().unwrap());
    let deadline = Instant::now() + PATIENCE;
    while kill(child, None).is_ok() && !is_zombie(child) {
        assert!(Instant::now() < deadline, "{child} lives on");
        thread::sleep(Duration::from_millis(5));
    }
    assert!(
        alive.with_extension("cargo").exists(),
        "the next one has its own time"
    );
}

#[test]
fn rustfmt_has_one_deadline_however_often_it_runs() {
    let sandbox = with_settings("[tooling.rust]\nfmt_timeout = \"900ms\"\n");
    sandbox.write("src/lib.rs", UGLY);
    sandbox.commit("one that nobody formats");
    // Once for the file as it is, and once as it was committed.
    sandbox.stand_in("rustfmt", "sleep 0.6; cat; echo");
    write(&sandbox, "src/lib.rs", &format!("{UGLY}\n"), "a1");
    let results = results(&sandbox, 1);
    assert_eq!(results[0]["text"], "rustfmt did not end within 900ms");
}

#[test]
fn the_target_folder_is_the_workspaces_own() {
    let sandbox = with_settings("[tooling.rust]\nfmt = \"off\"\nclippy = \"on\"\n");
    let elsewhere = sandbox.home().join("elsewhere");
    let config = format!("[build]\ntarget-dir = '{}'\n", elsewhere.display());
    sandbox.write("../.cargo/config.toml", &config);
    sandbox.write("src/lib.rs", "pub fn one() -> bool {\n    1\n}\n");
    let mut done = edit(&sandbox, Event::PostToolUse, "src/lib.rs", "a1").program();
    for name in ["CARGO_TARGET_DIR", "CARGO_BUILD_TARGET_DIR"] {
        done = done.with_variable(name, elsewhere.to_str().unwrap());
    }
    let _ = done.run().exits(0);
    let results = results(&sandbox, 1);
    assert_eq!(results[0]["how"], "done", "{results:?}");
    let told = heard(&sandbox, "a1");
    assert!(told.contains("src/lib.rs:2: error[E0308]"), "{told}");
    assert!(sandbox.project().join("target").is_dir());
    assert!(!elsewhere.exists());
}

/// Returns whether a process has ended and nobody has asked how: whoever adopts
/// orphans here may take its time.
fn is_zombie(process: Pid) -> bool {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    stat.rsplit_once(") ")
        .is_some_and(|(_, rest)| rest.starts_with('Z'))
}

#[test]
fn an_edited_file_is_formatted_alone_and_its_agent_hears_of_it_once() {
    let sandbox = with_settings("[tooling.rust]\nfmt = \"fix\"\n");
    sandbox.write("src/other.rs", UGLY);
    write(&sandbox, "src/lib.rs", &format!("mod other;\n{UGLY}"), "a1");
    let _ = results(&sandbox, 1);
    let formatted = sandbox.read("src/lib.rs").unwrap();
    assert_eq!(formatted, format!("mod other;\n{PRETTY}"));
    assert_eq!(
        sandbox.read("src/other.rs").unwrap(),
        UGLY,
        "nobody edited it"
    );
    assert_eq!(heard(&sandbox, "a2"), "", "another agent");
    let told = heard(&sandbox, "a1");
    assert!(
        told.contains("src/lib.rs: was formatted; read it again"),
        "{told}"
    );
    assert_eq!(heard(&sandbox, "a1"), "", "a second time");
}

#[test]
fn on_tells_and_changes_nothing() {
    let sandbox = with_settings("[tooling.rust]\nfmt = \"on\"\n");
    write(&sandbox, "src/lib.rs", UGLY, "a1");
    write(&sandbox, "src/bad.rs", "fn (\n", "a1");
    let _ = results(&sandbox, 1);
    assert_eq!(sandbox.read("src/lib.rs").unwrap(), UGLY);
    let told = heard(&sandbox, "a1");
    assert!(told.contains("src/lib.rs: is not formatted"), "{told}");
    assert!(told.contains("src/bad.rs: error: rustfmt: error"), "{told}");
}

#[test]
fn a_burst_is_one_check() {
    let sandbox = with_settings("[tooling.rust]\nfmt = \"fix\"\n");
    for file in ["src/a.rs", "src/b.rs", "src/a.rs", "src/c.rs"] {
        write(&sandbox, file, UGLY, "a1");
    }
    for file in ["src/a.rs", "src/b.rs", "src/c.rs"] {
        await_pretty(&sandbox, file);
    }
    let count = jobs(&sandbox).len();
    assert!(count <= 2, "one that runs, and one that waits: {count}");
}

#[test]
fn a_file_that_is_being_edited_is_left() {
    let sandbox = with_settings("[tooling.rust]\nfmt = \"fix\"\n");
    let turns = hold_jobs(&sandbox);
    write(&sandbox, "src/changed.rs", UGLY, MAIN);
    // Its author has changed it again, and the client has not said so yet.
    sandbox.write("src/changed.rs", &format!("{UGLY}\n"));
    let announce = |file| {
        let next = edit(&sandbox, Event::PreToolUse, file, MAIN);
        next.answer().is_silent();
    };
    announce("src/announced.rs");
    write(&sandbox, "src/announced.rs", UGLY, MAIN);
    // The next edit is on its way.
    announce("src/announced.rs");
    announce("src/done.rs");
    write(&sandbox, "src/done.rs", UGLY, MAIN);
    drop(turns);
    let _ = results(&sandbox, 1);
    assert_eq!(sandbox.read("src/done.rs").unwrap(), PRETTY);
    assert_eq!(sandbox.read("src/changed.rs").unwrap(), format!("{UGLY}\n"));
    assert_eq!(sandbox.read("src/announced.rs").unwrap(), UGLY);
    let told = heard(&sandbox, MAIN);
    for file in ["changed", "announced"] {
        let left = format!("src/{file}.rs: is not formatted, and was left so");
        assert!(told.contains(&left), "{told}");
    }
}

#[test]
fn clippy_tells_of_the_edited_file_alone_errors_first() {
    let sandbox = with_settings("[tooling.rust]\nclippy = \"on\"\n");
    sandbox.write("src/other.rs", "pub fn other() { let unused = 1; }\n");
    let text = "pub mod other;\npub fn one() -> bool {\n    let spare = 2;\n    1\n}\n";
    write(&sandbox, "src/lib.rs", text, "a1");
    let results = results(&sandbox, 1);
    assert_eq!(results[0]["how"], "done", "{results:?}");
    let told = heard(&sandbox, "a1");
    let lines: Vec<_> = told.lines().collect();
    assert!(lines[1].starts_with("src/lib.rs:4: error[E0308]"), "{told}");
    assert!(!told.contains("other.rs"), "{told}");
}

#[test]
fn fix_makes_the_replacements_that_clippy_is_certain_of() {
    let sandbox = with_settings("[tooling.rust]\nfmt = \"off\"\nclippy = \"fix\"\n");
    let text = "pub fn one() -> u32 {\n    return 1;\n}\n";
    write(&sandbox, "src/lib.rs", text, "a1");
    let results = results(&sandbox, 1);
    assert_eq!(results[0]["how"], "done", "{results:?}");
    assert_eq!(sandbox.read("src/lib.rs").unwrap(), PRETTY);
    let told = heard(&sandbox, "a1");
    assert!(
        told.contains("src/lib.rs: clippy mended some of what it found; read it again"),
        "{told}"
    );
}
