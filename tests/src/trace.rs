//! A program that is killed behind one of its system calls (`ptrace`).
//!
//! What counts are calls that change something that outlives the process: files,
//! locks, other processes; and the end of a process that it waited for. Behind
//! all others, a kill leaves what one behind the call before leaves. Only the
//! program itself is followed; what it started goes on, as when the system kills
//! a process.
//!
//! What a call was asked and said is read from the registers of an x86_64; on other
//! machines nothing is killed, and who asked is told so ([`Struck::Impossible`]).

/// What became of a program that was to be killed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Struck {
    /// It was killed behind this call.
    Behind(&'static str),
    /// It had ended before it made as many calls.
    Ended,
    /// Here no process can be followed.
    Impossible,
}

/// Runs a command with `input` on its standard input, and kills it behind the
/// call of the number `number`, from 1, of those whose name `counts`.
///
/// # Panics
/// When it cannot be started.
#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
pub(crate) fn kill_behind(
    _: &std::process::Command,
    _: Vec<u8>,
    _: usize,
    _: impl Fn(&str) -> bool,
) -> Struck {
    Struck::Impossible
}

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
pub(crate) use linux::kill_behind;

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod linux {
    use std::os::unix::process::CommandExt;
    use std::process::{Child, Command, Stdio};

    use nix::errno::Errno;
    use nix::libc;
    use nix::sys::ptrace::{self, Options};
    use nix::sys::signal::{Signal, kill};
    use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
    use nix::unistd::Pid;

    use super::Struck;
    use crate::process::feed;

    /// Stops until somebody follows it, and becomes the program.
    const HOLD: &str = "kill -STOP $$; exec \"$0\" \"$@\"";

    /// The calls that count.
    const CALLS: [(i64, &str); 34] = [
        (libc::SYS_chmod, "chmod"),
        (libc::SYS_clone, "clone"),
        (libc::SYS_clone3, "clone3"),
        (libc::SYS_copy_file_range, "copy_file_range"),
        (libc::SYS_creat, "creat"),
        (libc::SYS_fchmod, "fchmod"),
        (libc::SYS_fchmodat, "fchmodat"),
        (libc::SYS_flock, "flock"),
        (libc::SYS_fork, "fork"),
        (libc::SYS_ftruncate, "ftruncate"),
        (libc::SYS_kill, "kill"),
        (libc::SYS_link, "link"),
        (libc::SYS_linkat, "linkat"),
        (libc::SYS_mkdir, "mkdir"),
        (libc::SYS_mkdirat, "mkdirat"),
        (libc::SYS_open, "open"),
        (libc::SYS_openat, "openat"),
        (libc::SYS_pwrite64, "pwrite64"),
        (libc::SYS_rename, "rename"),
        (libc::SYS_renameat, "renameat"),
        (libc::SYS_renameat2, "renameat2"),
        (libc::SYS_rmdir, "rmdir"),
        (libc::SYS_sendfile, "sendfile"),
        (libc::SYS_symlink, "symlink"),
        (libc::SYS_symlinkat, "symlinkat"),
        (libc::SYS_truncate, "truncate"),
        (libc::SYS_unlink, "unlink"),
        (libc::SYS_unlinkat, "unlinkat"),
        (libc::SYS_utimensat, "utimensat"),
        (libc::SYS_vfork, "vfork"),
        (libc::SYS_wait4, "wait4"),
        (libc::SYS_waitid, "waitid"),
        (libc::SYS_write, "write"),
        (libc::SYS_writev, "writev"),
    ];

    pub(crate) fn kill_behind(
        program: &Command,
        input: Vec<u8>,
        number: usize,
        counts: impl Fn(&str) -> bool,
    ) -> Struck {
        let mut child = held(program);
        feed(&mut child, input);
        let pid = Pid::from_raw(i32::try_from(child.id()).expect("a process id fits"));
        let struck = match follow(pid) {
            Ok(()) => strike(pid, number, counts),
            Err(Errno::EPERM) => Struck::Impossible,
            Err(error) => panic!("{pid} cannot be followed: {error}"),
        };
        // It has ended already, but where it could not be followed.
        let _ = child.kill();
        let _ = child.wait();
        struck
    }

    /// Starts the program in a shell that stops before it becomes that.
    fn held(program: &Command) -> Child {
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", HOLD]).arg(program.get_program());
        shell.args(program.get_args()).env_clear();
        for (name, value) in program.get_envs() {
            shell.env(name, value.unwrap_or_default());
        }
        if let Some(folder) = program.get_current_dir() {
            shell.current_dir(folder);
        }
        shell
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .expect("a shell starts")
    }

    /// Follows a process that stops by itself, from there on.
    fn follow(pid: Pid) -> nix::Result<()> {
        waitpid(pid, Some(WaitPidFlag::WUNTRACED))?;
        ptrace::attach(pid)?;
        waitpid(pid, None)?;
        let options = Options::PTRACE_O_TRACESYSGOOD
            | Options::PTRACE_O_TRACEEXEC
            | Options::PTRACE_O_EXITKILL;
        ptrace::setoptions(pid, options)?;
        kill(pid, Signal::SIGCONT)
    }

    fn strike(pid: Pid, number: usize, counts: impl Fn(&str) -> bool) -> Struck {
        let mut left = number;
        let mut is_program = false;
        let mut signal = None;
        loop {
            ptrace::syscall(pid, signal.take()).expect("one that is stopped goes on");
            match waitpid(pid, None).expect("a child can be waited for") {
                WaitStatus::PtraceEvent(..) => is_program = true,
                WaitStatus::PtraceSyscall(_) if is_program => {
                    let Some(call) = changing_call(pid).filter(|call| counts(call)) else {
                        continue;
                    };
                    left -= 1;
                    if left == 0 {
                        kill(pid, Signal::SIGKILL).expect("a child can be killed");
                        waitpid(pid, None).expect("a child can be waited for");
                        return Struck::Behind(call);
                    }
                }
                WaitStatus::Stopped(_, Signal::SIGSTOP | Signal::SIGCONT) => {}
                WaitStatus::Stopped(_, other) => signal = Some(other),
                WaitStatus::Exited(..) | WaitStatus::Signaled(..) => return Struck::Ended,
                _ => {}
            }
        }
    }

    /// Returns the call that has just been made, if it counts and did what it
    /// should.
    fn changing_call(pid: Pid) -> Option<&'static str> {
        let registers = ptrace::getregs(pid).expect("one that is stopped has registers");
        let result = registers.rax.cast_signed();
        let number = registers.orig_rax.cast_signed();
        // Before a call the result says that there is no such one.
        if result < 0 {
            return None;
        }
        let creates = |flags: u64| flags.cast_signed() & i64::from(libc::O_CREAT) != 0;
        let opens = match number {
            libc::SYS_open => creates(registers.rsi),
            libc::SYS_openat => creates(registers.rdx),
            _ => true,
        };
        let call = CALLS.iter().find(|(known, _)| *known == number);
        call.filter(|_| opens).map(|(_, name)| *name)
    }
}
