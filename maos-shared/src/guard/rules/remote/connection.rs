//! Shells that take their orders from a connection to another machine.

use super::super::super::arguments::{Argument, FLAGS_ONLY, program, read};
use super::super::super::list::List;
use super::super::super::paths::is_connection;
use super::super::super::scene::Scene;
use super::super::super::shell::{Command, Part, Redirection, Stdin, Word};
use super::super::super::starts::{self, Code};
use super::Origin;

/// Programs that join a connection and a program.
const CONNECTORS: List = List("nc ncat netcat");

/// Programs that send what they read to another machine, and give out what comes
/// back.
const TALKERS: List = List("nc ncat netcat openssl socat telnet");

/// Returns whether a shell takes its orders from a connection.
pub(super) fn of_connection(scene: &Scene<'_>, command: &Command) -> Option<Origin> {
    let name = program(command)?;
    let is_shell = starts::shells::is_shell(command.words.first()?);
    let connects = match &*name {
        "socat" if joins_shell(command) => true,
        name if CONNECTORS.has(name) && gives_shell(command) => true,
        name if TALKERS.has(name) => answers_for_shell(scene, command),
        _ => is_shell && reads_connection(scene, command),
    };
    connects.then_some(Origin::Download)
}

/// Returns whether a shell reads a connection that the text opens.
fn reads_connection(scene: &Scene<'_>, command: &Command) -> bool {
    let is_open = |one: &Redirection| one.target.known().is_some_and(|path| is_connection(&path));
    // The one of `zsh` has a descriptor alone.
    let opens = |one: &Command| program(one).is_some_and(|name| name == "ztcp");
    let is_ordered = || starts::code(command) == Some(Code::Input);
    let connects = || {
        let mut starters = scene.starters(command);
        starters.any(connects) || scene.script.commands.iter().any(opens)
    };
    command.redirections.iter().any(is_open) || (is_ordered() && connects())
}

/// Returns whether an option gives a program to a connection: `nc -e sh`.
fn gives_shell(command: &Command) -> bool {
    let gives = |argument: &Argument<'_>| {
        let mut letters = ['e', 'c'].iter();
        letters.any(|letter| argument.is(Some(*letter), ""))
    };
    let arguments = read(&command.words[1..], &FLAGS_ONLY);
    let shell_named = command.words.iter().any(starts::shells::is_shell);
    arguments.iter().any(gives) && shell_named
}

/// Returns whether what a shell says to orders that come through a pipe is sent:
/// `cat fifo | sh -i | nc host 1 > fifo`.
fn answers_for_shell(scene: &Scene<'_>, command: &Command) -> bool {
    let Stdin::Pipe(range) = &command.stdin else {
        return false;
    };
    let source = scene.script.commands.get(range.clone()).unwrap_or_default();
    source.iter().any(|one| {
        let is_ordered = matches!(&one.stdin, Stdin::Pipe(_));
        let is_shell = one.words.first().is_some_and(starts::shells::is_shell);
        is_ordered && is_shell && starts::code(one) == Some(Code::Input)
    })
}

/// Returns whether the code of an interpreter connects to another machine: the
/// shells that it starts have what it hands them.
fn connects(interpreter: &Command) -> bool {
    const CONNECTING: [&str; 12] = [
        "socket.socket",
        "create_connection",
        "TCPSocket",
        "fsockopen",
        "stream_socket_client",
        "PF_INET",
        "AF_INET",
        "Socket::INET",
        "net.connect",
        "net.Socket",
        "createConnection",
        "net.Dial",
    ];
    let says = |code: &Word| {
        let mut parts = code.parts.iter();
        parts.any(|part| match part {
            Part::Text(text) => CONNECTING.iter().any(|mark| text.contains(mark)),
            _ => false,
        })
    };
    match starts::code(interpreter) {
        Some(Code::Words(words)) => words.iter().any(says),
        Some(Code::Input) => matches!(&interpreter.stdin, Stdin::Text(text) if says(text)),
        Some(Code::File(_)) | None => false,
    }
}

/// Returns whether `socat` joins a connection and a shell.
fn joins_shell(command: &Command) -> bool {
    const REMOTE: List = List("openssl sctp tcp tcp4 tcp6 udp udp4 udp6");
    let addresses = command.words.iter().skip(1).filter_map(Word::literal);
    let (mut connects, mut has_shell) = (false, false);
    for address in addresses {
        let (kind, rest) = address.split_once(':').unwrap_or_default();
        let kind = kind.to_ascii_lowercase();
        let program = rest.split([',', ' ']).next().unwrap_or_default();
        connects |= REMOTE.names().any(|remote| kind.starts_with(remote));
        has_shell |= matches!(kind.as_str(), "exec" | "system" | "shell")
            && starts::shells::is_shell(&starts::word(program));
    }
    connects && has_shell
}
