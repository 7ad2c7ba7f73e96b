//! What `maos top` waits for: keys, another size, signals, and the end of the
//! terminal.
//!
//! Keys are read by a thread of their own: once the terminal is gone, crossterm
//! reads its end again and again and never returns. Another thread waits for
//! signals and for that end, so both are told at once, whatever the first does.

use std::io;
use std::os::unix::net::UnixStream;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use crossterm::event::{self, Event, KeyEvent, KeyEventKind};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::low_level::pipe;

/// What came.
#[derive(Debug)]
pub(super) enum Input {
    /// A key was pressed.
    Key(KeyEvent),
    /// Something that a new frame answers: another size, or nothing in time.
    Frame,
    /// A signal, or the terminal's end.
    End,
}

/// Waits for what comes.
#[derive(Debug)]
pub(super) struct Inputs {
    sender: Sender<Input>,
    receiver: Receiver<Input>,
    signals: UnixStream,
}

impl Inputs {
    /// Takes SIGTERM, SIGHUP and SIGINT from now on.
    ///
    /// # Errors
    /// When the system refuses that.
    pub(super) fn new() -> io::Result<Self> {
        let (signals, told) = UnixStream::pair()?;
        for signal in [SIGTERM, SIGHUP, SIGINT] {
            pipe::register(signal, told.try_clone()?)?;
        }
        let (sender, receiver) = mpsc::channel();
        Ok(Self {
            sender,
            receiver,
            signals,
        })
    }

    /// Starts to listen to the terminal. Returns without blocking.
    ///
    /// # Errors
    /// When the system refuses another descriptor.
    pub(super) fn listen(&self) -> io::Result<()> {
        let sender = self.sender.clone();
        // Both threads end with the program, or once nobody receives.
        thread::spawn(move || while sender.send(next_input()).is_ok() {});
        let (sender, signals) = (self.sender.clone(), self.signals.try_clone()?);
        thread::spawn(move || {
            await_end(&signals);
            sender.send(Input::End)
        });
        Ok(())
    }

    /// Returns what comes next; a frame where nothing comes within `limit`.
    /// Blocks until then.
    pub(super) fn next(&self, limit: Duration) -> Input {
        match self.receiver.recv_timeout(limit) {
            Ok(input) => input,
            Err(RecvTimeoutError::Timeout) => Input::Frame,
            Err(RecvTimeoutError::Disconnected) => Input::End,
        }
    }
}

fn next_input() -> Input {
    match event::read() {
        Ok(Event::Key(key)) if key.kind == KeyEventKind::Press => Input::Key(key),
        Ok(_) => Input::Frame,
        Err(_) => Input::End,
    }
}

/// Blocks until a signal has come, or the terminal is gone.
fn await_end(signals: &UnixStream) {
    let terminal = io::stdin();
    // Of the terminal nothing is awaited but its end, which is always told.
    let mut ends = [
        PollFd::new(&signals, PollFlags::IN),
        PollFd::new(&terminal, PollFlags::empty()),
    ];
    while let Ok(0) | Err(Errno::INTR) = poll(&mut ends, None) {}
}
