use super::*;
use crate::jobs::Status;
use crate::state::agents::fact;
use crate::state::process::Process;
use crate::state::sessions::SessionFact;
use crate::workspace::scratch::Scratch;
use std::fs;
use std::thread;
use std::time::{Instant, SystemTime};

const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// How long a test waits for a job.
const PATIENCE: Duration = Duration::from_secs(60);

/// A repository with an agent's workspace, whose session is over.
fn world() -> (Scratch, State, PathBuf) {
    let scratch = Scratch::with_repository();
    let made = scratch.workspace("a5584d067ecffbeda");
    let state = State::at(scratch.path("main/.maos"), SystemTime::now());
    let session = state.session("s");
    let fact = SessionFact {
        session_id: "s".to_owned(),
        started: "T1".to_owned(),
        source: "startup".to_owned(),
        cwd: scratch.path("main"),
        client: Some(Process::of(1 << 30)),
    };
    session.begin(&fact).unwrap();
    session
        .record("a5584d067ecffbeda", fact::WORKSPACE, &made)
        .unwrap();
    (scratch, state, made.path)
}

fn later(state: &State, time: Duration) -> State {
    State::at(state.root().to_owned(), state.now() + time)
}

#[test]
fn what_went_is_told_and_journalled_and_the_trash_is_empty() {
    let (scratch, state, workspace) = world();
    let project = scratch.project("main");
    let would = look(&project, &state, DAY).unwrap();
    assert_eq!(would.removed[0].why, Some("unchanged"));
    assert!(workspace.exists(), "it only looked");

    let report = clean(&project, &state, DAY).unwrap();
    assert_eq!(report.troubles, [""; 0]);
    assert_eq!(report.removed, would.removed);
    assert!(!workspace.exists());
    let journal = fs::read_to_string(state.logs().join("cleanup.jsonl")).unwrap();
    assert!(journal.contains(r#""what":"workspace","name":"coder-a5584d06","why":"unchanged""#));
    assert_eq!(fs::read_dir(state.trash().unwrap()).unwrap().count(), 0);
    assert_eq!(clean(&project, &state, DAY).unwrap().removed, []);
}

#[test]
fn a_workspace_that_stays_says_why() {
    let (scratch, state, workspace) = world();
    scratch.write(workspace.join("new.txt"), "new");
    let project = scratch.project("main");
    let report = clean(&project, &state, DAY).unwrap();
    assert_eq!(report.removed, []);
    assert_eq!(report.stays[0].path, workspace);
    assert!(report.stays[0].reason.contains("not committed"));
    let report = clean(&project, &later(&state, 2 * DAY), DAY).unwrap();
    assert_eq!(report.removed[0].why, Some("overdue"));
    assert!(report.removed[0].kept[0].starts_with("refs/maos/rescue/coder-"));
}

#[test]
fn long_journals_are_begun_anew() {
    let (scratch, state, _) = world();
    let journals = [
        state.log("PreToolUse").unwrap(),
        state.audit(),
        state.session("s").dir().join("file_locks.jsonl"),
    ];
    for path in &journals {
        atomic::append(path, b"x\n").unwrap();
        let file = fs::File::options().write(true).open(path).unwrap();
        file.set_len(JOURNAL_BYTES + 1).unwrap();
    }
    clean(&scratch.project("main"), &state, DAY).unwrap();
    for path in journals {
        assert!(!path.exists());
        let earlier = format!("{}.1", path.display());
        assert_eq!(fs::metadata(earlier).unwrap().len(), JOURNAL_BYTES + 1);
    }
}

#[test]
fn a_session_orders_it_once_an_hour() {
    let (scratch, state, workspace) = world();
    let project = scratch.project("main");
    let off = CleanUpSettings {
        auto: false,
        ..CleanUpSettings::default()
    };
    order(&project, &state, &off).unwrap();
    assert!(
        jobs::list(&state).unwrap().is_empty(),
        "the person does not want it"
    );
    let jobs_are = |count: usize, state: &State| {
        let deadline = Instant::now() + PATIENCE;
        loop {
            // While the process of the last one ends, it counts as the same.
            order(&project, state, &CleanUpSettings::default()).unwrap();
            let jobs = jobs::list(state).unwrap();
            let is_over = |job: &jobs::Job| matches!(job.status, Status::Ended(_));
            if jobs.len() == count && jobs.iter().all(is_over) {
                return;
            }
            assert!(Instant::now() < deadline && jobs.len() <= count);
            thread::sleep(Duration::from_millis(5));
        }
    };
    jobs_are(1, &state);
    assert!(!workspace.exists());
    jobs_are(1, &later(&state, HOUR / 2));
    jobs_are(2, &later(&state, HOUR));
    // A clock that went back does not stop it for ever.
    jobs_are(3, &State::at(state.root().to_owned(), state.now() - DAY));
}

#[test]
fn two_at_once_do_not_meet() {
    let (scratch, state, workspace) = world();
    let _lock = Lock::try_acquire(&state.cleaning()).unwrap();
    let error = clean(&scratch.project("main"), &state, DAY).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::WouldBlock);
    assert!(workspace.exists());
}

#[test]
fn without_git_the_state_is_cleaned() {
    let scratch = Scratch::empty();
    fs::create_dir(scratch.path("plain")).unwrap();
    let state = State::at(scratch.path("plain/.maos"), SystemTime::now());
    let report = clean(&scratch.project("plain"), &state, DAY).unwrap();
    assert_eq!(report.troubles, [""; 0]);
}
