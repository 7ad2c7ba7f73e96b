//! One git process, from its start to its end: fed, read and held against a
//! deadline.

use super::Input;
use crossbeam_channel::{Receiver, Sender, unbounded};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use std::io::{self, Read, Write};
use std::process::Child;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// How long git has to remove what it left half done, once it was told to stop.
const GRACE: Duration = Duration::from_secs(2);
/// The longest pause between two looks at whether git has ended.
const PAUSE: Duration = Duration::from_millis(5);
/// The most that is read from git, bytes.
pub(super) const OUTPUT_LIMIT: u64 = 256 * 1024 * 1024;

/// How a call ended.
pub(super) enum Ended {
    Done {
        success: bool,
        status: String,
        code: Option<i32>,
        stdout: Vec<u8>,
        stderr: Vec<u8>,
    },
    TooSlow,
    TooMuch,
}

/// One of git's two outputs, whole.
struct Output {
    is_error: bool,
    bytes: io::Result<Vec<u8>>,
}

/// Reads and feeds git until it ends. Past the deadline, or when it writes too
/// much, its whole process group is ended.
pub(super) fn supervise(child: &mut Child, input: &Input, deadline: Instant) -> io::Result<Ended> {
    let (outputs, readers) = drain(child);
    let feeder = feed(child, input);
    let mut streams = [Vec::new(), Vec::new()];
    for _ in 0..streams.len() {
        let Ok(output) = outputs.recv_deadline(deadline) else {
            return end(child).map(|()| Ended::TooSlow);
        };
        let bytes = match output.bytes {
            Ok(bytes) => bytes,
            Err(error) => return end(child).and(Err(error)),
        };
        if bytes.len() as u64 > OUTPUT_LIMIT {
            return end(child).map(|()| Ended::TooMuch);
        }
        streams[usize::from(output.is_error)] = bytes;
    }
    let Some(status) = wait_until(child, deadline)? else {
        return end(child).map(|()| Ended::TooSlow);
    };
    // Who goes on may fork, which takes a process of one thread. The readers have
    // only to end; what git left running may be fed for as long as it likes.
    let feeder = feeder.filter(JoinHandle::is_finished);
    for thread in readers.into_iter().chain(feeder) {
        let _ = thread.join();
    }
    let [stdout, stderr] = streams;
    Ok(Ended::Done {
        success: status.success(),
        status: status.to_string(),
        code: status.code(),
        stdout,
        stderr,
    })
}

/// Starts a thread on each of git's outputs.
fn drain(child: &mut Child) -> (Receiver<Output>, Vec<JoinHandle<()>>) {
    let (sender, receiver) = unbounded();
    let stdout = child.stdout.take();
    let stdout = stdout.map(|stdout| read_whole(stdout, false, sender.clone()));
    let stderr = child.stderr.take();
    let stderr = stderr.map(|stderr| read_whole(stderr, true, sender));
    (receiver, stdout.into_iter().chain(stderr).collect())
}

fn read_whole(
    stream: impl Read + Send + 'static,
    is_error: bool,
    sender: Sender<Output>,
) -> JoinHandle<()> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = stream.take(OUTPUT_LIMIT + 1).read_to_end(&mut bytes);
        // Nobody listens any more once the deadline has passed.
        let _ = sender.send(Output {
            is_error,
            bytes: read.map(|_| bytes),
        });
    })
}

/// Starts a thread that writes git's input.
fn feed(child: &mut Child, input: &Input) -> Option<JoinHandle<()>> {
    let (Input::Bytes(bytes), Some(mut stdin)) = (input, child.stdin.take()) else {
        return None;
    };
    let bytes = bytes.clone();
    Some(thread::spawn(move || {
        // A git that stops reading says why by its exit code.
        let _ = stdin.write_all(&bytes);
    }))
}

/// Waits for the process alone. Returns nothing at the deadline.
fn wait_until(
    child: &mut Child,
    deadline: Instant,
) -> io::Result<Option<std::process::ExitStatus>> {
    let mut pause = Duration::from_micros(50);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() >= deadline {
            return Ok(None);
        }
        thread::sleep(pause);
        pause = (pause * 2).min(PAUSE);
    }
}

/// Ends git and every process that it started: first so that it can remove
/// what it left half done, then for good.
fn end(child: &mut Child) -> io::Result<()> {
    let group = i32::try_from(child.id())
        .map(Pid::from_raw)
        .map_err(io::Error::other)?;
    // The group is gone when all its processes are, which is what is wanted.
    let _ = killpg(group, Signal::SIGTERM);
    let ended = wait_until(child, Instant::now() + GRACE)?;
    let _ = killpg(group, Signal::SIGKILL);
    if ended.is_none() {
        child.wait()?;
    }
    Ok(())
}
