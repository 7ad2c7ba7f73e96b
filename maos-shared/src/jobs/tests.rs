use super::turn::Ticket;
use super::*;
use crate::state::State;
use crate::state::lock::Lock;
use std::fs;
use std::io::{BufRead, BufReader, Read};
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

/// A task that is joined: the sessions in a file want it.
struct Joined {
    wanted: PathBuf,
    settled: PathBuf,
    alone: Option<PathBuf>,
    gate: PathBuf,
}

impl Joined {
    fn within(dir: &Path, name: &str) -> Self {
        let place = |what: &str| dir.join(format!("{name}.{what}"));
        Self {
            wanted: place("wanted"),
            settled: place("settled"),
            alone: None,
            gate: place("gate"),
        }
    }
}

impl Task for Joined {
    fn settle(&self) {
        let _ = until(self.settled.clone())();
    }

    fn alone_with(&self) -> Option<PathBuf> {
        self.alone.clone()
    }

    fn take(&mut self) -> io::Result<Option<Vec<String>>> {
        let wanted = fs::read_to_string(&self.wanted)?;
        Ok(Some(wanted.lines().map(ToOwned::to_owned).collect()))
    }

    fn work(self) -> Result<String, String> {
        until(self.gate)()
    }
}

fn end_session(state: &State, session: &str) -> usize {
    let over = crate::state::sessions::SessionEnd {
        ended: "1970-01-01T00:00:00.000Z".to_owned(),
        reason: "other".to_owned(),
    };
    state.session(session).end(&over).unwrap();
    end_with_session(state, session).unwrap()
}

#[test]
fn a_job_ends_with_the_last_session_that_wants_it() {
    let dir = tempfile::tempdir().unwrap();
    let state = state(dir.path());
    let task = |name: &str| Joined::within(dir.path(), name);
    let write = |path: &Path, text: &str| {
        crate::state::atomic::replace(path, text.as_bytes()).unwrap();
    };
    let paths = ["waits", "runs"].map(task);
    let [waits, runs] = ["waits", "runs"].map(|name| {
        let id = started(&state, &order(Kind::Tooling, name), task(name));
        assert!(
            !is_wanted(&state, &order(Kind::Tooling, name)),
            "it is joined"
        );
        id
    });
    write(&paths[1].wanted, "s\nt\n");
    open(&paths[1].settled);
    await_some(|| is_running(&state, &runs).then_some(()));

    assert_eq!(end_session(&state, "s"), 0, "another one wants both");
    assert_eq!(job(&state, &waits).status, Status::Waiting);
    assert!(is_running(&state, &runs));
    assert_eq!(end_session(&state, "t"), 1);
    assert_eq!(end(&state, &runs).how, How::Stopped);
    // It looks by itself.
    write(&paths[0].wanted, "s\nt\n");
    open(&paths[0].settled);
    assert_eq!(end(&state, &waits).how, How::Stopped);
}

#[test]
fn waiting_for_what_all_projects_share_is_no_work() {
    let dir = tempfile::tempdir().unwrap();
    let state = state(dir.path());
    let alone = dir.path().join("voice");
    let other = Lock::try_acquire(&alone).unwrap().unwrap();
    let mut task = Joined::within(dir.path(), "a");
    task.alone = Some(alone.clone());
    for file in [&task.wanted, &task.settled, &task.gate] {
        open(file);
    }
    let before = list(&state).unwrap().len();
    let order = order(Kind::Speech, "");
    let deadline = Duration::from_millis(100);
    start_within(&state, &order, deadline, task).unwrap();
    let id = await_some(|| list(&state).unwrap().into_iter().nth(before)).id;
    thread::sleep(2 * deadline);
    assert_eq!(job(&state, &id).status, Status::Waiting);
    drop(other);
    assert_eq!(end(&state, &id).how, How::Done);
}

/// A program that runs until it is killed, and the pipe that it holds open.
fn endless(dir: &Path) -> (Program, PathBuf) {
    let pipe = dir.join("pipe");
    if !pipe.exists() {
        nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).unwrap();
    }
    let program = Program {
        path: "/bin/sh".into(),
        arguments: vec![
            "-c".into(),
            "exec > \"$0\"; echo $$; exec sleep 1000".into(),
            pipe.clone().into(),
        ],
        ..Program::default()
    };
    (program, pipe)
}

