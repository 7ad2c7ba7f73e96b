//! Programs that open a shell where their line names no command: as another
//! user, in another root, on another machine. It reads their standard input.

use super::super::arguments::{Argument, NONE, Options, options, read};
use super::super::list::{List, Table, table};
use super::Line;

/// How a program is asked for a shell.
pub(super) struct Opener {
    programs: List,
    options: Options,
    /// How many operands it takes for itself, at least and at most.
    operands: (usize, usize),
    /// One of these options is needed, where there are any.
    asked_by: &'static [(char, &'static str)],
    /// None of these may be there.
    unless: &'static [(char, &'static str)],
}

/// One that needs nothing.
const PLAIN: Opener = Opener {
    programs: List(""),
    options: options("", ""),
    operands: (0, 0),
    asked_by: &[],
    unless: &[],
};

const OPENERS: &[Opener] = &[
    Opener {
        programs: List("sudo doas"),
        options: options("CDghpRrTtUu", "chdir group host prompt chroot user"),
        asked_by: &[('s', "shell"), ('i', "login")],
        ..PLAIN
    },
    Opener {
        programs: List("su runuser"),
        options: options(
            "cCgGsTuw",
            "command session-command group supp-group shell user",
        ),
        operands: (0, 2),
        unless: &[('c', "command"), ('C', "session-command"), ('u', "user")],
        ..PLAIN
    },
    Opener {
        programs: List("newgrp"),
        operands: (0, 2),
        ..PLAIN
    },
    Opener {
        programs: List("chroot"),
        options: options("", "groups userspec"),
        operands: (1, 1),
        ..PLAIN
    },
    Opener {
        programs: List("unshare nsenter fakeroot"),
        options: options(
            "bGlRSTtWw",
            "root wd setuid setgid propagation map-user map-group target wdns lib faked",
        ),
        ..PLAIN
    },
    Opener {
        programs: List("script"),
        options: options("cEIOBTmot", "command echo log-in log-out log-io log-timing"),
        operands: (0, 1),
        unless: &[('c', "command")],
        ..PLAIN
    },
    Opener {
        programs: List("ssh autossh"),
        options: options("BbcDEeFIiJLlmOopPQRSWw", ""),
        operands: (1, 1),
        unless: &[('N', "")],
        ..PLAIN
    },
];

pub(super) static BY_PROGRAM: Table<Opener> = table!(OPENERS, programs);

/// Returns whether a program opens a shell that reads its standard input.
pub(super) fn opens_shell(line: &Line<'_>) -> bool {
    let Some(opener) = BY_PROGRAM.find(line.program()) else {
        return false;
    };
    let arguments = read(line.words, &opener.options);
    let has = |wanted: &[(char, &str)]| {
        arguments.iter().any(|argument| {
            let mut wanted = wanted.iter();
            wanted.any(|(letter, name)| argument.is((*letter != NONE).then_some(*letter), name))
        })
    };
    let is_operand = |argument: &&Argument<'_>| matches!(argument, Argument::Operand(_));
    let operands = arguments.iter().filter(is_operand).count();
    let (least, most) = opener.operands;
    (opener.asked_by.is_empty() || has(opener.asked_by))
        && !has(opener.unless)
        && (least..=most).contains(&operands)
}

#[cfg(test)]
mod tests {
    use super::super::testing::check_fed;

    #[test]
    fn a_shell_that_is_opened_reads_the_input() {
        let opened: &[&str] = &["sh: rm x"];
        for line in [
            "sudo -u me -s",
            "sudo --login",
            "doas -s",
            "su",
            "su -",
            "su - bob",
            "runuser -l bob",
            "newgrp docker",
            "chroot /mnt",
            "unshare -r",
            "nsenter -t 1 -m",
            "script -q /dev/null",
            "ssh -p 22 host",
        ] {
            check_fed(&[(line, "rm x", opened)]);
        }
        for line in ["sudo -v", "ssh -N host", "chroot --version", "sudo -u me"] {
            check_fed(&[(line, "rm x", &[])]);
        }
        check_fed(&[
            ("su bob -c ls", "rm x", &["sh: ls"]),
            ("chroot /mnt cat", "rm x", &["cat"]),
            ("script -c ls log", "rm x", &["sh: ls"]),
        ]);
    }
}
