//! All of the environment, or all that was typed, sent elsewhere: tokens and
//! passwords are among it. To look at it here is no matter.

use std::ops::Range;

use super::super::arguments::{leading_text, program};
use super::super::list::List;
use super::super::scene::Scene;
use super::super::shell::{Command, Part, Redirection, Stdin, Word};
use super::Denial;

/// Returns the objections to what a script sends.
pub(super) fn judge(scene: &Scene<'_>) -> Vec<Denial> {
    if !scene.commands().any(tells_all) {
        return Vec::new();
    }
    let sent = scene.commands().filter(|command| {
        let told = || is_told(scene, command, FOLLOWED);
        match sends(command) {
            true => told(),
            false => {
                command.redirections.iter().any(is_connection) && (tells_all(command) || told())
            }
        }
    });
    sent.map(|_| deny()).collect()
}

/// How many pipes and wrappers before a command are followed.
const FOLLOWED: usize = 8;

/// Programs that send what they read, or are given, elsewhere.
const SENDERS: List = List(
    "\
    curl curlie dig ftp gh gsutil host http https lftp mail mailx msmtp mutt nc ncat netcat nslookup \
    openssl ping rclone sendmail sftp socat ssh telnet wget xh xhs",
);

fn sends(command: &Command) -> bool {
    program(command).is_some_and(|name| SENDERS.has(&name))
}

fn is_connection(redirection: &Redirection) -> bool {
    let text = leading_text(&redirection.target);
    text.starts_with("/dev/tcp/") || text.starts_with("/dev/udp/")
}

/// Returns whether a command tells all of the environment, or all that was
/// typed.
fn tells_all(command: &Command) -> bool {
    const ASKING_ALL: List = List("-0 --null -p -x -px -xp");
    const PRINTERS: List = List("declare env export printenv readonly set typeset");
    let Some(name) = program(command) else {
        return false;
    };
    let words = command.words.get(1..).unwrap_or_default();
    match &*name {
        name if PRINTERS.has(name) => words.iter().all(|word| ASKING_ALL.has(leading_text(word))),
        "history" => !words.iter().any(|word| leading_text(word).starts_with('-')),
        "fc" => words
            .first()
            .is_some_and(|word| leading_text(word).starts_with("-l")),
        _ => false,
    }
}

/// Returns whether a filter lets through what somebody picked, by names that are
/// not those of secrets.
fn picks(command: &Command) -> bool {
    const FILTERS: List = List("ag awk egrep fgrep gawk grep rg");
    const SECRETS: [&str; 7] = ["auth", "cred", "key", "pass", "pwd", "secret", "token"];
    let words = command.words.get(1..).unwrap_or_default();
    let names = words
        .iter()
        .filter(|word| !leading_text(word).starts_with('-'));
    let mut texts = names.map(|word| word.literal().unwrap_or_default().to_ascii_lowercase());
    let is_harmless = |text: String| {
        let mut secrets = SECRETS.iter();
        let is_name = text.chars().filter(char::is_ascii_alphabetic).count() > 2;
        is_name && !secrets.any(|secret| text.contains(secret))
    };
    let inverts = words.iter().any(|word| {
        let text = leading_text(word);
        text == "--invert-match"
            || (!text.starts_with("--") && text.starts_with('-') && text.contains('v'))
    });
    match program(command).as_deref() {
        Some("wc") => true,
        Some(name) if FILTERS.has(name) => !inverts && texts.next().is_some_and(is_harmless),
        _ => false,
    }
}

/// Returns whether one of these commands tells all, or hands it on.
fn any_tells(scene: &Scene<'_>, range: &Range<usize>, depth: usize) -> bool {
    let commands = scene.script.commands.get(range.clone());
    let commands = commands.unwrap_or_default();
    let is_read = |at: usize| {
        let mut others = commands.iter();
        others.any(|other| matches!(&other.stdin, Stdin::Pipe(by) if by.contains(&at)))
    };
    let mut numbered = range.clone().zip(commands);
    numbered.any(|(at, one)| tells_all(one) && !is_read(at))
        || commands
            .last()
            .is_some_and(|last| is_told(scene, last, depth))
}

/// Returns whether a command is told all: on its input, in its words, in a file
/// that it names.
fn is_told(scene: &Scene<'_>, command: &Command, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1).filter(|_| !picks(command)) else {
        return false;
    };
    let in_word = |word: &Word| {
        word.parts.iter().any(|part| match part {
            Part::Output { commands, .. } | Part::Process { commands } => {
                any_tells(scene, commands, depth)
            }
            _ => false,
        })
    };
    let on_input = match &command.stdin {
        Stdin::Pipe(range) => any_tells(scene, range, depth),
        Stdin::Text(text) => in_word(text),
        Stdin::Inherited => {
            let wrapper = command
                .started_by
                .and_then(|at| scene.script.commands.get(at));
            wrapper.is_some_and(|wrapper| is_told(scene, wrapper, depth))
        }
    };
    let mut read = command.redirections.iter().map(|one| &one.target);
    let mut made = command.written.iter().chain(&command.outputs);
    on_input
        || command.words.iter().any(in_word)
        || read.any(in_word)
        || made.any(|(_, by)| any_tells(scene, by, depth))
}

fn deny() -> Denial {
    Denial {
        rule: "secrets.sent".into(),
        reason: "This sends all of the environment, or all that was typed, elsewhere: tokens and \
                 passwords may be among it."
            .to_owned(),
        instead: "Send what is needed alone, such as `curl -d \"$(printenv LANG)\" \
                  https://example.com`."
            .to_owned(),
    }
}
