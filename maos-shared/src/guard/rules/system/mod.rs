//! The machine itself: it is not shut down, its processes are not all ended,
//! its tables and the permissions of its folders stay.

use std::path::Path;

use super::super::arguments::{
    Argument, FLAGS_ONLY, Options, leading, leading_text, options, program, read,
};
use super::super::list::List;
use super::super::place::Place;
use super::super::scene::Scene;
use super::super::shell::{Command, Word};
use super::Denial;
use super::files::emptying::reads_nothing;
use permissions::permissions;
use processes::{is_fork_bomb, kills_all, kills_everything};
pub(super) use written::is_vital;

mod permissions;
mod processes;
mod written;

/// Returns the objections to what a script does to the machine.
pub(super) fn judge(scene: &Scene<'_>) -> Vec<Denial> {
    let commands = scene.commands();
    let harms = commands.filter_map(|command| {
        harm(scene, command)
            .or_else(|| is_fork_bomb(scene, command).then_some(Harm::ForkBomb))
            .or_else(|| written::judge(scene, command))
    });
    harms
        .chain(written::redirected(scene, &scene.script.redirections))
        .map(deny)
        .collect()
}

/// What happens to the machine.
enum Harm {
    PowerOff,
    KillAll,
    RemoveCrontab,
    ForkBomb,
    /// The accounts of the machine change, or who may do what.
    Accounts(String),
    /// The permissions or owners of all below this folder change.
    Permissions(String),
    /// This file is moved away for good.
    MoveToNull,
}

fn harm<'a>(scene: &Scene<'a>, command: &'a Command) -> Option<Harm> {
    let program = program(command)?;
    let words = command.words.get(1..)?;
    let first = words.first().and_then(Word::known).unwrap_or_default();
    match &*program {
        "reboot" | "halt" | "poweroff" => (!asks_help(words)).then_some(Harm::PowerOff),
        "shutdown" => (!asks_help(words) && !has(words, 'c', "")).then_some(Harm::PowerOff),
        "loginctl" if is_first(words, const { List("kill-user terminate-user") }) => {
            Some(Harm::KillAll)
        }
        "loginctl" => is_first(words, POWER).then_some(Harm::PowerOff),
        "busctl" | "dbus-send" | "gdbus" => {
            let mut words = words.iter().map(leading_text);
            words.any(asks_power_off).then_some(Harm::PowerOff)
        }
        "osascript" => {
            let tells = |word: &Word| {
                let text = leading_text(word).to_ascii_lowercase();
                text.contains("shut down") || text.ends_with("restart")
            };
            words.iter().any(tells).then_some(Harm::PowerOff)
        }
        "chpasswd" => Some(Harm::Accounts("passwords".to_owned())),
        "passwd" if has(words, 'd', "delete") || has(words, 'l', "lock") => {
            Some(Harm::Accounts("a password".to_owned()))
        }
        "useradd" | "usermod" => gives_power(words).then(|| Harm::Accounts("rights".to_owned())),
        "pkill" | "killall" | "skill" => kills_everything(words).then_some(Harm::KillAll),
        "userdel" | "deluser" | "groupdel" => {
            (!asks_help(words)).then(|| Harm::Accounts(format!("what `{program}` removes")))
        }
        "init" | "telinit" => matches!(&*first, "0" | "6").then_some(Harm::PowerOff),
        "systemctl" => {
            let stops = is_first(words, POWER)
                || (is_first(words, const { List("isolate") }) && isolates(words));
            stops.then_some(Harm::PowerOff)
        }
        "kill" => kills_all(words).then_some(Harm::KillAll),
        "killall5" => Some(Harm::KillAll),
        "crontab" => {
            let empties = words.iter().any(|word| is(word, "/dev/null"));
            let empties = empties || reads_nothing(scene, command);
            (empties || has(words, 'r', "")).then_some(Harm::RemoveCrontab)
        }
        "chmod" | "chown" | "chgrp" | "chflags" | "setfacl" | "chattr" => {
            permissions(scene, command)
        }
        "mv" => moves_to_null(scene, command).then_some(Harm::MoveToNull),
        _ => None,
    }
}

