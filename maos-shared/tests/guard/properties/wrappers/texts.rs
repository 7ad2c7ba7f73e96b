//! Programs that read shell text: as an argument, or on their input.

use super::super::literals::{base64, shell, shell_double, single};
use super::{Wrapper, holeless, line, text, words};

/// Programs that read a text of a shell.
pub(super) const TEXTS: [Wrapper; 55] = [
    text("sh -c", |one| format!("sh -c {}", shell(&one.text))),
    text("bash -c in double quotes", |one| {
        format!("bash -c {}", shell_double(&one.text))
    }),
    text("bash -lc", |one| format!("bash -lc {}", shell(&one.text))),
    text("bash with options", |one| {
        format!("/bin/bash -e -o pipefail -c {}", shell(&one.text))
    }),
    text("dash -c", |one| format!("dash -c {}", shell(&one.text))),
    text("zsh -c", |one| format!("zsh -ic {}", shell(&one.text))),
    text("ksh -c", |one| format!("ksh -c {}", shell(&one.text))),
    words("fish -c", |one| {
        // What quotes hold is written in another way there.
        let words = one.words.iter().flatten().map(|word| single(word));
        format!("fish -c {}", shell(&words.collect::<Vec<_>>().join(" ")))
    }),
    text("$SHELL -c", |one| format!("$SHELL -c {}", shell(&one.text))),
    text("bash with a file that it reads first", |one| {
        format!("bash --rcfile <(cat <<'FIRST'\n{}\nFIRST\n) -i", one.text)
    }),
    text("a prompt", |one| {
        format!(
            "PS4={} bash -x script.sh",
            shell(&format!("$( {}\n)", one.text))
        )
    }),
    text("an exported function", |one| {
        let function = format!("BASH_FUNC_ls%%=() {{ {}\n}}", one.text);
        format!("env {} bash -c ls", shell(&function))
    }),
    text("a program installed from the input", |one| {
        format!(
            "install -m 755 /dev/stdin /tmp/run <<'PROGRAM'\n#!/bin/sh\n{}\nPROGRAM\n/tmp/run",
            one.text
        )
    }),
    text("a file through a link", |one| {
        format!(
            "ln -s /tmp/real /tmp/link; cat > /tmp/link/x.sh <<'LINKED'\n{}\nLINKED\nsh /tmp/real/x.sh",
            one.text
        )
    }),
    text("bash on a heredoc", |one| {
        format!("bash <<'EOT'\n{}\nEOT", one.text)
    }),
    text("sh -s on a heredoc", |one| {
        format!("sh -s <<'EOT'\n{}\nEOT", one.text)
    }),
    text("bash on a here-string", |one| {
        format!("bash <<< {}", shell(&one.text))
    }),
    text("echo to sh", |one| {
        format!("echo {} | sh", shell(&one.text))
    }),
    text("printf to bash", |one| {
        format!("printf '%s\\n' {} | bash -s", shell(&one.text))
    }),
    text("a heredoc through cat to sh", |one| {
        format!("cat <<'EOT' | sh\n{}\nEOT", one.text)
    }),
    text("through tee to sh", |one| {
        format!("echo {} | tee log | sudo sh", shell(&one.text))
    }),
    text("base64 to sh", |one| {
        format!("echo {} | base64 -d | sh", base64(&one.text))
    }),
    text("base64 in eval", |one| {
        format!("eval \"$(echo {} | base64 --decode)\"", base64(&one.text))
    }),
    text("base64 in bash -c", |one| {
        format!("bash -c \"$(base64 -d <<< {})\"", base64(&one.text))
    }),
    text("bash on a process", |one| {
        format!("bash <(echo {})", shell(&one.text))
    }),
    text("source of a process", |one| {
        format!("source <(printf '%s\\n' {})", shell(&one.text))
    }),
    text("source of the input", |one| {
        format!(". /dev/stdin <<< {}", shell(&one.text))
    }),
    text("eval", |one| format!("eval {}", shell(&one.text))),
    text("eval of a variable", |one| {
        format!("c={}; eval \"$c\"", shell(&one.text))
    }),
    text("eval of a function's output", |one| {
        format!("f() {{ echo {}; }}; eval \"$(f)\"", shell(&one.text))
    }),
    text("bash -c of a variable", |one| {
        format!("c={}; bash -c \"$c\"", shell(&one.text))
    }),
    text("trap", |one| format!("trap {} EXIT", shell(&one.text))),
    text("su -c", |one| format!("su - root -c {}", shell(&one.text))),
    text("sudo sh -c", |one| {
        format!("sudo -H sh -c {}", shell(&one.text))
    }),
    text("script -c", |one| {
        format!("script -qec {} /dev/null", shell(&one.text))
    }),
    text("watch of a text", |one| {
        format!("watch -d {}", shell(&one.text))
    }),
    text("flock -c", |one| {
        format!("flock /tmp/lock -c {}", shell(&one.text))
    }),
    text("entr -s", |one| {
        format!("ls | entr -s {}", shell(&one.text))
    }),
    text("ssh with a text", |one| {
        format!("ssh -o BatchMode=yes me@host {}", shell(&one.text))
    }),
    text("ssh on a heredoc", |one| {
        format!("ssh host bash -s <<'EOT'\n{}\nEOT", one.text)
    }),
    text("xargs sh -c", |one| {
        format!("ls | xargs -n1 sh -c {} sh", shell(&one.text))
    }),
    line("lines to xargs", |one| {
        format!("printf '%s\\n' {} | xargs -I% sh -c %", shell(&one.text))
    }),
    line("lines to parallel", |one| {
        format!("printf '%s\\n' {} | parallel", shell(&one.text))
    }),
    text("parallel of texts", |one| {
        format!("parallel ::: {}", shell(&one.text))
    }),
    holeless("find sh -c", |one| {
        format!("find . -name x -exec sh -c {} \\;", shell(&one.text))
    }),
    text("busybox sh -c", |one| {
        format!("busybox sh -c {}", shell(&one.text))
    }),
    text("git alias", |one| {
        format!("git -c {} x", shell(&format!("alias.x=!{}", one.text)))
    }),
    text("git submodule foreach", |one| {
        format!(
            "git submodule --quiet foreach --recursive {}",
            shell(&one.text)
        )
    }),
    line("git rebase -x", |one| {
        format!("git rebase -x {} main", shell(&one.text))
    }),
    line("git rebase --exec=", |one| {
        format!("git rebase --exec={} HEAD~3", shell(&one.text))
    }),
    text("git filter-branch", |one| {
        format!("git filter-branch --tree-filter {}", shell(&one.text))
    }),
    text("npx -c", |one| format!("npx -c {}", shell(&one.text))),
    text("npm exec -c", |one| {
        format!("npm exec -c {}", shell(&one.text))
    }),
    line("make on a heredoc", |one| {
        let recipe = one.text.replace('$', "$$");
        format!("make -f - <<'EOT'\nall:\n\t{recipe}\nEOT")
    }),
    text("tar --checkpoint-action", |one| {
        format!(
            "tar cf x.tar --checkpoint=1 --checkpoint-action=exec={} .",
            shell(&one.text)
        )
    }),
];
