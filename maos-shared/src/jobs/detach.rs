//! The only fork.
#![expect(
    unsafe_code,
    reason = "fork, exit and closing by number are unsafe to call; each call says why it is sound"
)]

use std::fs::File;
use std::io;
use std::os::fd::RawFd;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use nix::libc;
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, chdir, dup2_stderr, dup2_stdin, dup2_stdout, fork, setsid};

/// The first descriptor that is no standard stream.
const FIRST_OWN: RawFd = 3;
/// By how much a nice process is nicer than the one that started it.
const NICE: i32 = 10;

/// Runs `work` in a process of its own and returns as soon as that is started.
///
/// The process is forked twice and leads no session that has a terminal, so
/// neither the client nor a closed terminal ends or awaits it. Its process
/// group is its own. Its streams are `/dev/null`; every other descriptor is
/// closed, so `work` must not use an open file of its own. Its folder is `/`, so
/// that it keeps no folder in use.
///
/// # Errors
/// When the system refuses a process. Blocks for the two forks alone.
pub(super) fn detached(is_nice: bool, work: impl FnOnce()) -> io::Result<()> {
    // Opened before the fork: an error can still be told.
    let null = File::options().read(true).write(true).open("/dev/null")?;
    // SAFETY: other threads have nothing to do any more but to end, for which they
    // give memory back. Of what they may hold then, the child uses the heap alone.
    match heap_at_rest(|| unsafe { fork() })? {
        // The first child ends at once; only its exit is awaited.
        ForkResult::Parent { child } => match waitpid(child, None)? {
            WaitStatus::Exited(_, 0) => Ok(()),
            _ => Err(io::Error::other("the system has no process to spare")),
        },
        ForkResult::Child => {
            let _ = setsid();
            // SAFETY: this process has one thread.
            let forked = unsafe { fork() };
            if let Ok(ForkResult::Child) = forked
                && settle(&null, is_nice).is_ok()
            {
                // Nothing may unwind into what the parent was doing.
                let _ = catch_unwind(AssertUnwindSafe(work));
            }
            // SAFETY: ends the process at once; what the parent had buffered
            // or would do at its exit is the parent's alone.
            unsafe { libc::_exit(i32::from(forked.is_err())) }
        }
    }
}

/// Runs `work` when no other thread is at the heap.
#[cfg(target_env = "musl")]
fn heap_at_rest<T>(work: impl FnOnce() -> T) -> T {
    crate::memory::at_rest(work)
}

/// The C library sees to it by itself.
#[cfg(not(target_env = "musl"))]
fn heap_at_rest<T>(work: impl FnOnce() -> T) -> T {
    work()
}

fn settle(null: &File, is_nice: bool) -> nix::Result<()> {
    dup2_stdin(null)?;
    dup2_stdout(null)?;
    dup2_stderr(null)?;
    if !close_range() {
        close_listed();
    }
    chdir(Path::new("/"))?;
    if is_nice {
        // SAFETY: changes a number of this process. That it may not is no
        // reason not to work.
        let _ = unsafe { libc::nice(NICE) };
    }
    Ok(())
}

/// Closes every descriptor that is no standard stream; `false` where the system
/// cannot do that in one call.
#[cfg(target_os = "linux")]
fn close_range() -> bool {
    // SAFETY: closes descriptors that nothing in this process uses any more: the
    // parent's values are never dropped here, since this process ends by `_exit`.
    let closed = unsafe { libc::syscall(libc::SYS_close_range, FIRST_OWN, RawFd::MAX, 0) };
    closed == 0
}

#[cfg(not(target_os = "linux"))]
fn close_range() -> bool {
    false
}

/// Closes what the system lists as open, where it cannot close a range.
fn close_listed() {
    let Ok(listed) = std::fs::read_dir("/dev/fd") else {
        return;
    };
    // All are read first: closing one while they are listed could skip another.
    let open: Vec<RawFd> = listed
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter(|fd| *fd >= FIRST_OWN)
        .collect();
    for fd in open {
        // SAFETY: as in `close_range`. The list's own descriptor is closed
        // already; to close it again fails and harms nothing.
        let _ = unsafe { libc::close(fd) };
    }
}
