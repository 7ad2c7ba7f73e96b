//! The machine itself: it is not shut down, its processes are not all ended,
//! its tables and the permissions of its folders stay.

use std::path::Path;

use super::super::arguments::{
    Argument, FLAGS_ONLY, Options, leading, leading_text, options, program, read,
};
use super::super::list::List;
use super::super::listing::Listing;
use super::super::place::Place;
use super::super::scene::Scene;
use super::super::shell::{Command, Redirection, Stdin, Word};
use super::super::starts::elsewhere::MACHINES;
use super::Denial;
use super::files::emptied::reads_nothing;
use super::files::places::holds_top_folder;

/// Returns the objections to what a script does to the machine.
pub(super) fn judge(scene: &Scene<'_>) -> Vec<Denial> {
    let commands = scene.script.commands.iter();
    let harms = commands.flat_map(|command| {
        let lets_in = || lets_in(scene, command).map(Harm::Accounts);
        let own = harm(scene, command)
            .or_else(lets_in)
            .or_else(|| is_fork_bomb(scene, command).then_some(Harm::ForkBomb))
            .or_else(|| {
                let mut places = written(scene, command).into_iter();
                places.find_map(|place| of_written(&place))
            });
        let redirected = redirected(scene, &command.redirections);
        own.into_iter().chain(redirected)
    });
    harms
        .chain(redirected(scene, &scene.script.redirections))
        .map(deny)
        .collect()
}

/// Returns whether a command without arguments is piped into itself, as in
/// `f | f &`.
fn is_fork_bomb(scene: &Scene<'_>, command: &Command) -> bool {
    let Stdin::Pipe(range) = &command.stdin else {
        return false;
    };
    let source = scene.script.commands.get(range.clone());
    let source = source.and_then(<[Command]>::last);
    let [name] = command.words.as_slice() else {
        return false;
    };
    let again = source.is_some_and(|source| source.words == command.words);
    again && name.literal().is_some_and(|name| !FILTERS.has(&name))
}

/// Filters: piped into themselves they do no harm.
const FILTERS: List = List("cat rev sort tac tee uniq");

/// Returns the file by which a command lets somebody log in here; on another
/// machine it is what was meant to be set up.
fn lets_in(scene: &Scene<'_>, command: &Command) -> Option<String> {
    let is_elsewhere = |one: &Command| program(one).is_some_and(|name| MACHINES.has(&name));
    let appended = command
        .redirections
        .iter()
        .filter(|one| one.operator != "<");
    let appended = appended.map(|one| scene.place(&one.target, &scene.folder(&one.dirs)));
    let mut places = appended.chain(written(scene, command));
    let file = places.find(|place| match place.names.as_slice() {
        [.., folder, file] => folder.may_be(".ssh") && file.may_be("authorized_keys"),
        _ => false,
    })?;
    (!scene.starters(command).any(is_elsewhere)).then(|| format!("`{file}`"))
}

/// Returns the places that a command overwrites.
fn written(scene: &Scene<'_>, command: &Command) -> Vec<Place> {
    const COPIERS: List = List("cp gcp install ln mv rsync");
    const WRITERS: List = List("shred sponge tee truncate");
    let name = program(command).unwrap_or_default();
    let words = command.words.get(1..).unwrap_or_default();
    let folder = scene.folder(&command.dirs);
    let named = || operands(words, &FLAGS_ONLY);
    let targets = match &*name {
        name if COPIERS.has(name) => named().last().copied().into_iter().collect(),
        name if WRITERS.has(name) => named(),
        "sed" | "gsed" if has(words, 'i', "in-place") => named(),
        _ => Vec::new(),
    };
    let places = targets.into_iter().map(|word| scene.place(word, &folder));
    places.collect()
}

/// The files that say who may do what, and what the machine starts from.
const ACCOUNTS: [&str; 9] = [
    "/etc/passwd",
    "/etc/shadow",
    "/etc/group",
    "/etc/gshadow",
    "/etc/sudoers",
    "/etc/sudoers.d",
    "/etc/pam.d",
    "/etc/fstab",
    "/etc/ld.so.preload",
];

/// Returns whether no write to a place passes here.
pub(super) fn is_vital(place: &Place) -> bool {
    of_written(place).is_some()
}

