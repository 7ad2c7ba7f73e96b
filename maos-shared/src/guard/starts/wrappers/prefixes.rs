//! Programs that set something up and start the command on their line.

use super::super::super::arguments::{NONE, Options, options};
use super::super::super::list::List;
use super::{Operands, PREFIX, Usage};

/// How `sudo` reads its line.
pub(super) const SUDO: Options = options(
    "CDghpRrTtUu",
    "close-from chdir group host prompt chroot role command-timeout type other-user user",
);

/// Programs that set something up and start a command.
pub(super) const PREFIXES: &[Usage] = &[
    Usage {
        programs: List(
            "\
            and arch begin builtin busybox catchsegv chronic command distrobox-host-exec eatmydata \
            fakechroot flatpak-spawn heaptrack host-spawn i386 ifne lckdo linux32 linux64 memusage nocorrect noglob nohup \
            not or pseudo qemu-aarch64 qemu-i386 qemu-x86_64 run0 scan-build setsid shx toybox tsocks \
            torify uname26 unbuffer wine x86_64 xcrun",
        ),
        ..PREFIX
    },
    Usage {
        programs: List("time gtime"),
        options: options("fo", "format output"),
        ..PREFIX
    },
    Usage {
        programs: List("rlwrap"),
        options: options("bCDefHlOpPqsStzA", ""),
        ..PREFIX
    },
    Usage {
        programs: List("sudo"),
        options: SUDO,
        folders: &[('D', "chdir")],
        ..PREFIX
    },
    Usage {
        programs: List("doas"),
        options: options("Cu", ""),
        ..PREFIX
    },
    Usage {
        programs: List("runuser"),
        options: options("gGu", "group supp-group user"),
        ..PREFIX
    },
    Usage {
        programs: List("pkexec"),
        options: options("", "user"),
        ..PREFIX
    },
    Usage {
        programs: List("exec"),
        options: options("a", ""),
        ..PREFIX
    },
    Usage {
        programs: List("nice gnice"),
        options: options("n", "adjustment"),
        ..PREFIX
    },
    Usage {
        programs: List("ionice"),
        options: options("cnpPu", "class classdata pid pgid uid"),
        ..PREFIX
    },
    Usage {
        programs: List("chrt"),
        options: options("TPD", "sched-runtime sched-period sched-deadline"),
        operands: Operands::Command { after: 1 },
        ..PREFIX
    },
    Usage {
        programs: List("taskset faketime gosu su-exec"),
        operands: Operands::Command { after: 1 },
        ..PREFIX
    },
    Usage {
        programs: List("timeout gtimeout"),
        options: options("ks", "kill-after signal"),
        operands: Operands::Command { after: 1 },
        ..PREFIX
    },
    Usage {
        programs: List("stdbuf gstdbuf"),
        options: options("ioe", "input output error"),
        ..PREFIX
    },
    Usage {
        programs: List("unshare"),
        options: options(
            "RwSGl",
            "root wd setuid setgid propagation setgroups map-user map-group map-users map-groups \
             monotonic boottime load-interp owner",
        ),
        folders: &[('w', "wd")],
        ..PREFIX
    },
    Usage {
        programs: List("nsenter"),
        options: options("tSGW", "target setuid setgid wdns"),
        ..PREFIX
    },
    Usage {
        programs: List("chroot"),
        options: options("", "groups userspec"),
        operands: Operands::Command { after: 1 },
        ..PREFIX
    },
    Usage {
        programs: List("caffeinate cpulimit"),
        options: options("twlpe", "limit pid exe"),
        ..PREFIX
    },
    Usage {
        programs: List("dbus-run-session"),
        options: options("", "config-file dbus-daemon"),
        ..PREFIX
    },
    Usage {
        programs: List("systemd-run systemd-inhibit"),
        options: options(
            "pEHMu",
            "property setenv host machine unit description slice uid gid nice working-directory \
             service-type on-active on-boot on-startup on-calendar timer-property what who why mode",
        ),
        folders: &[(NONE, "working-directory")],
        ..PREFIX
    },
    Usage {
        programs: List("proot"),
        options: options("rbwqkmRS", "rootfs bind cwd pwd qemu kernel-release"),
        folders: &[('w', "cwd"), (NONE, "pwd")],
        ..PREFIX
    },
    Usage {
        programs: List("setpriv prlimit numactl"),
        options: options(
            "CNmpPi",
            "ruid euid rgid egid reuid regid groups inh-caps ambient-caps bounding-set \
             securebits pdeathsig selinux-label apparmor-profile membind cpunodebind physcpubind",
        ),
        ..PREFIX
    },
    Usage {
        programs: List("fakeroot"),
        options: options("lsib", "lib faked"),
        ..PREFIX
    },
    Usage {
        programs: List("strace"),
        options: options(
            "abeEIoOpPsSuUX",
            "attach columns trace signal status fault inject env interruptible output \
             summary-columns summary-sort-by string-limit trace-path user",
        ),
        ..PREFIX
    },
    Usage {
        programs: List("ltrace"),
        options: options(
            "aADeFlnopsuwx",
            "align debug config library indent output where",
        ),
        ..PREFIX
    },
    Usage {
        programs: List("valgrind firejail torsocks proxychains proxychains4"),
        options: options("f", ""),
        ..PREFIX
    },
    Usage {
        programs: List("perf"),
        subcommands: List("stat record trace"),
        options: options(
            "eorpCItFcmDG",
            "event output repeat pid tid cpu interval-print freq",
        ),
        ..PREFIX
    },
    Usage {
        programs: List("xvfb-run"),
        options: options(
            "efnpsw",
            "auth-file error-file server-num server-args xauth-protocol wait",
        ),
        ..PREFIX
    },
    Usage {
        programs: List("sshpass"),
        options: options("pfdP", ""),
        ..PREFIX
    },
    Usage {
        programs: List("nq tsp ts dtach abduco chpst capsh"),
        options: options("nAcCaeErRLNDSu", ""),
        ..PREFIX
    },
    Usage {
        // The loader, by the names that it has on different machines.
        programs: List(
            "ld.so ld-linux.so.2 ld-linux-x86-64.so.2 ld-linux-aarch64.so.1 ld-linux-armhf.so.3 \
             ld64.so.2 ld-linux-riscv64-lp64d.so.1 ld-musl-x86_64.so.1 ld-musl-aarch64.so.1 \
             ld-musl-armhf.so.1 ld-musl-i386.so.1",
        ),
        options: options(
            "",
            "library-path argv0 preload inhibit-rpath audit glibc-hwcaps-prepend",
        ),
        ..PREFIX
    },
    Usage {
        programs: List("ssh-agent gpg-agent dbus-launch keychain"),
        options: options(
            "atEPO",
            "options homedir log-file default-cache-ttl max-cache-ttl config-file",
        ),
        ..PREFIX
    },
    Usage {
        programs: List("tini dumb-init catatonit"),
        options: options("perg", "rewrite"),
        ..PREFIX
    },
    Usage {
        programs: List(
            "cgexec softlimit timelimit trickle daemonize systemd-cat choom coresched mpirun mpiexec \
             srun aa-exec runcon retry sem cage",
        ),
        options: options(
            "acdefglmnNoprstTuSUij",
            "profile namespace type user role range times delay max id jobs identifier priority \
             adjust nodes ntasks partition",
        ),
        ..PREFIX
    },
    Usage {
        programs: List(
            "setuidgid envuidgid envdir setlock logsave gdbserver s6-setuidgid s6-envdir s6-setlock \
             schedtool",
        ),
        operands: Operands::Command { after: 1 },
        ..PREFIX
    },
    Usage {
        programs: List("rr uftrace"),
        subcommands: List("record live"),
        options: options("onFDL", "env"),
        ..PREFIX
    },
    Usage {
        programs: List("systemd-nspawn"),
        options: options("DiuMS", "directory image user machine bind bind-ro setenv"),
        ..PREFIX
    },
    Usage {
        programs: List("setarch"),
        operands: Operands::Command { after: 1 },
        ..PREFIX
    },
];
