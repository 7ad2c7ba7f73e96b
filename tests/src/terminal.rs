//! A terminal on which a program draws: what a person would see on it, and what
//! they press.

use std::fs::File;
use std::io::{PipeReader, PipeWriter, Read, Write, pipe};
use std::process::{Child, Command};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use nix::pty::openpty;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::{Errno, FdFlags, fcntl_setfd};
use rustix::termios::{Winsize, tcsetwinsize};

/// How long is waited for what has to appear.
const PATIENCE: Duration = Duration::from_secs(60);
/// What stands around a frame that is to be shown at once.
const FRAME: (&str, &str) = ("\u{1b}[?2026h", "\u{1b}[?2026l");
/// How large a terminal is at first: rows, columns.
const SIZE: (u16, u16) = (24, 80);

/// A terminal with a program.
#[must_use]
pub struct Terminal {
    keys: File,
    running: Child,
    written: Arc<Mutex<Vec<u8>>>,
    reader: JoinHandle<()>,
    /// The reader lets go of the terminal when this is dropped.
    watched: PipeWriter,
    size: (u16, u16),
}

impl Terminal {
    /// Starts a program on a new terminal.
    pub(crate) fn start(mut command: Command) -> Self {
        let terminal = openpty(None, None).expect("a pseudo terminal");
        tcsetwinsize(&terminal.master, winsize(SIZE)).expect("its size");
        // A program that held this side too would never see it closed.
        fcntl_setfd(&terminal.master, FdFlags::CLOEXEC).expect("a flag");
        let end = || terminal.slave.try_clone().expect("another descriptor");
        command.stdin(end()).stdout(end()).stderr(end());
        let running = command.spawn().expect("the program can be started");
        drop((command, terminal.slave));
        let keys = File::from(terminal.master);
        let mut screen = keys.try_clone().expect("another descriptor");
        let written = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&written);
        let (left, watched) = pipe().expect("a pipe");
        let reader = thread::spawn(move || {
            let mut buffer = [0; 4096];
            // Ends with an error once the program has closed its side.
            while is_watched(&screen, &left)
                && let Ok(count @ 1..) = screen.read(&mut buffer)
            {
                let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                kept.extend_from_slice(&buffer[..count]);
            }
        });
        Self {
            keys,
            running,
            written,
            reader,
            watched,
            size: SIZE,
        }
    }

    /// Waits until `text` can be seen, and returns the screen.
    ///
    /// # Panics
    /// When it does not come, with what can be seen.
    pub fn await_shown(&self, text: &str) -> String {
        self.await_that(text, |screen| screen.contains(text))
    }

    /// Waits until `text` cannot be seen any more.
    ///
    /// # Panics
    /// When it stays.
    pub fn await_gone(&self, text: &str) {
        let _ = self.await_that(text, |screen| !screen.contains(text));
    }

    /// Returns what can be seen now: of a frame all or nothing.
    #[must_use]
    pub fn screen(&self) -> String {
        drawn(whole_frames(&self.written()), self.size)
    }

    /// Returns all that was written so far.
    #[must_use]
    pub fn written(&self) -> String {
        text(&self.written)
    }

    /// Presses keys.
    ///
    /// # Panics
    /// When nobody is there to be told.
    pub fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).expect("keys");
    }

    /// Makes it larger or smaller, as a person does by its corner.
    ///
    /// # Panics
    /// When the system refuses that.
    pub fn resize(&mut self, rows: u16, columns: u16) {
        self.size = (rows, columns);
        tcsetwinsize(&self.keys, winsize(self.size)).expect("its size");
        // It is no controlling terminal, so the system does not tell.
        self.signal(Signal::SIGWINCH);
    }

    /// Sends the program a signal.
    ///
    /// # Panics
    /// When it has ended.
    pub fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.running.id()).expect("an id");
        kill(Pid::from_raw(id), signal).expect("it runs");
    }

    /// Closes the terminal, as a person closes its window, and waits for the
    /// program's end. Returns its exit code.
    ///
    /// # Panics
    /// When it does not end.
    #[must_use]
    pub fn close(self) -> Option<i32> {
        let Self {
            keys,
            mut running,
            reader,
            watched,
            ..
        } = self;
        drop((keys, watched));
        reader.join().expect("the reader ends");
        await_exit(&mut running, String::new)
    }

    /// Waits for its end and returns its exit code, and all that it wrote.
    ///
    /// # Panics
    /// When it does not end.
    #[must_use]
    pub fn finish(mut self) -> (Option<i32>, String) {
        let written = Arc::clone(&self.written);
        let size = self.size;
        let code = await_exit(&mut self.running, || drawn(&text(&written), size));
        let _ = self.reader.join();
        (code, text(&written))
    }

    fn await_that(&self, what: &str, is_so: impl Fn(&str) -> bool) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let screen = self.screen();
            if is_so(&screen) {
                return screen;
            }
            if Instant::now() > deadline {
                panic!("waited for {what:?}; the terminal shows\n{screen}");
            }
            thread::sleep(Duration::from_millis(5));
        }
    }
}