/// Returns the harm of writing to a place.
fn of_written(place: &Place) -> Option<Harm> {
    if TRIGGERS.iter().any(|path| place.may_be(Path::new(path))) {
        return Some(Harm::PowerOff);
    }
    let mut accounts = ACCOUNTS.iter();
    accounts
        .any(|path| place.is_within(Path::new(path)))
        .then(|| Harm::Accounts(format!("`{place}`")))
}

/// The files of the kernel that stop the machine when they are written.
const TRIGGERS: [&str; 2] = ["/proc/sysrq-trigger", "/proc/sys/kernel/sysrq"];

fn redirected(scene: &Scene<'_>, redirections: &[Redirection]) -> Option<Harm> {
    let mut writes = redirections.iter().filter(|one| one.operator != "<");
    writes.find_map(|one| of_written(&scene.place(&one.target, &scene.folder(&one.dirs))))
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
        "loginctl" if is_first(words, List("kill-user terminate-user")) => Some(Harm::KillAll),
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
            let stops =
                is_first(words, POWER) || (is_first(words, List("isolate")) && isolates(words));
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

/// Returns whether `pkill` is to end all that a user runs, or whatever its
/// name is.
fn kills_everything(words: &[Word]) -> bool {
    const OPTIONS: Options = options("uUgGPstFnoy", "signal euid uid user group parent session");
    const ANY: List = List(". .* ^ .+");
    let arguments = read(words, &OPTIONS);
    let of_user = arguments
        .iter()
        .any(|one| one.is(Some('u'), "euid") || one.is(Some('U'), "uid") || one.is(None, "user"));
    let operands: Vec<String> = arguments
        .iter()
        .filter_map(|argument| match argument {
            Argument::Operand(word) => Some(word.literal().unwrap_or_default()),
            _ => None,
        })
        .collect();
    match operands.as_slice() {
        [] => of_user,
        names => names.iter().any(|name| ANY.has(name)),
    }
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

/// Returns whether `kill` is to end every process: `-1` in the place of one.
/// The first word that begins with a dash is the signal.
fn kills_all(words: &[Word]) -> bool {
    const LISTING: List = List("-l -L --list --table");
    const DEADLY: List = List("-9 -KILL -SIGKILL KILL SIGKILL 9");
    let literals: Vec<String> = words
        .iter()
        .map(|word| word.literal().unwrap_or_default())
        .collect();
    let (signal, processes) = match literals.as_slice() {
        [option, ..] if LISTING.has(option) => return false,
        [only] => (only.as_str(), std::slice::from_ref(only)),
        [option, signal, rest @ ..] if matches!(option.as_str(), "-s" | "-n" | "--signal") => {
            (signal.as_str(), rest)
        }
        [signal, rest @ ..] if signal.starts_with('-') && signal != "--" => (signal.as_str(), rest),
        all => ("", all),
    };
    let is_first = |process: &String| process == "1" && DEADLY.has(signal);
    let is_all = |process: &String| process == "-1";
    processes.iter().any(|one| is_all(one) || is_first(one))
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

fn permissions<'a>(scene: &Scene<'a>, command: &'a Command) -> Option<Harm> {
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
            || around.home.is_some_and(|home| place.is_below(home))
            || place.is_within(Path::new("/usr/local"));
        let is_top = match place.names.len() {
            0 => place.anchored,
            1 => place.anchored && holds_top_folder(place),
            _ => false,
        };
        let holds_home = around.home.is_some_and(|home| place.may_hold(home));
        let of_system = SYSTEM
            .names()
            .any(|folder| place.is_within(Path::new(folder)));
        (is_top || holds_home || of_system) && !is_free
    };
    let found = found_by(scene, command);
    let operands = operands(words, &OPTIONS);
    let mut places = operands
        .iter()
        .chain(&found)
        .map(|word| scene.place(word, &folder));
    let shaken = places.find(|place| shakes(&swept(place)))?;
    (recursive || !found.is_empty()).then(|| Harm::Permissions(shaken.to_string()))
}

/// Returns the folders of the listing that gives a command its names, where it
/// gives about all that is there.
fn found_by<'a>(scene: &Scene<'a>, command: &'a Command) -> Vec<&'a Word> {
    let listing = Listing::fed_to(scene, command).filter(|listing| !listing.listed.narrow);
    listing.map_or_else(Vec::new, |listing| listing.listed.roots)
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
