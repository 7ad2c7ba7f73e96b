mod ending;
mod joined;

use super::turn::Ticket;
use super::*;
use crate::state::State;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

/// How long a test waits for something that has to come.
const PATIENCE: Duration = Duration::from_secs(30);

fn state(dir: &Path) -> State {
    State::at(dir.join(".maos"), SystemTime::UNIX_EPOCH)
}

fn order(kind: Kind, about: &str) -> Order<'_> {
    Order {
        kind,
        about,
        session: Some("s"),
    }
}

/// Returns what `look` finds, as soon as it finds something.
fn await_some<T>(look: impl Fn() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "it did not come");
        thread::sleep(Duration::from_millis(2));
    }
}

/// Starts a job and returns its id, as soon as that is on disk.
fn started(state: &State, order: &Order<'_>, task: impl Task) -> String {
    let ids = || list(state).unwrap().into_iter().map(|job| job.id);
    let before: Vec<String> = ids().collect();
    start(state, order, task).unwrap();
    await_some(|| ids().find(|id| !before.contains(id)))
}

/// Returns whether a job would be started now.
fn is_wanted(state: &State, order: &Order<'_>) -> bool {
    let ticket = Ticket::ask(&state.jobs().unwrap(), order).unwrap();
    ticket.is_some()
}

fn job(state: &State, id: &str) -> Job {
    let jobs = list(state).unwrap();
    jobs.into_iter().find(|job| job.id == id).unwrap()
}

fn end(state: &State, id: &str) -> End {
    await_some(|| match job(state, id).status {
        Status::Ended(end) => Some(end),
        _ => None,
    })
}

fn is_running(state: &State, id: &str) -> bool {
    matches!(job(state, id).status, Status::Running { .. })
}

/// Ends the session and what it leaves at work.
fn end_session(state: &State, session: &str) -> usize {
    let over = crate::state::sessions::SessionEnd {
        ended: "1970-01-01T00:00:00.000Z".to_owned(),
        reason: "other".to_owned(),
    };
    state.session(session).end(&over).unwrap();
    end_with_session(state, session).unwrap()
}

/// Returns a work that goes on until there is a file at `gate`.
fn until(gate: PathBuf) -> impl FnOnce() -> Result<String, String> {
    move || {
        while !gate.exists() {
            thread::sleep(Duration::from_millis(2));
        }
        Ok("gone through".to_owned())
    }
}

fn open(gate: &Path) {
    crate::state::atomic::replace(gate, b"").unwrap();
}

#[test]
fn a_job_runs_beside_its_starter_and_says_how_it_ended() {
    let dir = tempfile::tempdir().unwrap();
    let state = state(dir.path());
    let gate = dir.path().join("gate");
    let order = order(Kind::Forecast, "a");
    let id = started(&state, &order, until(gate.clone()));
    await_some(|| is_running(&state, &id).then_some(()));
    open(&gate);
    let done = end(&state, &id);
    assert_eq!((done.how, &*done.text), (How::Done, "gone through"));
    let failed = || Err("it is broken".to_owned());
    let id = started(&state, &order, failed);
    let failed = end(&state, &id);
    assert_eq!((failed.how, &*failed.text), (How::Failed, "it is broken"));
}

#[test]
fn a_job_has_its_own_streams_session_and_folder() {
    let dir = tempfile::tempdir().unwrap();
    let state = state(dir.path());
    let work = || {
        println!("a line");
        let leads = nix::unistd::getpid() == nix::unistd::getpgrp();
        let own = nix::unistd::getsid(None) == Ok(nix::unistd::getpgrp());
        let input = std::io::stdin().lines().count();
        let folder = Path::new(".").canonicalize().unwrap();
        Ok(format!("{leads} {own} {input} {}", folder.display()))
    };
    let order = order(Kind::Forecast, "a");
    let id = started(&state, &order, work);
    // It leads neither its session nor its group, so it never gets a terminal.
    assert_eq!(end(&state, &id).text, "false true 0 /");
    let log = fs::read_to_string(job(&state, &id).log).unwrap();
    assert!(log.contains("a line"), "{log}");
}

#[test]
fn a_job_keeps_no_stream_of_its_starter_open() {
    let dir = tempfile::tempdir().unwrap();
    let state = state(dir.path());
    let gate = dir.path().join("gate");
    let (read, write) = nix::unistd::pipe().unwrap();
    let order = order(Kind::Forecast, "a");
    let id = started(&state, &order, until(gate.clone()));
    await_some(|| is_running(&state, &id).then_some(()));
    drop(write);
    let flags = nix::fcntl::FcntlArg::F_SETFL(nix::fcntl::OFlag::O_NONBLOCK);
    nix::fcntl::fcntl(&read, flags).unwrap();
    assert_eq!(
        nix::unistd::read(&read, &mut [0]),
        Ok(0),
        "its end is there"
    );
    open(&gate);
    assert_eq!(end(&state, &id).how, How::Done);
}

