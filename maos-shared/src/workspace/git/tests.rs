use super::*;
use crate::workspace::scratch::Scratch;

/// An alias makes git run a shell command: a git as slow, loud or lost as a
/// test needs it.
fn odd(scratch: &Scratch, script: &str) -> Git {
    Git::searching(&scratch.path("main")).setting(format!("alias.odd=!{script}"))
}

#[test]
fn an_error_has_the_command_the_code_and_the_reason_without_control_characters() {
    let scratch = Scratch::with_repository();
    let git = odd(&scratch, "printf 'one\\n\\n\\033[31mtwo\\n' >&2; exit 7");
    let error = git.run(&["odd", "--secret"]).unwrap_err().to_string();
    assert!(
        error.starts_with("`git odd` failed with exit status: 7: one; [31mtwo"),
        "{error}"
    );
    assert!(!error.contains("secret"), "{error}");
    assert!(!error.contains(|letter: char| letter.is_control()));
}

#[test]
fn a_long_reason_is_cut() {
    let scratch = Scratch::with_repository();
    let git = odd(
        &scratch,
        "head -c 100000 /dev/zero | tr '\\0' x >&2; exit 1",
    );
    let error = git.run(&["odd"]).unwrap_err().to_string();
    assert!(error.len() < 2100, "{}", error.len());
}

#[test]
fn code_one_means_that_there_is_none() {
    let scratch = Scratch::with_repository();
    assert_eq!(odd(&scratch, "exit 1; #").find(&["odd"]).unwrap(), None);
    assert!(odd(&scratch, "exit 2; #").find(&["odd"]).is_err());
    let found = odd(&scratch, "echo here; #").find(&["odd"]).unwrap();
    assert_eq!(found.as_deref(), Some("here"));
}

#[test]
fn what_is_in_the_way_for_a_moment_is_waited_for() {
    let scratch = Scratch::with_repository();
    // The first two calls fail.
    let failing = |text: &str| {
        let count = scratch.write("count", "");
        let count = count.display();
        let script = format!(
            "echo >> {count}; test $(wc -l < {count}) -gt 2 || {{ echo \"{text}\" >&2; exit 128; }}; #"
        );
        odd(&scratch, &script)
    };
    let gone = "unable to create temporary file: No such file or directory";
    failing(gone).run(&["odd"]).unwrap();
    for held in [
        "fatal: Unable to create '/x/index.lock': File exists.",
        "cannot lock ref: Unable to create '/x/agent/a.lock': No such file or directory",
        "fatal: could not open '/x/.git/worktrees/a/locked': No such file or directory",
        "fatal: failed to read .git/worktrees/a/commondir: Success",
        "error: could not lock config file",
    ] {
        let error = failing(held).run(&["odd"]).unwrap_err();
        assert!(error.is_contention(), "{error}");
        failing(held).patient().run(&["odd"]).unwrap();
    }
    for other in ["fatal: No such file or directory", "fatal: x.lock is bad"] {
        let error = failing(other).patient().run(&["odd"]).unwrap_err();
        assert!(error.says(other), "{error}");
    }
}

#[test]
fn a_slow_git_is_ended_with_all_that_it_started() {
    let scratch = Scratch::with_repository();
    let pid = scratch.path("pid");
    let script = format!("sleep 1000 & echo $! > {}; wait; #", pid.display());
    let began = Instant::now();
    let error = odd(&scratch, &script)
        .within(Duration::from_millis(400))
        .run(&["odd"])
        .unwrap_err();
    assert!(matches!(error, GitError::TooSlow { .. }), "{error}");
    assert!(began.elapsed() < Duration::from_secs(60));
    let pid: i32 = std::fs::read_to_string(pid)
        .unwrap()
        .trim()
        .parse()
        .unwrap();
    assert!(is_gone(pid), "the process {pid} outlived its git");
}

