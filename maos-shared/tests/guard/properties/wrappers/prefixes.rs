//! Programs that run their arguments.

use super::super::literals::{json, shell_double};
use super::{Dangerous, Wrapper, bare, fed, simple, words};

/// Programs that run their arguments as they are.
pub(super) const PREFIXES: [Wrapper; 58] = [
    simple("sudo", |one| format!("sudo {}", one.text)),
    simple("sudo as another", |one| {
        format!("sudo -n -u root -- {}", one.text)
    }),
    simple("doas", |one| format!("doas -u root {}", one.text)),
    simple("env", |one| format!("env {}", one.text)),
    simple("env with variables", |one| {
        format!("env -i A=1 PATH=\"$PATH\" {}", one.text)
    }),
    words("env -S", |one| {
        format!("env -S {}", shell_double(&unquoted(one)))
    }),
    simple("nohup", |one| format!("nohup {} &", one.text)),
    simple("nice", |one| format!("nice -n 10 {}", one.text)),
    simple("nice, short", |one| format!("nice -10 {}", one.text)),
    simple("ionice", |one| format!("ionice -c 3 {}", one.text)),
    simple("chrt", |one| format!("chrt -f 10 {}", one.text)),
    simple("timeout", |one| {
        format!("timeout --signal=KILL -k 1s 10s {}", one.text)
    }),
    simple("stdbuf", |one| format!("stdbuf -oL -e0 {}", one.text)),
    simple("setsid", |one| format!("setsid --wait {}", one.text)),
    simple("setarch", |one| format!("setarch x86_64 -R {}", one.text)),
    simple("linux32", |one| format!("linux32 {}", one.text)),
    simple("unshare", |one| format!("unshare -r -n {}", one.text)),
    simple("flock", |one| format!("flock -n /tmp/lock {}", one.text)),
    simple("watch", |one| {
        format!("watch -n 1 {}", shell_double(&one.text))
    }),
    simple("watch with words", |one| format!("watch -x {}", one.text)),
    simple("time", |one| format!("time -p {}", one.text)),
    simple("the program time", |one| {
        format!("/usr/bin/time -v {}", one.text)
    }),
    simple("command", |one| format!("command {}", one.text)),
    simple("command -p", |one| format!("command -p -- {}", one.text)),
    simple("exec", |one| format!("exec -a x {}", one.text)),
    simple("builtin command", |one| {
        format!("builtin command {}", one.text)
    }),
    fed("xargs", |one| format!("ls | xargs {}", one.text)),
    fed("xargs for each", |one| {
        format!("ls | xargs -n 1 -P 4 -I{{}} {}", one.text)
    }),
    simple("xargs without input", |one| {
        format!("xargs -r {} < /dev/null", one.text)
    }),
    fed("parallel", |one| {
        format!("parallel -j 2 {} ::: a b", one.text)
    }),
    fed("find -exec", |one| {
        format!("find src -name '*.tmp' -exec {} \\;", one.text)
    }),
    fed("find -exec +", |one| {
        format!("find . -type f -exec {} {{}} +", one.text)
    }),
    fed("find -execdir", |one| {
        format!("find . -execdir {} ';'", one.text)
    }),
    fed("find -ok", |one| format!("find . -ok {} \\;", one.text)),
    fed("fd -x", |one| format!("fd -e tmp -x {}", one.text)),
    fed("fd --exec-batch", |one| {
        format!("fd . src --exec-batch {}", one.text)
    }),
    fed("entr", |one| format!("ls | entr -r {}", one.text)),
    bare("ssh", |one| format!("ssh -p 22 host {}", one.text)),
    simple("busybox env", |one| format!("busybox env {}", one.text)),
    simple("toybox timeout", |one| {
        format!("toybox timeout 5 {}", one.text)
    }),
    simple("git bisect run", |one| {
        format!("git bisect run {}", one.text)
    }),
    simple("npx", |one| format!("npx -- {}", one.text)),
    simple("npm exec", |one| format!("npm exec -- {}", one.text)),
    simple("strace", |one| format!("strace -f -o /tmp/x {}", one.text)),
    simple("taskset", |one| format!("taskset -c 0 {}", one.text)),
    simple("systemd-run", |one| {
        format!("systemd-run --user --scope {}", one.text)
    }),
    simple("script with words", |one| {
        format!("script -q /dev/null {}", one.text)
    }),
    simple("caffeinate", |one| format!("caffeinate -i {}", one.text)),
    simple("a chain of them", |one| {
        format!("sudo -E nice -n 5 timeout 10 env A=1 {}", one.text)
    }),
    simple("a path", |one| format!("/usr/bin/env {}", one.text)),
    simple("the loader", |one| {
        format!("/lib64/ld-linux-x86-64.so.2 --argv0 x {}", one.text)
    }),
    simple("ssh-agent", |one| format!("ssh-agent -t 60 {}", one.text)),
    simple("tini", |one| format!("tini -s -- {}", one.text)),
    simple("cmake -E env", |one| {
        format!("cmake -E env A=1 {}", one.text)
    }),
    simple("pyenv exec", |one| format!("pyenv exec {}", one.text)),
    simple("systemd-cat", |one| {
        format!("systemd-cat -t x {}", one.text)
    }),
    bare("a backslash", |one| format!("\\{}", one.text)),
    simple("assignments", |one| format!("A=1 B='2 3' {}", one.text)),
];

/// Returns the words as a program reads them that knows no quotes but double
/// ones.
fn unquoted(one: &Dangerous) -> String {
    let words = one.words.iter().flatten().map(|word| json(word));
    words.collect::<Vec<_>>().join(" ")
}
