//! Why the hooks on the way of each tool call make the system calls that they
//! make.

use std::fmt::Write as _;

use crate::count::Counts;

/// Each call with its reason. Those of a start are the standard library's.
const REASONS: [(&str, &str); 37] = [
    ("access", "start: what the C library looks for"),
    ("arch_prctl", "start: the thread's own memory"),
    ("brk", "start and memory of the C library"),
    ("close", "each file that was opened"),
    ("execve", "the program itself"),
    ("exit_group", "the end"),
    (
        "fcntl",
        "the C library marks each opened file as not for children",
    ),
    ("flock", "the lock on changes to leases"),
    (
        "fstat",
        "how long a file is, so that one read takes it whole",
    ),
    ("getcwd", "is the folder that it is started in the agent's"),
    ("getpid", "names of temporary files"),
    ("getrandom", "the hash tables' seed"),
    ("link", "a lease gets its place"),
    ("linkat", "a lease gets its place"),
    (
        "lstat",
        "no link stands where `.maos` and its folders should be, or on the way to a file",
    ),
    ("lseek", "where the journal ends"),
    ("mkdir", "a folder of the state that is not there yet"),
    ("mmap", "memory, by 64 KiB; the stack for signals"),
    ("mprotect", "start: the guard page of the stack for signals"),
    ("munmap", "memory that is not needed any more"),
    ("newfstatat", "as stat and lstat"),
    ("open", "git's files, `maos.toml`, state, the journal"),
    ("openat", "git's files, `maos.toml`, state, the journal"),
    ("poll", "start: are the three standard streams open"),
    ("pread64", "does the journal end in half a line"),
    ("prlimit64", "start: how long the stack may be"),
    (
        "read",
        "stdin up to its end, git's files, `maos.toml`, state",
    ),
    ("readlink", "where a path really leads, name by name"),
    ("rename", "a lease is renewed; a note is taken"),
    (
        "rt_sigaction",
        "start: broken pipes are errors; a stack that overflows is told",
    ),
    ("rt_sigprocmask", "start: signals"),
    ("set_tid_address", "start: the thread"),
    ("sigaltstack", "start and end: the stack for signals"),
    ("stat", "is it a folder"),
    ("unlink", "what stood aside goes"),
    ("utimensat", "the lease is in use"),
    ("write", "the answer, the journal's line"),
];

/// Returns the table of the calls of one case.
pub(crate) fn table(name: &str, counts: &Counts) -> String {
    let mut text = format!(
        "\n{name}: {} system calls, {} instructions.\n\n| call | times | why |\n| --- | ---: | --- |\n",
        counts.system_calls(),
        counts.instructions()
    );
    for (call, times) in &counts.calls {
        let known = REASONS.iter().find(|(known, _)| known == call);
        let reason = known.map_or("", |(_, reason)| reason);
        // Writing to a string cannot fail.
        let _ = writeln!(text, "| `{call}` | {times} | {reason} |");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_stands_with_its_reason() {
        let counts = Counts {
            calls: [("close".to_owned(), 2)].into(),
            ..Counts::default()
        };
        let text = table("a case", &counts);
        assert!(
            text.contains("| `close` | 2 | each file that was opened |"),
            "{text}"
        );
    }
}
