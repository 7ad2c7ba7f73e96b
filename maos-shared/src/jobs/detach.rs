//! The only fork, and the only `unsafe` of the project.
#![expect(
    unsafe_code,
    reason = "fork and exit are unsafe to call; each call says why it is sound"
)]

use std::fs::OpenOptions;
use std::io;
use std::os::fd::AsFd;
use std::path::Path;

use nix::sys::wait::waitpid;
use nix::unistd::{ForkResult, dup2_stderr, dup2_stdin, dup2_stdout, fork, setsid};

/// Runs `work` in a process of its own and returns as soon as that is started.
///
/// The process is forked twice and leads no session that has a terminal, so
/// neither the client nor a closed terminal ends or awaits it. Its stdin,
/// stdout and stderr are `/dev/null`; its folder is `/`, so that it keeps no
/// folder in use.
///
/// # Errors
/// When the system refuses a process. Blocks for the first fork alone, under a
/// millisecond.
pub fn detached(work: impl FnOnce()) -> io::Result<()> {
    // Opened before the fork: an error can still be told.
    let null = OpenOptions::new()
        .read(true)
        .write(true)
        .open("/dev/null")?;
    // SAFETY: the hook programs have one thread when they call this, so the
    // child has no lock of another thread to wait for.
    match unsafe { fork() }? {
        ForkResult::Parent { child } => {
            // The first child ends at once; only its exit is awaited.
            waitpid(child, None)?;
            Ok(())
        }
        ForkResult::Child => {
            let _ = setsid();
            // SAFETY: as above, this process has one thread.
            if let Ok(ForkResult::Child) = unsafe { fork() } {
                let _ = dup2_stdin(null.as_fd());
                let _ = dup2_stdout(null.as_fd());
                let _ = dup2_stderr(null.as_fd());
                let _ = nix::unistd::chdir(Path::new("/"));
                work();
            }
            // SAFETY: ends the process at once; what the parent had buffered
            // or would do at its exit is the parent's alone.
            unsafe { nix::libc::_exit(0) }
        }
    }
}