/// Returns whether a message to the system asks it to stop.
fn asks_power_off(text: &str) -> bool {
    let asked = text.rsplit('.').next().unwrap_or_default();
    List("Halt Hibernate PowerOff Reboot Suspend").has(asked)
}

/// Returns whether an account gets the rights of those who may do anything, or
/// is locked.
fn gives_power(words: &[Word]) -> bool {
    const OPTIONS: Options = options("Gu", "groups uid");
    const MIGHTY: List = List("admin root sudo wheel");
    read(words, &OPTIONS).iter().any(|argument| match argument {
        Argument::Valued(_, value) => {
            let text = value.literal().unwrap_or_default();
            text == "0" || text.split(',').any(|group| MIGHTY.has(group))
        }
        lock => lock.is(Some('L'), "lock"),
    })
}

/// What `systemctl` is asked for that ends all work.
const POWER: List = List("emergency halt hibernate kexec poweroff reboot rescue suspend");

fn isolates(words: &[Word]) -> bool {
    words.iter().any(|word| {
        let unit = word.literal().unwrap_or_default();
        unit.strip_suffix(".target")
            .is_some_and(|target| POWER.has(target))
    })
}

fn is(word: &Word, expected: &str) -> bool {
    word.literal().as_deref() == Some(expected)
}

fn is_first(words: &[Word], expected: List) -> bool {
    let (_, operands) = leading(words, &FLAGS_ONLY);
    let first = operands.first().and_then(Word::literal);
    first.is_some_and(|first| expected.has(&first))
}

fn asks_help(words: &[Word]) -> bool {
    has(words, '\0', "help") || has(words, '\0', "version")
}

fn has(words: &[Word], letter: char, long: &str) -> bool {
    let arguments = read(words, &FLAGS_ONLY);
    arguments.iter().any(|one| one.is(Some(letter), long))
}

fn operands<'a>(words: &'a [Word], options: &Options) -> Vec<&'a Word> {
    let arguments = read(words, options).into_iter();
    let operands = arguments.filter_map(|argument| match argument {
        Argument::Operand(word) => Some(word),
        _ => None,
    });
    operands.collect()
}

fn moves_to_null(scene: &Scene<'_>, command: &Command) -> bool {
    let folder = scene.folder(&command.dirs);
    let operands = operands(&command.words[1..], &FLAGS_ONLY);
    let [_, .., target] = operands.as_slice() else {
        return false;
    };
    leading_text(target).starts_with('/')
        && scene.place(target, &folder) == Place::of_path(Path::new("/dev/null"))
}

fn deny(harm: Harm) -> Denial {
    let (rule, reason, instead) = match harm {
        Harm::PowerOff => (
            "system.power",
            "This stops the machine and all that runs on it.".to_owned(),
            "Ask the user to do this; a service alone is restarted with \
             `systemctl restart name`.",
        ),
        Harm::KillAll => (
            "system.kill-all",
            "This ends every process that the user has.".to_owned(),
            "Find the one that you mean with `pgrep -af name` and end it by its number.",
        ),
        Harm::ForkBomb => (
            "system.fork-bomb",
            "This starts itself again and again until the machine stands still.".to_owned(),
            "Give it an end, such as `for i in 1 2 3; do echo $i; done`.",
        ),
        Harm::Accounts(what) => (
            "system.accounts",
            format!("This changes accounts or what the machine starts from: {what}."),
            "Ask the user to do this; to look at it is fine, such as `getent passwd`.",
        ),
        Harm::RemoveCrontab => (
            "system.crontab",
            "This deletes all the jobs that the user has set up.".to_owned(),
            "Look at them with `crontab -l`, and ask the user to change them.",
        ),
        Harm::Permissions(folder) => (
            "system.permissions",
            format!("This changes the permissions or owners of all that is in `{folder}`."),
            "Name the file or the folder of the project that needs it, such as \
             `chmod -R u+w build`.",
        ),
        Harm::MoveToNull => (
            "files.move-to-null",
            "What is moved to `/dev/null` is gone.".to_owned(),
            "Remove what has to go by its name, such as `rm -rf build`.",
        ),
    };
    Denial {
        rule: rule.into(),
        reason,
        instead: instead.to_owned(),
    }
}