#[test]
fn a_child_that_keeps_the_output_open_does_not_hold_the_call_for_ever() {
    let scratch = Scratch::with_repository();
    let error = odd(&scratch, "sleep 1000 & exit 0; #")
        .within(Duration::from_millis(400))
        .run(&["odd"])
        .unwrap_err();
    assert!(matches!(error, GitError::TooSlow { .. }), "{error}");
}

/// Waits until a process that was sent a signal is gone, or a zombie.
fn is_gone(pid: i32) -> bool {
    let deadline = Instant::now() + Duration::from_secs(10);
    while Instant::now() < deadline {
        let state = std::process::Command::new("ps")
            .args(["-o", "stat=", "-p", &pid.to_string()])
            .output()
            .unwrap();
        let state = String::from_utf8_lossy(&state.stdout).trim().to_owned();
        if state.is_empty() || state.starts_with('Z') {
            return true;
        }
        thread::yield_now();
    }
    false
}

#[test]
fn git_sees_none_of_the_variables_that_steer_it() {
    for name in [
        "GIT_DIR",
        "GIT_WORK_TREE",
        "GIT_CONFIG_COUNT",
        "GIT_TRACE",
        "GIT_X",
    ] {
        assert!(is_gits(OsStr::new(name)), "{name}");
    }
    for name in [
        "GIT_AUTHOR_NAME",
        "GIT_COMMITTER_EMAIL",
        "PATH",
        "GITX",
        "HOME",
    ] {
        assert!(!is_gits(OsStr::new(name)), "{name}");
    }
    let scratch = Scratch::with_repository();
    let script = "env | grep -c -x -e LC_ALL=C -e GIT_TERMINAL_PROMPT=0; #";
    assert_eq!(odd(&scratch, script).line(&["odd"]).unwrap(), "2");
}

#[test]
fn git_reads_its_input_and_holds_a_file() {
    let scratch = Scratch::with_repository();
    let bytes = vec![b'x'; 1_000_000];
    let counted = odd(&scratch, "wc -c; #")
        .input(bytes)
        .line(&["odd"])
        .unwrap();
    assert_eq!(counted.trim(), "1000000");
    // One that does not read it ends all the same.
    let bytes = vec![b'x'; 1_000_000];
    odd(&scratch, "true; #").input(bytes).run(&["odd"]).unwrap();

    let path = scratch.write("lock", "");
    let file = File::open(&path).unwrap();
    file.lock().unwrap();
    let script = format!("flock -n {} true || echo held; #", path.display());
    let held = odd(&scratch, &script).holding(file).line(&["odd"]).unwrap();
    assert_eq!(held, "held");
}

#[test]
fn hooks_do_not_run() {
    let scratch = Scratch::with_repository();
    let hook = scratch.write("main/.git/hooks/post-checkout", "#!/bin/sh\ntouch ../ran\n");
    std::fs::set_permissions(&hook, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    scratch.git("main", &["checkout", "-q", "HEAD"]);
    assert!(scratch.path("ran").exists(), "the hook is a hook");
    std::fs::remove_file(scratch.path("ran")).unwrap();
    Git::searching(&scratch.path("main"))
        .run(&["checkout", "-q", "HEAD"])
        .unwrap();
    assert!(!scratch.path("ran").exists());
}

#[test]
fn a_checkout_without_its_git_file_is_not_taken_for_the_one_around_it() {
    let scratch = Scratch::with_repository();
    scratch.git("main", &["worktree", "add", "-q", "in"]);
    std::fs::remove_file(scratch.path("main/in/.git")).unwrap();
    let checkout = Checkout {
        git_dir: scratch.path("main/.git/worktrees/in"),
        folder: scratch.path("main/in"),
    };
    let top = Git::reading(&checkout)
        .line(&["rev-parse", "--show-toplevel"])
        .unwrap();
    assert_eq!(Path::new(&top), scratch.path("main/in"));
}