/// Waits until the program of [`endless`] runs; returns its process and the
/// pipe, which comes to its end with it.
fn running(pipe: &Path) -> (nix::unistd::Pid, BufReader<fs::File>) {
    let mut pipe = BufReader::new(fs::File::open(pipe).unwrap());
    let mut line = String::new();
    pipe.read_line(&mut line).unwrap();
    (
        nix::unistd::Pid::from_raw(line.trim().parse().unwrap()),
        pipe,
    )
}

/// Waits until every process is gone that holds the pipe.
fn await_end(mut pipe: BufReader<fs::File>) {
    let flags = nix::fcntl::FcntlArg::F_SETFL(nix::fcntl::OFlag::O_NONBLOCK);
    nix::fcntl::fcntl(pipe.get_ref(), flags).unwrap();
    let deadline = Instant::now() + PATIENCE;
    while !matches!(pipe.read(&mut [0; 64]), Ok(0)) {
        assert!(Instant::now() < deadline, "a process lives on");
        thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn a_stopped_job_ends_with_its_programs_and_a_killed_one_is_seen_dead() {
    let dir = tempfile::tempdir().unwrap();
    let state = state(dir.path());
    let run = || {
        let (program, pipe) = endless(dir.path());
        let work = move || program.run();
        let order = order(Kind::Tooling, "a");
        let id = started(&state, &order, work);
        let (program, pipe) = running(&pipe);
        (id, program, pipe)
    };

    let (id, _, pipe) = run();
    assert!(stop(&state, &id).unwrap());
    assert!(!stop(&state, &id).unwrap(), "it has ended already");
    assert_eq!(end(&state, &id).how, How::Stopped);
    await_end(pipe);

    let (id, program, pipe) = run();
    let group = nix::unistd::getpgid(Some(program)).unwrap();
    nix::sys::signal::killpg(group, nix::sys::signal::Signal::SIGKILL).unwrap();
    assert_eq!(end(&state, &id).how, How::Died);
    await_end(pipe);

    let (id, _, pipe) = run();
    assert_eq!(end_session(&state, "another"), 0);
    assert_eq!(end_session(&state, "s"), 1);
    assert_eq!(end(&state, &id).how, How::Stopped);
    await_end(pipe);
    assert!(stop(&state, "../../etc").is_err());
}

#[test]
fn the_deadline_ends_a_job_with_its_programs() {
    let dir = tempfile::tempdir().unwrap();
    let state = state(dir.path());
    let (program, pipe) = endless(dir.path());
    let deadline = Duration::from_millis(300);
    let order = order(Kind::Tooling, "a");
    let work = move || program.run();
    start_within(&state, &order, deadline, work).unwrap();
    await_end(running(&pipe).1);
    let id = list(&state).unwrap().remove(0).id;
    assert_eq!(end(&state, &id).how, How::TooSlow);
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

/// A program that leaves its group and its session, as a daemon does, and its
/// parent, and runs until it is killed.
#[cfg(target_os = "linux")]
fn daemon(dir: &Path) -> (Program, PathBuf) {
    let (mut program, pipe) = endless(dir);
    let script = "(setsid sh -c \"$1\" \"$0\" &); exec sleep 1000";
    let inner = program.arguments[1].clone();
    program.arguments = vec!["-c".into(), script.into(), pipe.clone().into(), inner];
    (program, pipe)
}

#[test]
#[cfg(target_os = "linux")]
fn what_has_left_its_group_ends_with_its_job() {
    let dir = tempfile::tempdir().unwrap();
    let state = state(dir.path());
    let run = |deadline| {
        let (program, pipe) = daemon(dir.path());
        let order = order(Kind::Tooling, "a");
        let work = move || program.run();
        start_within(&state, &order, deadline, work).unwrap();
        let (daemon, pipe) = running(&pipe);
        let group = nix::unistd::getpgid(Some(daemon)).unwrap();
        assert_eq!(nix::unistd::getsid(Some(daemon)), Ok(group), "it has left");
        let jobs = list(&state).unwrap();
        let job = jobs.into_iter().find(Job::is_alive);
        (job.map(|job| job.id), pipe)
    };
    let (id, pipe) = run(Duration::from_secs(60));
    assert!(stop(&state, &id.unwrap()).unwrap());
    await_end(pipe);
    let (_, pipe) = run(Duration::from_secs(1));
    await_end(pipe);
}
