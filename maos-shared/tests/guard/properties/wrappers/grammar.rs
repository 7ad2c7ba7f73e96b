//! The grammar of the shell itself.

use super::super::literals::{backquoted, shell};
use super::{Wrapper, simple, text};

/// The shell's own ways.
pub(super) const GRAMMAR: [Wrapper; 33] = [
    text("a subshell", |one| format!("( {}\n)", one.text)),
    text("a group", |one| format!("{{ {}\n}}", one.text)),
    text("a substitution", |one| format!("echo $( {}\n)", one.text)),
    text("a subscript in arithmetic", |one| {
        let value = format!("a[$( {}\n)]", one.text);
        format!("again={}; (( again ))", shell(&value))
    }),
    text("a value that is expanded twice", |one| {
        let value = format!("$( {}\n)", one.text);
        format!("again={}; echo \"${{again@P}}\"", shell(&value))
    }),
    text("an element of the aliases", |one| {
        // An alias is not expanded in itself.
        let name = format!("x{}", one.text.len());
        format!("BASH_ALIASES[{name}]={}\n{name}", shell(&one.text))
    }),
    text("a substitution in quotes", |one| {
        format!("echo \"x $( {}\n)\"", one.text)
    }),
    text("backquotes", |one| {
        format!("echo `{}\n`", backquoted(&one.text))
    }),
    text("the value of a variable", |one| {
        format!("x=$( {}\n)", one.text)
    }),
    text("a process", |one| format!("cat <( {}\n)", one.text)),
    text("a heredoc with a substitution", |one| {
        format!("cat <<EOT\n$( {}\n)\nEOT", one.text)
    }),
    text("a default", |one| {
        format!("echo ${{x:-$( {}\n)}}", one.text)
    }),
    text("arithmetic", |one| {
        format!("echo $((1 + $( {}\n)))", one.text)
    }),
    text("a condition", |one| format!("if {}\nthen ls; fi", one.text)),
    text("a branch", |one| {
        format!("if test -f x; then {}\nelse ls; fi", one.text)
    }),
    text("the other branch", |one| {
        format!("if test -f x; then ls; else {}\nfi", one.text)
    }),
    text("a loop over words", |one| {
        format!("for i in 1 2; do {}\ndone", one.text)
    }),
    text("a loop that counts", |one| {
        format!("for ((i = 0; i < 2; i++)); do {}\ndone", one.text)
    }),
    text("an endless loop", |one| {
        format!("while :; do {}\nbreak; done", one.text)
    }),
    text("the condition of a loop", |one| {
        format!("until {}\ndo sleep 1; done", one.text)
    }),
    text("a loop over lines", |one| {
        format!("ls | while read -r f; do {}\ndone", one.text)
    }),
    text("a case", |one| {
        format!("case $x in a) ls ;; *) {}\n;; esac", one.text)
    }),
    text("a function that is called", |one| {
        format!("f() {{ {}\n}}; f", one.text)
    }),
    text("a function in a subshell", |one| {
        format!("function f {{ ( {}\n) }}\nf", one.text)
    }),
    text("a function that may be called", |one| {
        format!("f() {{\n{}\n}}", one.text)
    }),
    text("behind a command", |one| format!("ls; {}", one.text)),
    text("behind success", |one| {
        format!("cargo test && {}", one.text)
    }),
    text("behind failure", |one| {
        format!("cargo test || {}", one.text)
    }),
    text("in the background", |one| format!("sleep 5 & {}", one.text)),
    text("on the next line", |one| format!("ls -la\n\n{}", one.text)),
    simple("a negation", |one| format!("! {}", one.text)),
    simple("within a pipe", |one| {
        format!("yes | {} | tail -1", one.text)
    }),
    simple("a variable with the program", |one| {
        let (program, rest) = one.text.split_once(' ').unwrap_or((&one.text, ""));
        format!("p={program}; $p {rest}")
    }),
];
