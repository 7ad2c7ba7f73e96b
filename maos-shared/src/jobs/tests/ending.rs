//! A job ends with all that it has started.

use std::io::{BufRead, BufReader, Read};

use super::*;

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

/// A program that leaves one behind, which has left its group, its session and its
/// parent, as a daemon does, and runs until it is killed. Then it does `rest`.
#[cfg(target_os = "linux")]
fn daemon(dir: &Path, rest: &str) -> (Program, PathBuf) {
    let (mut program, pipe) = endless(dir);
    let script = format!("(setsid sh -c \"$1\" \"$0\" &); {rest}");
    let inner = program.arguments[1].clone();
    program.arguments = vec!["-c".into(), script.into(), pipe.clone().into(), inner];
    (program, pipe)
}

#[test]
#[cfg(target_os = "linux")]
fn what_has_left_its_group_ends_with_a_job_that_is_ended() {
    let dir = tempfile::tempdir().unwrap();
    let state = state(dir.path());
    let run = |deadline| {
        let (program, pipe) = daemon(dir.path(), "exec sleep 1000");
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

#[test]
#[cfg(target_os = "linux")]
fn what_was_left_behind_stays_when_a_job_ends_by_itself() {
    let dir = tempfile::tempdir().unwrap();
    let state = state(dir.path());
    let rest = "until test -e \"$0.gate\"; do sleep 0.01; done";
    let (program, pipe) = daemon(dir.path(), rest);
    let work = move || program.run();
    let id = started(&state, &order(Kind::Tooling, "a"), work);
    let gate = dir.path().join("pipe.gate");
    let (daemon, pipe) = running(&pipe);
    open(&gate);
    assert_eq!(end(&state, &id).how, How::Done);
    await_some(|| (!job(&state, &id).is_alive()).then_some(()));
    assert_eq!(nix::sys::signal::kill(daemon, None), Ok(()));
    nix::sys::signal::kill(daemon, nix::sys::signal::Signal::SIGKILL).unwrap();
    await_end(pipe);
}
