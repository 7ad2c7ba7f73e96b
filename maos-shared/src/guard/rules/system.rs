//! The machine itself: it is not shut down, its processes are not all ended,
//! its tables and the permissions of its folders stay.

use std::path::Path;

use super::super::arguments::{
    Argument, FLAGS_ONLY, Options, leading, leading_text, program, read,
};
use super::super::list::List;
use super::super::place::{Place, Scene};
use super::super::shell::{Command, Redirection, Word};
use super::Denial;

/// Returns the objections to what a script does to the machine.
pub(super) fn judge(scene: &Scene<'_>) -> Vec<Denial> {
    let commands = scene.script.commands.iter();
    let harms = commands.flat_map(|command| {
        let redirected = triggers(scene, &command.redirections);
        harm(scene, command).into_iter().chain(redirected)
    });
    harms
        .chain(triggers(scene, &scene.script.redirections))
        .map(deny)
        .collect()
}

/// The files of the kernel that stop the machine when they are written.
const TRIGGERS: [&str; 2] = ["/proc/sysrq-trigger", "/proc/sys/kernel/sysrq"];

fn triggers(scene: &Scene<'_>, redirections: &[Redirection]) -> Option<Harm> {
    let mut writes = redirections.iter().filter(|one| one.operator != "<");
    let stops = writes.any(|one| {
        let place = scene.place(&one.target, &scene.folder(&one.dirs));
        TRIGGERS.iter().any(|path| place.may_be(Path::new(path)))
    });
    stops.then_some(Harm::PowerOff)
}

/// What happens to the machine.
enum Harm {
    PowerOff,
    KillAll,
    RemoveCrontab,
    /// The permissions or owners of all below this folder change.
    Permissions(String),
    /// This file is moved away for good.
    MoveToNull,
}

fn harm(scene: &Scene<'_>, command: &Command) -> Option<Harm> {
    let program = program(command)?;
    let words = command.words.get(1..)?;
    let first = words.first().and_then(Word::literal).unwrap_or_default();
    match program.as_str() {
        "reboot" | "halt" | "poweroff" => (!asks_help(words)).then_some(Harm::PowerOff),
        "shutdown" => (!asks_help(words) && !has(words, 'c', "")).then_some(Harm::PowerOff),
        "init" | "telinit" => matches!(first.as_str(), "0" | "6").then_some(Harm::PowerOff),
        "systemctl" => is_first(words, POWER).then_some(Harm::PowerOff),
        "kill" => kills_all(words).then_some(Harm::KillAll),
        "killall5" => Some(Harm::KillAll),
        "crontab" => has(words, 'r', "").then_some(Harm::RemoveCrontab),
        "chmod" | "chown" | "chgrp" | "chflags" | "setfacl" | "chattr" => {
            permissions(scene, command)
        }
        "mv" => moves_to_null(scene, command).then_some(Harm::MoveToNull),
        _ => None,
    }
}

/// What `systemctl` is asked for that ends all work.
const POWER: List = List("emergency halt hibernate kexec poweroff reboot rescue suspend");

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

/// Returns whether `kill` is to end every process: `-1` in the place of one.
fn kills_all(words: &[Word]) -> bool {
    let literals: Vec<String> = words.iter().filter_map(Word::literal).collect();
    let Some((last, before)) = literals.split_last() else {
        return false;
    };
    last == "-1"
        && !before
            .iter()
            .any(|word| matches!(word.as_str(), "-l" | "-L"))
}

fn operands<'a>(words: &'a [Word], options: &Options) -> Vec<&'a Word> {
    let arguments = read(words, options).into_iter();
    let operands = arguments.filter_map(|argument| match argument {
        Argument::Operand(word) => Some(word),
        _ => None,
    });
    operands.collect()
}

/// The folders whose permissions the system counts on.
const SYSTEM: List = List(
    "\
    /bin /boot /dev /etc /lib /lib32 /lib64 /opt /proc /root /run /sbin /sys /usr /var /System \
    /Library /Applications",
);

fn permissions(scene: &Scene<'_>, command: &Command) -> Option<Harm> {
    const OPTIONS: Options = Options {
        short: "m",
        long: List("reference from modify"),
    };
    let words = &command.words[1..];
    let recursive = has(words, 'R', "recursive");
    let around = scene.around;
    let folder = scene.folder(&command.dirs);
    let shakes = |place: &Place| {
        let is_free = around.temp.iter().any(|temp| place.is_below(temp))
            || place.is_within(around.project)
            || place.is_within(Path::new("/usr/local"));
        let is_top = place.anchored && place.names.len() < 2;
        let holds_home = around.home.is_some_and(|home| place.may_hold(home));
        let of_system = SYSTEM
            .names()
            .any(|folder| place.is_within(Path::new(folder)));
        (is_top || holds_home || of_system) && !is_free
    };
    let places = operands(words, &OPTIONS).into_iter();
    let mut places = places.map(|word| scene.place(word, &folder));
    let shaken = places.find(|place| shakes(&swept(place)))?;
    recursive.then(|| Harm::Permissions(shaken.to_string()))
}

/// Returns the folder whose whole contents a place stands for; itself where it
/// names something.
fn swept(place: &Place) -> Place {
    match place.names.last() {
        Some(name) if name.is_sweeping() => place.parent(),
        _ => place.clone(),
    }
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