/// Returns what was written so far.
fn text(written: &Mutex<Vec<u8>>) -> String {
    let written = written.lock().unwrap_or_else(PoisonError::into_inner);
    String::from_utf8_lossy(&written).into_owned()
}

/// Waits until there is something to read; returns whether somebody still watches.
fn is_watched(screen: &File, left: &PipeReader) -> bool {
    let mut ends = [
        PollFd::new(screen, PollFlags::IN),
        PollFd::new(left, PollFlags::IN),
    ];
    while let Ok(0) | Err(Errno::INTR) = poll(&mut ends, None) {}
    ends[1].revents().is_empty()
}

/// Waits for the end of a program and returns its exit code; one that does not
/// end is killed, and what `shown` returns is told.
fn await_exit(running: &mut Child, shown: impl Fn() -> String) -> Option<i32> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(status) = running.try_wait().expect("its end") {
            return status.code();
        }
        if Instant::now() > deadline {
            let _ = running.kill();
            panic!("it does not end; the terminal shows\n{}", shown());
        }
        thread::sleep(Duration::from_millis(5));
    }
}

const fn winsize((rows, columns): (u16, u16)) -> Winsize {
    Winsize {
        ws_row: rows,
        ws_col: columns,
        ws_xpixel: 0,
        ws_ypixel: 0,
    }
}

/// Returns what was written without a frame that has not come to its end.
fn whole_frames(written: &str) -> &str {
    match written.rfind(FRAME.0) {
        Some(begin) if !written[begin..].contains(FRAME.1) => &written[..begin],
        _ => written,
    }
}

/// Returns what a terminal shows that was sent `written`: where the cursor was
/// sent, what was written there, and what was erased. Every character takes one
/// column.
fn drawn(written: &str, (rows, columns): (u16, u16)) -> String {
    let (rows, columns) = (usize::from(rows), usize::from(columns));
    let mut cells = vec![vec![' '; columns]; rows];
    let (mut row, mut column) = (0, 0);
    let mut rest = written;
    while let Some(character) = rest.chars().next() {
        if let Some(sequence) = rest.strip_prefix("\u{1b}[") {
            let end = sequence.find(|c: char| ('@'..='~').contains(&c));
            let end = end.unwrap_or(sequence.len().saturating_sub(1));
            let mut numbers = sequence[..end].split(';').map(str::parse::<usize>);
            let mut number = || numbers.next().and_then(Result::ok).unwrap_or(1).max(1) - 1;
            match sequence[end..].chars().next() {
                Some('H') => (row, column) = (number(), number()),
                Some('J') => cells = vec![vec![' '; columns]; rows],
                Some('K') => {
                    let line = cells.get_mut(row).into_iter().flatten();
                    line.skip(column).for_each(|cell| *cell = ' ');
                }
                _ => {}
            }
            rest = &sequence[(end + 1).min(sequence.len())..];
            continue;
        }
        rest = &rest[character.len_utf8()..];
        match character {
            '\n' => row += 1,
            '\r' => column = 0,
            character if character.is_control() => {}
            character => {
                if let Some(cell) = cells.get_mut(row).and_then(|line| line.get_mut(column)) {
                    *cell = character;
                }
                column += 1;
            }
        }
    }
    let lines = cells.iter().map(|line| line.iter().collect::<String>());
    lines
        .map(|line| line.trim_end().to_owned() + "\n")
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_seen_once_it_is_whole() {
        let (begin, end) = FRAME;
        let one = format!("{begin}a{end}");
        assert_eq!(whole_frames("a"), "a");
        assert_eq!(whole_frames(&one), one);
        assert_eq!(whole_frames(&format!("{one}{begin}b")), one);
    }

    #[test]
    fn what_was_written_over_is_gone() {
        let written =
            "old\u{1b}[2J\u{1b}[2;3Hab\u{1b}[1mc\u{1b}[0m\u{1b}[1;1Hx\u{1b}[2;4H-\u{1b}[9;9H!";
        assert_eq!(drawn(written, (3, 5)), "x\n  a-c\n\n");
    }
}