#[test]
fn at_most_two_run_at_once_and_a_third_waits_for_its_turn() {
    let dir = tempfile::tempdir().unwrap();
    let state = state(dir.path());
    let gate = dir.path().join("gate");
    let start = |about| {
        let work = until(gate.clone());
        started(&state, &order(Kind::Forecast, about), work)
    };
    let ids = ["a", "b", "c"].map(start);
    let running = || ids.iter().filter(|id| is_running(&state, id)).count();
    await_some(|| (running() == 2).then_some(()));
    let waits = |id: &&String| job(&state, id).status == Status::Waiting;
    assert_eq!(ids.iter().filter(waits).count(), 1);
    open(&gate);
    for id in &ids {
        assert_eq!(end(&state, id).how, How::Done);
    }
}

#[test]
fn of_jobs_about_one_thing_only_so_many_are_started_as_make_sense() {
    let dir = tempfile::tempdir().unwrap();
    let state = state(dir.path());
    let gate = dir.path().join("gate");
    let begin = |kind, about| started(&state, &order(kind, about), until(gate.clone()));
    let is_wanted = |kind, about| is_wanted(&state, &order(kind, about));

    let once = begin(Kind::CleanUp, "");
    assert!(!is_wanted(Kind::CleanUp, ""), "one waits or runs");
    await_some(|| is_running(&state, &once).then_some(()));
    assert!(!is_wanted(Kind::CleanUp, ""), "one runs");

    let first = begin(Kind::Forecast, "a");
    await_some(|| is_running(&state, &first).then_some(()));
    let second = begin(Kind::Forecast, "a");
    assert!(!is_wanted(Kind::Forecast, "a"), "one waits");
    assert_eq!(job(&state, &second).status, Status::Waiting);
    open(&gate);
    for id in [once, first, second] {
        assert_eq!(end(&state, &id).how, How::Done);
    }
    // Its lock is freed with its process, a moment after its end is written.
    await_some(|| is_wanted(Kind::CleanUp, "").then_some(()));
}

#[test]
fn a_job_of_a_session_that_is_over_does_not_run() {
    let dir = tempfile::tempdir().unwrap();
    let state = state(dir.path());
    assert_eq!(end_session(&state, "s"), 0);
    let id = started(&state, &order(Kind::Forecast, "a"), || Ok("ran".to_owned()));
    assert_eq!(end(&state, &id).how, How::Stopped);
    let id = started(&state, &order(Kind::CleanUp, ""), || Ok("ran".to_owned()));
    assert_eq!(end(&state, &id).text, "ran", "it is of use after that");
}

#[test]
fn a_voice_does_not_wait_for_other_work() {
    let dir = tempfile::tempdir().unwrap();
    let state = state(dir.path());
    let gate = dir.path().join("gate");
    for about in ["a", "b"] {
        let id = started(&state, &order(Kind::Forecast, about), until(gate.clone()));
        await_some(|| is_running(&state, &id).then_some(()));
    }
    let id = started(&state, &order(Kind::Speech, ""), || Ok("said".to_owned()));
    assert_eq!(end(&state, &id).text, "said");
    open(&gate);
}

#[test]
fn a_program_gets_its_input_and_its_failure_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let state = state(dir.path());
    let run = |program: Program| {
        let work = move || program.run();
        let id = started(&state, &order(Kind::Speech, ""), work);
        (
            end(&state, &id),
            fs::read_to_string(job(&state, &id).log).unwrap(),
        )
    };
    let (done, log) = run(Program {
        path: "cat".into(),
        input: b"to be said\n".to_vec(),
        ..Program::default()
    });
    assert_eq!((done.how, &*log), (How::Done, "to be said\n"));
    let (failed, _) = run(Program {
        path: "false".into(),
        ..Program::default()
    });
    assert_eq!(failed.text, "false ended with exit status: 1");
    let (failed, _) = run(Program {
        path: "/does/not/exist".into(),
        ..Program::default()
    });
    assert!(failed.text.contains("/does/not/exist"), "{}", failed.text);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a person moves a folder away")]
fn nobody_waits_in_a_project_that_is_gone() {
    let dir = tempfile::tempdir().unwrap();
    let state = state(dir.path());
    let jobs = state.jobs().unwrap();
    let first = Ticket::ask(&jobs, &order(Kind::CleanUp, "")).unwrap();
    let taken = first.unwrap().wait(1, None).unwrap();
    let second = Ticket::ask(&jobs, &order(Kind::Forecast, "a")).unwrap();
    let second = second.unwrap();
    let (tell, told) = std::sync::mpsc::channel();
    thread::spawn(move || tell.send(second.wait(1, None).map(drop)));
    fs::rename(dir.path().join(".maos"), dir.path().join("gone")).unwrap();
    assert!(told.recv_timeout(PATIENCE).unwrap().is_err());
    drop(taken);
}
